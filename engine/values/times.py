"""Times: everything a provider writes becomes an aware datetime in UTC.

RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339) with a blank in place of the `T` allowed; Unix seconds or
milliseconds, as number or text; or a strptime pattern with English names, whatever the locale of the process.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.values.problems import ValueProblem, shown

__all__ = ["read_time", "zone_of"]

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,18}))?)?\s?([Zz]|[+-]\d\d:?\d\d)?)?"
)
_NUMBER = re.compile(r"-?\d{1,16}(?:\.\d{1,9})?")
#: Unix times outside the years 1 to 9999 are no times.
_EARLIEST, _LATEST = -62135596800, 253402300799


def read_time(value: Any, form: str = "rfc3339", zone: str | None = None) -> datetime:
    """Read a time; raises ValueProblem.

    `form` is `rfc3339`, `unix`, `unix_ms` or a strptime pattern; `zone` is the IANA zone of times without an offset. A
    local time that a change of clocks repeats is the earlier one; one that it leaves out is read with the offset that
    held before.
    """
    if form == "unix":
        return _unix(value, 1)
    if form == "unix_ms":
        return _unix(value, 1000)
    if not isinstance(value, str):
        raise ValueProblem(f"{shown(value)} is not a time as text", _hint(value))
    text = value.strip()
    if form == "rfc3339":
        return _rfc3339(text, zone)
    return _pattern(text, form, zone)


def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; raises ValueProblem."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueProblem(f"there is no time zone {name!r}", "use an IANA name such as Europe/Rome") from None


def _hint(value: Any) -> str:
    return "set the format `unix` or `unix_ms`" if isinstance(value, int | float) else "correct the expression"


def _unix(value: Any, per_second: int) -> datetime:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueProblem(f"{shown(value)} is not a Unix time", "set the format of the provider's times")
    if not _EARLIEST <= value / per_second <= _LATEST:
        raise ValueProblem(f"{shown(value)} is not a Unix time in any year", "is it in milliseconds?")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value / per_second)


def _rfc3339(text: str, zone: str | None) -> datetime:
    if len(text) == 20 and text[19] == "Z":  # by far the most common form, read at once
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueProblem(f"{shown(text)} is not a time") from None
    found = _RFC3339.fullmatch(text)
    if not found:
        raise ValueProblem(f"{shown(text)} is not an RFC 3339 time", "set the format of the provider's times")
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        time = datetime(  # noqa: DTZ001 - the zone follows
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro
        )
    except ValueError as error:
        raise ValueProblem(f"{shown(text)} is not a time: {error}") from None
    if offset:
        return _to_utc(time.replace(tzinfo=_offset(offset)), text)
    if hour and not zone:
        raise ValueProblem(f"{shown(text)} has no offset", "name the zone of the provider's times")
    return _to_utc(time.replace(tzinfo=zone_of(zone) if zone else UTC), text)


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    try:
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    except ValueError:
        raise ValueProblem(f"{text!r} is not an offset") from None


def _to_utc(time: datetime, text: str) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueProblem(f"{shown(text)} is beyond the years 1 to 9999") from None


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_PARTS = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d\d)", "%m": r"(?P<m>\d\d?)", "%d": r"(?P<d>\d\d?)",
    "%H": r"(?P<H>\d\d?)", "%I": r"(?P<I>\d\d?)", "%M": r"(?P<M>\d\d?)", "%S": r"(?P<S>\d\d?)",
    "%f": r"(?P<f>\d{1,9})", "%p": r"(?P<p>[AaPp]\.?[Mm]\.?)", "%z": r"(?P<z>[Zz]|[+-]\d\d:?\d\d)",
    "%B": f"(?P<B>{'|'.join(_MONTHS)})", "%b": f"(?P<b>{'|'.join(name[:3] for name in _MONTHS)})",
    "%A": f"(?:{'|'.join(_DAYS)})", "%a": f"(?:{'|'.join(name[:3] for name in _DAYS)})", "%%": "%",
}  # fmt: skip


@lru_cache(maxsize=256)
def _compiled(form: str) -> re.Pattern[str]:
    """Return a pattern for a strptime form; raises ValueProblem where the form has a directive we do not read."""
    pieces = []
    for piece in re.split(r"(%.)", form):
        if piece.startswith("%"):
            if piece not in _PARTS:
                raise ValueProblem(f"`{piece}` of the format {form!r} is not known", f"use {' '.join(_PARTS)}")
            pieces.append(_PARTS[piece])
        else:
            pieces.append(re.escape(piece).replace(r"\ ", r"\s+"))
    return re.compile("".join(pieces), re.IGNORECASE)


def _pattern(text: str, form: str, zone: str | None) -> datetime:
    found = _compiled(form).fullmatch(text)
    if not found:
        raise ValueProblem(f"{shown(text)} is not a time in the format {form!r}")
    part = found.groupdict()
    year = int(part.get("Y") or 0) or _full_year(part.get("y"))
    try:
        time = datetime(  # noqa: DTZ001 - the zone follows
            year,
            _month(part),
            int(part.get("d") or 1),
            _hour(part),
            int(part.get("M") or 0),
            int(part.get("S") or 0),
            int((part.get("f") or "0")[:6].ljust(6, "0")),
        )
    except ValueError as error:
        raise ValueProblem(f"{shown(text)} is not a time: {error}") from None
    if part.get("z"):
        return _to_utc(time.replace(tzinfo=_offset(part["z"])), text)
    if not zone and (part.get("H") or part.get("I")):
        raise ValueProblem(f"{shown(text)} has no offset", "name the zone of the provider's times")
    return _to_utc(time.replace(tzinfo=zone_of(zone) if zone else UTC), text)


def _full_year(text: str | None) -> int:
    """Two digits: 69 to 99 are of the last century, as in POSIX strptime."""
    if text is None:
        raise ValueProblem("the format has no year", "use %Y or %y")
    return int(text) + (1900 if int(text) >= 69 else 2000)


def _month(part: dict[str, str]) -> int:
    if part.get("m"):
        return int(part["m"])
    name = (part.get("B") or part.get("b") or "January")[:3].title()
    return [month[:3] for month in _MONTHS].index(name) + 1


def _hour(part: dict[str, str]) -> int:
    if part.get("H"):
        return int(part["H"])
    hour = int(part.get("I") or 0)
    if part.get("p"):
        if not 1 <= hour <= 12:
            raise ValueProblem(f"{hour} is not an hour of a twelve-hour clock")
        return hour % 12 + (12 if part["p"][0] in "Pp" else 0)
    return hour
