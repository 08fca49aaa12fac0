"""`$fromMillis` and `$toMillis` (https://docs.jsonata.org/date-time-functions).

Same as jsonata-js 2.2, save that

* times are in the years 1 to 9999; a day, an hour or a minute that does not exist is refused, not carried over
* `-0330` is three hours and a half before UTC: the reference makes it 04:30 to write, and 02:30 to read
* offsets may be written `+01:00` and `Z`, and `[Zt]` reads a `Z`
* names are read in any case of letters; a month that there is not makes the text one that does not fit, not January
* `[d]` is read with a time of day after it, and digits of every script are
* an offset of `[Z0]` with minutes is written `+5:30`, but only `[Z]` reads it, as in the reference; digits that belong
  to what follows are not taken for an offset's
* weeks of the years below 100 are those of that year
* a text that names nothing of a date or a time is refused (D3136), not taken for now
"""

import re
from datetime import datetime, timedelta

from engine.jsonata.pictures.markers import time_picture
from engine.jsonata.pictures.moments import millis_of, moment
from engine.jsonata.pictures.readers import read_components
from engine.jsonata.pictures.writing import NUMBERS, component_text
from engine.jsonata.problems import EvaluationProblem

__all__ = ["format_time", "iso_time", "parse_time"]

_ISO_PICTURE = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_OFFSET = re.compile(r"([+-]?)(\d{1,2}):?(\d\d)", re.ASCII)


def format_time(millis: float, picture: str | None = None, timezone: str | None = None) -> str:
    """Return a time as the picture says, or in ISO 8601, at an offset such as `+0100`, or in UTC.

    Raises D1001 (beyond the years 1 to 9999), D3110 (no such offset), and for pictures D3130 to D3135.
    """
    if picture is None and timezone is None:
        return iso_time(millis)
    parts = time_picture(_ISO_PICTURE if picture is None else picture)
    offset = 0 if timezone is None else _offset(timezone)
    time = moment(millis + offset * 60_000)
    return "".join(part if isinstance(part, str) else component_text(part, time, offset) for part in parts)


def iso_time(millis: float) -> str:
    """Return a time in ISO 8601, in UTC; raises D1001 beyond the years 1 to 9999."""
    return moment(millis).isoformat("T", "milliseconds") + "Z"


def parse_time(text: str, picture: str | None, now_millis: int, *, strict: bool = True) -> int | None:
    """Return the milliseconds since 1970 a text names; None where it does not fit the picture, or that is only text.

    Without a picture the text is ISO 8601; with a time of day and no offset it is refused, or, unless `strict`, in
    UTC. With one it is UTC unless it has `[Z]` or `[z]`; what is left of the largest component is as in `now_millis`,
    what is right of the smallest is nothing; years below 100 are of the 20th century, as everywhere in JavaScript
    (https://tc39.es/ecma262/#sec-makefullyear). Raises D3110 (no such time, or no time at all), D3136 (components are
    missing), D1001 (a number is out of range), and for pictures D3130 to D3135.
    """
    if picture is None:
        return _iso(text, strict=strict)
    components = read_components(text, picture)
    return _resolved(components, now_millis) if components else None


def _offset(text: str) -> int:
    """Return an offset in minutes."""
    found = _OFFSET.fullmatch("0000" if text == "Z" else text)
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        raise EvaluationProblem("D3110", "there is no such time zone; give it as an offset such as '+0100'")
    minutes = int(found[2]) * 60 + int(found[3])
    return -minutes if found[1] == "-" else minutes


def _iso(text: str, *, strict: bool) -> int:
    found = _ISO.fullmatch(text)
    if not found:
        raise EvaluationProblem(
            "D3110", "the text is not an ISO 8601 time; give a picture as second argument, or use $time"
        )
    if strict and found[4] and not found[8]:
        raise EvaluationProblem(
            "D3110", "the text has no offset, so it could be a time of anywhere; add Z or +01:00, or use $time"
        )
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    hour, minute, second = (int(found[group] or 0) for group in (4, 5, 6))
    fraction = int((found[7] or "").ljust(3, "0")[:3])
    return _millis(year, month, day, hour, minute, second, fraction) - _offset(found[8] or "Z") * 60_000


def _millis(year: int, month: int, day: int, hour: int, minute: int, second: int, fraction: int) -> int:
    try:
        return millis_of(datetime(year, month, day, hour, minute, second)) + fraction  # noqa: DTZ001 - UTC
    except (ValueError, OverflowError):
        raise _no_such_time() from None


def _no_such_time() -> EvaluationProblem:
    return EvaluationProblem(
        "D3110", "the text names a time that does not exist, or is not in the years 1 to 9999; look at the data"
    )


def _resolved(found: dict[str, int], now_millis: int) -> int:
    """Return the time that components name together."""
    full = _completed(found, _order(set(found)), now_millis)
    year = full["Y"] + 1900 if full["Y"] < 100 else full["Y"]
    month, day = _month_and_day(year, full["d"]) if "d" in full else (full["M"], full["D"])
    hour = full["H"] if "H" in full else _hour(full["h"], full["P"])
    offset = found.get("Z") or found.get("z") or 0
    return _millis(year, month, day, hour, full["m"], full["s"], full["f"]) - offset * 60_000


def _order(found: set[str]) -> str:
    """Return the components that count, from the largest to the smallest: of others, there are too many or too few."""
    date, clock = found.intersection("YXMxWwdD"), found.intersection("PHhmsf")
    if date and (date.issubset("Xxw") or date.issubset("XW")):
        raise EvaluationProblem("D3136", "dates by the week are not read; give year, month and day, or year and [d]")
    day = "Yd" if "d" in date and date.issubset("Yd") else "YMD"
    return day + ("Phmsf" if not clock.issubset("Hmsf") and clock.issubset("Phmsf") else "Hmsf")


def _completed(found: dict[str, int], order: str, now_millis: int) -> dict[str, int]:
    """Return all components of an order; from the first to the last that there is, none may be missing."""
    there = [at for at, component in enumerate(order) if component in found]
    if not there or len(there) <= there[-1] - there[0]:
        raise EvaluationProblem(
            "D3136", "the picture leaves out what is needed for a time; give all components between the first and last"
        )
    now = moment(now_millis)
    before = {component: NUMBERS[component](now) if component in NUMBERS else 0 for component in order[: there[0]]}
    after = {component: int(component in "MDd") for component in order[there[-1] + 1 :]}
    return {**before, **{component: found[component] for component in order[there[0] : there[-1] + 1]}, **after}


def _month_and_day(year: int, day: int) -> tuple[int, int]:
    """Return the date of a day of a year."""
    try:
        date = datetime(year, 1, 1) + timedelta(days=day - 1)  # noqa: DTZ001 - a date
    except (ValueError, OverflowError):
        raise _no_such_time() from None
    if date.year != year:
        raise _no_such_time()
    return date.month, date.day


def _hour(hour: int, half: int) -> int:
    """Return the hour of the day for one of the half-day, `half` being 1 in the afternoon."""
    if hour > 12:
        raise _no_such_time()
    return hour % 12 + 12 * half
