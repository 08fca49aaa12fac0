"""The tree of an expression. Every node knows the characters it was written with: `start` to `end`, counted from 0.

The parser makes the nodes, `shaping` turns `a.b[c]` from operators into paths of steps with filters, `ancestry` finds
out which steps keep their parents for `%`. After that a tree never changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.jsonata.signatures import Signature

__all__ = [
    "Apply",
    "Array",
    "Binary",
    "Bind",
    "Block",
    "Call",
    "Condition",
    "Descendants",
    "Either",
    "Filter",
    "Group",
    "Hole",
    "Index",
    "Lambda",
    "Literal",
    "Name",
    "Negation",
    "Node",
    "Object",
    "Parent",
    "Partial",
    "Path",
    "Regex",
    "Slot",
    "Sort",
    "Sorting",
    "Term",
    "Transform",
    "Variable",
    "Wildcard",
    "children",
    "relative",
    "walk",
]


@dataclass(slots=True, eq=False)
class Slot:
    """Where the parent asked for by one `%` is kept: under a label, so many levels further up."""

    label: str
    level: int = 1


@dataclass(slots=True, eq=False)
class Node:
    """Any part of an expression, and what may follow any part."""

    start: int
    end: int = field(default=0, kw_only=True)
    depth: int = field(default=1, kw_only=True)
    keep: bool = field(default=False, kw_only=True)
    """Whether `[]` follows: a list of one stays a list."""
    filters: "list[Filter | Index]" = field(default_factory=list, kw_only=True)
    """The `[…]` that belong to this value itself."""
    stages: "list[Filter | Index]" = field(default_factory=list, kw_only=True)
    """The `[…]` of a step of a path: they apply to what the step finds from each value."""
    group: "Group | None" = field(default=None, kw_only=True)
    focus: str | None = field(default=None, kw_only=True)
    """The variable of `@$name`."""
    index: str | None = field(default=None, kw_only=True)
    """The variable of `#$name`."""
    ancestor: Slot | None = field(default=None, kw_only=True)
    """Where what this step starts from is kept, for a `%` further on."""
    rows: bool = field(default=False, kw_only=True)
    """Whether this step, and all after it, run over rows of values and the variables bound so far."""
    whole: bool = field(default=False, kw_only=True)
    """Whether the list this makes stays one value in a path, as an array at either end of it does."""
    seeking: list[Slot] = field(default_factory=list, kw_only=True)
    """The parents sought by `%` in this part, which lie further up."""


@dataclass(slots=True, eq=False)
class Literal(Node):
    """Text, a number, true, false or null."""

    value: Any


@dataclass(slots=True, eq=False)
class Name(Node):
    """A field; outside a path, a path of one step."""

    value: str


@dataclass(slots=True, eq=False)
class Variable(Node):
    """`$name`; `$` has the empty name, `$$` the name `$`."""

    name: str


@dataclass(slots=True, eq=False)
class Wildcard(Node):
    """`*`: the values of all fields."""


@dataclass(slots=True, eq=False)
class Descendants(Node):
    """`**`: everything at any depth."""


@dataclass(slots=True, eq=False)
class Parent(Node):
    """`%`: what holds the current value."""

    slot: Slot


@dataclass(slots=True, eq=False)
class Regex(Node):
    """`/pattern/flags`."""

    pattern: str
    flags: str


@dataclass(slots=True, eq=False)
class Negation(Node):
    """`-x`."""

    expression: Node


@dataclass(slots=True, eq=False)
class Array(Node):
    """`[a, b]`."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class Object(Node):
    """`{key: value, …}` on its own."""

    pairs: list[tuple[Node, Node]]


@dataclass(slots=True, eq=False)
class Group:
    """`{key: value, …}` after an expression: its results grouped by key."""

    start: int
    pairs: list[tuple[Node, Node]]


