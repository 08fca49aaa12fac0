"""What is known of a value: the kinds of values met at a place, some of them, and what is below.

Shapes are made of sample payloads here and of schemas in `schemas`; everything that is proposed is read off them. They
are bounded, however large or deep a sample is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["DEEPEST", "MOST_ITEMS", "MOST_KEYS", "MOST_VALUES", "Path", "Shape", "leaves", "shape_of"]

#: Keys below a value.
Path = tuple[str, ...]

#: How many levels are looked at.
DEEPEST = 12
#: How many items of a list are looked at.
MOST_ITEMS = 2000
#: How many keys of an object are looked at.
MOST_KEYS = 400
#: How many different values of a place are kept, and how much of a text.
MOST_VALUES = 40
LONGEST = 200


@dataclass
class Shape:
    """What is known of the values at one place."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How often each kind was met: text, integer, number, boolean, null, object, list."""
    values: dict[tuple[type, Any], int] = field(default_factory=dict)
    """Some of the texts, numbers and switches met, and how often; of long texts the beginning."""
    fields: dict[str, "Shape"] = field(default_factory=dict)
    """What is below objects, by key."""
    element: "Shape | None" = None
    """What is in lists."""
    counted: bool = True
    """Whether it was met in a sample, rather than told by a schema."""
    form: str = ""
    """What a schema calls its form, such as `date-time`."""
    about: str = ""
    """What a schema says of it."""
    largest: float | None = None
    """The largest number that a schema allows."""
    more: bool = False
    """Whether there is more than was looked at."""

    @property
    def met(self) -> int:
        """How often there was a value, null or not."""
        return sum(self.kinds.values())

    @property
    def given(self) -> set[str]:
        """The kinds of values, without null."""
        return {kind for kind, number in self.kinds.items() if kind != "null" and number}

    def below(self, *path: str) -> "Shape | None":
        """Return what is at a path below, if anything."""
        found: Shape | None = self
        for step in path:
            found = found.fields.get(step) if found else None
        return found

    def keep(self, value: Any) -> None:
        """Keep a value, if there is room."""
        kept = value[:LONGEST] if isinstance(value, str) else value
        known = (type(kept), kept)
        if known in self.values or len(self.values) < MOST_VALUES:
            self.values[known] = self.values.get(known, 0) + 1
        else:
            self.more = True

    @property
    def scalars(self) -> list[Any]:
        """The values kept, in the order they were met."""
        return [value for _, value in self.values]

    def often(self, value: Any) -> int:
        """How often a value was met."""
        return self.values.get((type(value), value), 0)


def shape_of(*values: Any) -> Shape:
    """Return the shape of one or several JSON values at the same place."""
    shape = Shape()
    for value in values:
        _add(shape, value, 0)
    return shape


def _add(shape: Shape, value: Any, depth: int) -> None:
    shape.kinds[_kind(value)] += 1
    if isinstance(value, dict) and depth < DEEPEST:
        for key in list(value)[:MOST_KEYS]:
            if key in shape.fields or len(shape.fields) < MOST_KEYS:
                _add(shape.fields.setdefault(key, Shape()), value[key], depth + 1)
        shape.more |= len(value) > MOST_KEYS
    elif isinstance(value, list) and depth < DEEPEST:
        shape.element = shape.element or Shape()
        for entry in value[:MOST_ITEMS]:
            _add(shape.element, entry, depth + 1)
        shape.more |= len(value) > MOST_ITEMS
    elif value is not None and not isinstance(value, dict | list):
        shape.keep(value)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    kinds = {str: "text", int: "integer", float: "number", dict: "object", list: "list"}
    return kinds.get(type(value), "text")


def leaves(shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """Yield every place below an item whose value is no object, from the top, through objects only."""
    for key, below in shape.fields.items():
        if below.fields and below.given <= {"object"}:
            yield from leaves(below, (*path, key))
        else:
            yield (*path, key), below
