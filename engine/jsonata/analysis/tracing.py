"""An expression, run on names instead of data: what it would find becomes the places it would find it at.

Lists count for nothing: `a.b` is the same path whether `a` is an object or a list of them.
"""

from collections.abc import Mapping, Sequence

from engine.jsonata import nodes
from engine.jsonata.analysis.passing import builtin
from engine.jsonata.analysis.places import NOTHING, Found, Steps, Wild, below, together
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node

__all__ = ["TooMuch", "Tracing"]

#: How many parts of an expression are looked at, the bodies of functions once for each call.
MOST_PARTS = 20_000
#: How often a function may call itself before everything below its arguments counts as read.
MOST_CALLS = 4

#: Steps that find something below what they start from, or nothing.
_LEADING = (nodes.Name, nodes.Wildcard, nodes.Descendants)

_Names = dict[str, Found]


class TooMuch(Exception):
    """More parts than are looked at."""


class Tracing:
    """Runs an expression on places. `read` is what was used so far."""

    def __init__(self, library: Mapping[str, Builtin]) -> None:
        self.read: set[tuple[Steps, bool]] = set()
        self._library = library
        self._parents: dict[str, Found] = {}
        self._calls: dict[int, int] = {}
        self._parts = 0

    # -- what is used ----------------------------------------------------------------------------------------------

    def use(self, value: Found, *, deep: bool) -> None:
        """Count the places of a value as read; a function is called, for what it reads by itself."""
        self.read.update((place, deep) for place in value.places)
        for function in value.functions:
            function(())

    def made(self, *values: Found, deep: bool = True) -> Found:
        """Return what is made of values, which are used for it."""
        made = NOTHING
        for value in values:
            self.use(value, deep=deep)
            made |= value.whole
        return made

    # -- parts -----------------------------------------------------------------------------------------------------

    def value(self, node: Node, context: Found, names: _Names) -> Found:
        """Return what a part finds in a context; `names` are the variables."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooMuch
        return self._followed(node, self._alone(node, context, names), names)

    def _followed(self, node: Node, found: Found, names: _Names) -> Found:
        """Return what is left after the filters and the grouping that follow a part."""
        for stage in (*node.filters, *node.stages):
            if isinstance(stage, nodes.Filter):
                self.use(self.value(stage.expression, found, names), deep=False)
            else:
                names[stage.name] = NOTHING
        return found if node.group is None else self._pairs(node.group.pairs, found, names)

    def _alone(self, node: Node, context: Found, names: _Names) -> Found:  # noqa: C901, PLR0912 - a table of nodes
        match node:
            case nodes.Path():
                return self._path(node, context, names)
            case nodes.Name():
                return below(context, node.value)
            case nodes.Wildcard():
                return below(context, Wild.CHILD) | context  # of a list within a list, its elements
            case nodes.Descendants():
                return below(context, Wild.BELOW)
            case nodes.Variable():
                return self._variable(node, context, names)
            case nodes.Parent():
                return self._parents.get(node.slot.label, NOTHING)
            case nodes.Binary():
                return self._operator(node, context, names)
            case nodes.Negation():
                return self.made(self.value(node.expression, context, names), deep=False)
            case nodes.Array():
                return together(self.value(item, context, names) for item in node.items)
            case nodes.Object():
                return self._pairs(node.pairs, context, names)
            case nodes.Either():
                left = self.value(node.left, context, names)
                self.use(left, deep=False)
                return left | self.value(node.right, context, names)
            case nodes.Condition():
                self.use(self.value(node.test, context, names), deep=False)
                parts = (node.then,) if node.otherwise is None else (node.then, node.otherwise)
                return together(self.value(part, context, names) for part in parts)
            case nodes.Block():
                return self._block(node, context, names)
            case nodes.Bind():
                names[node.name] = self.value(node.value, context, names)
                return names[node.name]
            case nodes.Lambda():
                return Found(functions=(lambda given: self._called(node, context, names, given),))
            case nodes.Transform():
                return Found(functions=(lambda given: self._transformed(node, names, given),))
            case nodes.Call() | nodes.Partial():
                return self._call(node, context, names, ())
            case nodes.Apply():
                return self._applied(node, context, names)
        return NOTHING

    def _path(self, path: nodes.Path, context: Found, names: _Names) -> Found:
        names = dict(names)
        for step in path.steps:
            if step.ancestor is not None:
                label = step.ancestor.label
                self._parents[label] = self._parents.get(label, NOTHING) | context
            if isinstance(step, nodes.Sort):
                for term in step.terms:
                    self.use(self.value(term.expression, context, names), deep=False)
                continue
            if step is not path.steps[0] and not isinstance(step, _LEADING):
                self.use(context, deep=False)  # the step is taken as often as there is something
            found = self._alone(step, context, names)
            if step.index is not None:
                names[step.index] = NOTHING
            if step.focus is not None:
                names[step.focus] = found
            found = self._followed(step, found, names)
            if step.focus is None:
                context = found
            else:
                self.use(found, deep=False)
        return context

    def _variable(self, node: nodes.Variable, context: Found, names: _Names) -> Found:
        if node.name == "":
            return context
        if node.name == "$":
            return Found(frozenset({()}))
        if node.name in names:
            return names[node.name]
        name = node.name
        return Found(functions=(lambda given: builtin(self, name, given),)) if name in self._library else NOTHING

    def _operator(self, node: nodes.Binary, context: Found, names: _Names) -> Found:
        left, right = self.value(node.left, context, names), self.value(node.right, context, names)
        made = self.made(left, right, deep=node.operator in ("=", "!=", "in", "&"))
        return made if node.operator in ("&", "+", "-", "*", "/", "%") else NOTHING

    def _pairs(self, pairs: Sequence[tuple[Node, Node]], context: Found, names: _Names) -> Found:
        return self.made(*(self.value(part, context, names) for pair in pairs for part in pair))

    def _block(self, node: nodes.Block, context: Found, names: _Names) -> Found:
        inner, found = dict(names), NOTHING
        for expression in node.expressions:
            found = self.value(expression, context, inner)
        return found

    # -- calls -----------------------------------------------------------------------------------------------------

    def _call(
        self, node: nodes.Call | nodes.Partial, context: Found, names: _Names, before: tuple[Found, ...]
    ) -> Found:
        """Return what a call gives; `before` are arguments that `~>` brings along."""
        holes = [isinstance(argument, nodes.Hole) for argument in node.arguments]
        given = [*before, *(self.value(argument, context, names) for argument in node.arguments)]
        if not before and self._takes_context(node, names):
            given.insert(0, context)
        called = self.value(node.procedure, context, names)
        if not any(holes):
            return self.applied(called, given)
        open_ = [len(before) + number for number, hole in enumerate(holes) if hole]

        def filled(more: Sequence[Found]) -> Found:
            whole = list(given)
            for number, value in zip(open_, more, strict=False):
                whole[number] = value
            return self.applied(called, whole)

        return Found(functions=(filled,))

    def _takes_context(self, node: nodes.Call | nodes.Partial, names: _Names) -> bool:
        """Whether the context stands for the first argument: where one is missing, or the first cannot be it."""
        name = node.procedure.name if isinstance(node.procedure, nodes.Variable) else ""
        parameters = self._library[name].signature.parameters if name in self._library and name not in names else ()
        if not parameters or not parameters[0].context or len(node.arguments) >= len(parameters):
            return False
        needed = sum(not (parameter.optional or parameter.context) for parameter in parameters)
        first = node.arguments[0] if node.arguments else None
        letter = {str: "s", int: "n", float: "n", bool: "b"}.get(type(getattr(first, "value", None)))
        wrong = isinstance(first, nodes.Literal) and letter is not None and letter not in parameters[0].letters
        return len(node.arguments) <= needed or wrong

    def _applied(self, node: nodes.Apply, context: Found, names: _Names) -> Found:
        left = self.value(node.left, context, names)
        if isinstance(node.right, nodes.Call):
            return self._followed(node.right, self._call(node.right, context, names, (left,)), names)
        right = self.value(node.right, context, names)
        if left.functions and not left.places:
            return Found(functions=(lambda given: self.applied(right, [self.applied(left, given)]),))
        return self.applied(right, [left])

    def applied(self, procedure: Found, given: Sequence[Found]) -> Found:
        """Return what the functions that a value may be give for arguments."""
        self.use(Found(procedure.places), deep=False)
        if not procedure.functions:
            return self.made(*given)
        return together(function(given) for function in procedure.functions)

    def _called(self, node: nodes.Lambda, context: Found, names: _Names, given: Sequence[Found]) -> Found:
        """Return what a function of the expression gives; one that calls itself reads everything it could reach."""
        depth = self._calls.get(id(node), 0)
        if depth >= MOST_CALLS:
            below = together(given)
            self.use(Found(below.places), deep=True)
            return Found(frozenset((*place, Wild.BELOW) for place in below.places), below.made)
        self._calls[id(node)] = depth + 1
        missing = len(node.parameters) - len(given)
        stands_in = node.signature is not None and any(parameter.context for parameter in node.signature.parameters)
        arguments = [*([context] * (missing > 0 and stands_in)), *given]
        bound = dict(zip((parameter.name for parameter in node.parameters), arguments, strict=False))
        absent = {parameter.name: NOTHING for parameter in node.parameters}
        try:
            return self.value(node.body, context, {**names, **absent, **bound})
        finally:
            self._calls[id(node)] = depth

    def _transformed(self, node: nodes.Transform, names: _Names, given: Sequence[Found]) -> Found:
        """Return what a transform gives: what it was given, with some of it replaced."""
        whole = together(given)
        matched = self.value(node.pattern, whole, names)
        parts = [node.update, *([] if node.delete is None else [node.delete])]
        self.use(matched, deep=False)
        return whole | self.made(*(self.value(part, matched, names) for part in parts))
