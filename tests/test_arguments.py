"""What Python code gives: every argument that will not do is named, told in plain words, with what to give."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from lms import HEAD, URL, Lms, school

import engine
from engine.arguments import check, fault, paths
from engine.blocking import SyncRun
from engine.errors import UsageError
from engine.filters import Filter
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

CONNECTION = {"url": "https://moodle.school.example", "token": "made-up"}
TEXT = (
    HEAD
    + """
fetch: { courses: { get: /courses, items: items } }
courses: { for: course in courses, fields: { id: course.id, title: course.title } }
"""
)
#: What no message of a wrong argument says.
PYTHON = re.compile(r"NoneType|\b(str|int|float|bool|dict|tuple|object at|instance|iterable|attribute)\b")


def told(call: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as caught:
        call()
    message = str(caught.value)
    assert not PYTHON.search(message), message
    return message


@pytest.mark.parametrize("start", [engine.run, engine.run_sync])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": "3"}, "`limit` is text; give a whole number from 0, or leave it out"),
        ({"limit": -1}, "`limit` is -1; give a whole number from 0"),
        ({"limit": 1.5}, "`limit` is 1.5; give a whole number from 0"),
        ({"limit": True}, "`limit` is true; give a whole number from 0"),
        ({"limit": float("nan")}, "`limit` is a number; give a whole number from 0"),
        ({"strict": "no"}, "`strict` is text; give `True` or `False`"),
        ({"strict": None}, "`strict` is nothing; give `True` or `False`"),
        ({"remote_data": 0}, "`remote_data` is 0; give `True` or `False`"),
        (
            {"connection": [("token", "hush")]},
            '`connection` is a list; give names and values, as in {"url": "https://…"',
        ),
        ({"connection": "token=hush"}, "`connection` is text; give names and values"),
        ({"connection": {1: "hush"}}, "a name in `connection` is 1; give text"),
        ({"connection": {**CONNECTION, "token": b"hush"}}, "`token` (Web service token) is bytes; give text"),
        ({"connection": {**CONNECTION, "token": ["hush"]}}, "`token` (Web service token) is a list; give text"),
        ({"connection": {**CONNECTION, "token": True}}, "`token` (Web service token) is true; give text"),
        ({"filters": None}, '`filters` is nothing; give a list of filters, such as ["course.id=7"], or leave it out'),
        ({"filters": "course.id=7"}, "`filters` is text; give a list of filters"),
        ({"filters": {"course.id": "7"}}, "`filters` is an object; give a list of filters"),
        ({"filters": Filter("course.id", "eq", ("7",))}, "`filters` is a single filter; give a list of filters"),
        ({"filters": [3]}, "an entry of `filters` is 3; give text such as `course.id=7`, or a `Filter`"),
        ({"filters": [None]}, "an entry of `filters` is nothing; give text"),
        ({"since": "yesterday, or so"}, "`since` is text; give a `datetime` with a time zone"),
        ({"since": date(2026, 1, 2)}, "`since` is a date; give a `datetime` with a time zone"),
        ({"since": datetime(2026, 1, 2)}, "`since` needs a time zone: 2026-01-02T00:00:00 could be any of a day"),  # noqa: DTZ001
        ({"now": datetime(2026, 1, 2)}, "`now` needs a time zone: 2026-01-02T00:00:00 could be any of a day"),  # noqa: DTZ001
        ({"now": 1_767_312_000}, "`now` is a number; give a `datetime` with a time zone"),
        ({"start": "end"}, "`start` is text; give the `position` of an earlier run, or leave it out"),
        ({"backoff": -1}, "`backoff` is -1; give seconds, from 0"),
        ({"backoff": "1s"}, "`backoff` is text; give seconds, from 0"),
        ({"resource": None}, "`resource` is nothing; give the name of a resource, such as `course_enrollments`"),
        ({"overrides": "customer.yaml"}, '`overrides` is text; give a list of files, such as ["customer.yaml"]'),
        ({"overrides": Path("customer.yaml")}, "`overrides` is a path; give a list of files"),
        ({"overrides": None}, "`overrides` is nothing; give a list of files"),
        ({"overrides": [3]}, "an entry of `overrides` is 3; give the path of a file"),
    ],
    ids=str,
)
def test_what_will_not_do_is_told_before_anything_is_done(
    start: Callable[..., object], options: dict[str, Any], message: str
) -> None:
    said = told(lambda: start("moodle", **{"connection": CONNECTION, **options}))
    assert message in said
    assert "hush" not in said


@pytest.mark.parametrize(
    ("given", "kind"), [(None, "nothing"), (3, "3"), (b"moodle", "bytes"), (["moodle"], "a list"), ({}, "an object")]
)
def test_a_mapping_is_an_id_a_file_or_one_that_is_loaded(given: Any, kind: str) -> None:
    for start in (engine.run, engine.run_sync):
        said = told(lambda start=start: start(given, CONNECTION))  # type: ignore[misc]
        assert said == f"`mapping` is {kind}; give the id of a mapping, its file, or what `engine.load` returns"
    assert told(lambda: engine.load(given)) == f"`source` is {kind}; give the id of a mapping, or its file"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"overrides": "customer.yaml"}, '`overrides` is text; give a list of files, such as ["customer.yaml"]'),
        ({"overrides": 3}, "`overrides` is 3; give a list of files"),
        ({"overrides": [b"x"]}, "an entry of `overrides` is bytes; give the path of a file"),
        ({"overrides": ["a\0b"]}, "an entry of `overrides` has a null character, which no path has; give the path of"),
        ({"folders": "mappings"}, '`folders` is text; give a list of folders, such as ["mappings"]'),
        ({"folders": [None]}, "an entry of `folders` is nothing; give the path of a folder"),
    ],
    ids=str,
)
def test_loading_takes_lists_of_files_and_folders(options: dict[str, Any], message: str) -> None:
    assert message in told(lambda: engine.load("moodle", **options))


def test_overrides_and_folders_may_be_text_or_come_from_a_generator(mapped: Mapped, tmp_path: Path) -> None:
    mapped(TEXT)
    override = tmp_path / "customer.yaml"
    override.write_text("courses: { fields: { title: course.name } }\n")
    for overrides in ([str(override)], (path for path in [override])):
        loaded = engine.load("acme", overrides=overrides, folders=[str(tmp_path)])
        assert loaded.layer("courses", "fields", "title").endswith("customer.yaml")


def test_overrides_of_a_mapping_that_is_loaded_are_refused_not_ignored(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    said = told(lambda: engine.run(loaded, {"url": URL}, resource="courses", overrides=["customer.yaml"]))
    assert said == "`overrides` cannot change a mapping that is loaded; give them to `engine.load`"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Filter("course.id", "in", "78"), "`values` is text; give field, operator and a list of texts"),  # type: ignore[arg-type]
        (lambda: Filter("course.id", "eq", 7), "`values` is 7; give field, operator and a list of texts"),  # type: ignore[arg-type]
        (lambda: Filter("course.id", "eq", (7,)), 'an entry of `values` is 7; give text, such as "7"'),  # type: ignore[arg-type]
        (lambda: Filter(None, "eq", ("7",)), "`field` of a filter is nothing; give field, operator"),  # type: ignore[arg-type]
        (lambda: Filter("course.id", 3, ("7",)), "`op` of a filter is 3; give field, operator"),  # type: ignore[arg-type]
        (lambda: Filter.parse(3), "a filter is 3; give text such as `course.id=7`"),  # type: ignore[arg-type]
    ],
)
def test_a_filter_is_made_of_texts(make: Callable[[], object], message: str) -> None:
    assert message in told(make)


def test_a_synchronous_run_inside_an_event_loop_says_what_to_use(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    run = SyncRun(lms.run(mapped(TEXT), resource="courses"))

    async def inside() -> str:
        return told(lambda: list(run))

    said = asyncio.run(inside())
    assert "running event loop" in said
    assert "use `async for … in engine.run(…)`" in said
    assert lms.asked == []
    assert [record.id for record in run] == ["1", "2"]


def test_what_is_right_is_taken(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    options = {"filters": (f"id={number}" for number in (1, 2)), "limit": 1, "strict": True, "now": datetime.now(UTC)}
    assert [record.id for record in SyncRun(lms.run(mapped(TEXT), resource="courses", **options))] == ["1"]


@pytest.mark.parametrize("call", [engine.run, engine.run_sync])
def test_an_option_that_is_not_known_is_told_with_the_one_that_was_meant(call: Callable[..., object]) -> None:
    assert told(lambda: call("moodle", limt=3)).endswith("has no option `limt`; did you mean `limit`?")
    assert "there are `resource`, `filters`, `since`" in told(lambda: call("moodle", colour="red"))


def test_of_a_value_only_its_kind_is_told() -> None:
    assert str(fault("`limit`", 10**400, "less")) == "`limit` is a number; give less"
    assert str(fault("`limit`", "hush" * 1_000_000, "less")) == "`limit` is text; give less"
    assert paths("folders", {"mappings"}) == [Path("mappings")]
    check(limit=None, since=None, connection=None, start=None)
