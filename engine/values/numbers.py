"""Numbers and switches. Text is read; nothing is rounded, guessed or made up."""

import math
import re
from collections.abc import Mapping
from typing import Any

from engine.values.problems import ValueProblem, shown

__all__ = ["read_boolean", "read_integer", "read_number"]

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_INTEGER = re.compile(r"[+-]?\d{1,400}")


def read_number(value: Any) -> int | float | None:
    """Read a number, also one in text; empty text is None. Raises ValueProblem."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValueProblem(f"{shown(value)} is not a number")
        value = int(text) if _INTEGER.fullmatch(text) else float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueProblem(f"{shown(value)} is not a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueProblem(f"{value} is not a finite number")
    return value


def read_integer(value: Any) -> int | None:
    """Read a whole number; 42.0 is one, 42.5 is not. Raises ValueProblem."""
    number = read_number(value)
    if isinstance(number, float):
        if not number.is_integer():
            raise ValueProblem(f"{shown(value)} is not a whole number", "round it in the expression: $round(…)")
        return int(number)
    return number


def read_boolean(value: Any, table: Mapping[str, bool]) -> bool:
    """Read a switch: true, false, or what the mapping's table says. Raises ValueProblem."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int) and str(value) in table:
        return table[str(value)]
    raise ValueProblem(f"{shown(value)} is not true or false", f"say what it means: values.booleans: {{{value!r}: …}}")
