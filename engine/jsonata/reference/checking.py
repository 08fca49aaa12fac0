"""What can be said against an expression before it meets any data."""

from difflib import get_close_matches

from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.reference.functions import REFUSED, Callables
from engine.jsonata.reference.tree import Node, depth, nodes

__all__ = ["check"]

#: How many levels a tree may have: each takes a few frames of Python, of which there are a thousand.
DEEPEST = 100


def check(tree: Node, functions: Callables) -> None:
    """Raise SyntaxProblem for what is refused, unknown, or can never work."""
    if depth(tree) > DEEPEST:
        what = f'the expression nests deeper than {DEEPEST} levels; split it up, or use `in ["a", "b"]`'
        raise SyntaxProblem("U1001", what, 0)
    if tree.type == "bind":
        what = "an assignment stands in parentheses; write `( $name := …; … )`"
        raise SyntaxProblem("S0212", what, tree.lhs.position)
    bound = _bound(tree)
    found = sorted(nodes(tree), key=lambda node: node.position)
    applied = {id(node.rhs) for node in found if node.type == "apply"}
    for node in found:
        if node.type == "partial":
            what = "partial application is not available; write `function($x){ … }`"
            raise SyntaxProblem("S0500", what, node.procedure.position)
        if node.type == "variable" and node.value not in ("", "$", *bound):
            _check_variable(str(node.value), node.position, functions, bound)
        if node.type == "function":
            _check_procedure(node, functions, bound)
            _check_arguments(node, functions, bound, applied=id(node) in applied)
        if node.type == "binary" and node.value in ("=", "!=", "<", "<=", ">", ">=", "in"):
            _check_null(node)


def _bound(tree: Node) -> set[str]:
    """Return the variables an expression binds. Raises SyntaxProblem for names the evaluation itself uses."""
    bound: dict[str, int] = {}
    for node in nodes(tree):
        if node.type == "bind":
            bound[str(node.lhs.value)] = node.lhs.position
        elif node.type == "lambda":
            bound |= {str(parameter.value): parameter.position for parameter in node.arguments}
        for name in (node.focus, node.index):
            if isinstance(name, str):
                bound[name] = node.position
        for stage in node.stages or ():
            if stage.type == "index":
                bound[str(stage.value)] = stage.position
    for name, offset in bound.items():
        if name.startswith("__") or name in ("", "$"):
            raise SyntaxProblem("S0212", f"`${name}` cannot be assigned; take another name", offset)
    return set(bound)


def _check_variable(name: str, offset: int, functions: Callables, bound: set[str]) -> None:
    if name in REFUSED:
        raise SyntaxProblem("D3121", REFUSED[name], offset)
    if name not in functions:
        close = get_close_matches(name, {*functions, *bound}, 1) or _same_letters(name, {*functions, *bound})
        hint = f"; did you mean `${close[0]}`?" if close else ""
        raise SyntaxProblem("T1005", f"there is no function or variable `${name}`{hint}", offset)


def _same_letters(name: str, known: set[str]) -> list[str]:
    return [other for other in sorted(known) if other.lower() == name.lower().replace("_", "")]


def _check_procedure(node: Node, functions: Callables, bound: set[str]) -> None:
    procedure = node.procedure
    if procedure.type == "path" and len(procedure.steps) == 1 and procedure.steps[0].type == "name":
        step = procedure.steps[0]
        name = str(step.value)
        close = [name] if name in (known := {*functions, *bound}) else get_close_matches(name, known, 1)
        hint = f"; did you mean `${close[0]}(…)`?" if close else "; a function is called as `$name(…)`"
        raise SyntaxProblem("T1005", f"`{name}` is not a function{hint}", step.position)
    if procedure.type in ("string", "number", "value"):
        raise SyntaxProblem("T1006", "a plain value is called as a function; an operator is missing", node.position)


def _check_arguments(node: Node, functions: Callables, bound: set[str], *, applied: bool) -> None:
    """Count the arguments of a call; `~>` brings one, where it is applied. The context may stand for one."""
    name = str(node.procedure.value)
    if node.procedure.type != "variable" or name in bound or name not in functions:
        return
    parameters = functions[name].signature._params  # noqa: SLF001 - nothing else tells
    given = len(node.arguments) + applied
    most = len(parameters) if not any("+" in parameter.regex for parameter in parameters) else given
    least = sum("?" not in parameter.regex for parameter in parameters)
    if given > most:
        what = f"`${name}` takes {_arguments(most)}, not {given}{_instead(node, given)}"
        raise SyntaxProblem("T0410", what, node.procedure.position)
    if given < least:
        what = f"`${name}` takes at least {_arguments(least)}, not {given or 'none'}"
        raise SyntaxProblem("T0410", what, node.procedure.position)


def _arguments(count: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(count, f"{count} arguments")


def _instead(node: Node, given: int) -> str:
    return "; to read by a pattern, use `$time`" if node.procedure.value == "toMillis" and given == 2 else ""


def _check_null(node: Node) -> None:
    """Null is absent, and nothing equals what is absent: such a comparison would be false without a word."""
    for side in (node.lhs, node.rhs):
        if side.type == "value" and side.value is None:
            what = "nothing equals null, because null is absent; write `$exists(…)` or `$not($exists(…))`"
            raise SyntaxProblem("T2010", what, side.position)
