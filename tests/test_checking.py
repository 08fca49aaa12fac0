"""A mapping and its tests are checked together, whatever is wrong with either."""

from pathlib import Path

import pytest
from lms import HEAD

from engine.checking import Checks
from engine.errors import UsageError

RIGHT = HEAD + "fetch: { courses: { get: /courses } }\ncourses: { for: course in courses, fields: { id: course.id } }\n"
TESTS = "replays: []\n"


def checks(*given: str | Path, overrides: tuple[Path, ...] = (), folders: tuple[Path, ...] = ()) -> Checks:
    return Checks(given, overrides, folders)


def test_what_is_wrong_with_a_mapping_does_not_hide_what_is_wrong_with_its_tests(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(RIGHT.replace("fields:", "feilds:"))
    (tmp_path / "acme.test.yaml").write_text("replayz: []\n")
    found = checks(path).of(path)
    assert not found.right
    told = "\n".join(map(str, found.problems))
    assert "acme.yaml:11:36: courses.feilds: `feilds` is not a key here; did you mean `fields`?" in told
    assert "acme.test.yaml:1:1: replayz: `replayz` is not a key here; did you mean `replays`?" in told


def test_a_mapping_without_tests_is_right_and_lacks_them(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(RIGHT)
    found = checks(path).of(path)
    assert (found.right, found.name, found.missing) == (True, "acme", "tests")


def test_a_test_file_is_checked_as_one_and_with_its_mapping_where_that_is_given(tmp_path: Path) -> None:
    mapping, tests = tmp_path / "acme.yaml", tmp_path / "acme.test.yaml"
    mapping.write_text(RIGHT)
    tests.write_text(TESTS)
    assert checks(str(mapping), str(tests)).sources() == [str(mapping)]
    alone = checks(str(tests))
    assert alone.sources() == [str(tests)]
    assert (alone.of(tests).right, alone.of(tests).name) == (True, "acme.test.yaml")
    assert alone.files() == [tests, mapping]
    mapping.unlink()
    (problem,) = alone.of(tests).problems
    assert "these are the tests of acme.yaml, which is not here; keep both in one folder" in str(problem)
    tests.unlink()
    with pytest.raises(UsageError, match="there is no test file"):
        alone.of(tests)


def test_what_changes_is_checked_again_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    one, two, override = tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "over.yaml"
    one.write_text(RIGHT.replace("acme", "one"))
    two.write_text(RIGHT.replace("acme", "two"))
    override.write_text("courses: { fields: { title: course.name } }\n")
    both = checks(one, two, overrides=(override,))
    assert both.files() == [one, tmp_path / "one.test.yaml", override, two, tmp_path / "two.test.yaml"]
    assert [found.name for found in both.again([one])] == ["one"]
    assert [found.name for found in both.again([tmp_path / "two.test.yaml"])] == ["two"]
    assert [found.name for found in both.again([override])] == ["one", "two"]
    one.unlink()
    (gone,) = both.again([one])
    assert "there is no mapping file" in str(gone.problems[0])


def test_all_there_are_are_checked_if_none_is_given(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(RIGHT)
    every = checks(folders=(tmp_path,))
    assert tmp_path / "acme.yaml" in every.sources()
    assert [found.name for found in every.again([tmp_path / "acme.yaml"])] == ["acme"]
    assert checks("acme", folders=(tmp_path,)).files()[0] == tmp_path / "acme.yaml"
    assert checks("nowhere", folders=(tmp_path,)).files()[0] == Path("nowhere")
