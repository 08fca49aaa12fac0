"""Files that change are seen, and only once they are written."""

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.watching import Watched


def steps(*work: Callable[[], object]) -> Callable[[float], object]:
    """Return a wait in which one piece of work is done after the other, and then nothing."""
    left: Iterator[Callable[[], object]] = iter(work)
    return lambda _: next(left, int)()


def test_a_file_that_changes_comes_or_goes_is_told_once(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    one.write_text("1")
    two.write_text("2")
    watched = Watched(lambda: [one, two, three])
    assert watched.changed(steps(int, lambda: one.write_text("11"))) == [one]
    assert watched.changed(steps(int, two.unlink, int)) == [two]
    assert watched.changed(steps(lambda: three.write_text("3"))) == [three]


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_text("1")
    seen: list[str] = []
    watched = Watched(lambda: [path])
    wait = steps(lambda: path.write_text(""), lambda: path.write_text("half"), lambda: path.write_text("whole"))
    assert watched.changed(wait) == [path]
    seen.append(path.read_text())
    assert seen == ["whole"]


def test_a_file_that_is_put_back_as_it_was_is_no_change(tmp_path: Path) -> None:
    path, other = tmp_path / "one", tmp_path / "other"
    watched = Watched(lambda: [path, other])
    assert watched.changed(steps(lambda: path.write_text("x"), path.unlink, lambda: other.write_text("y"))) == [other]


def test_files_may_join_those_that_are_watched(tmp_path: Path) -> None:
    watched = Watched(lambda: tmp_path.glob("*.yaml"))
    new = tmp_path / "new.yaml"
    assert watched.changed(steps(lambda: new.write_text("x"))) == [new]
