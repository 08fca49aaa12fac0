"""Runs against cassettes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lms import HEAD

from engine.blocking import SyncRun
from engine.cassettes import Cassette, read
from engine.errors import UsageError
from engine.loading import LoadedMapping, available
from engine.replaying import cassette_files, replay

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD.replace("  url:", "  token: { title: Token, secret: true }\n  url:")
    + """
fetch: { courses: { get: /courses, query: { token: "{connection.token}" } } }
courses: { for: course in courses, fields: { id: course.id, custom_fields.now: run.now } }
"""
)


def cassette(folder: Path, name: str = "run.json", **more: Any) -> Path:
    exchange = {
        "request": {"url": "/courses", "query": {"token": "REDACTED"}},
        "response": {"json": [{"id": 1}]},
    }
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    given = {"url": "https://acme.example", "token": "made-up", "old": "x"}
    path.write_text(json.dumps({"connection": given, "exchanges": [exchange], **more}))
    return path


def test_the_connection_of_the_cassette_is_used_as_far_as_the_mapping_knows_it(mapped: Mapped, tmp_path: Path) -> None:
    run = replay(mapped(TEXT), [cassette(tmp_path)], resource="courses")
    assert dict(run.connection.values) == {"token": "made-up", "url": "https://acme.example"}
    assert [record.id for record in SyncRun(run)] == ["1"]


def test_what_is_given_replaces_the_connection_of_the_cassette(mapped: Mapped, tmp_path: Path) -> None:
    run = replay(mapped(TEXT), [cassette(tmp_path)], {"token": "mine"}, resource="courses")
    assert run.connection.values["token"] == "mine"
    assert [record.id for record in SyncRun(run)] == ["1"]


def test_a_cassette_already_read_can_be_played_again(mapped: Mapped, tmp_path: Path) -> None:
    tape = read(cassette(tmp_path))
    assert isinstance(tape, Cassette)
    for _ in range(2):
        assert len(list(SyncRun(replay(mapped(TEXT), tape, resource="courses")))) == 1


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z"),
        ("2026-01-05T08:00:00+02:00", "2026-01-05T06:00:00Z"),
        ("2026-01-05", "2026-01-05T00:00:00Z"),
    ],
)
def test_the_clock_stands_where_the_cassette_says(mapped: Mapped, tmp_path: Path, now: str, shown: str) -> None:
    (record,) = SyncRun(replay(mapped(TEXT), [cassette(tmp_path, now=now)], resource="courses"))
    assert record.custom_fields == {"now": shown}


@pytest.mark.parametrize("now", ["soon", 5, ["2026"]])
def test_a_clock_that_shows_no_time_is_told(mapped: Mapped, tmp_path: Path, now: Any) -> None:
    with pytest.raises(UsageError, match="`now` of the cassette"):
        replay(mapped(TEXT), [cassette(tmp_path, now=now)], resource="courses")


def test_a_connection_that_is_no_mapping_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run.json: `connection` must be a mapping"):
        read(cassette(tmp_path, connection="x"))


def test_a_file_a_folder_or_a_pattern_names_cassettes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, two = cassette(tmp_path, "tapes/a.json"), cassette(tmp_path, "tapes/b.yaml")
    (tmp_path / "tapes" / "notes.txt").write_text("not a cassette")
    assert cassette_files("tapes/a.json", "acme") == [Path("tapes/a.json")]
    assert cassette_files(str(one), "acme") == [one]
    assert cassette_files(str(tmp_path / "tapes"), "acme") == [one, two]
    assert cassette_files("tapes/*.json", "acme") == [Path("tapes/a.json")]
    assert cassette_files(f"{tmp_path}/tapes/*.json", "acme") == [one]


def test_without_a_name_those_that_come_along_are_meant() -> None:
    names = [path.name for path in cassette_files("", "moodle")]
    assert names == sorted(names)
    assert all(name.startswith("run") for name in names)
    assert {path.suffix for path in cassette_files("moodle", "moodle")} == {".json"}


@pytest.mark.parametrize("given", ["nowhere.json", "empty", "no/*.json", "/not/there/*.json", "moodle/**x"])
def test_no_cassette_is_told(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there is no cassette"):
        cassette_files(given, "acme")


def test_every_provider_can_be_replayed_without_naming_a_cassette() -> None:
    for provider in available():
        assert cassette_files("", provider)
