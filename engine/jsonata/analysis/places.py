"""Places in a scope: paths of names, and what part of an expression finds at them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

__all__ = ["NOTHING", "Found", "Function", "Steps", "Wild", "below", "covers", "together"]

#: How many steps a path has at most; what lies further down is read as a whole.
MOST_STEPS = 30


class Wild(Enum):
    """A step that is no name."""

    CHILD = "*"
    """Any one name."""
    BELOW = "**"
    """Any number of names, or none."""


#: A path from the scope: names, and steps that stand for any.
Steps = tuple[str | Wild, ...]


def covers(path: Steps, names: Sequence[str], *, deep: bool) -> bool:
    """Whether a path leads to these names, or, where it is deep, to something they are in."""
    if not path:
        return deep or not names
    if path[0] is Wild.BELOW:
        return covers(path[1:], names, deep=deep) or (bool(names) and covers(path, names[1:], deep=deep))
    return bool(names) and path[0] in (names[0], Wild.CHILD) and covers(path[1:], names[1:], deep=deep)


@dataclass(frozen=True, slots=True)
class Found:
    """What a part would find: the places of it, those it is made of, and the functions it may be."""

    places: frozenset[Steps] = frozenset()
    made: frozenset[Steps] = frozenset()
    functions: "tuple[Function, ...]" = ()

    def __or__(self, other: "Found") -> "Found":
        functions = self.functions + tuple(each for each in other.functions if each not in self.functions)
        return Found(self.places | other.places, self.made | other.made, functions)

    @property
    def whole(self) -> "Found":
        """What is made of this."""
        return Found(made=self.places | self.made)


Function = Callable[[Sequence[Found]], Found]
NOTHING = Found()


def below(context: Found, step: str | Wild) -> Found:
    """Return what lies a step below."""
    return Found(frozenset(_stepped(place, step) for place in context.places), context.made)


def _stepped(place: Steps, step: str | Wild) -> Steps:
    """Return a path with one more step; one that is as long as any, or twice at any depth, stays as it is."""
    again = step is Wild.BELOW and place[-1:] == (step,)
    if again or len(place) >= MOST_STEPS:
        return place if again else (*place[:-1], Wild.BELOW)
    return (*place, step)


def together(values: Iterable[Found]) -> Found:
    """Return what any of several parts may find."""
    found = NOTHING
    for value in values:
        found |= value
    return found
