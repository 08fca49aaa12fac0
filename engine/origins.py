"""Where the value of a field comes from: given by the provider, or derived from what it gives.

Given is a path into the raw items, or one reading of it: another unit, another notation, the first of several places
where it may stand, only where a condition holds. Whatever is put together, counted, compared or written in the mapping
is derived.
"""

from collections.abc import Mapping as MappingOf
from typing import Literal

from engine.jsonata import Program, nodes
from engine.jsonata.nodes import Array, Binary, Bind, Block, Call, Condition, Either, Name, Node, Object, Path, Variable
from engine.mapping import Mapping, Resource
from engine.plan import chain, computed

__all__ = ["Origin", "origin", "origins"]

Origin = Literal["given", "derived"]

#: Functions that read one value and make it no other.
_READINGS = {
    *("time", "seconds", "percent", "plain", "xml", "json", "toMillis", "fromMillis"),
    *("string", "number", "trim", "distinct", "lowercase", "uppercase", "round", "floor", "ceil"),
}
#: What is not the provider's.
_OURS = {"connection", "run", "filter"}


def origins(mapping: Mapping, resource: Resource) -> dict[str, Origin]:
    """Return the origin of every field a resource gives; of a table of words, that of the provider's word."""
    made = {loop.name for loop in chain(mapping, resource.for_) if computed(mapping, loop.fetch)}
    programs = {**resource.fields, **{name: words.from_ for name, words in resource.words.items()}}
    return {name: origin(program, frozenset(_OURS | made)) for name, program in programs.items()}


def origin(program: Program, made: frozenset[str]) -> Origin:
    """Return the origin of what an expression finds; `made` are the names of what no provider gave."""
    return "given" if _given(program.parsed.tree, made, {}) else "derived"


def _given(node: Node, made: frozenset[str], bound: MappingOf[str, Node]) -> bool:
    """Whether a node finds one value as the provider gave it."""
    match node:
        case Path(steps=[first, *rest]):
            return _starts(first, made, bound) and all(_steps(step, bound) for step in rest)
        case Variable():
            return not node.name.strip("$") or (node.name in bound and _given(bound[node.name], made, bound))
        case Condition() | Either() | Array() | Object():
            return all(_given(part, made, bound) for part in _parts(node))
        case Binary(operator="*" | "/"):
            return isinstance(node.right, nodes.Literal) and _given(node.left, made, bound)
        case Call(procedure=Variable(name=name)):
            reads = name in _READINGS and (name != "percent" or len(node.arguments) == 1)
            return reads and _given(node.arguments[0], made, bound)
        case Block():
            return _block(node, made, bound)
    return False


def _parts(node: Condition | Either | Array | Object) -> list[Node]:
    """Return the values of which a node gives one, or each as it is."""
    match node:
        case Condition():
            return [part for part in (node.then, node.otherwise) if part is not None]
        case Either():
            return [node.left, node.right]
        case Array():
            return node.items
        case Object():
            return [value for _, value in node.pairs]


def _starts(step: Node, made: frozenset[str], bound: MappingOf[str, Node]) -> bool:
    return step.value not in made if isinstance(step, Name) else _given(step, made, bound)


def _steps(step: Node, bound: MappingOf[str, Node]) -> bool:
    """Whether a step leads further into what was given; its names are those of the raw item, not of the scope."""
    return isinstance(step, Name) or _given(step, frozenset(), bound)


def _block(node: Block, made: frozenset[str], bound: MappingOf[str, Node]) -> bool:
    binds = {part.name: part.value for part in node.expressions[:-1] if isinstance(part, Bind)}
    return bool(node.expressions) and _given(node.expressions[-1], made, {**bound, **binds})
