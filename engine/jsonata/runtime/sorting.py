"""Results in order (https://docs.jsonata.org/sorting-grouping): stably, what is absent last."""

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Made, Rows, Seq, kind_of

__all__ = ["merge_sorted", "ordered"]

#: A key as a function of the element, and whether it is sorted downwards.
Key = tuple[Callable[[Any], Any], bool]
_UNKNOWN = object()


def ordered(run: Run, values: Any, keys: Sequence[Key]) -> Any:
    """Return values, or rows, sorted by keys. Raises EvaluationProblem for keys that cannot be compared."""
    if values is None:
        return None
    elements = values if isinstance(values, list) else Seq(values if isinstance(values, tuple) else (values,))
    if len(elements) <= 1:
        return elements if isinstance(elements, Made | Rows) else Seq(elements)
    run.spend(len(elements) * (4 + len(keys) + len(elements).bit_length() // 2))
    found: list[list[Any]] = [[_UNKNOWN] * len(keys) for _ in elements]

    def key_at(place: int, number: int) -> Any:
        key = found[place][number]
        if key is _UNKNOWN:
            key = found[place][number] = keys[number][0](elements[place])
        return key

    def compare(left: int, right: int) -> int:
        for number, (_, descending) in enumerate(keys):
            order = _compared(key_at(left, number), key_at(right, number), descending=descending)
            if order:
                return order
        return 0

    places = sorted(range(len(elements)), key=cmp_to_key(compare))
    kind = Rows if type(elements) is Rows else Made
    return kind(elements[place] for place in places)


def _compared(left: Any, right: Any, *, descending: bool) -> int:
    if left is None or right is None:
        return (left is None) - (right is None)
    for key in (left, right):
        if type(key) not in (str, int, float):
            raise EvaluationProblem("T2008", f"what is sorted by must be numbers or texts, not {kind_of(key)}")
    if (type(left) is str) is not (type(right) is str):
        raise EvaluationProblem("T2007", "what is sorted by is a number here and a text there; use $number(…)")
    if left == right:
        return 0
    return 1 if (left < right) is descending else -1


def merge_sorted(values: Sequence[Any], after: Callable[[Any, Any], bool]) -> Sequence[Any]:
    """Return a list sorted by merging halves, as jsonata-js does it; `after(a, b)` says whether a belongs after b.

    Comparisons that contradict each other then give what they give there.
    """
    if len(values) <= 1:
        return values
    middle = len(values) // 2
    left, right = merge_sorted(values[:middle], after), merge_sorted(values[middle:], after)
    result, at, to = [], 0, 0
    while at < len(left) and to < len(right):
        if after(left[at], right[to]):
            result.append(right[to])
            to += 1
        else:
            result.append(left[at])
            at += 1
    return [*result, *left[at:], *right[to:]]
