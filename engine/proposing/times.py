"""How the times of a sample are written."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.proposing.shapes import Shape
from engine.values import ValueProblem, read_time

__all__ = ["Form", "time_form"]

#: What stands for "never" in many APIs.
_NEVER = ("", 0, "0", "-", "0000-00-00", "0000-00-00 00:00:00")
#: Tried one after the other; what reads every value is taken.
_PATTERNS = (
    "%d/%m/%Y, %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y, %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y%m%dT%H%M%S%z", "%Y%m%d",
    "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %Z",
    "%d %b %Y %H:%M:%S", "%d %b %Y", "%d %B %Y", "%b %d, %Y %I:%M %p", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
_DIGITS = re.compile(r"-?[0-9]{1,17}(?:\.[0-9]+)?")
#: Unix times of the years 1973 to 2128: what is counted in, and between what.
_COUNTED = (("unix", 1e8, 5e9), ("unix_ms", 1e11, 5e12))


class Form(NamedTuple):
    """How times are written: the format, whether they lack their offset, what stands for never, and what is doubtful.

    The format is empty where none was met; then it is taken for what is usual elsewhere.
    """

    format: str
    local: bool = False
    never: tuple[str | int, ...] = ()
    doubt: str = ""


def time_form(shape: Shape) -> Form | None:
    """Return how times are written that were met at a place, or None where the values are no times."""
    values = [value for value in shape.scalars if not isinstance(value, bool)]
    if shape.given - {"text", "integer", "number"} or len(values) < len(shape.scalars):
        return None
    never = tuple(value for value in values if value in _NEVER)
    found = _form([value for value in values if value not in _NEVER])
    if found is None and (len(never) == len(values) or not shape.counted):
        found = _announced(shape)
    return found and found._replace(never=never)


def _announced(shape: Shape) -> Form | None:
    """Return how times are written by what a schema says of them, where no value was met."""
    about = f"{shape.form} {shape.about}".lower()
    if shape.given & {"integer", "number"}:
        if not re.search(r"unix|epoch|timestamp|milli", about):
            return Form("", doubt="no value was met") if shape.counted else None
        return Form("unix_ms" if "milli" in about else "unix")
    known = shape.form in ("date-time", "date")
    return Form("rfc3339" if known else "", doubt="" if known else "no value was met")


def _form(values: Sequence[Any]) -> Form | None:
    if not values:
        return None
    if all(not isinstance(value, str) or _DIGITS.fullmatch(value) for value in values):
        return _counted([float(value) for value in values])
    if not all(isinstance(value, str) for value in values):
        return None
    form = next((found for pattern in ("rfc3339", *_PATTERNS) if (found := _read(values, pattern))), None)
    other = form and form.format.startswith("%d/%m/") and _read(values, form.format.replace("%d/%m/", "%m/%d/"))
    return form._replace(doubt="or is the month first?") if form and other else form


def _counted(numbers: Sequence[float]) -> Form | None:
    for name, least, most in _COUNTED:
        if all(least <= number <= most for number in numbers):
            return Form(name)
    whole = [format(number, ".0f") for number in numbers]
    return _read(whole, "%Y%m%d") if all(len(text) == len("20260105") for text in whole) else None


def _read(values: Sequence[str], form: str) -> Form | None:
    """Return the form if all values are times in it."""
    for zone in (None, "UTC"):
        try:
            for value in values:
                read_time(value, form, zone)
        except ValueProblem:
            continue
        return Form(form, local=zone is not None)
    return None
