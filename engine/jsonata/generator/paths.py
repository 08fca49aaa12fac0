"""Code for paths: names looked up in objects at once, everything else one step after the other."""

from collections.abc import Sequence
from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.conditions import candidates, decides, elements, filtered, filters_alone, is_text, selects
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.names import (
    is_bare,
    is_filtered_name,
    is_plain,
    name_alone,
    name_of,
    named,
    named_from,
    prefix,
)
from engine.jsonata.generator.rows import row_step, rows_result, sort_step
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.generator.weighing import for_each
from engine.jsonata.nodes import Node, Path
from engine.jsonata.runtime.fuel import ROUND

__all__: list[str] = []


def _path(generator: Generator, node: Path, context: Context) -> Value:
    steps = node.steps
    if not node.keeps and node.group is None and not node.rows:
        if all(map(is_plain, steps)):
            return named(generator, context, tuple(name_of(step) for step in steps))
        first = steps[0]
        if isinstance(first, nodes.Variable) and is_bare(first) and all(map(is_plain, steps[1:])) and steps[1:]:
            return named_from(generator, first, context, tuple(name_of(step) for step in steps[1:]))
    return _stepwise(generator, node, context)


# Step by step


def _stepwise(generator: Generator, node: Path, context: Context) -> Value:
    steps = node.steps
    is_rows = any(step.rows for step in steps)
    values, start, before, made = _walked(generator, steps, context, is_rows=is_rows)
    generator.writer.offset = node.start
    if is_rows and node.rows and node.group is None:
        return Value(values, "rows")
    if node.group is not None:
        from engine.jsonata.generator.objects import grouped

        if before:  # of nothing at all there is one group, as where there are no rows
            values = generator.writer.named(f"{values} if {before} else rows_of(run, (None,))")
        return grouped(generator, Value(values, "rows" if is_rows else "any"), node.group.pairs, context)
    result = rows_result(generator, values) if is_rows else values
    if steps[0].whole and not steps[0].rows:  # a path that starts from an empty list which stands there ends with that
        result = generator.writer.named(f"{result} if {start} else {start}")
    if node.keeps:
        return Value(f"kept(run, {result})")
    if node.keep:
        name = generator.writer.named(result)
        return Value(f"kept(run, {name}) if isinstance({name}, Seq) else {name}")
    if result.startswith("flat_last(run, "):
        return Value(generator.writer.named(f"unwrapped(run, {result[15:-1]})"), "any", made)
    return Value(result, "seq", made)


def _walked(generator: Generator, steps: list[Node], context: Context, *, is_rows: bool) -> tuple[str, str, str, bool]:
    """Write the steps of a path.

    Returns what they find, what they start from, what the first step over rows goes on from, and whether what is
    found may be made.
    """
    in_turn = is_rows or any(isinstance(step, nodes.Sort) for step in steps)
    spread = None if in_turn else _spread(generator, steps, context)
    if spread is not None:
        values, made = _fused(generator, steps, *spread, context)
        return values, "", "", made
    values, at = start, _ = _started(generator, steps, context)
    before, made = "", True
    if in_turn:
        values, before = _in_turn(generator, steps, at, values, context)
    elif at < len(steps):
        values, made = _fused(generator, steps, at, values, context)
    return values, start, before, made


def _in_turn(generator: Generator, steps: list[Node], at: int, values: str, context: Context) -> tuple[str, str]:
    """Write steps one after the other, some of them over rows or sorting.

    Also returns what the first step over rows goes on from, if there is one that is not the first of all.
    """
    is_rows = any(step.rows for step in steps[:at])
    before = ""
    for number in range(at, len(steps)):
        step = steps[number]
        generator.writer.offset = step.start
        if step.rows and not is_rows:
            is_rows, before = True, values if number else ""
        if isinstance(step, nodes.Sort):
            values = sort_step(generator, step, values, context, rows=is_rows)
        elif is_rows:
            values = row_step(generator, step, values, context, first=not steps[number - 1].rows or number == at)
        else:
            one = [*steps[: number + 1]] if number == len(steps) - 1 else [*steps[: number + 1], None]
            values, _ = _fused(generator, one, number, values, context)
    return values, before


