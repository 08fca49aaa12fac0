"""Code for operators and conditions, with short cuts for what is usual: comparisons with a literal, texts joined."""

from collections.abc import Callable
from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.nodes import Node
from engine.jsonata.runtime.fuel import SHORT
from engine.jsonata.runtime.numbers import EXACT

__all__: list[str] = []

_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "remainder"}
_ORDER = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}


def _binary(generator: Generator, node: nodes.Binary, context: Context) -> Value:
    generator.writer.offset = node.start
    match node.operator:
        case "and" | "or":
            return _logical(generator, node, context)
        case "&":
            return _joined(generator, node, context)
        case "=" | "!=":
            return _equality(generator, node, context)
        case "in":
            return _membership(generator, node, context)
    left, right = _both(generator, node, context)
    if node.operator == "..":
        return Value(_at(generator, node, f"span({left.code}, {right.code})"), "range")
    if node.operator == "*" and right.kind == "number" and left.kind != "number":
        return _multiplied(generator, node, left, right.code)
    if node.operator in _ARITHMETIC:
        return Value(_at(generator, node, f"{_ARITHMETIC[node.operator]}({left.code}, {right.code})"), made=False)
    return _ordered(generator, node, left, right)


def _both(generator: Generator, node: nodes.Binary, context: Context) -> tuple[Value, Value]:
    left = generator.value(node.left, context)
    with generator.writer.aside() as written:
        right = generator.value(node.right, context)
    if written:
        left = generator.named(left)
        generator.writer.place(written)
    return left, right


def _at(generator: Generator, node: nodes.Binary, code: str) -> str:
    """Compute at the operator's place, to which problems point."""
    generator.writer.offset = node.at
    name = generator.writer.named(code)
    generator.writer.offset = node.start
    return name


def _multiplied(generator: Generator, node: nodes.Binary, left: Value, factor: str) -> Value:
    """Write a product with a number that is known: most are of integers, and small."""
    left = generator.named(left)
    general = f"multiply({left.code}, {factor})"
    if not factor.isdigit() or factor == "0":
        return Value(_at(generator, node, general), made=False)
    most = EXACT // int(factor)
    quick = f"{left.code} * {factor} if type({left.code}) is int and {-most} < {left.code} < {most} else {general}"
    return Value(_at(generator, node, quick), made=False)


def _ordered(generator: Generator, node: nodes.Binary, left: Value, right: Value) -> Value:
    call = f"{_ORDER[node.operator]}(run, {{}}, {right.code})"
    if right.kind == "number" and left.kind != "number":
        left = generator.named(left)
        quick = f"{left.code} {node.operator} {right.code} if type({left.code}) is int else "
        return Value(_at(generator, node, quick + call.format(left.code)), "maybe", made=False)
    return Value(_at(generator, node, call.format(left.code)), "maybe", made=False)


def _equality(generator: Generator, node: nodes.Binary, context: Context) -> Value:
    left, right = _both(generator, node, context)
    if left.kind in ("text", "number", "bool") and _is_literal(node.left):
        left, right = right, left
    if left.code in generator.writer.constants or _is_literal(node.left):
        left = generator.named(left)
    if not (_is_literal(node.left) or _is_literal(node.right)) or right.kind == "any":
        name = "equal" if node.operator == "=" else "unequal"
        return Value(f"{name}(run, {left.code}, {right.code})", "bool", made=False)
    if right.kind == "bool":
        same = f"{left.code} is {right.code}"
    elif right.code in ("0", "1", "0.0", "1.0"):
        left = generator.named(left)
        same = f"{left.code} == {right.code} and type({left.code}) is not bool"
    else:
        same = f"{left.code} == {right.code}"
    if node.operator == "=":
        return Value(f"({same})", "bool", made=False)
    left = generator.named(left)
    other = f"{left.code} is not {right.code}" if right.kind == "bool" else f"{left.code} != {right.code}"
    if right.code in ("0", "1", "0.0", "1.0"):
        other = f"({other} or type({left.code}) is bool)"
    return Value(f"({left.code} is not None and {other})", "bool", made=False)


