"""What expressions may call beyond JSONata's own functions. Few, because the mapping's `values:` does the rest."""

import re
from typing import Any

from engine.jsonata import Function
from engine.values.numbers import read_number
from engine.values.problems import ValueProblem, shown
from engine.values.texts import plain_text
from engine.values.times import read_time

__all__ = ["FUNCTIONS"]

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_ISO = re.compile(
    r"P(?:(?P<d>\d+(?:\.\d+)?)D)?(?:T(?:(?P<h>\d+(?:\.\d+)?)H)?(?:(?P<m>\d+(?:\.\d+)?)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)
_CLOCK = re.compile(r"(?:(?P<d>\d+)\.)?(?P<h>\d+):(?P<m>\d\d)(?::(?P<s>\d\d(?:\.\d+)?))?")
_WORDS = re.compile(r"(\d+(?:\.\d+)?)\s*(d|h|m|s)[a-z]*", re.IGNORECASE)
_SCALE = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "milliseconds": 0.001, "ticks": 1e-7}


def _time(value: Any, form: str | None = None, zone: str | None = None) -> str | None:
    """`$time(x, format?, zone?)`: a time as RFC 3339 text."""
    if value in (None, ""):
        return None
    return read_time(value, form or "rfc3339", zone).isoformat().replace("+00:00", "Z")


def _seconds(value: Any, unit: str | None = None) -> int | float | None:
    """`$seconds(x, unit?)`: a duration in seconds."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", value):
        return _whole(_parsed(value.strip()))
    if unit is not None and unit not in _SCALE:
        raise ValueProblem(f"{unit!r} is not a unit of time", f"use one of {', '.join(_SCALE)}")
    number = read_number(value)
    return None if number is None else _whole(number * _SCALE[unit or "seconds"])


def _parsed(text: str) -> float:
    for pattern in (_ISO, _CLOCK):
        found = pattern.fullmatch(text)
        if found and any(found.groups()):
            return sum(float(found[name] or 0) * _UNITS[name] for name in "dhms")
    words = _WORDS.findall(text)
    if not words or _WORDS.sub("", text).strip(" ,"):
        raise ValueProblem(f"{shown(text)} is not a duration", "use 1h 20m, 01:20:00, PT1H20M or a number")
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in words)


def _percent(value: Any, whole: Any = 1) -> int | float | None:
    """`$percent(x, of)`: a share in percent, absent where there is nothing to share; `47.1%` is read as it stands."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and value.strip().endswith("%"):
        return read_number(value.strip()[:-1].strip())
    part, of = read_number(value), read_number(whole)
    return None if part is None or not of else _whole(part / of * 100)


def _plain(value: Any) -> str | None:
    """`$plain(html)`: HTML as plain text."""
    return None if value is None else plain_text(str(value)) or None


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


FUNCTIONS: dict[str, Function] = {
    "time": Function(_time, "<x-s?s?:s>"),
    "seconds": Function(_seconds, "<x-s?:n>"),
    "percent": Function(_percent, "<x-x?:n>"),
    "plain": Function(_plain, "<x-:s>"),
}
