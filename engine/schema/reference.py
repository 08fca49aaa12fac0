"""The format key by key, as Markdown: one table for each model, in the order in which a mapping is read."""

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.jsonata import Program
from engine.mapping import Loop, Mapping
from engine.mapping.shape import bare, fields, is_model
from engine.mapping.texts import Name
from engine.meanings import meanings
from engine.templates import Template

__all__ = ["reference"]

_HEAD = """\
# The mapping format, key by key

Generated from `engine/mapping/`; `make fix` writes it anew. What the keys are for and how they hang together is in
[mapping-language.md](mapping-language.md); the fields of the records are in [records.md](records.md). A name is made
of letters, digits and `_`. A key without a value is a mistake: leave it out.
"""
_KINDS: dict[Any, str] = {
    Program: "[expression](expressions.md)",
    Template: "text with holes",
    Loop: "`name in fetch`",
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Any: "text with holes, number, switch, or a structure of them",
}


def reference() -> str:
    """Return the field reference: every key of the format, with its meaning, kind and default."""
    places: dict[type[BaseModel], list[str]] = {}
    _visit(Mapping, "", places)
    sections = ["\n".join(_section(model, where)) for model, where in places.items()]
    return "\n".join([_HEAD, *sections]).rstrip() + "\n"


def _visit(kind: Any, path: str, places: dict[type[BaseModel], list[str]]) -> None:
    """Note where each model is used, those of the same kind together, in reading order."""
    kind = bare(kind)
    if get_origin(kind) in (list, dict):
        below = ".<name>" if get_origin(kind) is dict else "[]"
        _visit(get_args(kind)[-1], f"{path}{below}", places)
    elif is_model(kind):
        first = kind not in places
        places.setdefault(kind, []).append(path)
        for name, info in fields(kind).items() if first else ():
            _visit(info.annotation, f"{path}.{name}".lstrip("."), places)


def _section(model: type[BaseModel], where: list[str]) -> Iterator[str]:
    yield f"## {model.__name__}"
    yield ""
    if where != [""]:
        yield f"*{', '.join(f'`{place}`' for place in where)}*"
        yield ""
    yield " ".join((model.__doc__ or "").split())
    yield ""
    yield "| key | meaning | value | default |"
    yield "|---|---|---|---|"
    told = meanings(model)
    for name, info in fields(model).items():
        meaning = " ".join(told.get(name, "").split()).replace("|", "\\|")
        yield f"| `{name}` | {meaning} | {_kind(info.annotation)}{_bounds(info)} | {_default(info)} |"
    yield ""


def _kind(kind: Any) -> str:
    """Return a kind in a few words, with a link to the section it refers to."""
    kind = bare(kind)
    if is_model(kind):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    if get_origin(kind) is Literal:
        return " ".join(f"`{str(word).lower() if isinstance(word, bool) else word}`" for word in get_args(kind))
    if get_origin(kind) is list:
        return f"list of {_kind(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        key, value = get_args(kind)
        return f"{'name' if key == Name else 'text'}: {_kind(value)}"
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(map(_kind, get_args(kind)))
    return _KINDS[kind]


def _bounds(info: FieldInfo) -> str:
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    bounds = [(name, getattr(part, name, None)) for part in info.metadata for name in words]
    return "".join(f", {words[name]} {bound}" for name, bound in bounds if bound is not None)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**required**"
    default = info.default
    if isinstance(default, BaseModel):
        given = default.model_dump(exclude_unset=True).items()
        return " ".join(f"`{name}: {str(value).lower()}`" for name, value in given)
    if default in (None, [], {}):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
