"""Code for paths: names looked up in objects at once, everything else one step after the other."""

from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.rows import row_step, rows_result, sort_step
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.nodes import Node, Path

__all__ = ["filtered", "is_plain"]


def is_plain(step: Node) -> bool:
    """Whether a step is nothing but a name."""
    return isinstance(step, nodes.Name) and not (
        step.stages or step.filters or step.keep or step.rows or step.focus or step.index or step.group
    )


def _path(generator: Generator, node: Path, context: Context) -> Value:
    steps = node.steps
    if not node.keeps and node.group is None and not node.rows:
        if all(map(is_plain, steps)):
            return _names(generator, context, tuple(_name(step) for step in steps))
        first = steps[0]
        if isinstance(first, nodes.Variable) and _is_bare(first) and all(map(is_plain, steps[1:])) and steps[1:]:
            return _names_of(generator, first, context, tuple(_name(step) for step in steps[1:]))
    return _stepwise(generator, node, context)


def _name(step: Node) -> str:
    return step.value if isinstance(step, nodes.Name) else ""


def _is_bare(node: Node) -> bool:
    return not (node.filters or node.stages or node.keep or node.rows or node.focus or node.index or node.group)


def _names(generator: Generator, context: Context, names: tuple[str, ...]) -> Value:
    """Write a path of names from the context."""
    if context.is_root and context.is_object:
        holder = context.code if len(names) == 1 else _prefix(generator, names[:-1])
        return Value(f"{holder}.get({names[-1]!r})", "raw", made=False)
    if context.is_object and len(names) == 1:
        return Value(f"{context.code}.get({names[0]!r})", "raw", made=False)
    return _looked_up(generator, context.code, names, "chain")


def _names_of(generator: Generator, variable: nodes.Variable, context: Context, names: tuple[str, ...]) -> Value:
    """Write a path of names from a variable."""
    if variable.name == "" and context.is_object:
        return _names(generator, context, names)
    value = generator.settled(variable, context)
    if generator.root_is_object and value.code == generator.root:
        return _names(generator, Context(value.code, context.frame, is_object=True, is_root=True), names)
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


def _prefix(generator: Generator, names: tuple[str, ...]) -> str:
    """Return a name for what is found below the root; it is looked up once for all paths that start so."""
    known = generator.prefixes.get(names)
    if known is not None:
        return known
    holder = generator.root if len(names) == 1 else _prefix(generator, names[:-1])
    name = generator.prefixes[names] = f"p{len(generator.prefixes)}"
    last = names[-1]
    there = f"{holder}.get({last!r})"
    found = there if len(names) == 1 else f"{there} if type({holder}) is dict else None"
    generator.head.append((f"{name} = {found}", f"{name} = inside(run, {holder}, {name}, {last!r})"))
    return name


# Step by step


def _stepwise(generator: Generator, node: Path, context: Context) -> Value:
    steps = node.steps
    values, at = start, _ = _started(generator, steps, context)
    is_rows = False
    before = ""
    made = False
    for number in range(at, len(steps)):
        step = steps[number]
        generator.writer.offset = step.start
        last = number == len(steps) - 1
        if step.rows and not is_rows:
            is_rows, before = True, values if number else ""
        if isinstance(step, nodes.Sort):
            values = sort_step(generator, step, values, context, rows=is_rows)
        elif is_rows:
            values = row_step(generator, step, values, context, first=not steps[number - 1].rows or number == at)
        else:
            values, step_made = _step(generator, step, values, context, last=last)
            made = made or step_made
    generator.writer.offset = node.start
    if is_rows and node.rows:
        return Value(values, "rows")
    if node.group is not None:
        from engine.jsonata.generator.objects import grouped

        if before:  # of nothing at all there is one group, as where there are no rows
            values = generator.writer.named(f"{values} if {before} else rows_of((None,))")
        return grouped(generator, Value(values, "rows" if is_rows else "any"), node.group.pairs, context)
    result = rows_result(generator, values) if is_rows else values
    if steps[0].whole and not steps[0].rows:  # a path that starts from an empty list which stands there ends with that
        result = generator.writer.named(f"{result} if {start} else {start}")
    if node.keeps or node.keep:
        return Value(f"kept({result})")
    return Value(result, "seq", made or is_rows)


