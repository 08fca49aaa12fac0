"""Code for filters: conditions that decide, numbers that count, and what neither is known of (`[price > 3]`, `[0]`)."""

from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.names import is_bare
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.generator.weighing import for_each
from engine.jsonata.nodes import Node

__all__ = ["candidates", "decides", "elements", "filtered", "filters_alone", "is_text", "selects"]

_DECIDING = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "and", "or"})


def decides(stage: nodes.Filter | nodes.Index) -> bool:
    """Whether a condition is true or false, or absent: a comparison. Others may be numbers, which count results."""
    condition = stage.expression if isinstance(stage, nodes.Filter) else None
    return isinstance(condition, nodes.Binary) and condition.operator in _DECIDING and is_bare(condition)


def selects(step: Node) -> bool:
    """Whether what a step finds passes a condition in the end: then it is a sequence, and no list of the data."""
    return bool(step.stages) and not _is_number(step.stages[-1])


def filters_alone(step: Node) -> bool:
    """Whether one condition follows a step, and nothing else: it is looked at as the results come."""
    return len(step.stages) == 1 and not _is_number(step.stages[0])


def _is_number(stage: nodes.Filter | nodes.Index) -> bool:
    """Whether a filter is a number, and not a condition."""
    condition = stage.expression if isinstance(stage, nodes.Filter) else None
    return isinstance(condition, nodes.Literal) and type(condition.value) in (int, float) and not condition.filters


def is_text(code: str) -> str:
    """Return code for whether a value is a text with something in it, which is what conditions often are."""
    return f"(type({code}) is str and {code})"


def elements(generator: Generator, value: Value) -> str:
    """Return code for what a filter looks at: the elements of a list, or the one value, even where it is absent."""
    name = generator.named(value).code
    if value.kind == "raw" and generator.drops_nulls:
        other = f"{name} if isinstance({name}, list) else ({name},)"
        return f"present({name}) if type({name}) is list else {other}"
    return f"{name} if isinstance({name}, list) else ({name},)"


def candidates(generator: Generator, value: Value, item: str) -> tuple[str, str]:
    """Return the same where nothing counts the elements, and code for whether one of them is a null of the data."""
    name = generator.named(value).code
    values = f"{name} if isinstance({name}, list) else ({name},)"
    is_null = f"{item} is None and type({name}) is list"
    return values, is_null if value.kind == "raw" and generator.drops_nulls else ""


def filtered(generator: Generator, value: Value, stage: Any, context: Context) -> Value:
    """Write a filter of a value."""
    writer = generator.writer
    around, writer.offset = writer.offset, stage.start
    if _is_number(stage):
        value = generator.settle(value)
        result = Value(writer.named(f"nth({value.code}, {stage.expression.value!r})"), "seq", value.made)
    else:
        result = _filtered_by(generator, value, stage.expression, context)
    writer.offset = around
    return result


def _filtered_by(generator: Generator, value: Value, condition: Node, context: Context) -> Value:
    writer = generator.writer
    values, results = writer.named(elements(generator, value)), writer.named("Seq()")
    body = None
    if generator.closes(condition):
        body = generator.in_function(lambda inner: generator.value(condition, inner), context, condition)
    generator.spend(for_each(1 + generator.weights.of(condition), values))
    index, item = writer.fresh(), writer.fresh()
    with writer.block(f"for {index}, {item} in enumerate({values}):"):
        inner = context._replace(code=item, is_object=False, is_root=False)
        outcome = generator.value(condition, inner) if body is None else Value(f"{body}({item})")
        if outcome.kind in ("bool", "maybe"):
            with writer.block(f"if {outcome.code}:"):
                writer.line(f"{results}.append({item})")
        else:
            outcome = generator.named(outcome)
            times = f"[{item}] * hits(run, {outcome.code}, {index}, len({values}))"
            writer.line(f"{results}.extend(({item},) if {outcome.code} is True else {times})")
    return Value(results, "seq", value.made)
