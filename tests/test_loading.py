"""A mapping by id or file: where it is looked for, what is laid over it, and where everything is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lms import HEAD

from engine.errors import MappingError, UsageError
from engine.loading import LoadedMapping, available, folders_in_use, load, shipped, shown_path

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  courses:
    get: /courses
  enrollments: { for: course in courses, get: "/courses/{course.id}", query: { state: all, size: 5 } }
course_enrollments:
  for: enrollment in enrollments
  fields:
    id: enrollment.id
    course.title: course.title
  status:
    from: enrollment.state
    words: { on: in_progress, off: withdrawn }
"""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def override(folder: Path, text: str, name: str = "customer.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(*overrides: Path) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load("acme.yaml", overrides=overrides)
    return str(caught.value).splitlines()


def test_a_mapping_is_looked_for_in_given_folders_then_in_the_environment_then_among_those_that_come_along(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, given = folder / "named", folder / "given"
    for place in (named, given):
        place.mkdir()
        for name in ("acme", "moodle"):
            (place / f"{name}.yaml").write_text(TEXT.replace("id: acme", f"id: {name}", 1))
    assert "acme" not in available()
    monkeypatch.setenv("ROLLBOOK_MAPPINGS", os.pathsep.join(["not-there", str(named), ""]))
    assert folders_in_use([given]) == [given, Path("not-there"), named, shipped("mappings")]
    assert load("acme").path == named / "acme.yaml"
    assert load("moodle").path == named / "moodle.yaml"
    assert load("moodle", folders=[given]).path == given / "moodle.yaml"
    assert load("canvas", folders=[given]).path == shipped("mappings") / "canvas.yaml"
    assert list(available()) == sorted(available())
    assert available()["acme"] == named / "acme.yaml"


def test_test_files_are_no_mappings(folder: Path) -> None:
    (folder / "acme.test.yaml").write_text("replays: []\n")
    assert "acme.test" not in available([folder])
    assert "acme" in available([folder])


def test_a_file_works_in_place_of_an_id(folder: Path) -> None:
    for source in ("acme.yaml", "./acme.yaml", str(folder / "acme.yaml"), Path("acme.yaml")):
        assert load(source).mapping.provider.id == "acme"


@pytest.mark.parametrize("source", ["nope.yaml", "./nope", Path("moodle"), "mappings/moodle"])
def test_a_file_that_is_not_there_is_told(folder: Path, source: str | Path) -> None:
    with pytest.raises(UsageError, match="there is no mapping file"):
        load(source)


def test_an_unknown_id_is_told_with_what_was_meant_and_where_it_was_looked_for(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load("acne", folders=[folder])
    said = f"there is no mapping 'acne'; did you mean `acme`? (looked in {folder}, {shipped('mappings')})"
    assert str(caught.value) == said


def test_the_version_is_that_of_the_content_overrides_included(folder: Path) -> None:
    first = load("acme.yaml").version
    (folder / "acme.yaml").write_text("# a comment\n" + TEXT)
    assert load("acme.yaml").version == first
    (folder / "acme.yaml").write_text(TEXT.replace("size: 5", "size: 6"))
    assert load("acme.yaml").version != first
    (folder / "acme.yaml").write_text(TEXT)
    changed = override(folder, "fetch: { enrollments: { query: { size: 6 } } }\n")
    assert load("acme.yaml", overrides=[changed]).version != first
    assert len(first) == 12


def test_every_node_key_and_character_has_its_place(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    lines = loaded.path.read_text().splitlines()

    def text(*path: str, offset: int = 0, key: bool = False) -> str:
        place = loaded.place(*path, offset=offset, key=key)
        return lines[place.line - 1][place.column - 1 :]

    assert text("course_enrollments", "fields", "course.title") == "course.title"
    assert text("course_enrollments", "fields", "course.title", offset=7) == "title"
    assert text("course_enrollments", "fields", "course.title", key=True) == "course.title: course.title"
    assert text("fetch", "enrollments", "query", "size", key=True).startswith("size: 5")
    assert text("fetch", "courses", "nothing", "there") == "get: /courses"
    assert loaded.layer("fetch", "courses").endswith("acme.yaml")


def test_an_override_replaces_and_adds_key_by_key_and_tells_its_layer(folder: Path) -> None:
    first = override(
        folder,
        """course_enrollments:
  fields: { course.title: course.name, custom_fields.centre: enrollment.centre }
  status: { words: { off: expired, gone: withdrawn }, when: { completed: enrollment.done } }
fetch:
  enrollments: { query: { size: 9 } }
  courses: { query: { term: "2026" } }
""",
    )
    second = override(folder, "course_enrollments: { fields: { course.title: course.label } }\n", "second.yaml")
    loaded = load("acme.yaml", overrides=[first, second])
    given = loaded.mapping.course_enrollments
    assert given
    assert given.status
    assert {name: program.text for name, program in given.fields.items()} == {
        "id": "enrollment.id",
        "course.title": "course.label",
        "custom_fields.centre": "enrollment.centre",
    }
    assert given.status.words == {"on": "in_progress", "off": "expired", "gone": "withdrawn"}
    assert list(given.status.when) == ["completed"]
    assert loaded.mapping.fetch["enrollments"].query["size"] == 9
    assert loaded.mapping.fetch["enrollments"].query["state"].text == "all"
    assert loaded.mapping.fetch["courses"].query["term"].text == "2026"
    assert loaded.layer("course_enrollments", "fields", "course.title") == "second.yaml"
    assert loaded.layer("course_enrollments", "fields", "custom_fields.centre") == "customer.yaml"
    assert loaded.layer("course_enrollments", "fields", "id") == "acme.yaml"
    assert load("acme.yaml").mapping.fetch["courses"].query == {}


def test_what_may_not_be_overridden_is_refused_at_its_place_all_at_once(folder: Path) -> None:
    wrong = override(
        folder,
        """http: { timeout: 5 }
users: { fields: { name: user.name } }
fetch:
  coarses: { query: { a: 1 } }
  enrollments: { get: /other }
course_enrollments: [1]
""",
    )
    what = "an override changes fields, status words and evidence, other words, and the query of a fetch; leave it out"
    lines = told(wrong)
    assert lines.pop(1).startswith("customer.yaml:2:1: users: the mapping has no `users`; ")
    assert lines == [
        f"customer.yaml:1:1: http: {what}",
        "customer.yaml:4:3: fetch.coarses: the mapping has no `coarses`; did you mean `courses`?",
        f"customer.yaml:5:18: fetch.enrollments.get: {what}",
        "customer.yaml:6:21: course_enrollments: this must be a mapping; write `key: value`",
    ]


def test_an_override_is_checked_like_the_mapping_and_faults_point_into_it(folder: Path) -> None:
    wrong = override(
        folder,
        """course_enrollments:
  fields: { course.title: curse.name, nmae: course.name, score: 'enrollment.x +' }
  status: { words: { off: gone } }
""",
    )
    lines = told(wrong)
    assert [line.split(": ")[0] for line in lines] == [
        "customer.yaml:2:27",
        "customer.yaml:2:39",
        next(line.split(": ")[0] for line in lines if "fields.score" in line),
        "customer.yaml:3:27",
    ]
    assert any("there is no `curse` here; did you mean `course`?" in line for line in lines)


def test_an_override_that_cannot_be_read_is_told_with_every_other_problem_of_its_kind(folder: Path) -> None:
    lines = told(override(folder, "fetch: { a\n"), folder / "not-there.yaml", override(folder, "", "empty.yaml"))
    assert {line.split(":")[0] for line in lines} == {"customer.yaml", "not-there.yaml", "empty.yaml"}


def test_a_path_is_shown_as_short_as_it_can_be_said_from_here(folder: Path) -> None:
    assert shown_path(folder / "sub" / ".." / "acme.yaml") == "acme.yaml"
    assert shown_path(shipped("mappings") / "moodle.yaml").endswith("moodle.yaml")
