"""Records written: JSON Lines, CSV, Parquet, or a table on a terminal. Record by record, in bounded memory.

A file is written as `OUT.part` and gets its name when it is whole, so that nobody ever reads half of one. An error on
the way leaves the `.part`, readable and with everything written so far, and whatever `OUT` held before.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from engine.errors import UsageError, WritingError
from engine.records import Record
from engine.sinks import Sink, flushed
from engine.writing.csv import CsvWriter
from engine.writing.lines import LinesWriter
from engine.writing.parquet import ParquetWriter, library
from engine.writing.table import TableWriter

__all__ = ["FORMATS", "Writer", "format_of", "open_writer"]

FORMATS = ("table", "jsonl", "csv", "parquet")
#: How many bytes are kept until they are written: some hundred records.
_BUFFER = 1 << 18
_EXTENSIONS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


class Writer(Protocol):
    """Takes records one by one."""

    def write(self, record: Record) -> None:
        """Write one record."""


def format_of(out: Path) -> str:
    """Return the format that the name of a file asks for; one without an extension, and a device, takes JSON Lines.

    Raises UsageError for an extension that is not known.
    """
    if not out.suffix or not _is_file(out):
        return "jsonl"
    if out.suffix.lower() not in _EXTENSIONS:
        known = ", ".join(_EXTENSIONS)
        raise UsageError(f"{out} has an extension that is not known; there are {known}; or give a --format")
    return _EXTENSIONS[out.suffix.lower()]


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
        with flushed(stream.flush), _text_writer(form, resource, stream) as writer:
            yield writer
        return
    with _file(out) as file:
        if form == "parquet":
            with ParquetWriter(resource, file) as writer:
                yield writer
        elif form == "jsonl":
            yield LinesWriter(file.write)
        else:
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            with flushed(text.detach), _text_writer(form, resource, text) as headed:
                yield headed


@contextmanager
def _text_writer(form: str, resource: str, stream: IO[str]) -> Iterator[Writer]:
    if form == "jsonl":
        yield LinesWriter(lambda line: stream.write(line.decode()))
        return
    writer = _Headed(CsvWriter(resource, stream) if form == "csv" else TableWriter(resource, stream))
    yield writer
    writer.head()


class _Headed:
    """Has the heading written with the first record, or at the end of none; an error before leaves nothing at all."""

    def __init__(self, rows: CsvWriter | TableWriter) -> None:
        self._rows = rows
        self._is_headed = False

    def head(self) -> None:
        if not self._is_headed:
            self._is_headed = True
            self._rows.head()

    def write(self, record: Record) -> None:
        self.head()
        self._rows.write(record)


@contextmanager
def _file(out: Path) -> "Iterator[io.BufferedWriter[Sink]]":
    """Open a file to write, under another name until it is whole; what is no regular file is written to directly."""
    if not _is_file(out) or _is_output(out):
        with _buffered(_sink(1 if _is_output(out) else out, out)) as file:
            yield file
        return
    whole = out.resolve()
    part = whole.with_name(f"{whole.name}.part")
    sink = _sink(part, out)
    try:
        with _buffered(sink) as file:
            yield file
        _rename(part, whole, out)
    except BaseException as error:
        if part.stat().st_size == 0:
            part.unlink()
        else:
            error.add_note(f"what was written before is in {part}")
        raise


def _sink(file: Path | int, out: Path) -> Sink:
    try:
        return Sink(file, str(out))
    except OSError as error:
        in_the_way = file if isinstance(file, Path) and os.path.lexists(file) else out
        raise UsageError(f"cannot write {in_the_way}: {error.strerror}") from None


@contextmanager
def _buffered(sink: Sink) -> "Iterator[io.BufferedWriter[Sink]]":
    with io.BufferedWriter(sink, _BUFFER) as file, flushed(file.flush):
        yield file


def _is_file(out: Path) -> bool:
    """Whether this is a regular file, or will be one. A link such as /dev/stdout is what it leads to."""
    return out.is_file() or not out.exists()


def _is_output(out: Path) -> bool:
    """Whether this is the file that standard output goes to: whoever opened it may have more to write there."""
    with suppress(OSError):
        return out.is_file() and os.path.samestat(out.stat(), os.fstat(1))
    return False


def _rename(part: Path, whole: Path, out: Path) -> None:
    try:
        part.replace(whole)
    except OSError as error:
        raise WritingError(f"cannot write {out}: {error.strerror}") from None
