"""Durations as seconds."""

import re
from typing import Any

from engine.telling import shown
from engine.values.numbers import read_number
from engine.values.problems import ValueProblem

__all__ = ["read_seconds"]

_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_UNITS = {
    "milliseconds": 1 / 1000,
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86400,
    "weeks": 604800,
    "ticks": 1 / 10_000_000,  # 100 nanoseconds, as .NET counts
}
_ISO = re.compile(
    r"P(?:([0-9.,]+)W)?(?:([0-9.,]+)D)?(?:T(?:([0-9.,]+)H)?(?:([0-9.,]+)M)?(?:([0-9.,]+)S)?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:([0-9]{1,9})[. ])?([0-9]{1,9}):([0-5]?[0-9])(?::([0-5]?[0-9](?:[.,][0-9]+)?))?")
_WORD = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([a-z]+)\.?(?:[\s,]+|$|(?=[0-9]))(?:and\s+)?", re.IGNORECASE)
_WORDS = {
    "w": "w wk wks week weeks",
    "d": "d day days",
    "h": "h hr hrs hour hours",
    "m": "m min mins minute minutes",
    "s": "s sec secs second seconds",
}
_LETTERS = {word: letter for letter, words in _WORDS.items() for word in words.split()}
_LONGEST = 100


def read_seconds(value: Any, unit: str | None = None) -> int | float | None:
    """Read a duration in seconds; empty text is None. Raises ValueProblem.

    A number counts `unit`s: seconds unless it says milliseconds, minutes, hours, days, weeks or ticks (of 100 ns).
    Text may be a number; ISO 8601 without years and months, whose length is not known (`PT1H20M`, `P2D`); a clock
    (`1:20:00`, and with days `2.01:20:00`); or numbers with English units (`1h 20m`, `2 days, 3 hours`). Of a clock
    with two numbers the first are hours; with the unit `minutes`, they are minutes.
    """
    if unit is not None and unit not in _UNITS:
        raise ValueProblem(f"{shown(unit)} is not a unit of time", f"use one of {', '.join(_UNITS)}")
    if isinstance(value, str):
        text = value.strip()
        sign = -1 if text.startswith("-") else 1
        seconds = _read(text.removeprefix("-").lstrip(), unit) if len(text) <= _LONGEST else None
        if seconds is not None:
            return _whole(sign * seconds)
        if text and not re.fullmatch(r"[-+]?[0-9.]+", text):
            raise ValueProblem(f"{shown(value)} is not a duration", "write 1h 20m, 01:20:00, PT1H20M or a number")
    number = read_number(value)
    return None if number is None else _whole(number * _UNITS[unit or "seconds"])


def _read(text: str, unit: str | None) -> float | None:
    """Return the seconds of a text with units, or None for any other."""
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return sum(_float(part) * _SECONDS[letter] for part, letter in zip(iso.groups(), "wdhms", strict=True) if part)
    clock = _CLOCK.fullmatch(text)
    if clock:
        days, first, second, third = clock.groups()
        if third is None and unit == "minutes":
            first, second, third = None, first, second
        parts = (days, first, second, third)
        return sum(_float(part) * _SECONDS[letter] for part, letter in zip(parts, "dhms", strict=True) if part)
    return _worded(text)


def _worded(text: str) -> float | None:
    at, seconds = 0, 0.0
    left = list(_SECONDS)
    while at < len(text):
        word = _WORD.match(text, at)
        letter = _LETTERS.get(word[2].lower()) if word else None
        if word is None or letter not in left:
            return None
        left = left[left.index(letter) + 1 :]  # each unit once, the larger first
        seconds += _float(word[1]) * _SECONDS[letter]
        at = word.end()
    return seconds if text else None


def _float(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueProblem(f"{shown(text)} is not a number in a duration") from None


def _whole(seconds: float) -> int | float:
    """Return seconds to the microsecond, whole ones as an integer."""
    rounded = round(seconds, 6)
    return int(rounded) if float(rounded).is_integer() else rounded
