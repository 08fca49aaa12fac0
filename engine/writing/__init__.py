"""Records written: JSON Lines, CSV, Parquet, or a table on a terminal. Record by record, in bounded memory.

A file is written as `OUT.part` and gets its name when it is whole, so that nobody ever reads half of one. An error on
the way leaves the `.part`, readable and with everything written so far, and whatever `OUT` held before.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from engine.errors import UsageError, WritingError
from engine.records import Record
from engine.sinks import Sink, flushed
from engine.writing.csv import CsvWriter
from engine.writing.lines import LinesWriter
from engine.writing.parquet import ParquetWriter, library
from engine.writing.table import TableWriter

__all__ = ["FORMATS", "Writer", "open_writer"]

FORMATS = ("table", "jsonl", "csv", "parquet")


class Writer(Protocol):
    """Takes records one by one."""

    def write(self, record: Record) -> None:
        """Write one record."""


@contextmanager
def open_writer(form: str, resource: str, out: Path | None, stream: IO[str]) -> Iterator[Writer]:
    """Open a writer of a resource's records to a file, or else to the stream.

    Raises UsageError for a format that is not known, cannot go to a stream, or lacks its library, and for a file that
    cannot be opened; WritingError where there is no room on the way. A reader of the stream that goes away raises
    BrokenPipeError, for the caller to deal with.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format `{form}`; there are {', '.join(FORMATS)}")
    if form == "parquet":
        if out is None:
            raise UsageError("Parquet is not for streams; give a file: --out FILE.parquet")
        library()
    if out is None:
        with flushed(stream.flush):
            yield _text_writer(form, resource, stream)
        return
    with _file(out) as file:
        if form == "parquet":
            with ParquetWriter(resource, file) as writer:
                yield writer
        else:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            with flushed(text.detach):
                yield _text_writer(form, resource, text)


def _text_writer(form: str, resource: str, stream: IO[str]) -> Writer:
    if form == "jsonl":
        return LinesWriter(stream)
    return CsvWriter(resource, stream) if form == "csv" else TableWriter(resource, stream)


@contextmanager
def _file(out: Path) -> "Iterator[io.BufferedWriter[Sink]]":
    """Open a file to write; what is no regular file, such as a pipe, is written to directly."""
    whole = out.resolve()
    part = whole.with_name(f"{whole.name}.part") if whole.is_file() or not whole.exists() else whole
    try:
        sink = Sink(part, str(out))
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    try:
        with io.BufferedWriter(sink) as file, flushed(file.flush):
            yield file
        if part != whole:
            _rename(part, whole, out)
    except BaseException as error:
        if part == whole:
            pass
        elif part.stat().st_size == 0:
            part.unlink()
        else:
            error.add_note(f"what was written before is in {part}")
        raise


def _rename(part: Path, whole: Path, out: Path) -> None:
    try:
        part.replace(whole)
    except OSError as error:
        raise WritingError(f"cannot write {out}: {error.strerror}") from None
