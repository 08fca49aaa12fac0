"""What an expression reads of its scope: the names, where in the text, and how far down."""

from collections.abc import Mapping

from engine.jsonata import nodes
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node, Path, children, relative

__all__ = ["Reading"]


class Reading:
    """The `names` and `paths` an expression reads, each with its offsets, `$` standing for the whole scope.

    `path` are its steps if it is a plain dotted path; `asks_time` is where it asks for the time, or None.
    """

    def __init__(self, tree: Node, library: Mapping[str, Builtin]) -> None:
        self.names: dict[str, int] = {}
        self.paths: dict[tuple[str, ...], tuple[int, ...]] = {}
        self.asks_time: int | None = None
        self._library = library
        self._visit(tree, at_root=True)
        self.path = self._plain(tree)

    def _plain(self, tree: Node) -> tuple[str, ...] | None:
        if not isinstance(tree, Path) or tree.group is not None or tree.keeps or tree.keep:
            return None
        chain = _chain(tree.steps)
        return tuple(step.value for step in chain) if len(chain) == len(tree.steps) and _is_bare(chain[-1]) else None

    def _visit(self, node: Node, *, at_root: bool) -> None:
        if isinstance(node, Path):
            self._path(node, at_root=at_root)
            return
        if self._is_whole(node, at_root=at_root):
            self._name("$", node)
        if isinstance(node, nodes.Name) and at_root:
            self._read([node])
        if isinstance(node, nodes.Variable) and node.name in ("now", "millis") and node.name in self._library:
            self.asks_time = node.start if self.asks_time is None else min(self.asks_time, node.start)
        inner = at_root and not isinstance(node, nodes.Transform)
        for part in children(node):
            if isinstance(node, nodes.Apply) and part is node.right and isinstance(part, nodes.Call):
                for argument in children(part):  # the left side is its first argument, so it takes no context
                    self._visit(argument, at_root=inner)
            else:
                self._visit(part, at_root=inner)
        for part in relative(node):
            self._visit(part, at_root=False)

    def _is_whole(self, node: Node, *, at_root: bool) -> bool:
        """Whether a node gives the scope itself, or something of it that cannot be named."""
        match node:
            case nodes.Variable():
                return node.name == "$" or (node.name == "" and at_root)
            case nodes.Parent():
                return True
            case nodes.Wildcard() | nodes.Descendants():
                return at_root
            case nodes.Call():
                return at_root and self._takes_context(node)
        return False

    def _takes_context(self, node: nodes.Call) -> bool:
        """Whether a call leaves out an argument for which the function then takes the context, as `$keys()` does."""
        builtin = self._library.get(node.procedure.name) if isinstance(node.procedure, nodes.Variable) else None
        parameters = builtin.signature.parameters if builtin is not None else ()
        if not any(parameter.context and "o" in parameter.letters for parameter in parameters):
            return False  # a scope is an object, which it cannot take
        given = len(node.arguments)
        needed = sum(not (parameter.optional or parameter.context) for parameter in parameters)
        return given <= needed or (parameters[0].type == "o" and given < len(parameters))

    def _path(self, path: Path, *, at_root: bool) -> None:
        steps = path.steps
        first = steps[0]
        names_follow = len(steps) > 1 and isinstance(steps[1], nodes.Name) and isinstance(first, nodes.Variable)
        if names_follow and _is_bare(first) and self._is_whole(first, at_root=at_root):
            steps, at_root = steps[1:], True  # `$.name` and `$$.name` read one name, not everything
        bound = any(step.focus or step.index or step.ancestor for step in path.steps)
        chain = _chain(steps) if at_root else []
        if chain:
            self._read(chain[:1] if bound else chain)
        for index, step in enumerate(steps):
            # A step after `@$name` starts where that one started.
            starts = at_root and all(before.focus or isinstance(before, nodes.Sort) for before in steps[:index])
            if step not in chain or (starts and index):
                self._visit(step, at_root=starts)
                continue
            for part in relative(step):
                self._visit(part, at_root=False)
        for part in relative(path):
            self._visit(part, at_root=False)

    def _read(self, chain: list[nodes.Name]) -> None:
        self._name(chain[0].value, chain[0])
        self.paths.setdefault(tuple(step.value for step in chain), tuple(step.start for step in chain))

    def _name(self, name: str, node: Node) -> None:
        self.names[name] = min(self.names.get(name, node.start), node.start)


def _chain(steps: list[Node]) -> list[nodes.Name]:
    """Return the plain names a path starts with, up to and including the first that is filtered."""
    chain: list[nodes.Name] = []
    for step in steps:
        if not isinstance(step, nodes.Name):
            break
        chain.append(step)
        if not _is_bare(step):
            break
    return chain


def _is_bare(step: Node) -> bool:
    return not (step.stages or step.filters or step.focus or step.index or step.keep)
