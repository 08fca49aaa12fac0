"""What the functions of the library give back of the places they are given, and what they look at."""

from collections.abc import Sequence
from typing import Protocol

from engine.jsonata.analysis.places import NOTHING, Found, Wild, below, together

__all__ = ["Tracer", "builtin"]

#: Functions that only ask of what they are given: whether it is there, how much of it there is.
_ASKING = frozenset({"exists", "type", "boolean", "not", "count"})
#: Functions that look at what they are given, and of which nothing comes out.
_LOOKING = frozenset({"contains", "assert", "error", "length"})
#: Functions that give back what they are given, or parts of it, untouched.
_PASSING = frozenset({"append", "reverse", "zip", "merge", "clone"})


class Tracer(Protocol):
    """What keeps count of the places that are used."""

    def use(self, found: Found, *, deep: bool) -> None:
        """Count what was found as read."""

    def made(self, *found: Found, deep: bool = True) -> Found:
        """Return what is made of values, which are used for it."""

    def applied(self, procedure: Found, given: Sequence[Found]) -> Found:
        """Return what the functions that a value may be give for arguments."""


def builtin(tracer: Tracer, name: str, given: Sequence[Found]) -> Found:
    """Return what a function of the library gives."""
    first = given[0] if given else NOTHING
    if name in _ASKING or name in _LOOKING:
        tracer.made(*given, deep=name in _LOOKING)
        return NOTHING
    if name in _PASSING:
        return together(given)
    if name == "keys":
        return tracer.made(below(first, Wild.CHILD), deep=False)
    if name == "spread":  # an object for each key, which is looked for in them as in the one
        tracer.use(below(first, Wild.CHILD), deep=False)
        return first
    if name == "lookup":
        tracer.made(*given[1:])
        return below(first, Wild.CHILD)
    if name == "distinct":
        tracer.use(first, deep=True)
        return first
    return _higher(tracer, name, first, given[1:])


def _higher(tracer: Tracer, name: str, first: Found, more: Sequence[Found]) -> Found:
    """Return what a function gives that calls another, or any that makes its result of all it is given."""
    function = more[0] if more else NOTHING
    if name in ("filter", "single", "sort"):
        elements = [first, first if name == "sort" else NOTHING, first]
        tracer.use(tracer.applied(function, elements) if function.functions else NOTHING, deep=False)
        return first
    if name == "map":
        return tracer.applied(function, [first, NOTHING, first])
    if name in ("each", "sift"):
        child = below(first, Wild.CHILD)
        tracer.use(child, deep=False)
        found = tracer.applied(function, [child, child.whole, first])
        if name == "each":
            return found
        tracer.use(found, deep=False)
        return first
    if name == "reduce":
        found = together(more[1:]) | first
        for _ in range(2):
            found |= tracer.applied(function, [found, first, NOTHING, first])
        return found
    return tracer.made(first, *more)
