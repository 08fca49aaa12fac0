"""Records as rows of flat columns: the same for every run of a resource."""

from typing import Any

from pydantic_core import to_json

from engine.records import field_kinds

__all__ = ["columns", "json_text"]


def columns(resource: str) -> list[str]:
    """Return the columns of a resource: its fields, dotted, in the order of the model."""
    return [*(name for name in field_kinds(resource) if "<" not in name), "custom_fields", "remote_data"]


def json_text(value: Any) -> str:
    """Return a list or an object of a record as JSON."""
    return to_json(value, exclude_none=True).decode()
