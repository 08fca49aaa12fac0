"""Code for arrays, objects, groups, blocks, variables and transforms: what makes values of other values."""

from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.constants import constant_of
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.scope import Context, Frame, Known, Value
from engine.jsonata.nodes import Node

__all__ = ["bound_names", "declare", "grouped"]

_SCALARS = ("bool", "text", "number")
Pairs = list[tuple[Node, Node]]


def _array(generator: Generator, node: nodes.Array, context: Context) -> Value:
    writer = generator.writer
    name = writer.named("Whole()" if node.whole else "Made()")
    for item in node.items:
        value = generator.value(item, context)
        if value.kind == "range":
            numbers = generator.named(value).code
            with writer.block(f"if {numbers} is not None:"):
                writer.line(f"run.spend(len({numbers}))")
                writer.line(f"{name}.extend({numbers})")
        elif value.kind in _SCALARS:
            writer.line(f"{name}.append({value.code})")
        else:
            item_name = generator.named(generator.settle(value)).code
            with writer.block(f"if {item_name} is not None:"):
                adds = f"{name}.append({item_name})"
                if isinstance(item, nodes.Array) and not item.filters and item.group is None:
                    writer.line(adds)
                else:
                    writer.line(f"extend(run, {name}, {item_name}) if isinstance({item_name}, list) else {adds}")
    generator.spend(str(1 + len(node.items)))
    return Value(name)


def _literal(generator: Generator, node: nodes.Literal, context: Context) -> Value:
    del context
    value = constant_of(nodes.Literal(node.start, node.value), drops_nulls=generator.drops_nulls)
    return Value(generator.writer.constant(value), made=False)


def _object(generator: Generator, node: nodes.Object, context: Context) -> Value:
    return grouped(generator, Value(context.code), node.pairs, context)


def grouped(generator: Generator, value: Value, pairs: Pairs, context: Context) -> Value:
    """Write an object of keys and values over a value, or over each element of it."""
    keys = [key.value if isinstance(key, nodes.Literal) and not key.filters else None for key, _ in pairs]
    known = all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys)
    rows = value.kind == "rows"
    if known and not rows:
        return _with_known_keys(generator, value, pairs, context)
    if len(pairs) == 1 and not rows and value.code == context.code and not _computes_keys(*pairs[0]):
        return _with_one_key(generator, pairs, context)
    return Value(generator.writer.named(_grouped(generator, value, pairs, context, rows=rows)))


def _grouped(generator: Generator, value: Value, pairs: Pairs, context: Context, *, rows: bool) -> str:
    made = [
        f"({_function(generator, key, context, rows=rows)}, {_function(generator, part, context, rows=rows)})"
        for key, part in pairs
    ]
    listed = "".join(f"{pair}, " for pair in made)
    return f"grouped(run, {value.code}, ({listed}))"


def _computes_keys(*parts: Node) -> bool:
    """Whether there is a further object with a key that is no literal: code of it must not double again and again."""
    objects = [node.pairs for part in parts for node in nodes.walk(part) if isinstance(node, nodes.Object)]
    groups = [node.group.pairs for part in parts for node in nodes.walk(part) if node.group is not None]
    return any(not isinstance(key, nodes.Literal) for pairs in (*objects, *groups) for key, _ in pairs)


def _with_one_key(generator: Generator, pairs: Pairs, context: Context) -> Value:
    """Write an object of one computed key: over anything but a list there is nothing to group."""
    writer = generator.writer
    result = writer.fresh()
    if context.is_object:
        _write_one_key(generator, pairs[0], context, result)
        return Value(result)
    with writer.block(f"if isinstance({context.code}, list):"):
        grouping = _grouped(generator, Value(context.code), pairs, context, rows=False)
        writer.assign(result, grouping)
    with writer.otherwise():
        _write_one_key(generator, pairs[0], context, result)
    return Value(result)


def _write_one_key(generator: Generator, pair: tuple[Node, Node], context: Context, result: str) -> None:
    writer = generator.writer
    key = generator.named(generator.settled(pair[0], context)).code
    with writer.block(f"if type({key}) is str:"):
        entry = generator.named(generator.settled(pair[1], context)).code
        generator.spend("6")
        writer.assign(result, f"{{{key}: {entry}}} if {entry} is not None else {{}}")
    with writer.otherwise():
        writer.assign(result, f"without_key({key})")


def _function(generator: Generator, node: Node, context: Context, *, rows: bool) -> str:
    if not rows:
        return generator.in_function(lambda inner: generator.value(node, inner), context, node)
    from engine.jsonata.generator.rows import in_row

    return in_row(generator, lambda inner: generator.value(node, inner), context, node)


