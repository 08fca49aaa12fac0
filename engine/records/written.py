"""Records as plain data and as JSON, and their values by dotted name."""

from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any

from engine.records.resources import Record

__all__ = ["as_dict", "as_json", "getter"]


def as_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON data: times as RFC 3339 text with `Z`, absent fields left out."""
    return record.model_dump(mode="json", exclude_none=True)


def as_json(record: Record, *, exclude: Collection[str] = ()) -> bytes:
    """Return the same as compact JSON in UTF-8; raw data and large integers are exactly as they were received.

    `exclude` names fields that are left out.
    """
    left_out = set(exclude) if exclude else None
    return record.__pydantic_serializer__.to_json(record, exclude_none=True, exclude=left_out)


def getter(field: str) -> Callable[[Record], Any]:
    """Return what gets a dotted field from a record, or None where the record has not even its parent."""
    get = attrgetter(field)
    parent, dot, _ = field.rpartition(".")
    if not dot:
        return get
    has = attrgetter(parent)
    return lambda record: None if has(record) is None else get(record)
