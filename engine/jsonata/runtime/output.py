"""The result of an evaluation as plain JSON."""

import math
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.numbers import EXACT
from engine.jsonata.runtime.values import Function, Kept, Made, Outer, Seq, Whole, present

__all__ = ["RAW", "plain", "raw"]

#: The types of values of the data that are not ready to be given out.
RAW = frozenset({list, Seq, Kept, Outer, Made, Whole, float})
#: The types of values that are given out as they are, within a structure.
_SCALARS = frozenset({str, int, float, bool})


def raw(value: Any) -> Any:
    """Return what comes as it is from the data: the same object, but lists lose their nulls."""
    if isinstance(value, list):
        return present(value) if type(value) is list else [entry for entry in value if entry is not None]
    return _number(value) if type(value) is float else value


def plain(run: Run, value: Any) -> Any:
    """Return a result as plain JSON, or None. Raises EvaluationProblem for what JSON does not have."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is float:
        return _number(value)
    return present(value) if kind is list else _made(run, value)


def _made(run: Run, value: Any) -> Any:
    """Return a structure without the marks of an evaluation; what is of the data is not touched."""
    kind = type(value)
    if kind is dict:
        return _object(run, value)
    if kind is Function:
        raise EvaluationProblem("D3000", "the result is a function; call it")
    if kind is list or not isinstance(value, list):
        return value
    run.spend(2 + len(value))
    return [entry if type(entry) in _SCALARS else _made(run, entry) for entry in value if entry is not None]


def _object(run: Run, value: dict[str, Any]) -> dict[str, Any]:
    """Return an object itself, where nothing in it is marked."""
    run.spend(len(value))
    changed: dict[str, Any] | None = None
    for name, entry in value.items():
        kind = type(entry)
        if kind is str or kind is int or entry is None or kind is list:
            continue
        made = _made(run, entry)
        if made is not entry:
            if changed is None:
                run.spend(4 + len(value))
                changed = dict(value)
            changed[name] = made
    return value if changed is None else changed


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise EvaluationProblem("D1001", "the result is out of the range of numbers")
    return int(value) if value.is_integer() and abs(value) < EXACT else value
