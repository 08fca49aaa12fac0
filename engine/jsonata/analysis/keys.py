"""The keys of the objects that can come out of an expression, where they are written in it."""

from collections.abc import Iterator, Sequence

from engine.jsonata import nodes
from engine.jsonata.nodes import Node

__all__ = ["output_keys"]

#: Functions whose results are elements of their first argument.
_PASSING = frozenset({"append", "distinct", "filter", "reverse", "sort", "single"})


def output_keys(tree: Node) -> tuple[tuple[str, int], ...]:
    """Return the keys of the objects an expression can give, also within lists, each with its offset."""
    return tuple(
        (key.value, key.start)
        for pairs in _objects(tree)
        for key, _ in pairs
        if isinstance(key, nodes.Literal) and isinstance(key.value, str) and not key.filters
    )


def _objects(node: Node) -> Iterator[list[tuple[Node, Node]]]:
    """Yield the pairs of each object that a node can give."""
    if node.group is not None:
        yield node.group.pairs
    elif isinstance(node, nodes.Object):
        yield node.pairs
    else:
        for part in _ends(node):
            yield from _objects(part)


def _ends(node: Node) -> Sequence[Node]:
    """Return the parts of which a node gives the value, or one of them, or a list."""
    match node:
        case nodes.Array():
            return node.items
        case nodes.Path():
            return node.steps[-1:]
        case nodes.Block():
            return node.expressions[-1:]
        case nodes.Either():
            return (node.left, node.right)
        case nodes.Condition():
            return (node.then,) if node.otherwise is None else (node.then, node.otherwise)
        case nodes.Call():
            return _ends_of_call(node)
    return ()


def _ends_of_call(node: nodes.Call) -> Sequence[Node]:
    name = node.procedure.name if isinstance(node.procedure, nodes.Variable) else ""
    if name == "map" and len(node.arguments) == 2 and isinstance(node.arguments[1], nodes.Lambda):
        return (node.arguments[1].body,)
    return node.arguments if name in _PASSING else ()