def _is_literal(node: Node) -> bool:
    return isinstance(node, nodes.Literal) and not node.filters and node.group is None and node.value is not None


def _membership(generator: Generator, node: nodes.Binary, context: Context) -> Value:
    left, right = _both(generator, node, context)
    candidates = generator.writer.constants.get(right.code)
    if isinstance(candidates, list) and all(isinstance(candidate, str) for candidate in candidates):
        left = generator.named(left)
        known = generator.writer.constant(frozenset(candidates))
        return Value(f"(type({left.code}) is str and {left.code} in {known})", "bool", made=False)
    return Value(f"among(run, {left.code}, {generator.settle(right).code})", "bool", made=False)


def _joined(generator: Generator, node: nodes.Binary, context: Context) -> Value:
    writer, parts = generator.writer, []
    for part in _operands(node):
        value = generator.value(part, context)
        if value.kind == "text":
            parts.append(value.code)
            continue
        name = generator.named(value).code
        if value.kind == "words":
            parts.append(f"({name} or '')")
            continue
        text = f"{name} if type({name}) is str else str({name}) if type({name}) is int else text_of(run, {name})"
        parts.append(writer.named(text))
    text = writer.named(" + ".join(parts))
    with writer.block(f"if len({text}) > {SHORT}:"):
        writer.line(f"joined(run, {text})")
    return Value(text, "text", made=False)


def _operands(node: Node) -> list[Node]:
    """Return what is joined, from left to right."""
    parts: list[Node] = []
    while isinstance(node, nodes.Binary) and node.operator == "&" and not node.filters and node.group is None:
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _logical(generator: Generator, node: nodes.Binary, context: Context) -> Value:
    left = generator.truth(generator.value(node.left, context))
    with generator.writer.aside() as written:
        right = generator.truth(generator.value(node.right, context))
    if not written:
        return Value(f"bool({left} {node.operator} {right})", "bool", made=False)
    name = generator.writer.named(f"bool({left})")
    with generator.writer.block(f"if {name}:" if node.operator == "and" else f"if not {name}:"):
        generator.writer.place(written)
        generator.writer.assign(name, f"bool({right})")
    return Value(name, "bool", made=False)


def _negation(generator: Generator, node: nodes.Negation, context: Context) -> Value:
    return Value(generator.writer.named(f"negate({generator.value(node.expression, context).code})"), made=False)


def _condition(generator: Generator, node: nodes.Condition, context: Context) -> Value:
    test = generator.truth(generator.value(node.test, context))
    return chosen(generator, test, (lambda: generator.value(node.then, context)), _other(generator, node, context))


def _other(generator: Generator, node: nodes.Condition, context: Context) -> Callable[[], Value]:
    otherwise = node.otherwise
    if otherwise is None:
        return lambda: Value("None", made=False)
    return lambda: generator.value(otherwise, context)


def _either(generator: Generator, node: nodes.Either, context: Context) -> Value:
    left = generator.named(generator.value(node.left, context))
    there = f"{left.code} is not None" if node.operator == "??" else generator.truth(left)
    return chosen(generator, there, lambda: left, lambda: generator.value(node.right, context))


def chosen(generator: Generator, test: str, then: Callable[[], Value], otherwise: Callable[[], Value]) -> Value:
    """Write one value or another; as one expression, where neither needs statements."""
    writer = generator.writer
    with writer.aside() as first:
        one = then()
    with writer.aside() as second:
        other = otherwise()
    kind = one.kind if one.kind == other.kind else "raw" if "raw" in (one.kind, other.kind) else "any"
    made = one.made or other.made
    if not first and not second:
        return Value(f"({one.code} if {test} else {other.code})", kind, made)
    name = writer.fresh()
    with writer.block(f"if {test}:"):
        writer.place(first)
        writer.assign(name, one.code)
    with writer.otherwise():
        writer.place(second)
        writer.assign(name, other.code)
    return Value(name, kind, made)


_EMITTERS: dict[type[Node], Any] = {
    nodes.Binary: _binary, nodes.Condition: _condition, nodes.Either: _either, nodes.Negation: _negation,
}  # fmt: skip
Generator.emitters.update(_EMITTERS)