@dataclass(slots=True, eq=False)
class Binary(Node):
    """An operator between two values."""

    operator: str
    at: int
    """Where the operator stands."""
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Either(Node):
    """`left ?? right`, `left ?: right`: the left side where it is there, or counts as true."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Condition(Node):
    """`test ? then : otherwise`."""

    test: Node
    then: Node
    otherwise: Node | None


@dataclass(slots=True, eq=False)
class Block(Node):
    """`( … ; … )`, with variables of its own."""

    expressions: list[Node]


@dataclass(slots=True, eq=False)
class Bind(Node):
    """`$name := value`; `start` is that of the variable."""

    name: str
    value: Node


@dataclass(slots=True, eq=False)
class Call(Node):
    """`procedure(arguments)`."""

    procedure: Node
    arguments: list[Node]


@dataclass(slots=True, eq=False)
class Hole(Node):
    """`?` in place of an argument."""


@dataclass(slots=True, eq=False)
class Partial(Node):
    """`procedure(argument, ?)`: a function of the arguments that are left out."""

    procedure: Node
    arguments: list[Node]


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """`function($parameters)<signature>{ body }`."""

    parameters: list[Variable]
    signature: Signature | None
    body: Node


@dataclass(slots=True, eq=False)
class Apply(Node):
    """`left ~> right`."""

    at: int
    """Where the operator stands."""
    left: Node
    right: Node


@dataclass(slots=True, eq=False)
class Transform(Node):
    """`|pattern|update, delete|`: a function that returns a changed copy."""

    pattern: Node
    update: Node
    delete: Node | None


@dataclass(slots=True, eq=False)
class Term:
    """One key of `^(<key, >key)`."""

    expression: Node
    descending: bool


@dataclass(slots=True, eq=False)
class Sorting(Node):
    """`left^(terms)`, as the parser reads it."""

    left: Node
    terms: list[Term]


@dataclass(slots=True, eq=False)
class Sort(Node):
    """`^(terms)` as a step of a path."""

    terms: list[Term]


@dataclass(slots=True, eq=False)
class Filter:
    """`[expression]` after a step: those of its results that pass, or the one of that number."""

    expression: Node
    start: int


@dataclass(slots=True, eq=False)
class Index:
    """`#$name` after a filter: the variable counts what passed."""

    name: str
    start: int


@dataclass(slots=True, eq=False)
class Path(Node):
    """Steps, each taken from every result of the one before."""

    steps: list[Node]
    keeps: bool = False
    """Whether a list of one stays a list, because `[]` stands somewhere on the way."""


def children(node: Node) -> Iterator[Node]:  # noqa: C901, PLR0912 - a table of the kinds of nodes
    """Yield what is evaluated in the same context as a node; for a path, its steps."""
    match node:
        case Path():
            yield from node.steps
        case Binary() | Either() | Apply():
            yield from (node.left, node.right)
        case Condition():
            yield from (node.test, node.then)
            if node.otherwise is not None:
                yield node.otherwise
        case Call() | Partial():
            yield from (node.procedure, *node.arguments)
        case Sorting():
            yield from (node.left, *(term.expression for term in node.terms))
        case Block():
            yield from node.expressions
        case Array():
            yield from node.items
        case Object():
            yield from (part for pair in node.pairs for part in pair)
        case Lambda():
            yield node.body
        case Negation():
            yield node.expression
        case Bind():
            yield node.value
        case Transform():
            yield from (node.pattern, node.update)
            if node.delete is not None:
                yield node.delete


def relative(node: Node) -> Iterator[Node]:
    """Yield what is evaluated on the results of a node: its filters, sort keys and groups."""
    yield from (stage.expression for stage in (*node.filters, *node.stages) if isinstance(stage, Filter))
    if isinstance(node, Sort):
        yield from (term.expression for term in node.terms)
    if node.group is not None:
        yield from (part for pair in node.group.pairs for part in pair)


def walk(tree: Node) -> Iterator[Node]:
    """Yield a node and all below it, in no particular order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [*children(node), *relative(node)]
