"""What a round of a loop costs for the size of its body: fuel bounds time only if large bodies are paid for as such."""

from engine.jsonata import nodes
from engine.jsonata.nodes import Node

__all__ = ["Weights", "for_each"]

#: So many nodes of a body cost a unit; a body of fewer than twice as many is paid for with its round.
_NODES = 8


def for_each(units: int, values: str) -> str:
    """Return code for so many units for each of some values."""
    return f"len({values})" if units == 1 else f"{units} * len({values})"


class Weights:
    """Counts the nodes of a tree, each once."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def of(self, *parts: Node) -> int:
        """Return the units that evaluating some parts costs."""
        return max(0, sum(map(self._count, parts)) // _NODES - 1)

    def _count(self, node: Node) -> int:
        count = self._counts.get(id(node))
        if count is None:
            count = 1 + sum(map(self._count, nodes.children(node))) + sum(map(self._count, nodes.relative(node)))
            self._counts[id(node)] = count
        return count
