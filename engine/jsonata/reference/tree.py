"""The tree of jsonata-python, walked: every node below a node, whatever attribute it hangs on."""

from collections.abc import Iterator
from typing import Any

from engine.jsonata.reference.package import Parser

__all__ = ["Node", "children", "depth", "nodes"]

Node = Any

_PARTS = ("lhs", "rhs", "expression", "condition", "then", "_else", "body", "procedure", "pattern", "update", "delete")
_LISTS = ("expressions", "arguments", "steps")


def children(node: Node) -> Iterator[Node]:
    """Yield what is evaluated in the same context as a node; for a path, its steps."""
    for name in _PARTS:
        part = getattr(node, name)
        if isinstance(part, Parser.Symbol):
            yield part
    for name in _LISTS:
        yield from getattr(node, name) or ()
    for pair in node.lhs_object or ():
        yield from pair


def relative(node: Node) -> Iterator[Node]:
    """Yield what is evaluated on the results of a node: its filters, sort keys and groups."""
    for part in [*(node.predicate or ()), *(node.stages or ())]:
        if isinstance(part.expr, Parser.Symbol):
            yield part.expr
    for term in node.terms or ():
        yield term.expression
    if node.group is not None:
        for pair in node.group.lhs_object:
            yield from pair


def nodes(tree: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [*children(node), *relative(node)]


def depth(tree: Node) -> int:
    """Return how many levels a tree has."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(part, level + 1) for part in (*children(node), *relative(node))]
    return deepest
