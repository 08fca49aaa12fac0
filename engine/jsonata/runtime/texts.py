"""Values as text, as `$string` and `&` write them (https://docs.jsonata.org/string-functions#string)."""

import json
import math
from decimal import Decimal
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import LONGEST_TEXT, Run
from engine.jsonata.runtime.numbers import settled
from engine.jsonata.runtime.values import Function, Null, Outer

__all__ = ["joined", "number_text", "text_of"]

#: How many levels a structure may have that is written as text.
_DEEPEST = 200


def text_of(run: Run, value: Any, *, indent: int | None = None) -> str:
    """Return a value as text: integers exact, floats with 15 digits, structures as JSON, functions as nothing."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        return number_text(value)
    if value is None or kind is Function:
        return ""
    if kind is Null:
        return "null"
    if kind is Outer:
        value = value[0]
    left = [LONGEST_TEXT]
    written = json.dumps(
        _writable(run, value, left, 0),
        ensure_ascii=False,
        indent=indent,
        separators=(",", ":") if indent is None else (",", ": "),
    )
    return run.text(written)


def joined(run: Run, text: str) -> str:
    """Return a text made of others, having charged for it."""
    run.spend(1)
    return run.text(text)


def number_text(value: float) -> str:
    """Write a number as JavaScript does after rounding to 15 significant digits; raises EvaluationProblem."""
    number = settled(value) if type(value) is int or not math.isfinite(value) else _rounded(value)
    if type(number) is int:
        return str(number)
    mantissa, _, exponent = repr(number).partition("e")
    if not exponent:
        return mantissa
    return (
        f"{Decimal(repr(number)):f}" if -7 < int(exponent) < 0 else f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"
    )


def _rounded(value: float) -> int | float:
    if value.is_integer():
        return int(value) if abs(value) < 1e21 else value
    rounded = float(f"{value:.15g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e21 else rounded


def _writable(run: Run, value: Any, left: list[int], depth: int) -> Any:
    """Return a structure ready to be written; `left` counts down how many characters it may still have, at least."""
    if depth > _DEEPEST:
        raise EvaluationProblem("D2015", "the structure nests too deep to be written as text")
    kind = type(value)
    if kind is dict:
        _count(run, left, len(value) + sum(map(len, value)), 4 + len(value))
        return {name: _writable(run, entry, left, depth + 1) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        _count(run, left, len(value), 2 + len(value) // 4)
        return [_writable(run, entry, left, depth + 1) for entry in value if entry is not None]
    if kind is float:
        return _rounded(float(settled(value)))
    if kind is str:
        _count(run, left, len(value), 1)
        return value
    if kind is Null:
        return None
    return "" if kind is Function else value


def _count(run: Run, left: list[int], size: int, units: int) -> None:
    left[0] -= size
    run.spend(units)
    if left[0] < 0:
        raise EvaluationProblem("D2015", "the structure is too large to be written as text")
