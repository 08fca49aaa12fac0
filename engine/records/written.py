"""Records as plain data and as JSON, and their values by dotted name."""

from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any

import orjson
from pydantic import BaseModel

from engine.records.resources import Record

__all__ = ["as_dict", "as_json", "getter"]


def as_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON data: times as RFC 3339 text with `Z`, absent fields left out."""
    return record.model_dump(mode="json", exclude_none=True)


def as_json(record: Record, *, exclude: Collection[str] = ()) -> bytes:
    """Return the same as compact JSON in UTF-8; raw data and large integers are exactly as they were received.

    `exclude` names fields that are left out.
    """
    fields = record.__dict__
    try:
        if exclude:
            fields = {name: value for name, value in fields.items() if name not in exclude}
        return orjson.dumps(_known(fields), default=_part, option=orjson.OPT_UTC_Z)
    except TypeError:  # an integer of more than 64 bits, or half a character
        left_out = set(exclude) if exclude else None
        return record.__pydantic_serializer__.to_json(record, exclude_none=True, exclude=left_out)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that are there."""
    return {name: value for name, value in fields.items() if value is not None}


def _part(part: BaseModel) -> dict[str, Any]:
    """Return the fields of a part of a record."""
    return _known(part.__dict__)


def getter(field: str) -> Callable[[Record], Any]:
    """Return what gets a dotted field from a record, or None where the record has not even its parent."""
    get = attrgetter(field)
    parent, dot, _ = field.rpartition(".")
    if not dot:
        return get
    has = attrgetter(parent)
    return lambda record: None if has(record) is None else get(record)
