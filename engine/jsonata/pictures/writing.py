"""The components of a time as text.

Meaning: https://www.w3.org/TR/xpath-functions-31/#rules-for-datetime-formatting, as jsonata-js 2.2 does it.
`[f]` is the number of milliseconds there, so write it as `[f001]`.
"""

from collections.abc import Callable
from datetime import datetime

from engine.jsonata.pictures.digits import Digits
from engine.jsonata.pictures.integers import integer_picture, written
from engine.jsonata.pictures.markers import Marker, names_only_where_there_are_some
from engine.jsonata.pictures.moments import MONTHS, WEEKDAYS, thursday
from engine.jsonata.problems import EvaluationProblem

__all__ = ["NUMBERS", "component_text"]

#: The components that are numbers. X and x are the year and the month the week belongs to.
NUMBERS: dict[str, Callable[[datetime], int]] = {
    "Y": lambda time: time.year,
    "M": lambda time: time.month,
    "D": lambda time: time.day,
    "d": lambda time: time.timetuple().tm_yday,
    "F": lambda time: time.isoweekday(),
    "W": lambda time: time.isocalendar().week,
    "w": lambda time: (thursday(time).day - 1) // 7 + 1,
    "X": lambda time: time.isocalendar().year,
    "x": lambda time: thursday(time).month,
    "H": lambda time: time.hour,
    "h": lambda time: time.hour % 12 or 12,
    "m": lambda time: time.minute,
    "s": lambda time: time.second,
    "f": lambda time: time.microsecond // 1000,
}
_NAMES = {"M": MONTHS, "x": MONTHS, "F": WEEKDAYS}
_MINUTES = integer_picture("00")


def component_text(marker: Marker, time: datetime, offset: int) -> str:
    """Return a component of a time, which stands so many minutes before UTC.

    Raises D1001, D3130, D3133 (a name of what has none), D3134 (an offset of more than four digits).
    """
    component = marker.component
    if component in NUMBERS:
        return _number(marker, NUMBERS[component](time))
    if component == "P":
        half = "pm" if time.hour >= 12 else "am"
        return half.upper() if marker.names == "upper" else half
    return "ISO" if component in "CE" else _offset(marker, offset)


def _number(marker: Marker, value: int) -> str:
    if marker.digits is not None:
        value %= 10**marker.digits
    if marker.layout:
        return written(value, marker.layout)
    names = _NAMES.get(marker.component)
    if not names:
        raise names_only_where_there_are_some(marker.component)
    name = names[value - 1]
    name = name.upper() if marker.names == "upper" else name.lower() if marker.names == "lower" else name
    return name[: marker.longest]


def _offset(marker: Marker, offset: int) -> str:
    layout = marker.layout
    hours, minutes = divmod(abs(offset), 60)
    if isinstance(layout, Digits) and (layout.every or layout.least in (3, 4)):
        text = layout.write(hours * 100 + minutes)
    elif isinstance(layout, Digits) and layout.least in (1, 2):
        text = layout.write(hours) + (f":{_MINUTES.write(minutes)}" if minutes else "")
    else:
        raise EvaluationProblem(
            "D3134", f"[{marker.component}] has one to four digits, with a separator or not; write it as '[Z01:01]'"
        )
    if not offset and marker.zulu:
        return "Z"
    return f"{'GMT' if marker.component == 'z' else ''}{'-' if offset < 0 else '+'}{text}"
