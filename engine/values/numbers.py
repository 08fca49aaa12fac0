"""Numbers and switches. Text is read; nothing is rounded, guessed or made up."""

import math
import re
from collections.abc import Mapping
from typing import Any

from engine.telling import shown
from engine.values.problems import ValueProblem

__all__ = ["read_boolean", "read_integer", "read_number"]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
#: Python refuses to read integers of more digits than some thousand; no provider has any.
_LONGEST = 400


def read_number(value: Any) -> int | float | None:
    """Read a number, also one in text; empty text is None. Raises ValueProblem."""
    number = _in_text(value) if isinstance(value, str) else value
    if number is None and isinstance(value, str):
        return None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueProblem(f"{shown(value)} is not a number", _hint(value))
    if isinstance(number, float) and not math.isfinite(number):
        raise ValueProblem(f"{shown(value)} is not a finite number")
    return number


def _in_text(value: str) -> Any:
    """Return the number in a text, None for empty text, or the text where it is no number."""
    text = value.strip()
    if not text:
        return None
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return value
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _hint(value: Any) -> str:
    if isinstance(value, str) and value.strip().endswith("%"):
        return "read it with $percent(…)"
    if isinstance(value, str) and "," in value:
        return "say what the comma means: $number($replace(…))"
    return ""


def read_integer(value: Any) -> int | None:
    """Read a whole number; 42.0 is one, 42.5 is not. Raises ValueProblem."""
    number = read_number(value)
    if isinstance(number, float):
        if not number.is_integer():
            raise ValueProblem(f"{shown(value)} is not a whole number", "round it in the expression: $round(…)")
        return int(number)
    return number


def read_boolean(value: Any, table: Mapping[str, bool]) -> bool | None:
    """Read a switch: true, false, or what the mapping's table says; upper and lower case are the same there.

    Empty text is None unless the table says what it means. Raises ValueProblem.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int | float):
        word = _word(value)
        known = {key.strip().casefold(): meaning for key, meaning in table.items()}
        if word in known:
            return known[word]
        if not word:
            return None
    raise ValueProblem(
        f"{shown(value)} is not true or false", f"say what it means: values.booleans: {{{shown(value)}: …}}"
    )


def _word(value: str | float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()
