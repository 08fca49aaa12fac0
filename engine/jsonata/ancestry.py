"""Which steps of a path have to keep what they start from, so that `%` finds its parent.

The algorithm is that of jsonata-js; https://docs.jsonata.org/path-operators#-parent says what it is for.
"""

from typing import TypeVar

from engine.jsonata import nodes
from engine.jsonata.nodes import Node, Path, Slot
from engine.jsonata.problems import SyntaxProblem

__all__ = ["pass_up", "resolve", "seek_in_filter"]

AnyNode = TypeVar("AnyNode", bound=Node)


def pass_up(node: AnyNode, *parts: Node) -> AnyNode:
    """Let a node seek the parents that its parts could not find within themselves; returns the node."""
    for part in parts:
        node.seeking += _sought(part)
    return node


def _sought(part: Node) -> list[Slot]:
    return [*part.seeking, part.slot] if isinstance(part, nodes.Parent) else part.seeking


def resolve(path: Path) -> None:
    """Find the parents that the last step of a path seeks, among the steps before it."""
    for slot in list(_sought(path.steps[-1])):
        index = len(path.steps) - 2
        while slot.level > 0:
            if index < 0:
                path.seeking.append(slot)
                break
            step = path.steps[index]
            index -= 1
            while index >= 0 and step.focus and path.steps[index].focus:
                step = path.steps[index]  # steps that bind a variable all start from the same value
                index -= 1
            _seek(step, slot)


def seek_in_filter(step: Node, expression: Node) -> None:
    """Find the parents that a filter seeks: the first is what its step starts from."""
    for slot in _sought(expression) if not isinstance(expression, nodes.Parent) else expression.seeking:
        if slot.level == 1:
            _seek(step, slot)
        else:
            slot.level -= 1
    pass_up(step, expression)


def _seek(node: Node, slot: Slot) -> None:
    """Look for a parent in a step; its level counts down for each level it goes up."""
    match node:
        case nodes.Name() | nodes.Wildcard():
            slot.level -= 1
            if slot.level == 0:
                if node.ancestor is not None:
                    slot.label = node.ancestor.label
                node.ancestor = slot
                node.rows = True
        case nodes.Parent():
            slot.level += 1
        case nodes.Block():
            if node.expressions:
                node.rows = True
                _seek(node.expressions[-1], slot)
        case Path():
            node.rows = True
            index = len(node.steps) - 1
            _seek(node.steps[index], slot)
            while slot.level > 0 and index > 0:
                index -= 1
                _seek(node.steps[index], slot)
        case _:
            raise SyntaxProblem("S0217", "`%` has no parent here; what stands before it keeps none", node.start)