def _started(generator: Generator, steps: list[Node], context: Context) -> tuple[str, int]:
    """Write the values a path goes on from, and return them with the number of the first step left to write."""
    writer, first = generator.writer, steps[0]
    if first.whole and not isinstance(first, Path):
        value = generator.named(generator.settled(first, context)).code
        if first.focus:  # as everywhere, what follows `@` starts from where its step started
            return writer.named(f"contexts({context.code})"), 1
        return writer.named(f"{value} if isinstance({value}, list) else Seq()"), 1
    if isinstance(first, nodes.Variable) and is_bare(first):
        return writer.named(f"starts({generator.settled(first, context).code})"), 1
    if isinstance(first, nodes.Variable):
        return writer.named(f"({context.code},)"), 0
    names = []
    for step in steps[:-1]:
        if not is_plain(step):
            break
        names.append(name_of(step))
    start = f"({context.code},)" if context.is_object else f"contexts({context.code})"
    if not names:
        return start if context.is_object else writer.named(start), 0
    listed = writer.constant(generator.tuple_of(tuple(names)))
    found = f"through(run, {start}, {listed})"
    if context.is_root and context.is_object:
        holder = prefix(generator, tuple(names))
        elsewhere = f"beneath(run, {holder}, {context.code}, {listed})"
        found = f"({holder},) if type({holder}) is dict and {holder} is not NOTHING else {elsewhere}"
    return writer.named(found), len(names)


def _spread(generator: Generator, steps: list[Node], context: Context) -> tuple[int, Value] | None:
    """Write names from the root down to the first with a condition, which looks at each result for itself.

    So no loop is needed over what the results come from. Returns the number of that name and its results, or None.
    """
    at = next((number for number, step in enumerate(steps) if not is_plain(step)), 0)
    step = steps[at]
    if not (at and context.is_root and context.is_object and is_filtered_name(step)):
        return None
    if not decides(step.stages[0]) or generator.closes(step):
        return None
    names = tuple(map(name_of, steps[:at]))
    holder, listed = prefix(generator, names), generator.writer.constant(generator.tuple_of(names))
    generator.writer.offset = step.start
    found = f"{holder}.get({name_of(step)!r}) if type({holder}) is dict and {holder} is not NOTHING else "
    found += f"all_under(run, {holder}, {context.code}, {listed}, {name_of(step)!r})"
    return at, Value(generator.writer.named(found), "raw")


def _fused(
    generator: Generator, steps: Sequence[Node | None], at: int, values: str | Value, context: Context
) -> tuple[str, bool]:
    """Write steps as loops within each other, and return the results; None in last place stands for steps to come.

    The values are those that the first step goes on from, or what it finds before it filters.
    """
    writer = generator.writer
    last = steps[-1]
    gathers = last is None or selects(last)
    results = writer.named("Seq()")
    if isinstance(values, Value):
        made = _filtered_on(generator, steps, at, context, results, values)
    else:
        made = _looped(generator, steps, at, values, context, results)
    return (results if gathers else f"flat_last(run, {results})"), made


def _looped(
    generator: Generator, steps: Sequence[Node | None], at: int, values: str, context: Context, results: str
) -> bool:
    """Write a loop over the values one step goes on from; returns whether what comes out may be made."""
    writer, step = generator.writer, steps[at]
    if step is None:
        generator.spend(f"len({values})")
        writer.line(f"{results}.extend({values})")
        return True
    if generator.is_deep:
        return _apart(generator, steps, at, values, context, results)
    writer.offset = step.start
    body = None
    if generator.closes(step):
        body = generator.in_function(lambda inner: _found(generator, step, inner), context, step)
    if values == f"({context.code},)":
        return _from_one(generator, steps, at, context, results, body)
    if values.startswith("("):
        return _from_one(generator, steps, at, _inner(context, values[1:-2]), results, body)
    if not filters_alone(step) or body is not None:  # else each round is paid for together with what it filters
        generator.spend(f"{ROUND + generator.weights.of(step)} * len({values})")
    item = writer.fresh()
    with writer.block(f"for {item} in {values}:"):
        return _from_one(generator, steps, at, _inner(context, item), results, body)


