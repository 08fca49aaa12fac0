"""From the operators the parser reads to what is evaluated: paths of steps, with filters, groups and variables.

The rules are those by which jsonata-js reshapes its tree; https://docs.jsonata.org/path-operators says what they mean.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from engine.jsonata import nodes
from engine.jsonata.ancestry import pass_up, resolve, seek_in_filter
from engine.jsonata.nodes import Node, Path
from engine.jsonata.problems import SyntaxProblem

__all__ = ["shaped"]

AnyNode = TypeVar("AnyNode", bound=Node)


def shaped(tree: Node) -> Node:
    """Return the tree to evaluate; raises SyntaxProblem for what can be written but means nothing."""
    result = _shaped(tree)
    if isinstance(result, nodes.Parent) or result.seeking:
        at = next(node.start for node in nodes.walk(result) if isinstance(node, nodes.Parent))
        raise SyntaxProblem("S0217", "`%` has no parent here; there is nothing above it", at)
    return result


def _shaped(raw: Node) -> Node:
    result = _SHAPES.get(type(raw), _same)(raw)
    result.end = max(result.end, raw.end)
    result.keep = result.keep or raw.keep
    return result


def _same(raw: Node) -> Node:
    return raw


def _name(raw: nodes.Name) -> Node:
    return Path(raw.start, [raw], raw.keep)


def _binary(raw: nodes.Binary) -> Node:
    shape = _OPERATORS.get(raw.operator)
    if shape is not None:
        return shape(raw)
    raw.left, raw.right = _shaped(raw.left), _shaped(raw.right)
    return pass_up(raw, raw.left, raw.right)


def _dotted(raw: nodes.Binary) -> Node:
    left = _shaped(raw.left)
    path = left if isinstance(left, Path) else Path(left.start, [left])
    if isinstance(left, nodes.Parent):
        path.seeking = [left.slot]
    right = _shaped(raw.right)
    if isinstance(right, Path):
        path.steps += right.steps
    else:
        right.stages, right.filters = right.stages or right.filters, []
        path.steps.append(right)
    path.steps = [_step(step) for step in path.steps]
    path.keeps = path.keeps or any(step.keep for step in path.steps)
    for edge in (path.steps[0], path.steps[-1]):
        edge.whole = edge.whole or isinstance(edge, nodes.Array)
    resolve(path)
    return path


def _step(step: Node) -> Node:
    """Return a step: text names a field, other literals lead nowhere."""
    if not isinstance(step, nodes.Literal):
        return step
    if not isinstance(step.value, str):
        written = (
            step.value if type(step.value) in (int, float) else {True: "true", False: "false"}.get(step.value, "null")
        )
        raise SyntaxProblem("S0213", f"`{written}` cannot be a step of a path; write a name after the dot", step.start)
    return nodes.Name(
        step.start, step.value, end=step.end, keep=step.keep, stages=step.stages or step.filters, focus=step.focus,
        index=step.index, rows=step.rows,
    )  # fmt: skip


def _filtered(raw: nodes.Binary) -> Node:
    result = _shaped(raw.left)
    step, on_path = _last(result)
    if (result if on_path else step).group is not None or step.group is not None:
        raise SyntaxProblem("S0209", "a filter cannot follow a grouping; write the filter first", raw.at)
    expression = _shaped(raw.right)
    seek_in_filter(step, expression)
    (step.stages if on_path else step.filters).append(nodes.Filter(expression, raw.at))
    return result


def _last(result: Node) -> tuple[Node, bool]:
    """Return the step that what follows belongs to, and whether it is one of a path."""
    return (result.steps[-1], True) if isinstance(result, Path) else (result, False)


def _grouped(raw: nodes.Binary) -> Node:
    result = _shaped(raw.left)
    if result.group is not None:
        raise SyntaxProblem("S0210", "a step can be grouped only once", raw.at)
    pairs = raw.right.pairs if isinstance(raw.right, nodes.Object) else []
    result.group = nodes.Group(raw.at, [(_shaped(key), _shaped(value)) for key, value in pairs])
    return result


def _focused(raw: nodes.Binary) -> Node:
    result = _shaped(raw.left)
    step, _ = _last(result)
    if step.stages or step.filters:
        raise SyntaxProblem("S0215", "`@` must stand before the filters of a step", raw.at)
    if isinstance(step, nodes.Sort):
        raise SyntaxProblem("S0216", "`@` must stand before the order-by of a step", raw.at)
    step.keep = step.keep or raw.keep
    step.focus = _variable(raw.right)
    step.rows = True
    return result


def _counted(raw: nodes.Binary) -> Node:
    result = _shaped(raw.left)
    step, on_path = _last(result)
    if not on_path:
        result = Path(step.start, [step])
        step.stages, step.filters = step.filters, []
    if step.stages:
        step.stages.append(nodes.Index(_variable(raw.right), raw.right.start))
    else:
        step.index = _variable(raw.right)
    step.rows = True
    return result


def _variable(node: Node) -> str:
    return node.name if isinstance(node, nodes.Variable) else ""


def _sorted(raw: nodes.Sorting) -> Node:
    left = _shaped(raw.left)
    path = left if isinstance(left, Path) else Path(left.start, [left])
    step = nodes.Sort(raw.start, [nodes.Term(_shaped(term.expression), term.descending) for term in raw.terms])
    step.end = raw.end
    pass_up(step, *(term.expression for term in step.terms))
    path.steps.append(step)
    resolve(path)
    return path


def _assigned(raw: nodes.Bind) -> Node:
    raw.value = _shaped(raw.value)
    return pass_up(raw, raw.value)


def _applied(raw: nodes.Apply) -> Node:
    raw.left, raw.right = _shaped(raw.left), _shaped(raw.right)
    raw.keep = raw.left.keep or raw.right.keep
    return raw


def _either(raw: nodes.Either) -> Node:
    raw.left, raw.right = _shaped(raw.left), _shaped(raw.right)
    return pass_up(raw, raw.left, raw.right)


def _condition(raw: nodes.Condition) -> Node:
    raw.test, raw.then = _shaped(raw.test), _shaped(raw.then)
    raw.otherwise = None if raw.otherwise is None else _shaped(raw.otherwise)
    return pass_up(raw, raw.test, raw.then, *(() if raw.otherwise is None else (raw.otherwise,)))


def _array(raw: nodes.Array) -> Node:
    raw.items = [_shaped(item) for item in raw.items]
    return pass_up(raw, *raw.items)


def _object(raw: nodes.Object) -> Node:
    raw.pairs = [(_shaped(key), _shaped(value)) for key, value in raw.pairs]
    return pass_up(raw, *(part for pair in raw.pairs for part in pair))


def _negated(raw: nodes.Negation) -> Node:
    raw.expression = expression = _shaped(raw.expression)
    if isinstance(expression, nodes.Literal) and type(expression.value) in (int, float):
        expression.value, expression.start = -expression.value, raw.start
        return expression
    return pass_up(raw, expression)


def _call(raw: nodes.Call | nodes.Partial) -> Node:
    raw.arguments = [_shaped(argument) for argument in raw.arguments]
    raw.procedure = _shaped(raw.procedure)
    return pass_up(raw, *raw.arguments)


def _lambda(raw: nodes.Lambda) -> Node:
    raw.body = _shaped(raw.body)
    return raw


def _transform(raw: nodes.Transform) -> Node:
    raw.pattern, raw.update = _shaped(raw.pattern), _shaped(raw.update)
    raw.delete = None if raw.delete is None else _shaped(raw.delete)
    return raw


def _block(raw: nodes.Block) -> Node:
    raw.expressions = [_shaped(expression) for expression in raw.expressions]
    raw.whole = any(part.whole or (isinstance(part, Path) and part.steps[0].whole) for part in raw.expressions)
    return pass_up(raw, *raw.expressions)


_OPERATORS: dict[str, Callable[[nodes.Binary], Node]] = {
    ".": _dotted, "[": _filtered, "{": _grouped, "@": _focused, "#": _counted,
}  # fmt: skip
_SHAPES: dict[type[Node], Callable[[Any], Node]] = {
    nodes.Apply: _applied, nodes.Array: _array, nodes.Binary: _binary, nodes.Bind: _assigned, nodes.Block: _block,
    nodes.Call: _call, nodes.Condition: _condition, nodes.Either: _either, nodes.Lambda: _lambda, nodes.Name: _name,
    nodes.Negation: _negated, nodes.Object: _object, nodes.Partial: _call, nodes.Sorting: _sorted,
    nodes.Transform: _transform,
}  # fmt: skip
