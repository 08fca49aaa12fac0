"""Which paths an expression reads, how far down, and which of them its value is made of.

Where a place cannot be told, more is said to be read than is; never less than its value needs. (What it fails at is not
counted as read.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.jsonata.analysis.places import Found, Steps, covers
from engine.jsonata.analysis.tracing import TooMuch, Tracing
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node

__all__ = ["Read", "Reads", "reads"]


@dataclass(frozen=True, slots=True)
class Read:
    """One path; `deep` where everything below it counts as well.

    Otherwise only what stands there: of an object, that it is one and whether anything is in it.
    """

    path: Steps
    deep: bool

    def covers(self, names: Sequence[str]) -> bool:
        """Whether what stands at these names is read."""
        return covers(self.path, names, deep=self.deep)


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads of its scope.

    `read` is all of it; `places` are those whose value can come out as it is, `made` those that go into a value that is
    made of them, as in `first & " " & last`. What is only compared, counted or asked for is in neither.
    """

    read: frozenset[Read]
    places: frozenset[Steps]
    made: frozenset[Steps]


def reads(tree: Node, library: Mapping[str, Builtin]) -> Reads:
    """Return what an expression reads; `library` are the functions it may call."""
    tracing = Tracing(library)
    try:
        found = tracing.value(tree, Found(frozenset({()})), {})
        tracing.use(found, deep=True)
    except TooMuch:
        whole: frozenset[Steps] = frozenset({()})
        return Reads(frozenset({Read((), deep=True)}), whole, whole)
    return Reads(frozenset(Read(*read) for read in tracing.read), found.places, found.made)
