"""Where a recording goes: its cassette, and the test file of its mapping, both or neither."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import MappingError, UsageError, WritingError
from engine.loading import LoadedMapping, cassettes_beside, shipped
from engine.recording.case import added
from engine.recording.recording import Recorded
from engine.testing import path_of_tests, read_tests

__all__ = ["Files", "write_case"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a recording; `cassette` is that below the folder of cassettes, as tests name it."""

    path: Path
    tests: Path
    cassette: str

    @classmethod
    def of(cls, loaded: LoadedMapping, name: str, *, force: bool) -> "Files":
        """Return where a recording of this name goes. Raises UsageError where it cannot, or is there already."""
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be the name of a cassette; write letters, digits, `-` and `_`")
        if loaded.path.parent == shipped("mappings") and "_shipped" in loaded.path.parts:
            do = "copy it into a folder of your own and give that file"
            raise UsageError(f"{loaded.path.name} came with Rollbook, and nothing is written beside it; {do}")
        provider = loaded.mapping.provider.id
        path = cassettes_beside(loaded.path) / provider / f"{name}.yaml"
        if path.exists() and not force:
            raise UsageError(f"{path} is there already; give another name, or --force")
        return cls(path, path_of_tests(loaded.path), f"{provider}/{path.name}")

    def write(self, recorded: Recorded) -> None:
        """Write both files; where one cannot be, neither is. Raises UsageError or WritingError."""
        cassette = self.path.with_name(f"{self.path.name}.part")
        try:
            with _added(self.tests, recorded.case):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                cassette.write_text(recorded.cassette, encoding="utf-8")
                cassette.replace(self.path)
        finally:
            cassette.unlink(missing_ok=True)


def write_case(tests: Path, case: dict[str, Any], *, force: bool) -> None:
    """Add a case to a test file. Raises UsageError where it has one of this name, unless it is to be replaced."""
    if not force and tests.is_file() and any(known.name == case["name"] for known in read_tests(tests).replays):
        raise UsageError(f"{tests} has a case {case['name']!r} already; give another name, or --force")
    with _added(tests, case, by="name"):
        pass


@contextmanager
def _added(tests: Path, case: dict[str, Any], **by: str) -> Iterator[None]:
    """Add a case to a test file once all within has been done; it is read before that, so that nothing wrong is kept.

    Raises UsageError where the file is wrong, WritingError where one cannot be written; it is then as it was.
    """
    before = tests.read_text(encoding="utf-8") if tests.is_file() else ""
    part = tests.with_name(f"{tests.name}.part")
    try:
        part.write_text(added(before, case, tests, **by), encoding="utf-8")
        read_tests(part)
        yield
        part.replace(tests)
    except MappingError as error:
        raise UsageError(f"{tests} is wrong: correct it, then record\n{error}") from None
    except OSError as error:
        raise WritingError(f"cannot write {error.filename}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
