"""One condition on a field: the values it names, read as the field's kind, and compared with a record's value."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from engine.errors import UsageError
from engine.records import Kind, field_kinds, words_of
from engine.spelling import did_you_mean
from engine.values import ValueProblem, read_number, read_time

__all__ = ["Operator", "Passes", "filterable", "passing", "read_values"]

Operator = Literal["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "like"]
#: Whether a value of a record, or None where it has none, passes.
Passes = Callable[[Any], bool]

_ORDERED: tuple[Kind, ...] = ("time", "number", "percent", "integer")
#: What is blank to JSON Schema, whose patterns are those of ECMA-262 (section 22.2.2.9); Python has some more.
_BLANKS = (*range(9, 14), 0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF)
_BLANK = "".join(map(chr, _BLANKS))
_UNFILTERABLE: tuple[Kind, ...] = ("emails", "urls", "objects", "custom")


def filterable(resource: str) -> dict[str, tuple[Operator, ...]]:
    """Return every field of a resource that can be filtered by, with the operators it takes."""
    return {name: _operators(kind) for name, kind in field_kinds(resource).items() if kind not in _UNFILTERABLE}


def _operators(kind: Kind) -> tuple[Operator, ...]:
    ordered: tuple[Operator, ...] = ("gt", "gte", "lt", "lte") if kind in _ORDERED else ()
    return ("eq", "ne", "in", "nin", *ordered, *(("like",) if kind == "text" else ()))


def read_values(field: str, op: str, values: Sequence[str], resource: str) -> list[Any]:
    """Read the values of a condition; raises UsageError where field, operator or value cannot be, saying what can."""
    kind = _kind(field, resource)
    if op not in get_args(Operator):
        raise UsageError(f"`{op}` is not a filter operator; {did_you_mean(op, get_args(Operator))}")
    if op not in _operators(kind):
        what = "`~` is for texts" if op == "like" else f"{kind}s have no order"
        raise UsageError(f"filter {field}: {what}; use `=` or `!=`")
    if not values or (op not in ("in", "nin") and len(values) > 1):
        raise UsageError(f"filter {field}: give {'a value' if not values else 'one value, or use `in`'}")
    return [_read(field, kind, resource, value) for value in values]


def passing(op: Operator, wanted: list[Any]) -> Passes:
    """Return the test for values that were read. A record without the field passes only `ne` and `nin`."""
    first = wanted[0]
    if op in ("eq", "in"):
        return lambda value: value in wanted
    if op in ("ne", "nin"):
        return lambda value: value not in wanted
    if op == "like":
        return _like(first)
    tests: dict[str, Passes] = {
        "gt": lambda value: value is not None and value > first,
        "gte": lambda value: value is not None and value >= first,
        "lt": lambda value: value is not None and value < first,
        "lte": lambda value: value is not None and value <= first,
    }
    return tests[op]


def _kind(field: str, resource: str) -> Kind:
    kinds = {name: kind for name, kind in field_kinds(resource).items() if kind not in _UNFILTERABLE}
    if field not in kinds:
        known = ", ".join(sorted(kinds))
        hint = did_you_mean(field, kinds, "choose another field.")
        raise UsageError(f"{resource} cannot be filtered by `{field}`; {hint} There are {known}")
    return kinds[field]


def _read(field: str, kind: Kind, resource: str, text: str) -> str | int | float | bool | datetime | None:
    """Read one value; a time without an offset is UTC."""
    if not text.strip(_BLANK):
        raise UsageError(f"filter {field}: the value is missing")
    try:
        if kind == "time":
            return read_time(text, "rfc3339", "UTC")
        if kind in _ORDERED:
            return read_number(text)
    except ValueProblem as problem:
        raise UsageError(f"filter {field}: {problem}") from None
    if kind == "boolean":
        return _choice(field, text.lower(), ("true", "false")) == "true"
    return _choice(field, text, words_of(resource, field)) if kind == "word" else text


def _choice(field: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise UsageError(f"filter {field}: there is no `{text}`; {did_you_mean(text, choices)}")
    return text


def _like(pattern: str) -> Passes:
    """Return a test for a text with `*` or `%` for anything; capitals do not matter. Takes linear time."""
    first, *rest = pattern.casefold().replace("%", "*").split("*")

    def test(value: Any) -> bool:
        text = "" if value is None else value.casefold()
        if value is None or not text.startswith(first) or (not rest and text != first):
            return False
        return _follow(text, len(first), rest)

    return test


def _follow(text: str, start: int, pieces: list[str]) -> bool:
    """Whether the pieces follow one another from `start`, the last one at the end."""
    for piece in pieces[:-1]:
        found = text.find(piece, start)
        if found < 0:
            return False
        start = found + len(piece)
    return not pieces or (text.endswith(pieces[-1]) and len(text) - len(pieces[-1]) >= start)
