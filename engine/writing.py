"""Records written: JSON Lines, CSV, Parquet, or a table on a terminal. Row by row, in bounded memory.

CSV and Parquet have the same columns for every run of a resource: the unified fields, dotted; lists, `custom_fields`
and `remote_data` as JSON text. A CSV cell that a spreadsheet would take for a formula starts with an apostrophe.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from pydantic import BaseModel

from engine.errors import UsageError
from engine.records import Kind, Record, field_kinds

__all__ = ["FORMATS", "Writer", "open_writer"]

FORMATS = ("table", "jsonl", "csv", "parquet")
#: How many records go into one row group of a Parquet file.
GROUP = 5000


class Writer(Protocol):
    """Takes records one by one."""

    def write(self, record: Record) -> None:
        """Write one record."""


def columns(resource: str) -> list[str]:
    """Return the column names of a resource."""
    return [*(name for name in field_kinds(resource) if "<" not in name), "custom_fields", "remote_data"]


@contextmanager
def open_writer(form: str, resource: str, out: Path | None, stream: IO[str]) -> Iterator[Writer]:
    """Open a writer to a file, or to the stream. What was written before an error stays.

    Raises UsageError for a format that is not known, cannot go to a stream, or lacks its library.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
    if form == "parquet":
        if out is None:
            raise UsageError("Parquet goes to a file: add --out FILE.parquet")
        with _parquet(resource, out) as writer:
            yield writer
        return
    if out is None:
        yield _text_writer(form, resource, stream)
        return
    try:
        file = out.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    with file:
        yield _text_writer(form, resource, file)


def _text_writer(form: str, resource: str, stream: IO[str]) -> Writer:
    if form == "jsonl":
        return _Lines(stream)
    return _Csv(resource, stream) if form == "csv" else _Table(resource, stream)


class _Lines:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        self._stream.write(record.model_dump_json(exclude_none=True) + "\n")


class _Csv:
    def __init__(self, resource: str, stream: IO[str]) -> None:
        self._columns = columns(resource)
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow(self._columns)

    def write(self, record: Record) -> None:
        self._writer.writerow([_cell(_value(record, name)) for name in self._columns])


def _value(record: Record, name: str) -> Any:
    value: Any = record
    for step in name.split("."):
        value = getattr(value, step, None)
    return value


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | BaseModel):
        return _json(value)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda entry: entry.model_dump(mode="json", exclude_none=True))


_SHOWN = {
    "course_enrollments": (
        ("id", "id"), ("user", "user.name"), ("course", "course.title"), ("status", "status"),
        ("progress", "progress_percent"), ("score", "score"), ("completed", "completed_at"),
        ("last activity", "last_activity_at"),
    ),
    "courses": (("id", "id"), ("code", "code"), ("title", "title"), ("type", "type"), ("status", "status")),
    "users": (("id", "id"), ("name", "name"), ("username", "username"), ("e-mail", "emails"), ("status", "status")),
    "course_items": (("id", "id"), ("course", "course.title"), ("type", "type"), ("title", "title")),
}  # fmt: skip


class _Table:
    """A table with columns of fixed width, so that rows appear as they come."""

    def __init__(self, resource: str, stream: IO[str]) -> None:
        from rich.console import Console

        self._console = Console(file=stream, highlight=False, soft_wrap=True)
        self._shown = _SHOWN[resource]
        wide = {"user", "course", "title", "name", "e-mail"}
        free = self._console.width - 12 * len(self._shown)
        stretched = [label for label, _ in self._shown if label in wide]
        extra = max(free // max(len(stretched), 1), 6)
        self._widths = [11 + (extra if label in wide else 0) for label, _ in self._shown]
        self._row([label for label, _ in self._shown], "bold")

    def write(self, record: Record) -> None:
        self._row([_short(_value(record, name)) for _, name in self._shown], "")

    def _row(self, cells: list[str], style: str) -> None:
        from rich.cells import set_cell_size
        from rich.text import Text

        line = " ".join(set_cell_size(cell, width) for cell, width in zip(cells, self._widths, strict=True))
        self._console.print(Text(line.rstrip(), style=style))


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return str(getattr(value[0], "email", "")) if value else ""
    return " ".join(str(value).split())


@contextmanager
def _parquet(resource: str, out: Path) -> Iterator[Writer]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'rollbook[parquet]'") from None
    types = {
        "time": pa.timestamp("us", tz="UTC"),
        "number": pa.float64(),
        "percent": pa.float64(),
        "integer": pa.int64(),
    }
    types["boolean"] = pa.bool_()
    kinds: dict[str, Kind] = field_kinds(resource)
    schema = pa.schema([(name, types.get(kinds.get(name, "custom"), pa.string())) for name in columns(resource)])
    try:
        writer = pq.ParquetWriter(out, schema, compression="zstd")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error}") from None
    rows = _Groups(schema, writer, pa)
    try:
        yield rows
    finally:
        rows.flush()
        writer.close()


class _Groups:
    """Collects records into row groups."""

    def __init__(self, schema: Any, writer: Any, pa: Any) -> None:
        self._schema = schema
        self._writer = writer
        self._pa = pa
        self._rows: list[dict[str, Any]] = []

    def write(self, record: Record) -> None:
        self._rows.append({name: self._typed(_value(record, name)) for name in self._schema.names})
        if len(self._rows) >= GROUP:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    @staticmethod
    def _typed(value: Any) -> Any:
        return _json(value) if isinstance(value, dict | list | BaseModel) else value