def _apart(
    generator: Generator, steps: Sequence[Node | None], at: int, values: str, context: Context, results: str
) -> bool:
    """Write the rest of a path into a function, where Python allows no more loops within each other."""
    writer = generator.writer
    name, given = writer.fresh(), writer.fresh()
    with writer.function(name, given):
        made = _looped(generator, steps, at, given, context, results)
    writer.line(f"{name}({values})")
    return made


def _inner(context: Context, code: str) -> Context:
    return context._replace(code=code, is_object=False, is_root=False)


def _from_one(
    generator: Generator, steps: Sequence[Node | None], at: int, context: Context, results: str, body: str | None
) -> bool:
    """Write a step from one value, by its own code or, if that is given, by a function."""
    step = steps[at]
    if step is None:
        return True
    if body is None and filters_alone(step):
        return _filtered_on(generator, steps, at, context, results, _unfiltered(generator, step, context))
    found = _found(generator, step, context) if body is None else Value(f"{body}({context.code})")
    return _passed_on(generator, steps, at, generator.named(found), context, results)


def _passed_on(
    generator: Generator, steps: Sequence[Node | None], at: int, found: Value, context: Context, results: str
) -> bool:
    """Write what becomes of what a step found from one value."""
    writer, step = generator.writer, steps[at]
    name = found.code
    if at < len(steps) - 1:
        rest = f"({name},) if type({name}) is dict else starts({generator.settle(found).code})"
        return _looped(generator, steps, at + 1, writer.named(rest), context, results)
    if step is not None and selects(step):
        writer.line(f"{results}.extend({name} if isinstance({name}, list) else ({name},))")
    else:
        with writer.block(f"if {name} is not None:"):
            writer.line(f"{results}.append({name})")
    return found.made


def _filtered_on(
    generator: Generator, steps: Sequence[Node | None], at: int, context: Context, results: str, found: Value
) -> bool:
    """Write what becomes of what a step found, which has one condition: what passes goes on at once."""
    writer, step = generator.writer, steps[at]
    stage = step.stages[0] if step is not None else None
    index, item = writer.fresh(), writer.fresh()
    inner = _inner(context, item)
    with writer.aside() as written:
        outcome = generator.value(stage.expression, inner)  # type: ignore[union-attr] # a filter
    certain = outcome.kind in ("bool", "maybe")
    values, nulls = candidates(generator, found, item) if certain else (elements(generator, found), "")
    values = writer.named(values)
    weight = generator.weights.of(*(part for part in (step, *steps[at + 1 : at + 2]) if part is not None))
    generator.spend(f"{ROUND} + {for_each(1 + weight, values)}")
    made = True
    with writer.block(f"for {item} in {values}:" if certain else f"for {index}, {item} in enumerate({values}):"):
        if nulls:
            with writer.block(f"if {nulls}:"):
                writer.line("continue")
        writer.place(written)
        if not certain:
            outcome = generator.named(outcome)
            code = outcome.code
            times = f"NEVER if {code} is None else range(hits(run, {code}, {index}, len({values})))"
            with writer.block(f"for _ in ONCE if {code} is True or {is_text(code)} else {times}:"):
                return _kept_on(generator, steps, at, item, context, results)
        with writer.block(f"if {outcome.code}:"):
            made = _kept_on(generator, steps, at, item, context, results)
    return made and found.made


def _kept_on(
    generator: Generator, steps: Sequence[Node | None], at: int, item: str, context: Context, results: str
) -> bool:
    if at == len(steps) - 1 or steps[at + 1] is None:
        generator.writer.line(f"{results}.append({item})")
        return False
    return _looped(generator, steps, at + 1, f"({item},)", context, results)


def _found(generator: Generator, step: Node, context: Context) -> Value:
    """Write what a step finds from one value."""
    value = _unfiltered(generator, step, context)
    for stage in step.stages:
        value = filtered(generator, value, stage, context)
    return value


def _unfiltered(generator: Generator, step: Node, context: Context) -> Value:
    if isinstance(step, nodes.Name) and not step.filters:
        return name_alone(generator, step, context)
    return generator.value(step, context)


_EMITTERS: dict[type[Node], Any] = {nodes.Path: _path}
Generator.emitters.update(_EMITTERS)