def _started(generator: Generator, steps: list[Node], context: Context) -> tuple[str, int]:
    """Write the values a path goes on from, and return them with the number of the first step left to write."""
    writer, first = generator.writer, steps[0]
    if first.whole and not isinstance(first, Path):
        value = generator.named(generator.settled(first, context)).code
        return writer.named(f"{value} if isinstance({value}, list) else Seq()"), 1
    if isinstance(first, nodes.Variable) and _is_bare(first):
        return writer.named(f"starts({generator.settled(first, context).code})"), 1
    if isinstance(first, nodes.Variable):
        return writer.named(f"({context.code},)"), 0
    names = []
    for step in steps[:-1]:
        if not is_plain(step):
            break
        names.append(_name(step))
    start = f"({context.code},)" if context.is_object else f"contexts({context.code})"
    if not names:
        return writer.named(start), 0
    listed = writer.constant(generator.tuple_of(tuple(names)))
    return writer.named(f"through(run, {start}, {listed})"), len(names)


def _step(generator: Generator, step: Node, values: str, context: Context, *, last: bool) -> tuple[str, bool]:
    """Write one step over all values; its results are flattened."""
    writer = generator.writer
    results = writer.named("[]" if last else "Seq()")
    made = True
    body = None
    if generator.closes(step):
        body = generator.in_function(lambda inner: _found(generator, step, inner), context)
    writer.line(f"run.spend(len({values}))")
    item = writer.fresh()
    with writer.block(f"for {item} in {values}:"):
        if body is None:
            found = generator.named(
                _found(generator, step, context._replace(code=item, is_object=False, is_root=False))
            )
            made = found.made
        else:
            found = Value(writer.named(f"{body}({item})"))
        with writer.block(f"if {found.code} is not None:"):
            append = f"{results}.append({found.code})"
            gather = f"gather({results}, {found.code}) if isinstance({found.code}, list) else {append}"
            writer.line(append if last else gather)
    return (writer.named(f"flat_last({results})") if last else results), made


def _found(generator: Generator, step: Node, context: Context) -> Value:
    """Write what a step finds from one value."""
    if isinstance(step, nodes.Name):
        value = _name_alone(generator, step, context)
        if step.filters:
            value = Value(value.code)
    else:
        value = generator.value(step, context)
    for stage in step.stages:
        value = filtered(generator, value, stage, context)
    return value


def filtered(generator: Generator, value: Value, stage: Any, context: Context) -> Value:
    """Write a filter of a value."""
    writer = generator.writer
    around, writer.offset = writer.offset, stage.start
    value = generator.settle(value)
    condition = stage.expression
    if isinstance(condition, nodes.Literal) and type(condition.value) in (int, float) and not condition.filters:
        result = Value(writer.named(f"nth({value.code}, {condition.value!r})"), "seq", value.made)
    else:
        result = _filtered_by(generator, value, condition, context)
    writer.offset = around
    return result


def _filtered_by(generator: Generator, value: Value, condition: Node, context: Context) -> Value:
    writer = generator.writer
    name = generator.named(value).code
    values, results = writer.named(f"{name} if isinstance({name}, list) else ({name},)"), writer.named("Seq()")
    body = None
    if generator.closes(condition):
        body = generator.in_function(lambda inner: generator.value(condition, inner), context)
    writer.line(f"run.spend(len({values}))")
    index, item = writer.fresh(), writer.fresh()
    with writer.block(f"for {index}, {item} in enumerate({values}):"):
        if body is None:
            inner = context._replace(code=item, is_object=False, is_root=False)
            outcome = generator.named(generator.value(condition, inner))
        else:
            outcome = Value(writer.named(f"{body}({item})"))
        keep = f"{results}.append({item})"
        with writer.block(f"if {outcome.code} is True:"):
            writer.line(keep)
        if outcome.kind not in ("bool", "maybe"):
            with writer.otherwise(), writer.block(f"if {outcome.code} is not False and {outcome.code} is not None:"):
                writer.line(f"{results}.extend([{item}] * hits({outcome.code}, {index}, len({values})))")
    return Value(results, "seq", value.made)


def _name_alone(generator: Generator, node: nodes.Name, context: Context) -> Value:
    """Write a name as a step: of a list, it is what the elements have, whatever the path does with that."""
    item, name = context.code, repr(node.value)
    elsewhere = "look_kept" if node.keep else "look"
    found = f"{item}.get({name}) if type({item}) is dict else {elsewhere}(run, {item}, {name})"
    return Value(generator.writer.named(found), "raw")


_EMITTERS: dict[type[Node], Any] = {nodes.Name: _name_alone, nodes.Path: _path}
Generator.emitters.update(_EMITTERS)
