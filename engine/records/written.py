"""Records as plain data and as JSON."""

from typing import Any

from engine.records.resources import Record

__all__ = ["as_dict", "as_json"]


def as_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON data: times as RFC 3339 text with `Z`, absent fields left out."""
    return record.model_dump(mode="json", exclude_none=True)


def as_json(record: Record) -> bytes:
    """Return the same as compact JSON in UTF-8; raw data and large integers are exactly as they were received."""
    return record.__pydantic_serializer__.to_json(record, exclude_none=True)
