"""What pydantic says of a file, in plain English, at the place in the file."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.errors import Place, Problem
from engine.positions import Node
from engine.scopes import did_you_mean

__all__ = ["complaints"]


def complaints(error: ValidationError, node: Node, model: type[BaseModel]) -> Iterator[Problem]:
    """Yield everything a validation found, for a file that is to be a `model`."""
    for fault in error.errors():
        yield from _problems(fault, node, model)


_KINDS = {
    "string_type": "text", "int_type": "a whole number", "int_parsing": "a whole number", "float_type": "a number",
    "float_parsing": "a number", "bool_type": "true or false", "bool_parsing": "true or false", "list_type": "a list",
    "dict_type": "a mapping", "model_type": "a mapping", "int_from_float": "a whole number",
}  # fmt: skip


def _problems(fault: Any, node: Node, model: type[BaseModel]) -> Iterator[Problem]:
    """Turn one complaint of pydantic into plain English at its place in the file."""
    path = _path(fault["loc"], node)
    found = node.at(*path)
    shown = ".".join(str(step) for step in path)
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in ("expression", "template"):
        inner = (*path, *context.get("path", ()))
        place = node.at(*inner).place(context.get("offset") or 0)
        yield Problem(place, ".".join(str(step) for step in inner), str(context["what"]), _help(kind))
    elif kind == "extra_forbidden":
        key = str(path[-1])
        known = _keys(model, path[:-1])
        place = node.at(*path[:-1]).keys.get(key, found.start)
        yield Problem(place, shown, f"`{key}` is not a key here", did_you_mean(key, known))
    elif kind == "missing":
        key = str(fault["loc"][-1])
        above = ".".join(str(step) for step in path)
        yield Problem(_key_place(node, path), above, f"`{key}` is missing", f"add `{key}: …`")
    elif kind == "literal_error":
        words = [word.strip().strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        yield Problem(
            found.start, shown, f"{_said(found.data)} is not known here", did_you_mean(str(found.data), words)
        )
    elif kind in _KINDS:
        yield Problem(found.start, shown, f"this must be {_KINDS[kind]}, not {_said(found.data)}", _quote(found.data))
    elif kind == "string_pattern_mismatch":
        yield Problem(
            found.start,
            shown,
            f"{_said(found.data)} does not have the right form",
            f"it must match {context['pattern']}",
        )
    elif kind == "value_error":
        what, _, do = str(context["error"]).partition("; ")
        yield Problem(_key_place(node, path), shown, what, do)
    else:
        yield Problem(found.start, shown, fault["msg"][:1].lower() + fault["msg"][1:])


def _help(kind: str) -> str:
    return "" if kind == "template" else "see docs/expressions.md"


def _said(data: Any) -> str:
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return str(data).lower()
    return "a list" if isinstance(data, list) else "a mapping" if isinstance(data, dict) else repr(data)


def _quote(data: Any) -> str:
    return "put it in quotes" if isinstance(data, int | float | bool) else ""


def _path(loc: tuple[str | int, ...], node: Node) -> tuple[str | int, ...]:
    """Return the part of pydantic's location that is in the file: it also names the members of unions."""
    path: list[str | int] = []
    for step in loc:
        if step in node.children:
            path.append(step)
            node = node.children[step]
    return tuple(path)


def _key_place(node: Node, path: tuple[str | int, ...]) -> Place:
    return node.place_of(*path, key=True) if path else node.start


def _keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys the format knows at a path."""
    kind: Any = model
    for step in path:
        kind = _inner(kind, step)
    return [info.alias or name for name, info in kind.model_fields.items()] if _is_model(kind) else []


def _inner(kind: Any, step: str | int) -> Any:
    if _is_model(kind):
        info = next((info for name, info in kind.model_fields.items() if step in (name, info.alias)), None)
        kind = info.annotation if info else None
    else:
        kind = get_args(kind)[-1] if get_origin(kind) in (dict, list) else None
    return next((part for part in get_args(kind) if part is not type(None)), kind) if _is_union(kind) else kind


def _is_union(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
