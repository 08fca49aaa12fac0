"""Patterns for times as of strptime (https://docs.python.org/3/library/datetime.html#format-codes).

Names of months and days are English, whatever the locale of the process. Digits may lack their leading zero, any
blank stands for any number of blanks, upper and lower case are the same.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from engine.values.problems import ValueProblem

__all__ = ["Clock", "match", "parts_of"]


class Clock(NamedTuple):
    """What a text shows: date and time, the offset as it is written, and whether there is a time at all."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    micro: int
    offset: str | None
    shows_time: bool


_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _named(letter: str, names: list[str]) -> str:
    return f"(?P<{letter}>{'|'.join(names)})"


_PARTS = {
    "%Y": r"(?P<Y>[0-9]{4})", "%y": r"(?P<y>[0-9]{2})", "%m": r"(?P<m>[0-9]{1,2})", "%d": r"(?P<d>[0-9]{1,2})",
    "%H": r"(?P<H>[0-9]{1,2})", "%I": r"(?P<I>[0-9]{1,2})", "%M": r"(?P<M>[0-9]{1,2})", "%S": r"(?P<S>[0-9]{1,2})",
    "%f": r"(?P<f>[0-9]{1,9})", "%p": r"(?P<p>[AaPp]\.?[Mm]\.?)", "%z": r"(?P<z>Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "%Z": r"(?P<Z>UTC|GMT|Z)", "%B": _named("B", _MONTHS), "%b": _named("b", [name[:3] for name in _MONTHS]),
    "%A": _named("A", _DAYS), "%a": _named("a", [name[:3] for name in _DAYS]), "%%": "%",
}  # fmt: skip


@lru_cache(maxsize=256)
def _compiled(form: str) -> re.Pattern[str]:
    pieces = []
    for piece in re.split(r"(%.?)", form, flags=re.DOTALL):
        if not piece.startswith("%"):
            pieces.append(re.sub(r"(?:\\\s)+", r"\\s+", re.escape(piece)))
        elif piece in _PARTS:
            pieces.append(_PARTS[piece])
        else:
            raise ValueProblem(f"`{piece}` of the format {form!r} is not known", f"use {' '.join(_PARTS)}")
    try:
        return re.compile("".join(pieces), re.IGNORECASE)
    except re.error:
        raise ValueProblem(f"the format {form!r} has one part twice", "write each part once") from None


def parts_of(form: str) -> set[str]:
    """Return the letters of a format's parts; raises ValueProblem for what is none."""
    return set(_compiled(form).groupindex)


def match(text: str, form: str) -> Clock | None:
    """Return what a text shows, or None where it does not fit the format. Raises ValueProblem for a bad format."""
    found = _compiled(form).fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    hour = _hour(part)
    return Clock(
        year=_year(part),
        month=_month(part),
        day=int(part.get("d") or 1),
        hour=hour or 0,
        minute=int(part.get("M") or 0),
        second=int(part.get("S") or 0),
        micro=int((part.get("f") or "0")[:6].ljust(6, "0")),
        offset=part.get("z") or part.get("Z"),
        shows_time=hour is not None,
    )


def _year(part: dict[str, str]) -> int:
    """Return the year; of two digits, 69 to 99 are of the last century, as POSIX says."""
    if "Y" in part:
        return int(part["Y"])
    if "y" not in part:
        raise ValueProblem("the format has no year", "use %Y or %y")
    return int(part["y"]) + (1900 if int(part["y"]) >= 69 else 2000)


def _month(part: dict[str, str]) -> int:
    name = part.get("B") or part.get("b")
    if name:
        return [month[:3] for month in _MONTHS].index(name[:3].title()) + 1
    return int(part.get("m") or 1)


def _hour(part: dict[str, str]) -> int | None:
    if "H" in part:
        return int(part["H"])
    if "I" not in part:
        return None
    hour = int(part["I"])
    if not 1 <= hour <= 12:
        raise ValueProblem(f"{hour} is not an hour of a twelve-hour clock", "use %H")
    return hour % 12 + (12 if (part.get("p") or "a")[0] in "Pp" else 0)
