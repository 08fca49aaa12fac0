"""What is wrong with mappings and with their tests: both files are read, whatever is wrong with the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import MappingError, Place, Problem, UsageError
from engine.loading import LoadedMapping, available, find, load, shown_path
from engine.testing import TESTS, mapping_of, path_of_tests, read_tests

__all__ = ["Checked", "Checks"]

Source = str | Path


@dataclass(frozen=True)
class Checked:
    """How a mapping, or a test file alone, was found."""

    name: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    missing: str = ""
    """What it lacks, without being wrong."""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class Checks:
    """What is to be checked: mappings by id or file, and test files; all mappings there are, if none is given."""

    def __init__(self, given: Sequence[Source], overrides: Sequence[Path], folders: Sequence[Path]) -> None:
        self._given = given
        self._overrides = overrides
        self._folders = folders

    def sources(self) -> list[Source]:
        """Return what there is now: a test file belongs to its mapping where that is given as well."""
        if not self._given:
            return [*available(self._folders).values()]
        paths = {Path(source) for source in self._given}
        given = dict.fromkeys(self._given)
        return [one for one in given if not _is_tests(one) or Path(mapping_of(str(one))) not in paths]

    def files(self) -> list[Path]:
        """Return the files that decide how it all is found, whether they are there or not."""
        return [*dict.fromkeys(path for source in self.sources() for path in self._files(source))]

    def of(self, source: Source) -> Checked:
        """Check one of the sources. Raises UsageError where it is not there."""
        return _tests(Path(source)) if _is_tests(source) else self._mapping(source)

    def again(self, changed: Collection[Path]) -> list[Checked]:
        """Check those that one of these files belongs to; that a file has gone is a problem of its own."""
        return [self._again(source) for source in self.sources() if not set(changed).isdisjoint(self._files(source))]

    def _files(self, source: Source) -> tuple[Path, ...]:
        if _is_tests(source):
            return Path(source), Path(mapping_of(str(source)))
        try:
            path = find(source, self._folders)
        except UsageError:
            path = Path(source)
        return path, path_of_tests(path), *self._overrides

    def _again(self, source: Source) -> Checked:
        try:
            return self.of(source)
        except UsageError as error:
            return Checked(Path(source).name, (Problem(Place(str(source), 1, 1), "", str(error)),))

    def _mapping(self, source: Source) -> Checked:
        path = find(source, self._folders)
        tests = path_of_tests(path)
        problems: list[Problem] = []
        loaded: LoadedMapping | None = None
        try:
            loaded = load(path, overrides=self._overrides)
        except MappingError as error:
            problems += error.problems
        if tests.is_file():
            problems += _problems(tests)
        return Checked(
            loaded.mapping.provider.id if loaded else path.stem,
            tuple(problems),
            loaded.warnings if loaded else (),
            "" if tests.is_file() else "tests",
        )


def _is_tests(source: Source) -> bool:
    return str(source).endswith(TESTS)


def _tests(path: Path) -> Checked:
    if not path.is_file():
        raise UsageError(f"there is no test file {path}")
    mapping = Path(mapping_of(str(path)))
    problems = _problems(path)
    if not mapping.is_file():
        what = f"these are the tests of {mapping.name}, which is not here"
        problems = [*problems, Problem(Place(shown_path(path), 1, 1), "", what, "keep both in one folder")]
    return Checked(path.name, tuple(problems))


def _problems(tests: Path) -> list[Problem]:
    try:
        read_tests(tests)
    except MappingError as error:
        return error.problems
    return []
