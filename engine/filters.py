"""Filters: `course.id=7`, `updated_at>=2025-01-01`. Checked, applied to every record, pushed down, never ignored.

The operators are those of the service: `eq ne in nin gt gte lt lte like`. `docs/filters.md` has the rules.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.arguments import fault, several
from engine.comparing import Operator, Passes, passing, read_values
from engine.errors import UsageError
from engine.jsonata import Program
from engine.mapping import Mapping as ProviderMapping
from engine.plan import Plan, plan
from engine.reading import Reader, reader
from engine.records import Record, getter
from engine.values import ValueProblem

__all__ = ["Filter", "Filters", "Operator"]

_SPELLED = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*", re.DOTALL)
_SIGNS: dict[str, Operator] = {
    "=": "eq", "!=": "ne", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "~": "like",
}  # fmt: skip
_LIST = 'a list of filters, such as ["course.id=7"], or leave it out'
_ENTRY = "text such as `course.id=7`, or a `Filter`"
_MADE = 'field, operator and a list of texts, as in `Filter("course.id", "in", ("7", "8"))`'


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field of the record. `in` and `nin` may have several values, the others have one."""

    field: str
    op: Operator
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, given in (("field", self.field), ("op", self.op)):
            if not isinstance(given, str):
                raise fault(f"`{name}` of a filter", given, _MADE)
        several("values", self.values, (str,), _MADE, 'text, such as "7"')

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """Read `field=value`, `!=`, `>`, `>=`, `<`, `<=`, or `~` with `*` for anything. Raises UsageError."""
        if not isinstance(text, str):
            raise fault("a filter", text, _ENTRY)
        found = _SPELLED.fullmatch(text)
        if not found or found[3].startswith(("=", "<", ">")):
            signs = " ".join(_SIGNS)
            raise UsageError(f"{text!r} is not a filter; write FIELD=VALUE, as in course.id=7, with one of {signs}")
        return cls(found[1], _SIGNS[found[2]], (found[3],))


@dataclass(frozen=True, slots=True)
class _Condition:
    """A filter that was checked, with its values as they were read."""

    filter: Filter
    wanted: list[Any]
    get: Callable[[Any], Any]
    passes: Passes


class Filters:
    """The filters of a run; a record must pass them all. Raises UsageError that says which filters there could be."""

    def __init__(self, filters: Iterable[Filter | str], resource: str) -> None:
        if isinstance(filters, Filter):
            raise UsageError(f"`filters` is a single filter; give {_LIST}")
        entries = several("filters", filters, (str, Filter), _LIST, _ENTRY)
        parsed = [Filter.parse(given) if isinstance(given, str) else given for given in entries]
        self._conditions = [_condition(given, resource) for given in _either(parsed)]

    def matches(self, record: Record) -> bool:
        """Whether a record passes all filters."""
        return not self._conditions or all(condition.passes(condition.get(record)) for condition in self._conditions)

    def hole_scope(self, *, plain: bool = False) -> dict[str, Any]:
        """Return what `{filter.…}` holes see, as nested names: a value, or a list where there are several.

        Only `eq` and `in` are there, which a provider can be asked for. A time is one, so that a hole can write it;
        with `plain` it is text as it was given, for expressions.
        """
        scope: dict[str, Any] = {}
        for condition in self._conditions:
            if condition.filter.op in ("eq", "in"):
                *parents, last = condition.filter.field.split(".")
                inner = scope
                for parent in parents:
                    inner = inner.setdefault(parent, {})
                inner[last] = _seen(condition, plain=plain)
        return scope

    def prunes(self, mapping: ProviderMapping, resource: str) -> dict[str, Callable[[Any], bool]]:
        """Return, by fetch, whether a raw item can still lead to a record that passes; others need not be followed.

        Only what is certain: the field is a plain path into one item of the `for:` chain, and is read and compared
        here as it is for the record. Items that cannot be read are kept, so that the record is made and the report
        tells. A fetch that is also joined is left whole: the join may want what the filter does not.
        """
        planned = plan(mapping, resource)
        fetches = {loop.name: loop.fetch for loop in planned.chain if loop.fetch not in _joined(planned)}
        tests: dict[str, list[Callable[[Any], bool]]] = {}
        for condition in self._conditions:
            program = mapping.resources[resource].fields.get(condition.filter.field)
            if program is not None and program.path is not None and program.path[0] in fetches:
                read = reader(resource, condition.filter.field, mapping.values)
                tests.setdefault(fetches[program.path[0]], []).append(_keeps(program, read, condition.passes))
        return {fetch: _all(several) for fetch, several in tests.items()}


def _either(filters: list[Filter]) -> Iterator[Filter]:
    """Take several `=` on one field as one `in`: no value can be two things at once."""
    values: dict[str, list[str]] = {}
    for given in filters:
        if given.op == "eq":
            values.setdefault(given.field, []).extend(given.values)
        else:
            yield given
    for field, wanted in values.items():
        yield Filter(field, "in" if len(wanted) > 1 else "eq", tuple(wanted))


def _condition(given: Filter, resource: str) -> _Condition:
    wanted = read_values(given.field, given.op, given.values, resource)
    return _Condition(given, wanted, getter(given.field), passing(given.op, wanted))


def _seen(condition: _Condition, *, plain: bool) -> Any:
    values = [read if isinstance(read, datetime) and not plain else text
              for text, read in zip(condition.filter.values, condition.wanted, strict=True)]  # fmt: skip
    return values[0] if condition.filter.op == "eq" else values


def _joined(planned: Plan) -> set[str]:
    """Return the fetches whose items are looked up by some join."""
    joins = [join for several in (planned.joins, *planned.fetch_joins.values()) for join in several]
    return {loop.fetch for join in joins for loop in join.below}


def _keeps(program: Program, read: Reader, passes: Passes) -> Callable[[Any], bool]:
    name = (program.path or ("",))[0]

    def keeps(item: Any) -> bool:
        found = program({name: item})
        try:
            return passes(None if found is None else read(found))
        except ValueProblem:
            return True

    return keeps


def _all(tests: list[Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return lambda item: all(test(item) for test in tests)
