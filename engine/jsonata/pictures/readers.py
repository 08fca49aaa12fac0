"""A picture as a pattern for a text: RE2 finds in linear time what the reference's own regex could be hung with.

What is found is read by the same code as integers are. Letters count in any case, as in the reference.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

import re2

from engine.jsonata.pictures.bounds import shown
from engine.jsonata.pictures.digits import Digits
from engine.jsonata.pictures.markers import Marker, names_only_where_there_are_some, time_picture
from engine.jsonata.pictures.moments import MONTHS
from engine.jsonata.problems import EvaluationProblem

__all__ = ["read_components"]

_NUMBER = re.compile(r"[0-9]+")
_Read = Callable[[str], int | None]


class _Reader(NamedTuple):
    pattern: Any
    """An RE2 with one group for each component."""
    components: tuple[tuple[str, _Read], ...]


def read_components(text: str, picture: str) -> dict[str, int] | None:
    """Return the components a text has, each as a number (`Z` and `z` in minutes), or None where it does not fit.

    Raises D3130, D3131, D3132, D3133 (names of what has none), D3135, D1001 (a number, or the picture, is too large).
    """
    try:
        reader = _reader(picture)
        found = reader.pattern.fullmatch(text)
    except UnicodeEncodeError:  # half a character, as JSON can have it
        return None
    if not found:
        return None
    components: dict[str, int] = {}
    for (component, read), piece in zip(reader.components, found.groups(), strict=True):
        value = read(piece)
        if value is None:
            return None
        components[component] = value
    return components


@lru_cache(maxsize=256)
def _reader(picture: str) -> _Reader:
    looks, components = [], []
    for part in time_picture(picture):
        if isinstance(part, str):
            looks.append(re2.escape(part))
        else:
            look, read = _look(part)
            looks.append(f"({look})")
            components.append((part.component, read))
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return _Reader(re2.compile("".join(looks), options), tuple(components))
    except re2.error:
        raise EvaluationProblem("D1001", f"the picture {shown(picture)} is too long to read with; use less") from None


def _look(marker: Marker) -> tuple[str, _Read]:
    """Return how a component looks, and how it is read."""
    component, layout = marker.component, marker.layout
    if component in "Zz":
        return _offset_look(marker)
    if component == "f":
        return "[0-9]+", lambda text: int(text[:3].ljust(3, "0"))
    if layout:
        return layout.pattern, layout.read
    if component == "F":
        return "[a-zA-Z]+", lambda _text: 0  # the date says which day it is
    names = {"am": 0, "pm": 1} if component == "P" else _names(marker.longest) if component in "Mx" else None
    if names is None:
        raise names_only_where_there_are_some(component)
    return "[a-zA-Z]+", lambda text: names.get(text.lower())


def _names(longest: int | None) -> dict[str, int]:
    """Return the months by their names, cut to a length, without those that cannot be told apart."""
    cut = [name.lower()[: longest or None] for name in MONTHS]
    return {name: number for number, name in enumerate(cut, 1) if cut.count(name) == 1}


def _offset_look(marker: Marker) -> tuple[str, _Read]:
    """Return how an offset looks; `[Zt]` may be a plain Z, too."""
    layout = marker.layout
    separator = "".join(layout.marks) if isinstance(layout, Digits) and layout.every else ""
    look = f"[-+][0-9]{{1,2}}{re2.escape(separator)}[0-9]{{1,2}}" if separator else "[-+][0-9]{1,4}"
    if marker.component == "z":
        look = f"GMT{look}"
    return (f"{look}|Z" if marker.zulu else look), partial(_offset, separated=bool(separator))


def _offset(text: str, *, separated: bool) -> int | None:
    """Return an offset in minutes, or None where there is no such."""
    numbers: list[str] = _NUMBER.findall(text)
    if not numbers:
        return 0  # it is Z
    hours, minutes = numbers if separated else (numbers[0], "0")
    if not separated and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    if int(hours) > 23 or int(minutes) > 59:
        return None
    total = int(hours) * 60 + int(minutes)
    return -total if text.lstrip("GMTgmt").startswith("-") else total
