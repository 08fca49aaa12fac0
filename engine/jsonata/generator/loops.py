"""Code for `$map` and `$filter` with a function written on the spot: a loop, without any call."""

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.objects import bound_names
from engine.jsonata.generator.scope import Context, Frame, Value
from engine.jsonata.nodes import Node
from engine.jsonata.runtime.fuel import ROUND

__all__ = ["looped"]


def looped(generator: Generator, name: str, arguments: list[Node], context: Context) -> Value | None:
    """Write a call of `$map` or `$filter` as a loop; None where that would not mean the same."""
    function = arguments[1] if len(arguments) == 2 else None
    if not isinstance(function, nodes.Lambda) or not _is_plain(generator, function, context):
        return None
    writer = generator.writer
    given = generator.named(generator.settled(arguments[0], context)).code
    listed = f"() if {given} is None else ({given},)"
    values, results = writer.named(f"{given} if isinstance({given}, list) else {listed}"), writer.named("Seq()")
    generator.spend(f"{ROUND + generator.weights.of(function.body)} * len({values})")
    index, item = writer.fresh(), writer.fresh()
    frame = Frame(context.frame)
    frame.names.update(zip((parameter.name for parameter in function.parameters), (item, index), strict=False))
    counts = len(function.parameters) > 1
    with writer.block(f"for {index}, {item} in enumerate({values}):" if counts else f"for {item} in {values}:"):
        value = generator.value(function.body, context._replace(frame=frame))
        value = generator.named(value) if name == "map" else value
        kept = f"{value.code} is not None" if name == "map" else generator.truth(value)
        if name == "map":
            value = generator.named(generator.settle(value))
        with writer.block(f"if {kept}:"):
            writer.line(f"{results}.append({value.code if name == 'map' else item})")
    absent = f"None if {given} is None else {results}"
    return Value(writer.named(absent), "seq")


def _is_plain(generator: Generator, function: nodes.Lambda, context: Context) -> bool:
    """Whether a function can stand in a loop: it keeps nothing of a round, and its last act is no call of another."""
    parameters = function.parameters
    names = {parameter.name for parameter in parameters}
    return (
        1 <= len(parameters) <= 2
        and len(names) == len(parameters)
        and function.signature is None
        and not (function.filters or function.group or function.keep)
        and not bound_names([function.body])
        and not generator.closes(function.body)
        and _ends(generator, function.body, context, names)
    )


def _ends(generator: Generator, node: Node, context: Context, names: set[str]) -> bool:
    """Whether a body gives a value: the sequence that a call in last place gives would not be unwrapped."""
    match node:
        case nodes.Call():
            procedure = node.procedure
            if not isinstance(procedure, nodes.Variable) or procedure.name in names:
                return False
            builtin = None if context.frame.find(procedure.name) else generator.library.get(procedure.name)
            return builtin is not None and not builtin.gives_lists
        case nodes.Condition():
            others = (node.then,) if node.otherwise is None else (node.then, node.otherwise)
            return all(_ends(generator, other, context, names) for other in others)
        case nodes.Block():
            return False
    return True
