"""Equality, order and membership (https://docs.jsonata.org/comparison-operators): no type is taken for another."""

from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.lookup import fields
from engine.jsonata.runtime.values import kind_of, present

__all__ = ["among", "at_least", "at_most", "equal", "key_of", "less", "more", "same", "unequal"]

_NUMBERS = (int, float)
#: Texts longer than this cost something to compare.
_LONG = 256


def same(run: Run, left: Any, right: Any) -> bool:
    """Whether two values are equal and of one type, all the way down: true is not 1, "1" is not 1, 1.0 is 1."""
    kind = type(left)
    if kind is bool or type(right) is bool:
        return left is right
    if kind is str:
        if len(left) > _LONG:
            run.read(left)
        return bool(left == right)
    if isinstance(left, list):
        if not isinstance(right, list):
            return False
        run.spend(1 + len(left) // 2)
        left, right = present(left), present(right)
        return len(left) == len(right) and all(same(run, *pair) for pair in zip(left, right, strict=True))
    if kind is dict:
        if type(right) is not dict:
            return False
        run.spend(1 + len(left))
        left, right = fields(left), fields(right)
        return left.keys() == right.keys() and all(same(run, value, right[name]) for name, value in left.items())
    return bool(left == right)


def equal(run: Run, left: Any, right: Any) -> bool:
    """Return `left = right`; nothing equals what is absent."""
    return left is not None and right is not None and same(run, left, right)


def unequal(run: Run, left: Any, right: Any) -> bool:
    """Return `left != right`; nothing differs from what is absent."""
    return left is not None and right is not None and not same(run, left, right)


def among(run: Run, left: Any, right: Any) -> bool:
    """Return `left in right`; structures are in no list, as in JavaScript, where each is itself only."""
    if left is None or right is None:
        return False
    candidates = right if isinstance(right, list) else (right,)
    run.spend(len(candidates) // 2)
    if isinstance(left, dict | list):
        return any(candidate is left for candidate in candidates)
    return any(not isinstance(candidate, dict | list) and same(run, left, candidate) for candidate in candidates)


def _ordered(run: Run, operator: str, left: Any, right: Any) -> bool:
    """Whether both sides are there. Raises EvaluationProblem unless they are numbers, or texts."""
    for value in (left, right):
        if value is not None and type(value) not in (str, *_NUMBERS):
            raise EvaluationProblem("T2010", f"`{operator}` compares numbers or texts, not {kind_of(value)}")
    if left is None or right is None:
        return False
    if (type(left) is str) is not (type(right) is str):
        what = f"`{operator}` cannot compare {kind_of(left)} with {kind_of(right)}; use $number(…)"
        raise EvaluationProblem("T2009", what)
    if type(left) is str and len(left) > _LONG:
        run.read(left)
    return True


def less(run: Run, left: Any, right: Any) -> Any:
    """Return `left < right`, absent where a side is."""
    return left < right if _ordered(run, "<", left, right) else None


def at_most(run: Run, left: Any, right: Any) -> Any:
    """Return `left <= right`, absent where a side is."""
    return left <= right if _ordered(run, "<=", left, right) else None


def more(run: Run, left: Any, right: Any) -> Any:
    """Return `left > right`, absent where a side is."""
    return left > right if _ordered(run, ">", left, right) else None


def at_least(run: Run, left: Any, right: Any) -> Any:
    """Return `left >= right`, absent where a side is."""
    return left >= right if _ordered(run, ">=", left, right) else None


def key_of(run: Run, value: Any) -> Any:
    """Return something hashable that is the same for values that are the same, and for no others."""
    kind = type(value)
    if kind is bool:
        return ("b", value)
    if isinstance(value, list):
        run.spend(2 + len(value))
        return ("a", *(key_of(run, entry) for entry in present(value)))
    if kind is dict:
        run.spend(4 + 4 * len(value))
        return ("o", frozenset((name, key_of(run, entry)) for name, entry in fields(value).items()))
    return value
