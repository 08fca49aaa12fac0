"""Code for names: what objects have under them is looked up at once, what is below the root once for all paths."""

from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.nodes import Node

__all__ = [
    "is_bare",
    "is_filtered_name",
    "is_plain",
    "name_alone",
    "name_of",
    "named",
    "named_from",
    "prefix",
]


def is_plain(step: Node) -> bool:
    """Whether a step is nothing but a name."""
    return isinstance(step, nodes.Name) and not (
        step.stages or step.filters or step.keep or step.rows or step.focus or step.index or step.group
    )


def is_filtered_name(step: Node) -> bool:
    """Whether a step is a name with one condition, and nothing else."""
    return (
        isinstance(step, nodes.Name)
        and len(step.stages) == 1
        and not (step.filters or step.keep or step.rows or step.focus or step.index or step.group)
    )


def name_of(step: Node) -> str:
    """Return the name a step is."""
    return step.value if isinstance(step, nodes.Name) else ""


def is_bare(node: Node) -> bool:
    """Whether nothing follows a node."""
    return not (node.filters or node.stages or node.keep or node.rows or node.focus or node.index or node.group)


def named(generator: Generator, context: Context, names: tuple[str, ...]) -> Value:
    """Write a path of names from the context."""
    if context.is_root and context.is_object:
        holder = context.code if len(names) == 1 else prefix(generator, names[:-1])
        return Value(f"{holder}.get({names[-1]!r})", "raw", made=False)
    if context.is_object and len(names) == 1:
        return Value(f"{context.code}.get({names[0]!r})", "raw", made=False)
    return _looked_up(generator, context.code, names, "chain")


def named_from(generator: Generator, variable: nodes.Variable, context: Context, names: tuple[str, ...]) -> Value:
    """Write a path of names from a variable."""
    if variable.name == "" and context.is_object:
        return named(generator, context, names)
    value = generator.settled(variable, context)
    if generator.root_is_object and value.code == generator.root:
        return named(generator, Context(value.code, context.frame, is_object=True, is_root=True), names)
    return _looked_up(generator, generator.named(value).code, names, "chain_of")


def _looked_up(generator: Generator, code: str, names: tuple[str, ...], otherwise: str) -> Value:
    writer = generator.writer
    listed = writer.constant(generator.tuple_of(names))
    found = writer.fresh()
    if len(names) == 1:
        name = f"{code}.get({names[0]!r}) if type({code}) is dict else {otherwise}(run, {code}, {listed})"
        writer.assign(found, name)
        return Value(found, "raw")
    tests = [f"type({code}) is dict"]
    holder = code
    for name in names[:-1]:
        tests.append(f"type({found} := {holder}.get({name!r})) is dict")
        holder = found
    with writer.block(f"if {' and '.join(tests)}:"):
        writer.assign(found, f"{found}.get({names[-1]!r})")
    with writer.otherwise():
        writer.assign(found, f"{otherwise}(run, {code}, {listed})")
    return Value(found, "raw")


def prefix(generator: Generator, names: tuple[str, ...]) -> str:
    """Return a name for what is found below the root; it is looked up once for all paths that start so."""
    known = generator.prefixes.get(names)
    if known is not None:
        return known
    holder = generator.root if len(names) == 1 else prefix(generator, names[:-1])
    name = generator.prefixes[names] = f"p{len(generator.prefixes)}"
    generator.head.setdefault(holder, []).append((name, names[-1]))
    return name


def name_alone(generator: Generator, node: nodes.Name, context: Context) -> Value:
    """Write a name as a step: of a list, it is what the elements have, whatever the path does with that."""
    if context.is_object:
        return named(generator, context, (node.value,))
    item, name = context.code, repr(node.value)
    elsewhere = "look_kept" if node.keep else "look"
    found = f"{item}.get({name}) if type({item}) is dict else {elsewhere}(run, {item}, {name})"
    return Value(generator.writer.named(found), "raw")


_EMITTERS: dict[type[Node], Any] = {nodes.Name: name_alone}
Generator.emitters.update(_EMITTERS)
