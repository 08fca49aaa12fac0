"""Times: everything a provider writes becomes an aware datetime in UTC.

RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339), also with a blank in place of the `T`, without seconds, or with
nothing but a date; Unix seconds or milliseconds, as number or text; or a pattern as of strptime.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.telling import shown
from engine.values.patterns import Clock, match, parts_of
from engine.values.problems import ValueProblem

__all__ = ["check_times", "read_rfc3339", "read_time"]

_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)? ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
#: Every third letter, from the fifth on, of the 20 letters that nearly all providers write: `2025-01-21T08:15:30Z`.
_USUAL = "--T::Z"
_NUMBER = re.compile(r"-?[0-9]{1,17}(?:\.[0-9]+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: No text that is a time is longer; what is longer is not looked at, however it would match.
_LONGEST = 100


def read_time(value: Any, form: str = "rfc3339", zone: str | None = None) -> datetime:
    """Read a time; raises ValueProblem.

    `form` is `rfc3339`, `unix`, `unix_ms` or a pattern as of strptime; `zone` is the IANA zone of times without an
    offset, which are refused where none is named. A date without a time is midnight there, or in UTC. A local time
    that a change of clocks repeats is the earlier of the two; one that it leaves out is read with the offset that
    held before, so it comes out later by the change.
    """
    if form in ("unix", "unix_ms"):
        return _unix(value, form)
    if not isinstance(value, str):
        do = "set the format `unix` or `unix_ms`" if isinstance(value, int | float) else "correct the expression"
        raise ValueProblem(f"{shown(value)} is not a time as text", do)
    text = value.strip()
    if form == "rfc3339":
        return _rfc3339(text, zone)
    clock = match(text, form) if len(text) <= _LONGEST else None
    if clock is None:
        raise ValueProblem(f"{shown(value)} is not a time in the format {form!r}", "set the format of the times")
    return _placed(clock, text, zone)


def read_rfc3339(value: Any) -> datetime:
    """Read an RFC 3339 time with its offset, as `read_time` does; by far the most common form is read at once."""
    if type(value) is str and len(value) == 20 and value[4::3] == _USUAL:
        try:
            return datetime.fromisoformat(value)
        except ValueError:  # a leap second, or no time at all
            return read_time(value)
    return read_time(value)


def check_times(form: str, zone: str | None) -> None:
    """Raise ValueProblem where no time at all could be read with this format and zone."""
    if form not in ("rfc3339", "unix", "unix_ms"):
        parts = parts_of(form)
        if not parts & {"Y", "y"}:
            what = f"{form!r} is not a format for times"
            raise ValueProblem(what, "use rfc3339, unix, unix_ms, or a pattern with a year such as %d.%m.%Y %H:%M")
    if zone is not None:
        _zone(zone)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueProblem(f"there is no time zone {name!r}", "use an IANA name such as Europe/Rome") from None


def _unix(value: Any, form: str) -> datetime:
    number = value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = float(value) if "." in value else int(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueProblem(f"{shown(value)} is not a Unix time", "set the format of the times")
    try:
        return _EPOCH + (timedelta(seconds=number) if form == "unix" else timedelta(milliseconds=number))
    except (OverflowError, ValueError):
        do = "set the format `unix_ms`" if form == "unix" else "correct the expression"
        raise ValueProblem(f"{shown(value)} is not a Unix time of the years 1 to 9999", do) from None


def _rfc3339(text: str, zone: str | None) -> datetime:
    if len(text) == 20 and text[4::3] == _USUAL and text[17:19] != "60":
        try:  # by far the most common form, read at once
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueProblem(f"{shown(text)} is not a time: {error}") from None
    found = _RFC3339.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        raise ValueProblem(f"{shown(text)} is not an RFC 3339 time", "set the format of the times")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    clock = Clock(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro, offset, bool(hour)
    )  # fmt: skip
    return _placed(clock, text, zone)


def _placed(clock: Clock, text: str, zone: str | None) -> datetime:
    """Return the time of a clock that shows its offset, or hangs in a zone. A leap second is the second after."""
    second, leap = (59, timedelta(seconds=1)) if clock.second == 60 else (clock.second, timedelta())
    place = _offset(clock.offset, text) if clock.offset else _zone(zone) if zone else UTC
    if clock.shows_time and not clock.offset and not zone:
        raise ValueProblem(f"{shown(text)} has no offset: it could be a time of anywhere", "set the zone of the times")
    try:
        time = datetime(*clock[:5], second, clock.micro, place)  # noqa: DTZ001 - the last is the zone
        return time.astimezone(UTC) + leap
    except (ValueError, OverflowError) as error:
        raise ValueProblem(f"{shown(text)} is not a time: {error}") from None


def _offset(text: str, shown_text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueProblem(f"{shown(shown_text)} has no offset there is: {text}")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)
