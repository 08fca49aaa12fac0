"""Values as text, and what a value is called in a message.

jsonata-python shortens large integers, writes letters beyond ASCII as escapes, and floats within structures with all
their noise. Meaning: https://docs.jsonata.org/string-functions#string.
"""

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.jsonata.problems import EvaluationProblem

__all__ = ["LONGEST_TEXT", "finite", "kind", "text_of"]

#: How many characters a text may have that an expression builds.
LONGEST_TEXT = 1_000_000
#: Beyond this an integer is no number JSON readers understand; a float ends there, too.
_LARGEST = 10**308
#: Up to here a float that is whole is exactly that integer.
_EXACT = 2**53
#: How many values and levels a structure may have that is written as text.
_MOST_VALUES, _DEEPEST = 100_000, 200


def kind(value: Any) -> str:
    """Name the type of a value in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names: list[tuple[Any, str]] = [(int | float, "a number"), (str, "text"), (list, "a list"), (Mapping, "an object")]
    return next((name for type_, name in names if isinstance(value, type_)), "a function")


def finite(value: float) -> int | float:
    """Return a number, whole ones as integers; raises EvaluationProblem for what is no number in JSON."""
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise EvaluationProblem("D1001", "the number is out of range")
        return value
    if not math.isfinite(value):
        raise EvaluationProblem("D1001", "the number is out of range")
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def text_of(value: Any, *, indent: int | None = None) -> str:
    """Return a value as `$string` and `&` write it: integers exact, floats with 15 digits, structures as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    if not isinstance(value, list | Mapping):
        return ""  # nothing, or a function
    return json.dumps(_writable(value, [_MOST_VALUES], 0), ensure_ascii=False, indent=indent, separators=_marks(indent))


def _marks(indent: int | None) -> tuple[str, str]:
    return (",", ":") if indent is None else (",", ": ")


def _number_text(value: float) -> str:
    """Write a number as JavaScript does after rounding to 15 significant digits."""
    number = finite(value) if isinstance(value, int) or not math.isfinite(value) else _rounded(value)
    if isinstance(number, int):
        return str(number)
    mantissa, _, exponent = repr(number).partition("e")
    if not exponent:
        return mantissa
    return f"{Decimal(repr(number)):f}" if -7 < int(exponent) < 0 else f"{mantissa}e{int(exponent):+d}"


def _rounded(value: float) -> int | float:
    rounded = float(f"{value:.15g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e21 else rounded


def _writable(value: Any, left: list[int], depth: int) -> Any:
    """Return a structure with its numbers rounded for writing; `left` counts down how many values it may have."""
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        raise EvaluationProblem("D2015", "the structure is too large to be written as text")
    if isinstance(value, Mapping):
        return {str(key): _writable(entry, left, depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_writable(entry, left, depth + 1) for entry in value]
    if isinstance(value, float):
        return _rounded(finite(value))
    return value if isinstance(value, str | int) else text_of(value)
