"""How the values of a place are read as a field of the model, if they can be."""

import re
from typing import Any, NamedTuple

from engine.proposing.names import words
from engine.proposing.shapes import Path, Shape
from engine.proposing.times import Form, time_form
from engine.records import kind_of
from engine.telling import kind_of as kind_of_value
from engine.values import ValueProblem, read_number, read_seconds

__all__ = ["Fit", "fit"]

_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}[ />]")
_SHARE = "of 100, or of 1, which is $percent(…)?"
_UNITS = {
    **dict.fromkeys(("ms", "millis", "milliseconds", "millisecond"), "milliseconds"),
    **dict.fromkeys(("minutes", "minute", "mins", "min"), "minutes"),
    **dict.fromkeys(("hours", "hour", "hrs"), "hours"),
    **dict.fromkeys(("seconds", "second", "secs", "sec"), "seconds"),
}


class Fit(NamedTuple):
    """How a value is read: an expression over the path `{}`, how times are written, and what is doubtful."""

    expression: str = "{}"
    time: Form | None = None
    doubt: str = ""


def fit(resource: str, name: str, path: Path, shape: Shape) -> Fit | str:
    """Return how the values of a place are read as a field, or why they are not of its kind."""
    if name in ("user.first_name", "user.last_name"):  # no fields of their own: the name is made of them
        return _kind(shape, {"text"})
    kind = kind_of(resource, name)
    if name in ("time_spent_seconds", "duration_seconds"):
        return _duration(path, shape)
    if kind in ("text", "id", "boolean"):
        allowed = {"text": {"text"}, "id": {"text", "integer"}, "boolean": {"boolean"}}[kind]
        found = _kind(shape, allowed)
        if name == "user.name" and isinstance(found, Fit) and _may_be_login(path, shape):
            return Fit(doubt="a name, or what the user logs in with?")
        return Fit("$plain({})") if found == Fit() and any(map(_is_html, shape.scalars)) else found
    if kind == "time":
        return _time(path, shape)
    readers = {"percent": _percent, "emails": _emails, "urls": _link, "objects": _objects}
    return readers.get(kind or "", _number)(shape)


def _kind(shape: Shape, allowed: set[str]) -> Fit | str:
    wrong = shape.given - allowed
    return f"it is {_told(shape)}" if wrong else Fit(doubt=_unseen(shape))


def _may_be_login(path: Path, shape: Shape) -> bool:
    """Whether a text that is called a user name may be none: a name has several words."""
    texts = [value for value in shape.scalars if value]
    return "".join(words(path[-1])) == "username" and not (texts and all(" " in str(text).strip() for text in texts))


def _is_html(value: Any) -> bool:
    return isinstance(value, str) and _TAG.search(value) is not None


def _told(shape: Shape) -> str:
    return kind_of_value(shape.scalars[0]) if shape.scalars else "no single value"


def _unseen(shape: Shape) -> str:
    return "no value was met" if shape.counted and not shape.given else ""


def _time(path: Path, shape: Shape) -> Fit | str:
    form = time_form(shape)
    if form is None:
        return f"{_example(shape)} is no time that is known"
    of_course = {"start", "begin", "end", "course"} & set(words(path[-1]))
    doubts = ["the learner's, or that of the course?" if of_course else "", form.doubt or _unseen(shape)]
    return Fit(time=form, doubt="; ".join(filter(None, doubts)))


def _example(shape: Shape) -> str:
    """Return a number or a switch as it is; a text could be of a person, and is only called one."""
    value = next((value for value in shape.scalars if value not in ("", 0)), None)
    return "the text" if isinstance(value, str) else str(value).lower() if value is not None else _told(shape)


def _number(shape: Shape) -> Fit | str:
    wrong = shape.given - {"integer", "number", "text"}
    return f"it is {_told(shape)}" if wrong or not all(map(_is_number, shape.scalars)) else Fit(doubt=_unseen(shape))


def _is_number(value: Any) -> bool:
    try:
        read_number(value)
    except ValueProblem:
        return False
    return True


def _percent(shape: Shape) -> Fit | str:
    texts = [value for value in shape.scalars if isinstance(value, str)]
    if texts and all(text.strip().endswith("%") and _is_number(text.strip()[:-1]) for text in texts):
        return Fit("$percent({})")
    found = _number(shape)
    if isinstance(found, str):
        return found
    numbers = [number for value in shape.scalars if (number := read_number(value)) is not None]
    if any(not 0 <= number <= 100 for number in numbers):
        return "it is not between 0 and 100"
    if any(0 < number < 1 for number in numbers) and all(number <= 1 for number in numbers):
        return Fit("$percent({})", doubt="shares of 1 are taken, as no value is above 1")
    if shape.largest == 1:
        return Fit("$percent({})")
    if not shape.counted and not numbers and shape.largest is None and "100" not in words(shape.about):
        return Fit(doubt=_SHARE)
    if numbers and all(number in (0, 1) for number in numbers) and any(numbers):
        return Fit(doubt=_SHARE)
    return found


def _duration(path: Path, shape: Shape) -> Fit | str:
    unit = next((_UNITS[word] for key in reversed(path) for word in words(key) if word in _UNITS), None)
    about = next((_UNITS[word] for word in words(shape.about) if word in _UNITS), None)
    if shape.given - {"text", "integer", "number"}:
        return f"it is {_told(shape)}"
    try:
        for value in shape.scalars:
            read_seconds(value, unit or about)
    except ValueProblem:
        return f"{_example(shape)} is no duration that is known"
    written = all(isinstance(value, str) and not _is_number(value) for value in shape.scalars) and shape.scalars
    if written:
        return Fit("$seconds({})")
    named = unit or about
    if named in (None, "seconds"):
        return Fit(doubt="" if named else "its unit is told nowhere; seconds are taken")
    return Fit(f'$seconds({{}}, "{named}")')


def _emails(shape: Shape) -> Fit | str:
    if shape.given == {"list"} and shape.element:
        inside = shape.element
        if inside.given <= {"text"} or "email" in inside.fields:
            return Fit(doubt=_unseen(inside))
        return "its elements have no `email`"
    if shape.given - {"text"}:
        return f"it is {_told(shape)}"
    texts = [value for value in shape.scalars if value]
    return Fit(doubt=_unseen(shape)) if all("@" in text for text in texts) else "there is a text without @"


def _link(shape: Shape) -> Fit | str:
    wrong = shape.given - {"text"} or not all(
        value.startswith(("http://", "https://")) for value in shape.scalars if value
    )
    if wrong:
        return "it is no whole address"
    return Fit() if shape.scalars or shape.form in ("uri", "url") else "no value was met"


def _objects(shape: Shape) -> Fit | str:
    inside = shape.element
    if shape.given != {"list"} or inside is None:
        return "it is no list"
    return Fit() if inside.given <= {"text"} or inside.fields.keys() & {"id", "name"} else "its elements have no name"
