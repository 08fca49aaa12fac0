"""Code that puts values where they belong in one object."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.jsonata.generator.writer import Writer

__all__ = ["Place", "put_together"]


class Place(NamedTuple):
    """Where a value belongs: under a name, or under a name within an object, or among the others of a list."""

    name: str
    within: str = ""
    """The name within the object, if it is one."""
    joined: bool = False
    """Whether the value is a list, and all lists of that name are put together."""


def put_together(writer: Writer, values: Sequence[str], places: Sequence[Place | None]) -> None:
    """Write the end of a function: it returns an object of the values that are there, and those without a place."""
    data = writer.named("{}")
    for name in dict.fromkeys(place.name for place in places if place is not None):
        of_name = [(value, place) for value, place in zip(values, places, strict=True) if place and place.name == name]
        first = of_name[0][1]
        if first.joined or first.within:
            parts = writer.named("[]" if first.joined else "{}")
            for value, place in of_name:
                with writer.block(f"if {value} is not None:"):
                    adds = f"{parts}.extend({value})" if place.joined else f"{parts}[{place.within!r}] = {value}"
                    writer.line(adds)
            with writer.block(f"if {parts}:"):
                writer.line(f"{data}[{name!r}] = {parts}")
        else:
            with writer.block(f"if {of_name[-1][0]} is not None:"):
                writer.line(f"{data}[{name!r}] = {of_name[-1][0]}")
    rest = (value for value, place in zip(values, places, strict=True) if place is None)
    writer.line(f"return {data}, ({''.join(f'{value}, ' for value in rest)})")
