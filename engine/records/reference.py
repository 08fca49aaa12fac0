"""The reference of the unified model as Markdown, made from the models; `docs/records.md` holds it."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from engine.meanings import meanings
from engine.records.kinds import inner_type
from engine.records.parts import Closed, Email, Named, Number, Parent, Percent, Person, Phone, Time, Titled, Url
from engine.records.resources import RESOURCE_MODELS

__all__ = ["reference"]

_PARTS = (Person, Named, Titled, Parent, Email, Phone, Url)
_SHOWN: dict[Any, str] = {
    str: "text",
    int: "integer",
    bool: "true or false",
    Time: "date-time",
    Number: "number",
    Percent: "number, 0 to 100",
    dict[str, Any]: "object, free keys",
}


def reference() -> str:
    """Return a table for each resource, then one for each part."""
    resources = [_section(f"`{name}`: {model.__name__}", model) for name, model in RESOURCE_MODELS.items()]
    return "\n\n".join([*resources, *(_section(part.__name__, part) for part in _PARTS)])


def _section(title: str, model: type[Closed]) -> str:
    lines = [f"## {title}", "", model.__doc__ or "", "", "| field | type | meaning |", "|---|---|---|"]
    return "\n".join([*lines, *_rows(model)])


def _rows(model: type[Closed]) -> Iterator[str]:
    told = meanings(model)
    for name, info in model.model_fields.items():
        required = ", **required**" if info.is_required() else ""
        yield f"| `{name}` | {_shown(info)}{required} | {told.get(name, '')} |"


def _shown(info: FieldInfo) -> str:
    kind = inner_type(info)
    if get_origin(kind) is Literal:
        return " ".join(f"`{word}`" for word in get_args(kind))
    if get_origin(kind) is list:
        return f"list of [{get_args(kind)[0].__name__}](#{get_args(kind)[0].__name__.lower()})"
    return _SHOWN.get(kind) or f"[{kind.__name__}](#{kind.__name__.lower()})"
