"""What a connection needs, as a form: JSON Schema (2020-12), made from the mapping, for whoever asks a customer."""

from collections.abc import Collection
from typing import Any

from engine.mapping import ConnectionField, Mapping

__all__ = ["form"]


def form(mapping: Mapping, *, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the form of a connection, its fields in the order of the mapping; some may come from elsewhere."""
    fields = {name: field for name, field in mapping.connection.items() if name not in without}
    needed = [name for name, field in fields.items() if field.required and field.default is None]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Connect {mapping.provider.name}",
        "type": "object",
        "properties": {name: _property(field) for name, field in fields.items()},
        "required": needed,
        "additionalProperties": False,
    }


def _property(field: ConnectionField) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.title}
    if field.help:
        found["description"] = field.help
    found["type"] = field.format if field.format in ("integer", "boolean") else "string"
    if field.format == "url":
        found["format"] = "uri"
    if field.secret:
        found |= {"writeOnly": True, "format": "password"}
    if field.required and found["type"] == "string":
        found["minLength"] = 1
    if field.choices:
        found["enum"] = list(field.choices)
    if field.default is not None:
        found["default"] = field.default
    if field.example is not None:
        found["examples"] = [int(field.example) if field.format == "integer" else field.example]
    return found
