"""What is wrong with an expression, whatever its data: each problem with its place, all at once."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from engine.jsonata import nodes
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node
from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.runtime.patterns import pattern_function

__all__ = ["problems"]

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")


def problems(tree: Node, library: Mapping[str, Builtin], refused: Mapping[str, str]) -> list[SyntaxProblem]:
    """Return what is refused, unknown, or can never work, in the order of the text.

    `library` are the functions there are, `refused` those that are not, each with the reason.
    """
    checker = _Checker(tree, library, refused)
    found = [problem for node in nodes.walk(tree) for problem in checker.node(node)]
    return sorted(found, key=lambda problem: problem.offset or 0)


class _Checker:
    def __init__(self, tree: Node, library: Mapping[str, Builtin], refused: Mapping[str, str]) -> None:
        self._library = library
        self._refused = refused
        self._bound = _bound(tree)
        self._known = {*library, *self._bound}
        every = list(nodes.walk(tree))
        self._applied = {id(node.right) for node in every if isinstance(node, nodes.Apply)}

    def node(self, node: Node) -> Iterator[SyntaxProblem]:
        yield from self._names_of(node)
        match node:
            case nodes.Variable() if node.name not in ("", "$", *self._bound):
                yield from self._variable(node)
            case nodes.Call() | nodes.Partial():
                yield from self._procedure(node)
                if isinstance(node, nodes.Call):
                    yield from self._arguments(node)
            case nodes.Binary() if node.operator in _COMPARISONS:
                yield from _null(node)
            case nodes.Regex():
                yield from _pattern(node)
            case nodes.Object():
                yield from _keys(node.pairs)
        if node.group is not None:
            yield from _keys(node.group.pairs)

    def _names_of(self, node: Node) -> Iterator[SyntaxProblem]:
        """Yield a problem for every variable that cannot be assigned."""
        for name, offset in _binds(node):
            if name.startswith("__") or name in ("", "$"):
                yield SyntaxProblem("S0212", f"`${name}` cannot be assigned; take another name", offset)

    def _variable(self, node: nodes.Variable) -> Iterator[SyntaxProblem]:
        name = node.name
        if name in self._refused:
            yield SyntaxProblem("D3121", self._refused[name], node.start)
        elif name not in self._library:
            close = get_close_matches(name, self._known, 1) or _same_letters(name, self._known)
            hint = f"; did you mean `${close[0]}`?" if close else ""
            yield SyntaxProblem("T1005", f"there is no function or variable `${name}`{hint}", node.start)

    def _procedure(self, node: nodes.Call | nodes.Partial) -> Iterator[SyntaxProblem]:
        procedure = node.procedure
        if isinstance(procedure, nodes.Path) and len(procedure.steps) == 1:
            step = procedure.steps[0]
            if isinstance(step, nodes.Name):
                name = step.value
                close = [name] if name in self._known else get_close_matches(name, self._known, 1)
                hint = f"; did you mean `${close[0]}(…)`?" if close else "; a function is called as `$name(…)`"
                yield SyntaxProblem("T1005", f"`{name}` is not a function{hint}", step.start)
        if isinstance(procedure, nodes.Literal):
            what = "a plain value is called as a function; an operator is missing"
            yield SyntaxProblem("T1006", what, procedure.end)

    def _arguments(self, node: nodes.Call) -> Iterator[SyntaxProblem]:
        """Count the arguments of a call; `~>` brings one, where it is applied. The context may stand for one."""
        procedure = node.procedure
        if not isinstance(procedure, nodes.Variable) or procedure.name in self._bound:
            return
        builtin = self._library.get(procedure.name)
        if builtin is None:
            return
        given = len(node.arguments) + (id(node) in self._applied)
        least, most = builtin.signature.least, builtin.signature.most
        name = procedure.name
        if most is not None and given > most:
            yield SyntaxProblem("T0410", f"`${name}` takes {_arguments(most)}, not {given}", procedure.start)
        if given < least:
            what = f"`${name}` takes at least {_arguments(least)}, not {given or 'none'}"
            yield SyntaxProblem("T0410", what, procedure.start)


def _bound(tree: Node) -> set[str]:
    """Return the variables an expression binds."""
    return {name for node in nodes.walk(tree) for name, _ in _binds(node)}


def _binds(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the variables that a node binds, with the offset of each."""
    if isinstance(node, nodes.Bind):
        yield node.name, node.start
    if isinstance(node, nodes.Lambda):
        yield from ((parameter.name, parameter.start) for parameter in node.parameters)
    for name in (node.focus, node.index):
        if name is not None:
            yield name, node.start
    yield from ((stage.name, stage.start) for stage in node.stages if isinstance(stage, nodes.Index))


def _same_letters(name: str, known: set[str]) -> list[str]:
    return [other for other in sorted(known) if other.lower() == name.lower().replace("_", "")]


def _arguments(count: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(count, f"{count} arguments")


def _null(node: nodes.Binary) -> Iterator[SyntaxProblem]:
    """Null is absent, and nothing equals what is absent: such a comparison would be false without a word."""
    for side in (node.left, node.right):
        if isinstance(side, nodes.Literal) and side.value is None:
            what = "nothing equals null, because null is absent; write `$exists(…)` or `$not($exists(…))`"
            yield SyntaxProblem("T2010", what, side.start)


def _pattern(node: nodes.Regex) -> Iterator[SyntaxProblem]:
    try:
        pattern_function(node.pattern, node.flags, node.start)
    except SyntaxProblem as problem:
        yield problem


def _keys(pairs: list[tuple[Node, Node]]) -> Iterator[SyntaxProblem]:
    """Yield a problem for every key that an object has twice, or that is no text."""
    seen: set[str] = set()
    for key, _ in pairs:
        if not isinstance(key, nodes.Literal) or key.filters:
            continue
        if not isinstance(key.value, str):
            yield SyntaxProblem("T1003", "the key of an object must be text; put it in quotes", key.start)
        elif key.value in seen:
            yield SyntaxProblem("D1009", f'the object has the key "{key.value}" twice; leave one out', key.start)
        else:
            seen.add(key.value)
