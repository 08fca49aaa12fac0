"""Code for any part of an expression: dispatch by kind of node, and what every node may have after it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from engine.jsonata import nodes
from engine.jsonata.generator.constants import constant_of, is_constant
from engine.jsonata.generator.scope import Context, Frame, Value
from engine.jsonata.generator.weighing import Weights
from engine.jsonata.generator.writer import Writer
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node

__all__ = ["Generator"]

#: How many loops stand in each other before a function is made of the inner ones: Python allows twenty.
_MOST_LOOPS = 8

Emit = Callable[["Generator", Any, Context], Value]


class Generator:
    """Writes code for trees. `library` are the functions by name; with `drops_nulls`, null means absent."""

    #: What writes each kind of node; the modules beside this one add theirs.
    emitters: ClassVar[dict[type[Node], Emit]] = {}

    def __init__(self, library: Mapping[str, Builtin], *, drops_nulls: bool) -> None:
        self.writer = Writer()
        self.weights = Weights()
        self.library = library
        self.drops_nulls = drops_nulls
        self.root = "root"
        self.root_is_object = False
        self.row_names: list[str] = []
        """The variables that rows may have, of all paths with `@`, `#` or `%`."""
        self._tuples: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.prefixes: dict[tuple[str, ...], str] = {}
        self.head: dict[str, list[tuple[str, str]]] = {}
        """What is looked up below the root: by the name of what holds it, a name for it and what it is there."""

    def base(self, node: Node, context: Context) -> Value:
        """Write a node with its filters and its group; the value may be a sequence that is still to be unwrapped."""
        around, self.writer.offset = self.writer.offset, node.start
        value = self._folded(node) or self.emitters[type(node)](self, node, context)
        for stage in node.filters:
            value = self.filtered(value, stage, context)
        if node.group is not None and not isinstance(node, nodes.Path):
            value = self.grouped(value, node.group, context)
        self.writer.offset = around
        return value

    def _folded(self, node: Node) -> Value | None:
        if not is_constant(node):
            return None
        value = constant_of(node, drops_nulls=self.drops_nulls)
        kind = {str: "text", int: "number", float: "number", bool: "bool"}.get(type(value), "any")
        return Value(self.writer.constant(value), kind, made=kind == "any")

    def value(self, node: Node, context: Context) -> Value:
        """Write a node; lists of the data may still have nulls in them (`raw`)."""
        return self.finished(node, self.base(node, context))

    def finished(self, node: Node, value: Value) -> Value:
        """Return what the value of a node stands for, where it is a sequence."""
        if node.keep and not isinstance(node, nodes.Path):
            return self._kept(value)
        if value.kind == "seq":
            return Value(f"single({value.code})", "any", value.made)
        return value

    def _kept(self, value: Value) -> Value:
        if value.kind in ("bool", "maybe", "text", "words", "number"):
            return value
        name = self.writer.named(value.code)
        return Value(f"kept(run, {name}) if isinstance({name}, Seq) else {name}", "any", value.made)

    def tuple_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the one tuple for some names, so that it becomes one constant."""
        return self._tuples.setdefault(names, names)

    def settled(self, node: Node, context: Context) -> Value:
        """Write a node; the value is what every function of the runtime may get."""
        return self.settle(self.value(node, context))

    def settle(self, value: Value) -> Value:
        """Return a value without nulls in its list, if it is one."""
        if value.kind != "raw":
            return value
        if not self.drops_nulls:
            return value._replace(kind="any")
        name = value.code if value.code != self.root and value.code.isidentifier() else self.writer.named(value.code)
        with self.writer.block(f"if type({name}) is list:"):
            self.writer.assign(name, f"scanned(run, {name})")
        return Value(name, "any", value.made)

    def spend(self, units: str) -> None:
        """Write what it costs to go through something."""
        self.writer.line(f"run.left -= {units}")
        with self.writer.block("if run.left < 0:"):
            self.writer.line("run.out()")

    def spend_for(self, body: Node) -> None:
        """Write what it costs, at the start of a function, that its body is large."""
        weight = self.weights.of(body)
        if weight:
            self.spend(str(weight))

    def variable(self, name: str, frame: Frame) -> str:
        """Return code for a variable: of a frame, or a function of the library, or nothing."""
        builtin = self.library.get(name)
        return frame.find(name) or ("None" if builtin is None else self.writer.constant(builtin.function))

    def named(self, value: Value) -> Value:
        """Return a value that can be used more than once."""
        if value.code.isidentifier() and value.code not in ("None", "True", "False"):
            return value
        return value._replace(code=self.writer.named(value.code))

    def truth(self, value: Value) -> str:
        """Return code for whether a value counts as true."""
        if value.kind in ("bool", "maybe", "text", "words"):
            return value.code
        name = self.named(value).code
        return f"({name} if type({name}) in PLAIN else holds(run, {name}))"

    @property
    def is_deep(self) -> bool:
        """Whether what loops next needs a function of its own: Python does not allow many loops in each other."""
        return self.writer.loops >= _MOST_LOOPS

    def closes(self, part: Node) -> bool:
        """Whether what loops over a part needs a function: one made in a loop must keep the values of its round."""
        return self.is_deep or any(isinstance(node, nodes.Lambda | nodes.Transform) for node in nodes.walk(part))

    def in_function(self, emit: Callable[[Context], Value], context: Context, body: Node) -> str:
        """Write a function of a context and return its name; `emit` writes its body."""
        name, item = self.writer.fresh(), self.writer.fresh()
        with self.writer.function(name, item):
            self.spend_for(body)
            value = self.settle(emit(context._replace(code=item, is_object=False, is_root=False)))
            self.writer.line(f"return {value.code}")
        return name

    def function(self, node: nodes.Lambda, context: Context, body: str) -> Value:
        """Write a function of the expression, whose body Python is to call so; `calls` says how."""
        from engine.jsonata.generator.calls import function

        return function(self, node, context, body)

    def filtered(self, value: Value, stage: Any, context: Context) -> Value:
        """Write a filter; `conditions` says how."""
        from engine.jsonata.generator.conditions import filtered
        from engine.jsonata.generator.rows import row_stage

        if value.kind == "rows":
            return Value(row_stage(self, stage, value.code, context), "rows")
        return filtered(self, value, stage, context)

    def grouped(self, value: Value, group: nodes.Group, context: Context) -> Value:
        """Write a grouping; `objects` says how."""
        from engine.jsonata.generator.objects import grouped

        return grouped(self, self.settle(value), group.pairs, context)
