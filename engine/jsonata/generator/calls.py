"""Code for calls: those of known functions check their arguments on the spot, all others go through the runtime."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.arguments import checked, passed, short_text
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.loops import looped
from engine.jsonata.generator.objects import bound_names, declare
from engine.jsonata.generator.scope import Context, Frame, Known, Value
from engine.jsonata.library import Builtin
from engine.jsonata.nodes import Node
from engine.jsonata.runtime.patterns import pattern_function

__all__: list[str] = []

#: How the code of a literal text or number starts.
_STARTS = "'\"0123456789"


def _call(generator: Generator, node: nodes.Call, context: Context) -> Value:
    builtin = known(generator, node.procedure, context)
    if builtin is not None and builtin.is_of_jsonata and builtin.name in ("map", "filter"):
        value = looped(generator, builtin.name, node.arguments, context)
        if value is not None:
            return value
    arguments = [generator.named(generator.value(argument, context)) for argument in node.arguments[:1]]
    arguments += [_further(generator, argument, context) for argument in node.arguments[1:]]
    if builtin is not None:
        return _built_in(generator, builtin, arguments, context)
    arguments = [generator.named(generator.settle(argument)) for argument in arguments]
    return _called(generator, node, arguments, context)


def _further(generator: Generator, node: Node, context: Context) -> Value:
    """Write a further argument: a literal needs no name."""
    value = generator.value(node, context)
    return value if value.kind in ("text", "number") and value.code[0] in _STARTS else generator.named(value)


def known(generator: Generator, procedure: Node, context: Context) -> Builtin | None:
    """Return the function a call is certainly of, or None."""
    if not isinstance(procedure, nodes.Variable) or procedure.filters or context.frame.find(procedure.name):
        return None
    return generator.library.get(procedure.name)


def _called(generator: Generator, node: nodes.Call, arguments: Sequence[Value], context: Context) -> Value:
    if isinstance(node.procedure, nodes.Variable) and not node.procedure.filters:
        known_function = context.frame.known(node.procedure.name)
        if known_function is not None:
            return _direct(generator, known_function, arguments)
    callee = _callee(generator, node.procedure, context)
    return Value(generator.writer.named(f"call(run, {callee}, {_tuple(arguments)}, {context.code})"), "seq")


def _direct(generator: Generator, known_function: Known, arguments: Sequence[Value]) -> Value:
    """Write a call of a function of the expression; one of itself is counted, so that it does not nest without end."""
    writer, arity = generator.writer, known_function.arity
    given = [argument.code for argument in arguments[:arity]] + ["None"] * (arity - len(arguments))
    generator.spend("1")
    if known_function.is_open:
        writer.line("run.depth += 1")
        with writer.block("if run.depth > DEEPEST_CALLS:"):
            writer.line("too_deep(run)")
    name = writer.named(f"{known_function.body}({', '.join(given)})")
    with writer.block(f"if type({name}) is Tail:"):
        writer.assign(name, f"resume(run, {name})")
    if known_function.is_open:
        writer.line("run.depth -= 1")
    return Value(name, "seq")


def _callee(generator: Generator, procedure: Node, context: Context, code: str = "T1005") -> str:
    """Write what is called; a name that is no function, but could be one with a `$`, is told as such."""
    callee = generator.named(generator.settled(procedure, context)).code
    if isinstance(procedure, nodes.Path) and isinstance(procedure.steps[0], nodes.Name):
        name = procedure.steps[0].value
        if context.frame.find(name) or name in generator.library:
            return f"{callee} if {callee} is not None else no_function({name!r}, {code!r})"
    return callee


def _tuple(arguments: Sequence[Value]) -> str:
    return f"({''.join(f'{argument.code}, ' for argument in arguments)})"


def _built_in(generator: Generator, builtin: Builtin, arguments: Sequence[Value], context: Context) -> Value:
    quick = _INLINE.get(builtin.name)
    if quick is not None and builtin.is_of_jsonata:
        value = quick(generator, arguments)
        if value is not None:
            return value
    writer = generator.writer
    kind = "seq" if builtin.gives_lists else "words" if builtin.gives_texts else "any"
    made = not builtin.gives_scalars
    given = passed(generator, builtin, arguments)
    if given is None:
        arguments = [generator.named(generator.settle(argument)) for argument in arguments]
        return Value(writer.named(checked(generator, builtin, arguments, context)), kind, made)
    direct = f"{writer.constant(builtin.call)}({', '.join(['run', *(code for code, _ in given)])})"
    tests = " and ".join(test for _, test in given if test)
    code = f"{direct} if {tests} else {checked(generator, builtin, arguments, context)}" if tests else direct
    if builtin.is_of_jsonata:
        code = short_text(builtin.name, arguments, code)
    return Value(writer.named(code), kind, made)


def _exists(generator: Generator, arguments: Sequence[Value]) -> Value | None:
    if len(arguments) != 1:
        return None
    return Value(f"({generator.named(arguments[0]).code} is not None)", "bool", made=False)


def _string(generator: Generator, arguments: Sequence[Value]) -> Value | None:
    if len(arguments) != 1:
        return None
    name = generator.named(arguments[0]).code
    other = f"{name} if {name} is None else text_of(run, {name})"
    text = f"str({name}) if type({name}) is int else {name} if type({name}) is str else {other}"
    return Value(generator.writer.named(text), made=False)


#: Functions that are shorter as code than as a call.
_INLINE: dict[str, Callable[[Generator, Sequence[Value]], Value | None]] = {"exists": _exists, "string": _string}


def _apply(generator: Generator, node: nodes.Apply, context: Context) -> Value:
    left = generator.named(generator.settled(node.left, context))
    right = node.right
    if isinstance(right, nodes.Call) and not right.filters and right.group is None:
        generator.writer.offset = right.start
        builtin = known(generator, right.procedure, context)
        further = [generator.named(generator.settled(argument, context)) for argument in right.arguments]
        if builtin is not None:
            return _built_in(generator, builtin, [left, *further], context)
        return _called(generator, right, [left, *further], context)
    function = generator.settled(right, context)
    generator.writer.offset = node.at
    return Value(generator.writer.named(f"composed(run, {left.code}, {function.code})"), "seq")


def _partial(generator: Generator, node: nodes.Partial, context: Context) -> Value:
    callee = _callee(generator, node.procedure, context, "T1007")
    values, holes = [], []
    for number, argument in enumerate(node.arguments):
        if isinstance(argument, nodes.Hole):
            holes.append(number)
            values.append("None")
        else:
            values.append(generator.named(generator.settled(argument, context)).code)
    listed = "".join(f"{value}, " for value in values)
    return Value(generator.writer.named(f"partial(run, {callee}, ({listed}), {holes})"))


def _lambda(generator: Generator, node: nodes.Lambda, context: Context) -> Value:
    return function(generator, node, context, generator.writer.fresh())


def function(generator: Generator, node: nodes.Lambda, context: Context, body: str) -> Value:
    """Write a function as a value, and its body under a name."""
    writer = generator.writer
    inner = context._replace(frame=Frame(context.frame))
    parameters = [writer.fresh() for _ in node.parameters]
    with writer.function(body, *parameters):
        generator.spend_for(node.body)
        for name in bound_names([node.body]):
            declare_one(generator, name, inner)
        inner.frame.names.update(zip((parameter.name for parameter in node.parameters), parameters, strict=True))
        _returned(generator, node.body, inner)
    signature = writer.constant(node.signature)
    return Value(writer.named(f"function('function', {body}, {len(parameters)}, {signature})"))


def declare_one(generator: Generator, name: str, context: Context) -> None:
    """Give one variable of a frame its first value."""
    context.frame.names[name] = generator.writer.named(generator.variable(name, context.frame))


def _returned(generator: Generator, node: Node, context: Context) -> None:
    """Write the last act of a function: a call is left to the caller."""
    writer = generator.writer
    if node.filters or node.group is not None or node.keep:
        writer.line(f"return {generator.settled(node, context).code}")
        return
    match node:
        case nodes.Condition():
            test = generator.truth(generator.value(node.test, context))
            with writer.block(f"if {test}:"):
                _returned(generator, node.then, context)
            if node.otherwise is None:
                writer.line("return None")
            else:
                _returned(generator, node.otherwise, context)
        case nodes.Block() if node.expressions:
            inner = context._replace(frame=Frame(context.frame))
            declare(generator, node.expressions, inner)
            for expression in node.expressions[:-1]:
                writer.line(generator.value(expression, inner).code)
            _returned(generator, node.expressions[-1], inner)
        case nodes.Call():
            _returned_call(generator, node, context)
        case _:
            writer.line(f"return {generator.settled(node, context).code}")


def _returned_call(generator: Generator, node: nodes.Call, context: Context) -> None:
    writer = generator.writer
    writer.offset = node.start
    if known(generator, node.procedure, context) is not None:
        writer.line(f"return {generator.base(node, context).code}")
        return
    arguments = [generator.named(generator.settled(argument, context)) for argument in node.arguments]
    callee = _callee(generator, node.procedure, context)
    writer.line(f"return Tail({callee}, {_tuple(arguments)}, {context.code})")


def _regex(generator: Generator, node: nodes.Regex, context: Context) -> Value:
    del context
    return Value(generator.writer.constant(pattern_function(node.pattern, node.flags, node.start)))


_EMITTERS: dict[type[Node], Any] = {
    nodes.Apply: _apply, nodes.Call: _call, nodes.Lambda: _lambda, nodes.Partial: _partial, nodes.Regex: _regex,
}  # fmt: skip
Generator.emitters.update(_EMITTERS)
