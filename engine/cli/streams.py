"""Standard output and standard error, as sinks: one that is full, closed or gone gives a message and no traceback.

Standard error only tells: where it cannot be written, nothing else changes.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from engine.errors import WritingError
from engine.sinks import Sink

__all__ = ["standard_streams"]


@contextmanager
def standard_streams() -> Iterator[None]:
    """Have sinks in place of standard output and standard error."""
    before = sys.stdin, sys.stdout, sys.stderr
    _fill()
    sys.stdin = sys.stdin or io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout = _sunk(sys.stdout, 1, "to standard output", quiet=False)
    sys.stderr = _sunk(sys.stderr, 2, "to standard error", quiet=True)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(WritingError, BrokenPipeError):
                stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def _fill() -> None:
    """Give a number that was closed to what cannot be written, so that no file opened later is taken for a stream."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the least number that is free


def _sunk(stream: Any, number: int, told: str, *, quiet: bool) -> Any:
    """Return a stream like the one given, over a sink; one that is no plain file of the system is left alone."""
    if stream is None:
        return _text(Sink(number, told, quiet=quiet), encoding="utf-8", line_buffering=quiet)
    buffer = getattr(stream, "buffer", None)
    if type(getattr(buffer, "raw", buffer)) is not io.FileIO:
        return stream
    stream.flush()
    return _text(
        Sink(stream.fileno(), told, quiet=quiet),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _text(sink: Sink, **options: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(sink), **options)
