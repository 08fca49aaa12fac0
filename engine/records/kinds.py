"""Which fields a mapping may give, and how the value of each is read. All of it follows from the models."""

from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.records.parts import Closed, Email, Number, Percent, Time, Url
from engine.records.resources import RESOURCE_MODELS

__all__ = ["Kind", "element_names", "field_kinds", "inner_type", "kind_of", "part_names", "words_of"]

#: How a field's value is read.
Kind = Literal[
    "id", "text", "time", "number", "percent", "integer", "boolean", "emails", "urls", "objects", "word", "custom"
]

_KINDS: dict[Any, Kind] = {
    str: "text",
    Time: "time",
    Number: "number",
    Percent: "percent",
    int: "integer",
    bool: "boolean",
    list[Email]: "emails",
    list[Url]: "urls",
}


@cache
def field_kinds(resource: str) -> dict[str, Kind]:
    """Return the dotted fields a mapping may give for a resource, and how each is read.

    `urls.<type>` and `custom_fields.<name>` stand for any name there; `remote_data` is the engine's to give.
    """
    kinds = dict(_kinds(RESOURCE_MODELS[resource]))
    del kinds["remote_data"], kinds["custom_fields"]
    if "urls" in kinds:
        kinds["urls.<type>"] = "urls"
    return {**kinds, "custom_fields.<name>": "custom"}


def kind_of(resource: str, field: str) -> Kind | None:
    """Return how a field is read, or None where the resource has no such field."""
    kinds = field_kinds(resource)
    first, _, rest = field.partition(".")
    free = kinds.get(f"{first}.<type>") or kinds.get(f"{first}.<name>") if rest else None
    return kinds.get(field) or free


@cache
def words_of(resource: str, field: str) -> tuple[str, ...]:
    """Return the words a field may have; empty for a field that is not one of a set of words."""
    info = RESOURCE_MODELS[resource].model_fields.get(field)
    return get_args(inner_type(info)) if info and get_origin(inner_type(info)) is Literal else ()


def element_names(resource: str, field: str) -> tuple[str, ...]:
    """Return the field names of the objects in a list field, such as `id`, `name` for `tags`.

    The last is the one that an element given as plain text stands for.
    """
    (element,) = get_args(inner_type(RESOURCE_MODELS[resource].model_fields[field]))
    return tuple(sorted(element.model_fields, key=lambda name: element.model_fields[name].is_required()))


def part_names(resource: str, field: str) -> tuple[str, ...]:
    """Return the names that objects in a list field have, such as `email` and `type`; none for any other field."""
    kind = kind_of(resource, field)
    if kind == "objects":
        return element_names(resource, field)
    if kind == "emails":
        return tuple(Email.model_fields)
    return tuple(Url.model_fields) if kind == "urls" else ()


def _kinds(model: type[Closed]) -> Iterator[tuple[str, Kind]]:
    for name, info in model.model_fields.items():
        kind = inner_type(info)
        if isinstance(kind, type) and issubclass(kind, Closed):
            yield from ((f"{name}.{part}", inner) for part, inner in _kinds(kind))
        else:
            yield name, "id" if name == "id" else _kind(kind)


def inner_type(info: FieldInfo) -> Any:
    """Return the type of a field that is there."""
    types = tuple(part for part in get_args(info.annotation) if part is not NoneType)
    return Union[types] if NoneType in get_args(info.annotation) else info.annotation  # noqa: UP007 - made of a tuple


def _kind(kind: Any) -> Kind:
    if get_origin(kind) is Literal:
        return "word"
    if get_origin(kind) is dict:
        return "custom"
    return _KINDS.get(kind, "objects")
