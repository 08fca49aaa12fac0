"""Files and streams to write to that may fail on the way: the disk is full, the device is gone, the reader has left.

A sink tells its failure once, as an error of ours that names it, and takes everything else in silence: buffers above it
can be emptied and closed without failing again and hiding the first error.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import WritingError

__all__ = ["Sink", "flushed"]


class Sink(io.FileIO):
    """Raises WritingError where it cannot be written, BrokenPipeError where its reader has gone; `quiet`, neither."""

    def __init__(self, file: Path | int, told: str, mode: str = "wb", *, quiet: bool = False) -> None:
        super().__init__(file, mode, closefd=not isinstance(file, int))
        self._told = told
        self._failed = quiet
        self._broken = False

    def write(self, data: Any, /) -> int:
        """Write, or do nothing once it has failed."""
        if not self._broken:
            try:
                return super().write(data)
            except OSError as error:
                self._break(error)
        return memoryview(data).nbytes

    def close(self) -> None:
        """Close; some file systems tell only now that there was no room."""
        try:
            super().close()
        except OSError as error:
            self._break(error)

    def _break(self, error: OSError) -> None:
        self._broken = True
        if self._failed:
            return
        self._failed = True
        if isinstance(error, BrokenPipeError):
            raise error
        raise WritingError(f"cannot write {self._told}: {error.strerror}") from None


@contextmanager
def flushed(flush: Callable[[], object]) -> Iterator[None]:
    """Let out what is buffered at the end. After an error, that one stays the error, and a failure here is a note."""
    try:
        yield
    except BaseException as error:
        try:
            flush()
        except BrokenPipeError:
            pass
        except WritingError as failure:
            error.add_note(str(failure))
        raise
    flush()
