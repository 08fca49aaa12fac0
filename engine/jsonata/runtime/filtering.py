"""Filters: which of some results pass, by a condition or by number (https://docs.jsonata.org/predicate)."""

import math
from typing import Any

from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.numbers import is_number
from engine.jsonata.runtime.truth import holds
from engine.jsonata.runtime.values import Seq

__all__ = ["NEVER", "ONCE", "hits", "nth"]

#: What a loop goes over that takes a result once.
ONCE = (0,)
#: The same for one that it does not take.
NEVER = ()


def nth(value: Any, number: float) -> Any:
    """Return the result of a number, counted from 0, or from the end where it is negative. No number is absent."""
    index = math.floor(number)
    if not isinstance(value, list):
        return Seq((value,)) if index in (0, -1) and value is not None else Seq()
    if index < 0:
        index += len(value)
    if not 0 <= index < len(value):
        return Seq()
    found = value[index]
    if found is None:
        return Seq()
    return found if isinstance(found, list) else Seq((found,))


def hits(run: Run, outcome: Any, index: int, count: int) -> int:
    """Return how often the result at an index is taken, when its condition has an outcome other than true or false.

    Numbers take the results that they count; anything else takes it or not.
    """
    if type(outcome) is str or outcome is None or type(outcome) is bool:
        return 1 if outcome else 0
    numbers = outcome if isinstance(outcome, list) else (outcome,)
    run.spend(len(numbers) // 4)
    if all(map(is_number, numbers)):
        return sum((place + count if place < 0 else place) == index for place in map(math.floor, numbers))
    return int(holds(run, outcome))
