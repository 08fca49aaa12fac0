"""How large a number may be, and how a picture is named in a message; values are never named: they may be of people."""

import math
from decimal import Decimal
from typing import Any

from engine.jsonata.problems import EvaluationProblem

__all__ = ["bounded", "finite", "short", "shown", "whole"]

#: No number of JSON, read as JavaScript reads it, reaches this (https://tc39.es/ecma262/#sec-number.max_value).
_TOO_LARGE = 2**1024
#: From here on a float may have digits of its own that no text ever gave it.
_EXACT = 2.0**53
#: How many characters a picture may have.
_LONGEST = 1_000


def short(picture: Any) -> Any:
    """Return a picture as it is; raises D2015 for one that no one has written."""
    if picture is not None and len(picture) > _LONGEST:
        raise EvaluationProblem("D2015", f"a picture may have {_LONGEST:,} characters, not more")
    return picture


def shown(picture: str) -> str:
    """Return a picture as it is quoted in a message, cut where it is long."""
    return repr(picture if len(picture) <= 80 else f"{picture[:80]}…")


def bounded(value: int) -> int:
    """Return an integer as it is; raises D1001 where it has more than 1024 bits."""
    if -_TOO_LARGE < value < _TOO_LARGE:
        return value
    raise EvaluationProblem("D1001", "the number is out of range; use numbers of up to 308 digits")


def finite(value: float) -> float:
    """Return a float as it is; raises D1001 where it is infinite or not a number."""
    if math.isfinite(value):
        return value
    raise EvaluationProblem("D1001", "the number is out of range; use numbers that JSON can write")


def whole(value: float) -> int:
    """Return a float without a fraction as an integer, with the digits JavaScript shows for it, and zeros after them.

    Raises D1001. Source: https://tc39.es/ecma262/#sec-numeric-types-number-tostring, without its `e+21`.
    """
    return int(value) if abs(value) < _EXACT else int(Decimal(repr(finite(value))))