def _with_known_keys(generator: Generator, value: Value, pairs: Pairs, context: Context) -> Value:
    writer = generator.writer
    inner = context
    if value.code != context.code or not context.is_object:
        element = generator.named(value).code
        inner = context._replace(
            code=writer.named(f"one(run, {element}) if isinstance({element}, list) else {element}")
        )
        inner = inner._replace(is_object=False, is_root=False)
    entries, certain = [], True
    for key, part in pairs:
        entry = generator.named(generator.settled(part, inner))
        certain = certain and entry.kind in _SCALARS
        entries.append(f"{writer.constant(key.value if isinstance(key, nodes.Literal) else '')}: {entry.code}")
    made = writer.named(f"{{{', '.join(entries)}}}")
    if certain:
        generator.spend(str(4 + 2 * len(pairs)))
        return Value(made)
    return Value(f"made(run, {made})")


def bound_names(expressions: list[Node]) -> dict[str, int]:
    """Return the variables that expressions bind in the frame they are in, not in one of their own, and how often."""
    names: dict[str, int] = {}
    waiting = list(expressions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Bind):
            names[node.name] = names.get(node.name, 0) + 1
        if not isinstance(node, nodes.Block | nodes.Lambda):
            waiting += [*nodes.children(node), *nodes.relative(node)]
    return names


def _block(generator: Generator, node: nodes.Block, context: Context) -> Value:
    inner = context._replace(frame=Frame(context.frame))
    declare(generator, node.expressions, inner)
    value = Value("None", made=False)
    for number, expression in enumerate(node.expressions, 1):
        value = generator.base(expression, inner)
        if not (node.rows and value.kind == "rows"):
            value = generator.finished(expression, value)
        if number < len(node.expressions) and not value.code.isidentifier():
            generator.writer.line(value.code)
    return value


def declare(generator: Generator, expressions: list[Node], context: Context) -> None:
    """Give the variables of a frame their first values: those of the frame around, until they are bound."""
    always = {expression.name for expression in expressions if isinstance(expression, nodes.Bind)}
    for name, count in bound_names(expressions).items():
        context.frame.names[name] = generator.writer.named(generator.variable(name, context.frame))
        if count == 1 and name in always:
            context.frame.once.add(name)


def _bind(generator: Generator, node: nodes.Bind, context: Context) -> Value:
    value = _bound_function(generator, node, context) or generator.settled(node.value, context)
    name = context.frame.find(node.name)
    if name is None or node.name not in context.frame.names:
        name = context.frame.names[node.name] = generator.writer.fresh()
    generator.writer.assign(name, value.code)
    return value._replace(code=name)


def _bound_function(generator: Generator, node: nodes.Bind, context: Context) -> Value | None:
    """Write a function that a variable is once and for all: calls of it need not look at what it is."""
    function = node.value
    bare = isinstance(function, nodes.Lambda) and not (function.filters or function.group or function.signature)
    if not bare or node.name not in context.frame.once or not isinstance(function, nodes.Lambda):
        return None
    known = context.frame.functions[node.name] = Known(generator.writer.fresh(), len(function.parameters))
    value = generator.function(function, context, known.body)
    known.is_open = False
    return value


def _variable(generator: Generator, node: nodes.Variable, context: Context) -> Value:
    if node.name == "":
        if context.is_object:
            return Value(context.code, made=False)
        return Value(f"(single({context.code}) if type({context.code}) is Outer else {context.code})", "raw")
    return Value(generator.variable(node.name, context.frame), "raw" if node.name == "$" else "any")


def _wildcard(generator: Generator, node: nodes.Wildcard, context: Context) -> Value:
    del node
    return Value(generator.writer.named(f"wildcard(run, {context.code})"), "seq")


def _descendants(generator: Generator, node: nodes.Descendants, context: Context) -> Value:
    del node
    return Value(generator.writer.named(f"descendants(run, {context.code})"), "seq")


def _parent(generator: Generator, node: nodes.Parent, context: Context) -> Value:
    del generator
    return Value(context.frame.find(node.slot.label) or "None")


def _transform(generator: Generator, node: nodes.Transform, context: Context) -> Value:
    parts = [part for part in (node.pattern, node.update, node.delete) if part is not None]
    functions = [_function(generator, part, context, rows=False) for part in parts]
    cloner = context.frame.find("clone")
    functions += ["None"] * (3 - len(functions))
    return Value(generator.writer.named(f"transform({', '.join(functions)}, {cloner or 'copied'})"))


_EMITTERS: dict[type[Node], Any] = {
    nodes.Array: _array, nodes.Bind: _bind, nodes.Block: _block, nodes.Descendants: _descendants,
    nodes.Literal: _literal, nodes.Object: _object, nodes.Parent: _parent, nodes.Transform: _transform,
    nodes.Variable: _variable, nodes.Wildcard: _wildcard,
}  # fmt: skip
Generator.emitters.update(_EMITTERS)
