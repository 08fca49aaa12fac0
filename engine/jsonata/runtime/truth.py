"""What counts as true (https://docs.jsonata.org/boolean-functions#boolean)."""

from typing import Any

from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.numbers import is_number
from engine.jsonata.runtime.values import Function

__all__ = ["PLAIN", "holds", "truth"]

#: The types of values that are true where Python says so.
PLAIN = frozenset({str, int, bool, type(None)})


def truth(value: Any) -> bool:
    """Return whether a value counts as true: a list does when anything in it does, so `[0]` does not."""
    if type(value) in PLAIN:
        return bool(value)
    if isinstance(value, list):
        return any(map(truth, value))
    if isinstance(value, float):
        return is_number(value) and value != 0
    if isinstance(value, dict):
        return any(entry is not None for entry in value.values())
    return not isinstance(value, Function) and bool(value)


def holds(run: Run, value: Any) -> bool:
    """Return the same, at the cost of looking through a list: its lists may be the same ones again and again."""
    if type(value) in PLAIN:
        return bool(value)
    if isinstance(value, list):
        run.spend(1 + len(value) // 4)
        return any(holds(run, element) for element in value)
    return truth(value)
