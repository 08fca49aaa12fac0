"""Numbers: integers keep every digit, floats are those of JavaScript, and what is out of range is no number.

Meaning: https://docs.jsonata.org/numeric-operators. In JavaScript all numbers are floats; where both sides of an
operator are integers, the result here is the exact one.
"""

import math
from typing import Any, Final

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.values import NUMBERS, kind_of

__all__ = [
    "EXACT", "LONGEST_RANGE", "add", "divide", "is_number", "multiply", "negate", "remainder", "settled", "span",
    "subtract",
]  # fmt: skip

#: Up to here a float that is whole is exactly that integer.
EXACT: Final = 2**53
#: The bits an integer may have: floats end there, too.
_BITS = 1024
#: How many numbers a range may have.
LONGEST_RANGE: Final = 10_000_000


def is_number(value: Any) -> bool:
    """Whether a value is a number; raises EvaluationProblem for one that JSON does not have."""
    kind = type(value)
    if kind is int:
        return True
    if kind is not float or value != value:  # noqa: PLR0124 - it is not a number when it is not itself
        return False
    if math.isinf(value):
        raise _out_of_range()
    return True


def _out_of_range() -> EvaluationProblem:
    return EvaluationProblem("D1001", "the number is out of range")


def settled(value: float) -> int | float:
    """Return a result as the number it is: a whole float as an integer. Raises EvaluationProblem."""
    if type(value) is int:
        if value.bit_length() > _BITS:
            raise _out_of_range()
        return value
    if not math.isfinite(value):
        raise _out_of_range()
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def _checked(operator: str, left: Any, right: Any) -> bool:
    """Whether both sides are there. Raises EvaluationProblem unless they are numbers."""
    for code, side, value in (("T2001", "left", left), ("T2002", "right", right)):
        if value is not None and not is_number(value):
            hint = "; use $number(…)" if isinstance(value, str) else ""
            what = f"the {side} side of `{operator}` must be a number, not {kind_of(value)}{hint}"
            raise EvaluationProblem(code, what)
    return left is not None and right is not None


def add(left: Any, right: Any) -> Any:
    """Return `left + right`, absent where a side is."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        result = left + right
        return result if type(result) is int and -EXACT < result < EXACT else settled(result)
    return settled(left + right) if _checked("+", left, right) else None


def subtract(left: Any, right: Any) -> Any:
    """Return `left - right`, absent where a side is."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        result = left - right
        return result if type(result) is int and -EXACT < result < EXACT else settled(result)
    return settled(left - right) if _checked("-", left, right) else None


def multiply(left: Any, right: Any) -> Any:
    """Return `left * right`, absent where a side is."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        result = left * right
        return result if type(result) is int and -EXACT < result < EXACT else settled(result)
    return settled(left * right) if _checked("*", left, right) else None


def divide(left: Any, right: Any) -> Any:
    """Return `left / right`, absent where a side is. Raises EvaluationProblem for a division by zero."""
    if not (type(left) in NUMBERS and type(right) in NUMBERS) and not _checked("/", left, right):
        return None
    if right == 0:
        raise EvaluationProblem("D1001", "a division by zero has no result; test for it first")
    if type(left) is int and type(right) is int and left % right == 0:
        return left // right
    try:
        return settled(left / right)
    except OverflowError:
        raise _out_of_range() from None


def remainder(left: Any, right: Any) -> Any:
    """Return `left % right`, with the sign of the left side as in JavaScript; absent where a side is."""
    if not _checked("%", left, right):
        return None
    if right == 0:
        raise EvaluationProblem("D1001", "a division by zero has no result; test for it first")
    if type(left) is int and type(right) is int:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return settled(math.fmod(left, right))


def negate(value: Any) -> Any:
    """Return `-value`, absent where it is."""
    if value is None:
        return None
    if not is_number(value):
        raise EvaluationProblem("D1002", f"only a number can be negated, not {kind_of(value)}")
    return -value


def span(first: Any, last: Any) -> range | None:
    """Return the numbers of `first..last`; none where a side is absent or the first is beyond the last."""
    for code, side, value in (("T2003", "left", first), ("T2004", "right", last)):
        if value is not None and not (type(value) is int or (type(value) is float and value.is_integer())):
            what = f"the {side} side of `..` must be a whole number, not {_told(value)}"
            raise EvaluationProblem(code, what)
    if first is None or last is None or first > last:
        return None
    numbers = range(int(first), int(last) + 1)
    if last - first >= LONGEST_RANGE:
        raise EvaluationProblem("D2014", f"a range may have {LONGEST_RANGE:,} numbers, not more")
    return numbers


def _told(value: Any) -> str:
    return "a fraction" if type(value) is float else kind_of(value)
