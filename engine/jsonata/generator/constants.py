"""Parts of an expression that are the same for all data: they are computed once, when it is compiled."""

from typing import Any

from engine.jsonata import nodes
from engine.jsonata.nodes import Node
from engine.jsonata.runtime.values import NULL, Made, Whole

__all__ = ["constant_of", "is_constant"]


def is_constant(node: Node) -> bool:
    """Whether a node is a literal, or a list or object of nothing but literals."""
    if node.filters or node.stages or node.group is not None or node.keep or node.rows:
        return False
    match node:
        case nodes.Literal():
            return True
        case nodes.Array():
            return all(map(is_constant, node.items))
        case nodes.Object():
            keys = [key.value for key, _ in node.pairs if isinstance(key, nodes.Literal)]
            texts = all(isinstance(key, str) for key in keys)
            distinct = len(keys) == len(set(keys)) == len(node.pairs)
            return texts and distinct and all(is_constant(value) for _, value in node.pairs)
    return False


def constant_of(node: Node, *, drops_nulls: bool) -> Any:
    """Return the value of a constant node, as an evaluation would make it."""
    match node:
        case nodes.Literal():
            return NULL if node.value is None and not drops_nulls else node.value
        case nodes.Array():
            made: list[Any] = Whole() if node.whole else Made()
            for item in node.items:
                value = constant_of(item, drops_nulls=drops_nulls)
                if isinstance(value, list) and not isinstance(item, nodes.Array):
                    made.extend(value)
                elif value is not None:
                    made.append(value)
            return made
        case nodes.Object():
            pairs = ((key, constant_of(value, drops_nulls=drops_nulls)) for key, value in node.pairs)
            return {key.value: value for key, value in pairs if value is not None and isinstance(key, nodes.Literal)}
    raise TypeError(type(node).__name__)
