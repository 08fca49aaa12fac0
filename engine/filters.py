"""Filters: `course.id=7`, `updated_at>=2025-01-01`. Applied to every record, pushed down, never ignored.

The operators are those of the service: `eq ne in nin gt gte lt lte like`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Literal, cast, get_args

from engine.errors import UsageError
from engine.frames import id_text
from engine.mapping import Mapping as ProviderMapping
from engine.plan import chain
from engine.records import Kind, Record, field_kinds, words_of
from engine.values import ValueProblem, read_number, read_time

__all__ = ["Filter", "Filters", "Operator"]

Operator = Literal["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "like"]

_SPELLED = re.compile(r"\s*([a-z_][\w.]*)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*", re.DOTALL)
_SIGNS: dict[str, Operator] = {
    "=": "eq", "!=": "ne", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "~": "like",
}  # fmt: skip
_ORDERED: frozenset[Kind] = frozenset({"time", "number", "percent", "integer"})
_UNFILTERABLE: frozenset[Kind] = frozenset({"emails", "urls", "list", "custom"})


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field of the record. `in` and `nin` have several values, the others one."""

    field: str
    op: Operator
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """Read `field=value`, `!=`, `>`, `>=`, `<`, `<=`, or `~` with `*` for anything; a comma makes a list."""
        found = _SPELLED.fullmatch(text)
        if not found:
            raise UsageError(f"{text!r} is not a filter; write field=value, for example course.id=7")
        field, sign, value = found.groups()
        op = _SIGNS[sign]
        if "," in value and op in ("eq", "ne"):
            return cls(field, "in" if op == "eq" else "nin", tuple(part.strip() for part in value.split(",")))
        return cls(field, op, (value,))


class Filters:
    """The filters of a run, checked against the resource. Raises UsageError that says which there are."""

    def __init__(self, filters: Iterable[Filter | str], resource: str) -> None:
        parsed = [Filter.parse(given) if isinstance(given, str) else given for given in filters]
        self._filters = parsed
        self._tests = [(given.field.split("."), _test(given, resource)) for given in parsed]

    def matches(self, record: Record) -> bool:
        """Whether a record passes all filters; one without the field passes only `ne` and `nin`."""
        return all(test(_get(record, path)) for path, test in self._tests)

    def hole_scope(self) -> dict[str, Any]:
        """Return what `{filter.…}` holes see: a value, or a list where there are several."""
        scope: dict[str, Any] = {}
        for given in self._filters:
            if given.op in ("eq", "in"):
                *parents, last = given.field.split(".")
                inner = scope
                for parent in parents:
                    inner = inner.setdefault(parent, {})
                inner[last] = given.values[0] if len(given.values) == 1 else list(given.values)
        return scope

    def prunes(self, mapping: ProviderMapping, resource: str) -> dict[str, Callable[[Any], bool]]:
        """Return, by fetch, which raw items can still lead to a record that passes: those of no use are not followed.

        Only what is certain: an id filter on a field that is a plain path into an item of the chain.
        """
        wanted = mapping.resources[resource]
        fetches = {loop.name: loop.fetch for loop in chain(mapping, wanted.for_)}
        found: dict[str, Callable[[Any], bool]] = {}
        for given in self._filters:
            program = wanted.fields.get(given.field)
            path = program.path if program else None
            certain = given.op in ("eq", "in") and field_kinds(resource).get(given.field) == "id"
            if certain and path and len(path) == 2 and path[0] in fetches:
                found[fetches[path[0]]] = _has_id(path[1], frozenset(given.values))
        return found


def _has_id(key: str, values: frozenset[str]) -> Callable[[Any], bool]:
    """Return a test of one raw item; one that is not an object with an id is left to the filter itself."""

    def test(item: Any) -> bool:
        value = id_text(item.get(key)) if isinstance(item, Mapping) else None
        return value is None or value in values

    return test


def _get(record: Record, path: list[str]) -> Any:
    value: Any = record
    for step in path:
        value = getattr(value, step, None)
    return value


def _test(given: Filter, resource: str) -> Callable[[Any], bool]:
    kinds = field_kinds(resource)
    kind = kinds.get(given.field)
    valid = sorted(name for name, kind_ in kinds.items() if kind_ not in _UNFILTERABLE)
    if kind is None or kind in _UNFILTERABLE:
        close = get_close_matches(given.field, valid, 1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"{resource} cannot be filtered by {given.field!r}; {hint}there are {', '.join(valid)}")
    if given.op not in get_args(Operator):
        raise UsageError(f"{given.op!r} is not a filter operator; there are {', '.join(get_args(Operator))}")
    if given.op in ("gt", "gte", "lt", "lte") and kind not in _ORDERED:
        raise UsageError(f"{given.field} has no order; filter it with =, != or a list")
    if given.op == "like" and kind != "text":
        raise UsageError(f"{given.field} is not text; filter it with =")
    wanted = [_read(given, kind, resource, value) for value in given.values]
    return _compare(given.op, wanted)


def _read(given: Filter, kind: Kind, resource: str, value: str) -> Any:
    try:
        if kind == "time":
            return read_time(value, zone="UTC")
        if kind in ("number", "percent", "integer"):
            return read_number(value)
    except ValueProblem as problem:
        raise UsageError(f"filter {given.field}: {problem.what}") from None
    if kind == "boolean":
        if value.lower() not in ("true", "false"):
            raise UsageError(f"filter {given.field}: {value!r} is neither true nor false")
        return value.lower() == "true"
    words = words_of(resource, given.field)
    if words and value not in words:
        close = get_close_matches(value, words, 1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"filter {given.field}: {value!r} is not a {given.field}; {hint}there are {', '.join(words)}")
    return value


def _compare(op: Operator, wanted: list[Any]) -> Callable[[Any], bool]:
    first = wanted[0]
    tests: dict[Operator, Callable[[Any], bool]] = {
        "eq": lambda value: value == first,
        "ne": lambda value: value != first,
        "in": lambda value: value in wanted,
        "nin": lambda value: value not in wanted,
        "gt": lambda value: value is not None and value > first,
        "gte": lambda value: value is not None and value >= first,
        "lt": lambda value: value is not None and value < first,
        "lte": lambda value: value is not None and value <= first,
        "like": lambda value: (
            value is not None and fnmatchcase(str(value).casefold(), cast(str, first).casefold().replace("%", "*"))
        ),
    }
    return tests[op]
