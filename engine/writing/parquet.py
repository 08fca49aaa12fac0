"""Parquet: the shape of the model, typed; `custom_fields` and `remote_data`, which have no type, as JSON text."""

from importlib import import_module
from typing import Any, BinaryIO, Literal, Self, get_args, get_origin

from engine.errors import UsageError
from engine.records import RESOURCE_MODELS, Record, field_kinds
from engine.records.kinds import inner_type
from engine.records.parts import Closed, Number, Percent, Time
from engine.writing.columns import json_text

__all__ = ["ParquetWriter", "library"]

#: A row group ends after this many records, or this many characters of JSON: what is held in memory.
ROWS, CHARACTERS = 5_000, 16_000_000

_FREE = ("custom_fields", "remote_data")


class ParquetWriter:
    """Writes records in row groups; the last one, and the index of the file, when it is left."""

    def __init__(self, resource: str, file: BinaryIO) -> None:
        self._arrow, parquet = library()
        self._schema = self._arrow.schema(_types(RESOURCE_MODELS[resource], self._arrow).items())
        self._numbers = [name for name, kind in field_kinds(resource).items() if kind in ("number", "percent")]
        self._file = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._characters = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._flush()
        finally:
            self._file.close()

    def write(self, record: Record) -> None:
        """Write one record."""
        row = record.model_dump(exclude=set(_FREE))
        for name in self._numbers:
            row[name] = None if row[name] is None else float(row[name])
        for name in _FREE:
            value = getattr(record, name)
            row[name] = None if value is None else json_text(value)
            self._characters += len(row[name] or "")
        self._rows.append(row)
        if len(self._rows) >= ROWS or self._characters >= CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []
        self._characters = 0


def library() -> tuple[Any, Any]:
    """Return pyarrow, and its Parquet module; raises UsageError where it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install pyarrow") from None


def _types(model: type[Closed], arrow: Any) -> dict[str, Any]:
    return {name: _type(inner_type(info), arrow) for name, info in model.model_fields.items()}


def _type(kind: Any, arrow: Any) -> Any:
    """Return the Arrow type of a type of the model."""
    plain = {
        str: arrow.string(),
        int: arrow.int64(),
        bool: arrow.bool_(),
        Time: arrow.timestamp("us", tz="UTC"),
        Number: arrow.float64(),
        Percent: arrow.float64(),
    }
    if get_origin(kind) is list:
        return arrow.list_(_type(get_args(kind)[0], arrow))
    if get_origin(kind) in (dict, Literal):
        return arrow.string()
    return plain[kind] if kind in plain else arrow.struct(_types(kind, arrow).items())
