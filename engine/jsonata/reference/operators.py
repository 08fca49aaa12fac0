"""The operators of JSONata on plain values: integers keep every digit, and a value is never taken for another type.

jsonata-python computes through floats (`1.5 % 2` is 1, ids beyond 2^53 become equal) and has `false in [0]`.
Meaning: https://docs.jsonata.org/numeric-operators, /comparison-operators, /other-operators.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.writing import LONGEST_TEXT, finite, kind, text_of

__all__ = ["OPERATORS", "negate"]

#: How many numbers a range may have.
LONGEST_RANGE = 100_000


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(operator: str, compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(left: Any, right: Any) -> Any:
        for code, side, value in (("T2001", "left", left), ("T2002", "right", right)):
            if value is not None and not _is_number(value):
                hint = "; use $number(…)" if isinstance(value, str) else ""
                what = f"the {side} side of `{operator}` must be a number, not {kind(value)}{hint}"
                raise EvaluationProblem(code, what)
        if left is None or right is None:
            return None
        try:
            return finite(compute(left, right))
        except ZeroDivisionError:
            raise EvaluationProblem("D1001", "a division by zero has no result; test for it first") from None
        except OverflowError:
            raise EvaluationProblem("D1001", "the number is out of range") from None

    return apply


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return left // right
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    """Return the remainder; it has the sign of the left side, as in JavaScript."""
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    if right == 0:
        raise ZeroDivisionError
    return math.fmod(left, right)


def negate(value: Any) -> Any:
    """Apply the unary minus."""
    if value is None:
        return None
    if not _is_number(value):
        raise EvaluationProblem("D1002", f"only a number can be negated, not {kind(value)}")
    return -value


def _same(left: Any, right: Any) -> bool:
    """Whether two values are equal and of one type, all the way down: true is not 1, "1" is not 1, 1.0 is 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, Mapping):
        return (
            isinstance(right, Mapping)
            and left.keys() == right.keys()
            and all(_same(value, right[key]) for key, value in left.items())
        )
    return bool(left == right)


def _equal(left: Any, right: Any) -> bool:
    return left is not None and right is not None and _same(left, right)


def _unequal(left: Any, right: Any) -> bool:
    return left is not None and right is not None and not _same(left, right)


def _among(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    return any(_same(left, entry) for entry in right) if isinstance(right, list) else _same(left, right)


def _ordered(operator: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def apply(left: Any, right: Any) -> Any:
        for value in (left, right):
            if value is not None and not _is_number(value) and not isinstance(value, str):
                raise EvaluationProblem("T2010", f"`{operator}` compares numbers or texts, not {kind(value)}")
        if left is None or right is None:
            return None
        if isinstance(left, str) != isinstance(right, str):
            what = f"`{operator}` cannot compare {kind(left)} with {kind(right)}; use $number(…)"
            raise EvaluationProblem("T2009", what)
        return compare(left, right)

    return apply


def _joined(left: Any, right: Any) -> str:
    text = text_of(left) + text_of(right)
    if len(text) > LONGEST_TEXT:
        raise EvaluationProblem("D2015", f"the text grows beyond {LONGEST_TEXT:,} characters")
    return text


def _range(first: Any, last: Any) -> list[int] | None:
    for code, side, value in (("T2003", "left", first), ("T2004", "right", last)):
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise EvaluationProblem(code, f"the {side} side of `..` must be a whole number, not {kind(value)}")
    if first is None or last is None or first > last:
        return None
    if last - first >= LONGEST_RANGE:
        raise EvaluationProblem("D2014", f"a range may have {LONGEST_RANGE:,} numbers, not {last - first + 1:,}")
    return list(range(first, last + 1))


#: What each binary operator does, but for `and` and `or`, which need not evaluate both sides.
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _numeric("+", lambda left, right: left + right),
    "-": _numeric("-", lambda left, right: left - right),
    "*": _numeric("*", lambda left, right: left * right),
    "/": _numeric("/", _divide),
    "%": _numeric("%", _remainder),
    "=": _equal,
    "!=": _unequal,
    "<": _ordered("<", lambda left, right: left < right),
    "<=": _ordered("<=", lambda left, right: left <= right),
    ">": _ordered(">", lambda left, right: left > right),
    ">=": _ordered(">=", lambda left, right: left >= right),
    "in": _among,
    "&": _joined,
    "..": _range,
}
