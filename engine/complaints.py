"""What is wrong with a file as a tree of models, in plain English, each at its place."""

import re
from collections.abc import Iterator
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.errors import Place, Problem
from engine.mapping.shape import field_at, fields, is_model, kind_at
from engine.mapping.texts import Closed
from engine.meanings import meanings
from engine.outline import walk
from engine.positions import Node, Path, shown
from engine.spelling import did_you_mean

__all__ = ["validated"]

Model = TypeVar("Model", bound=BaseModel)

_KINDS = {
    "string_type": "text", "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "bool_type": "true or false", "list_type": "a list", "dict_type": "a mapping", "model_type": "a mapping",
}  # fmt: skip
_WRITTEN = {
    "text": "put it in quotes", "a whole number": "write digits only", "a number": "write one such as 30 or 0.5",
    "true or false": "write `true` or `false`", "a list": "write `[…]`, or a line with `- ` for each",
    "a mapping": "write `key: value`, in a line for each",
}  # fmt: skip
#: What a key can look like; in braces, what stands after a comma is taken for one.
_KEY = re.compile(r"[\w.-]+")
_BOUNDS = {
    "greater_than": "more than {gt}", "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}", "less_than_equal": "at most {le}",
}  # fmt: skip


def validated(model: type[Model], node: Node) -> tuple[Model | None, list[Problem]]:
    """Return a file as a model, and everything wrong with it: None where that keeps it from being one."""
    problems = list(_broken_rules(model, node))
    try:
        whole = model.model_validate(node.data)
    except ValidationError as error:
        whole = None
        problems += _complaints(error, node, model)
    return whole, [*problems, *_empty(model, node)]


def _broken_rules(model: type[BaseModel], node: Node) -> Iterator[Problem]:
    """Yield what is wrong with keys given together, whatever else is wrong with them."""
    for path, kind, found in walk(model, node):
        if is_model(kind) and issubclass(kind, Closed) and isinstance(found.data, dict):
            for rule in kind.rules(found.data):
                what, _, do = rule.partition("; ")
                yield Problem(_key_place(node, path), shown(path), what, do)


def _empty(model: type[BaseModel], node: Node) -> Iterator[Problem]:
    """Yield a problem for every key that has no value: somebody meant to write one."""
    for path, kind, found in walk(model, node):
        if path and found.data is None and kind is not Any:
            what = f"`{path[-1]}` has no value"
            yield Problem(_key_place(node, path), shown(path), what, "write one, or leave it out")


def _complaints(error: ValidationError, node: Node, model: type[BaseModel]) -> Iterator[Problem]:
    """Turn what pydantic says into plain English."""
    kinds: dict[Path, list[str]] = {}
    for fault in error.errors(include_url=False):
        path, context = _path(fault["loc"], node), fault.get("ctx", {})
        kind = fault["type"]
        if path and node.at(*path).data is None and kind not in ("missing", "extra_forbidden"):
            continue  # a key without a value is told once, whatever it is to be
        if kind in _KINDS:
            kinds.setdefault(path, []).append(_KINDS[kind])
        elif kind == "missing":
            yield _missing(str(fault["loc"][-1]), path, node, model)
        elif kind == "text":
            inner = (*path, *context["path"])
            for what, do, offset in context["told"]:
                yield Problem(node.place_of(*inner, offset=offset), shown(inner), what, do)
        elif kind != "rule":
            key = kind == "extra_forbidden" or fault["loc"][-1] == "[key]"
            place = _key_place(node, path) if key else node.at(*path).start
            yield Problem(place, shown(path), *_told(kind, context, path, node, model, str(fault["msg"])))
    for path, wanted in kinds.items():
        yield _wrong_kind(path, list(dict.fromkeys(wanted)), node)


def _told(kind: str, context: Any, path: Path, node: Node, model: type[BaseModel], said: str) -> tuple[str, str]:
    """Return what is wrong with a value, and what to do about it."""
    data = node.at(*path).data
    if kind == "extra_forbidden":
        key, known = str(path[-1]), fields(kind_at(model, path[:-1]))
        comma = "" if _KEY.fullmatch(key) else "an expression with a comma must be in single quotes"
        return f"`{key}` is not a key here", comma or did_you_mean(key, known)
    if kind == "literal_error":
        return f"{_said(data)} is not known here", _words(data, kind_at(model, path))
    if kind == "string_pattern_mismatch":
        info = field_at(model, path)
        if info is None:  # a name given by the author
            return f"`{path[-1]}` is not a name", "write letters, digits and `_`, beginning with a letter"
        extra = info.json_schema_extra
        advice = extra.get("patternErrorMessage") if isinstance(extra, dict) else None
        return f"{_said(data)} does not have the right form", str(advice or f"it must match {context['pattern']}")
    if kind in _BOUNDS:
        return f"this must be {_BOUNDS[kind].format(**context)}, not {_said(data)}", "choose another number"
    return said[:1].lower() + said[1:], "docs/format.md says what may be here"


def _missing(key: str, path: Path, node: Node, model: type[BaseModel]) -> Problem:
    above = kind_at(model, path)
    meaning = " ".join(meanings(above).get(key, "").split()) if is_model(above) else ""
    told = f": {meaning[:1].lower()}{meaning[1:].rstrip('.')}" if meaning else ""
    return Problem(_key_place(node, path), shown(path), f"`{key}` is missing{told}", f"add `{key}: …`")


def _wrong_kind(path: Path, wanted: list[str], node: Node) -> Problem:
    found = node.at(*path)
    *most, last = wanted
    either = f"{', '.join(most)} or {last}" if most else last
    return Problem(found.start, shown(path), f"this must be {either}, not {_said(found.data)}", _advice(wanted, found))


def _advice(wanted: list[str], found: Node) -> str:
    if found.style in ("'", '"') and isinstance(found.data, str) and "text" not in wanted:
        return "write it without quotes, if it is one"
    return _WRITTEN[wanted[0]]


def _words(data: Any, kind: Any) -> str:
    if get_origin(kind) is not Literal:
        return ""
    written = "" if isinstance(data, list | dict) else _word(data)
    return did_you_mean(written, [_word(word) for word in get_args(kind)])


def _word(word: Any) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)


def _said(data: Any) -> str:
    """Return a value as it is told; only the beginning of what is long."""
    if data is None:
        return "nothing"
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "a mapping"
    text = _word(data) if isinstance(data, bool) else repr(data)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _path(loc: tuple[str | int, ...], node: Node) -> Path:
    """Return the part of pydantic's location that is in the file: it also names the members of unions."""
    path: list[str | int] = []
    for step in loc:
        if step in node.children:
            path.append(step)
            node = node.children[step]
    return tuple(path)


def _key_place(node: Node, path: Path) -> Place:
    return node.place_of(*path, key=True)
