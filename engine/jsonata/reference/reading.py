"""What an expression reads of its scope: the names, where in the text, and how far down."""

from collections.abc import Iterable
from typing import Any

from engine.jsonata.reference.data import Reads
from engine.jsonata.reference.functions import Callables
from engine.jsonata.reference.tree import Node, children, relative

__all__ = ["Reading", "mark_plain_paths"]


def mark_plain_paths(nodes: Iterable[Node]) -> None:
    """Give paths of nothing but names their `names`, for the evaluation to walk through objects at once."""
    for node in nodes:
        plain = node.type == "path" and node.group is None and not node.keep_singleton_array and node.tuple is None
        if plain and all(step.type == "name" and _is_bare(step) and step.tuple is None for step in node.steps):
            node.names = tuple(str(step.value) for step in node.steps)


class Reading:
    """The `names` and `paths` an expression reads, with offsets, `$` standing for the whole scope; and its `reads`."""

    def __init__(self, tree: Node, functions: Callables) -> None:
        self.names: dict[str, int] = {}
        self.paths: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._functions = functions
        self._reads: Reads = {}
        self._visit(tree, at_root=True)

    @property
    def reads(self) -> Reads | None:
        """What is read, by name; None where that is everything."""
        return None if "$" in self.names else self._reads

    def _visit(self, node: Node, *, at_root: bool) -> None:
        if node.type == "path":
            self._path(node, at_root=at_root)
            return
        if self._is_whole(node, at_root=at_root):
            self._name("$", node)
        elif node.type == "name" and at_root:
            self._read([node])
        inner = at_root and node.type != "transform"
        for part in children(node):
            if node.type == "apply" and part is node.rhs and part.type == "function":
                for argument in children(part):  # the left side is its first argument, so it takes no context
                    self._visit(argument, at_root=inner)
            else:
                self._visit(part, at_root=inner)
        for part in relative(node):
            self._visit(part, at_root=False)

    def _is_whole(self, node: Node, *, at_root: bool) -> bool:
        """Whether a node gives the scope itself, or something of it that cannot be named."""
        if node.type == "variable":
            return node.value == "$" or (node.value == "" and at_root)
        if node.type == "parent":
            return True
        if node.type in ("wildcard", "descendant"):
            return at_root
        return node.type == "function" and at_root and self._takes_context(node)

    def _takes_context(self, node: Node) -> bool:
        """Whether a call leaves out an argument for which the function then takes the context, as `$keys()` does."""
        function = self._functions.get(str(node.procedure.value)) if node.procedure.type == "variable" else None
        parameters: list[Any] = function.signature._params if function is not None else []  # noqa: SLF001
        if not any(parameter.context and "o" in parameter.regex for parameter in parameters):
            return False  # a scope is an object, which it cannot take
        given = len(node.arguments)
        needed = sum("?" not in parameter.regex for parameter in parameters)
        return given <= needed or (parameters[0].type == "o" and given < len(parameters))

    def _path(self, path: Node, *, at_root: bool) -> None:
        steps = path.steps
        first = steps[0]
        names_follow = len(steps) > 1 and steps[1].type == "name" and first.type == "variable" and _is_bare(first)
        if names_follow and self._is_whole(first, at_root=at_root):
            steps, at_root = steps[1:], True  # `$.name` and `$$.name` read one name, not everything
        bound = any(step.focus or step.index or step.ancestor for step in path.steps)
        chain = _chain(steps) if at_root else []
        if chain:
            self._read(chain[:1] if bound else chain)
        for index, step in enumerate(steps):
            # A step after `@$name` starts where that one started.
            starts = at_root and all(before.focus or before.type == "sort" for before in steps[:index])
            if step not in chain or (starts and index):
                self._visit(step, at_root=starts)
                continue
            for part in relative(step):
                self._visit(part, at_root=False)
        for part in relative(path):
            self._visit(part, at_root=False)

    def _read(self, chain: list[Node]) -> None:
        self._name(chain[0].value, chain[0])
        self.paths.setdefault(tuple(step.value for step in chain), tuple(step.position for step in chain))
        below = self._reads
        for step in chain[:-1]:
            further = below.setdefault(step.value, {})
            if further is None:
                return  # everything below is read anyway
            below = further
        below[chain[-1].value] = None

    def _name(self, name: str, node: Node) -> None:
        self.names[name] = min(self.names.get(name, node.position), node.position)


def _chain(steps: list[Node]) -> list[Node]:
    """Return the plain names a path starts with, up to and including the first that is filtered."""
    chain: list[Node] = []
    for step in steps:
        if step.type != "name":
            break
        chain.append(step)
        if not _is_bare(step):
            break
    return chain


def _is_bare(step: Node) -> bool:
    return not (step.stages or step.predicate or step.focus or step.index)
