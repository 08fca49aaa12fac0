"""What a picture of `$fromMillis` and `$toMillis` means: literal text, and markers such as `[MNn,3-3]`.

Meaning: https://www.w3.org/TR/xpath-functions-31/#date-picture-string, as jsonata-js 2.2 does it.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from engine.jsonata.pictures.bounds import shown
from engine.jsonata.pictures.digits import Digits
from engine.jsonata.pictures.integers import IntegerPicture, integer_picture
from engine.jsonata.problems import EvaluationProblem

__all__ = ["Marker", "names_only_where_there_are_some", "time_picture"]

#: Each component with the presentation it has where none is given.
_PRESENTATIONS = {
    **dict.fromkeys("YMDdWwXxHhf", "1"),
    **dict.fromkeys("FPCE", "n"),
    **dict.fromkeys("ms", "01"),
    **dict.fromkeys("Zz", "01:01"),
}
_NUMBERS = frozenset("YMDdFWwXxHhmsf")
_ZONES = frozenset("Zz")
_WIDTH = re.compile(r"\+?([0-9]{1,9})", re.ASCII)
_WIDEST = 400


@dataclass(frozen=True, slots=True)
class Marker:
    """A component of a time, and how it is written."""

    component: str
    names: Literal["upper", "lower", "title"] | None
    """The case of a name, where it is one."""
    layout: IntegerPicture | None
    """How a number is written, where it is one."""
    longest: int | None
    """The most letters a name has."""
    digits: int | None
    """How many digits of the year there are, where not all."""
    zulu: bool
    """Whether an offset of nothing is written `Z`."""


def names_only_where_there_are_some(component: str) -> EvaluationProblem:
    """Return the problem that a component which has no names was to be written as one."""
    return EvaluationProblem(
        "D3133", f"[{component}] has no names; only months, weekdays and [P] do, as [MNn], [FNn], [PN]"
    )


@lru_cache(maxsize=256)
def time_picture(picture: str) -> tuple[str | Marker, ...]:
    """Return the parts of a picture in their order; raises D3131, D3132 (no such component), D3135 (no `]`), D1001."""
    parts: list[str | Marker] = []
    at = 0
    while at < len(picture):
        start = picture.find("[", at)
        literal = picture[at:] if start == -1 else picture[at:start]
        if literal:
            parts.append(literal.replace("]]", "]"))
        if start == -1:
            break
        if picture.startswith("[[", start):
            parts.append("[")
            at = start + 2
            continue
        end = picture.find("]", start)
        if end == -1:
            raise EvaluationProblem("D3135", f"a '[' of the picture {shown(picture)} is not closed; add ']'")
        _append(parts, _marker("".join(picture[start + 1 : end].split()), picture))
        at = end + 1
    return tuple(parts)


def _append(parts: list[str | Marker], marker: Marker) -> None:
    """Add a marker; digits right before other digits are read in exactly as many places as the picture has."""
    before = parts[-1] if parts else None
    if marker.component in _NUMBERS and marker.layout and isinstance(before, Marker):
        layout = before.layout
        if isinstance(layout, Digits):
            parts[-1] = replace(before, layout=replace(layout, width=layout.least))
    parts.append(marker)


def _marker(text: str, picture: str) -> Marker:
    """Read what stands between brackets: component, presentation, modifier, and after a comma the widths."""
    component, rest = text[:1], text[1:]
    if component not in _PRESENTATIONS:
        raise EvaluationProblem(
            "D3132", f"the picture {shown(picture)} has no component {component!r}; use {', '.join(_PRESENTATIONS)}"
        )
    presentation, comma, widths = rest.rpartition(",")
    if not comma:
        presentation, widths = widths, ""
    least, _, most = widths.partition("-")
    modifier = presentation[-1] if len(presentation) > 1 and presentation[-1] in "atco" else ""
    presentation = presentation.removesuffix(modifier) or _PRESENTATIONS[component]
    names = _case(presentation)
    layout = None
    if component in _ZONES or (component in _NUMBERS and not names):
        pattern = f"{presentation};{modifier}" if modifier and component in _NUMBERS else presentation
        layout = integer_picture(pattern)
    digits, longest = None, _width(most)
    if layout and component in _NUMBERS:
        layout, digits = _widened(layout, _width(least), longest, component)
    return Marker(component, names, layout, longest, digits, zulu=modifier == "t")


def _case(presentation: str) -> Literal["upper", "lower", "title"] | None:
    if presentation[0] not in "nN":
        return None
    return "lower" if presentation[0] == "n" else "title" if presentation[1:2] == "n" else "upper"


def _width(text: str) -> int | None:
    found = _WIDTH.match(text)
    if not found:
        return None
    if int(found[1]) > _WIDEST:
        raise EvaluationProblem("D1001", f"a width of a picture is beyond {_WIDEST}; use less")
    return int(found[1])


def _widened(
    layout: IntegerPicture, least: int | None, most: int | None, component: str
) -> tuple[IntegerPicture, int | None]:
    """Return a layout with the widths applied, and how many digits of a year it leaves."""
    if isinstance(layout, Digits) and least is not None and layout.least < least:
        layout = replace(layout, least=least)
    if component != "Y":
        return layout, None
    if most is not None:
        return (replace(layout, least=most) if isinstance(layout, Digits) else layout), most
    room = layout.least + layout.optional if isinstance(layout, Digits) else 0
    return layout, room if room >= 2 else None
