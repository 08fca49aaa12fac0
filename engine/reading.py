"""How the value of a field is read: by the field's kind, and by what the mapping says under `values:`."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from engine.mapping import Values
from engine.records import Kind, element_names, kind_of, words_of
from engine.telling import shown
from engine.values import (
    ValueProblem,
    read_boolean,
    read_emails,
    read_id,
    read_integer,
    read_number,
    read_objects,
    read_rfc3339,
    read_text,
    read_time,
    read_urls,
)

__all__ = ["Nothing", "Reader", "as_it_is", "reader"]

#: Takes a value that is there; returns None where it stands for nothing; raises ValueProblem.
Reader = Callable[[Any], Any]

#: Numbers beyond these fit into no column of any database.
_LARGEST = sys.float_info.max
_LARGEST_INTEGER = 2**63 - 1


def as_it_is(value: Any) -> Any:
    """Read any value as what it is."""
    return value


def _ignore(_: str) -> None:
    """Drop a value without a word."""


def reader(resource: str, field: str, values: Values, dropped: Callable[[str], None] = _ignore) -> Reader:
    """Return what reads the values of a field. `dropped` is told of parts of a value that are left out, and why."""
    kind = kind_of(resource, field)
    if kind is None:
        raise KeyError(field)
    nothing = Nothing([*values.none, *(values.times.none if kind == "time" else ())])
    read = _reader(kind, resource, field, values, dropped)
    return (lambda value: None if value in nothing else read(value)) if nothing else read


class Nothing:
    """The values that stand for "nothing": the number 0 also as the text "0", but never false; "0" only as text."""

    def __init__(self, listed: Iterable[str | int]) -> None:
        listed = list(listed)
        self._texts = frozenset(value for value in listed if isinstance(value, str))
        self._numbers = frozenset(value for value in listed if not isinstance(value, str))
        self._digits = frozenset(str(number) for number in self._numbers)

    def __bool__(self) -> bool:
        return bool(self._texts or self._numbers)

    def __contains__(self, value: object) -> bool:
        if isinstance(value, str):
            return value in self._texts or value.strip() in self._digits
        return isinstance(value, int | float) and not isinstance(value, bool) and value in self._numbers


def _reader(kind: Kind, resource: str, field: str, values: Values, dropped: Callable[[str], None]) -> Reader:
    form, zone = values.times.format, values.times.zone
    if kind == "objects":
        names = element_names(resource, field)
        return lambda value: read_objects(value, names, entities=values.html) or None
    if kind == "urls":
        label = field.partition(".")[2] or None
        return lambda value: read_urls(value, label) or None
    if kind == "word":
        words = words_of(resource, field)
        return lambda value: _word(value, words)
    if kind == "time" and (form, zone) != ("rfc3339", None):
        return lambda value: read_time(value, form, zone)
    if kind == "text" and values.html:
        return lambda value: read_text(value, entities=True)
    readers: dict[Kind, Reader] = {
        "id": read_id,
        "text": read_text,
        "time": read_rfc3339,
        "number": _number,
        "percent": _percent_reader(clamp=values.clamp_percent),
        "integer": _integer,
        "boolean": lambda value: read_boolean(value, values.booleans),
        "emails": lambda value: _emails(value, dropped),
        "custom": as_it_is,
    }
    return readers[kind]


def _number(value: Any) -> int | float | None:
    if (type(value) is int or type(value) is float) and -_LARGEST < value < _LARGEST:
        return value
    number = read_number(value)
    if number is not None and not -_LARGEST < number < _LARGEST:
        raise ValueProblem("the number has more than 308 digits")
    return number


def _integer(value: Any) -> int | None:
    if type(value) is int and -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        return value
    number = read_integer(value)
    if number is not None and not -_LARGEST_INTEGER <= number <= _LARGEST_INTEGER:
        raise ValueProblem(f"{shown(number)} is beyond 64 bits", "map it to a custom field")
    return number


def _percent_reader(*, clamp: bool) -> Reader:
    def percent(value: Any) -> int | float | None:
        if (type(value) is int or type(value) is float) and 0 <= value <= 100:
            return value
        number = read_number(value)
        if number is None or 0 <= number <= 100:
            return number
        if clamp:
            return 0 if number < 0 else 100
        do = "compute it, or cut it off: values.clamp_percent: true"
        raise ValueProblem(f"{shown(number)} is not from 0 to 100", do)

    return percent


def _emails(value: Any, dropped: Callable[[str], None]) -> list[dict[str, Any]] | None:
    found, refused = read_emails(value)
    for address in refused:
        dropped(f"{address} is not an e-mail address")
    return found or None


def _word(value: Any, words: tuple[str, ...]) -> str:
    if value not in words:
        raise ValueProblem(f"{shown(value)} is not one of {', '.join(words)}")
    return str(value)
