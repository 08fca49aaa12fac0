"""Code for steps over rows: values with the variables that `@`, `#` and `%` bind on the way."""

from collections.abc import Callable
from typing import Any

from engine.jsonata import nodes
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.scope import Context, Frame, Value
from engine.jsonata.nodes import Node

__all__ = ["in_row", "row_stage", "row_step", "rows_result", "sort_step"]


def _inner(generator: Generator, row: str, context: Context) -> Context:
    """Write the variables of a row, and return the context in which its value is looked at."""
    frame = Frame(context.frame)
    for name in generator.row_names:
        around = generator.variable(name, context.frame)
        frame.names[name] = generator.writer.named(f"{row}.get({name!r}, {around})")
    value = generator.writer.named(f"{row}['@']")
    return Context(value, frame)


def in_row(generator: Generator, emit: Callable[[Context], Value], context: Context, body: Node) -> str:
    """Write a function of a row and return its name."""
    writer = generator.writer
    name, row = writer.fresh(), writer.fresh()
    with writer.function(name, row):
        generator.spend_for(body)
        value = generator.settle(emit(_inner(generator, row, context)))
        writer.line(f"return {value.code}")
    return name


def row_step(generator: Generator, step: Node, values: str, context: Context, *, first: bool) -> str:
    """Write a step over rows, and return its rows; before the first such step there are only values."""
    writer = generator.writer
    rows = writer.named(f"rows_of(run, {values}) if type({values}) is not Rows else {values}") if first else values
    results = writer.named("Rows()")
    found = in_row(generator, lambda inner: _unfiltered(generator, step, inner), context, step)
    row = writer.fresh()
    ancestor = step.ancestor.label if step.ancestor else None
    generator.spend(f"len({rows})")
    with writer.block(f"for {row} in {rows}:"):
        writer.line(f"spread(run, {results}, {row}, {found}({row}), {step.focus!r}, {step.index!r}, {ancestor!r})")
    for stage in step.stages:
        results = row_stage(generator, stage, results, context)
    return results


def _unfiltered(generator: Generator, step: Node, context: Context) -> Value:
    if isinstance(step, nodes.Path | nodes.Block) and step.rows:
        return generator.base(step, context)
    return generator.value(step, context)


def row_stage(generator: Generator, stage: Any, rows: str, context: Context) -> str:
    """Write a filter of rows, or a count of them, and return the rows that are left."""
    writer = generator.writer
    if isinstance(stage, nodes.Index):
        return writer.named(f"counted(run, {rows}, {stage.name!r})")
    condition = stage.expression
    if isinstance(condition, nodes.Literal) and type(condition.value) in (int, float) and not condition.filters:
        return writer.named(f"nth_row({rows}, {condition.value!r})")
    holds = in_row(generator, lambda inner: generator.value(condition, inner), context, condition)
    return writer.named(f"rows_where(run, {rows}, {holds})")


def sort_step(generator: Generator, step: nodes.Sort, values: str, context: Context, *, rows: bool) -> str:
    """Write a step that sorts values, or rows."""
    writer = generator.writer
    if rows:
        values = writer.named(f"{values} if type({values}) is Rows else rows_of(run, {values})")
    keys = []
    for term in step.terms:
        writer.offset = term.expression.start
        expression = term.expression

        def emit(inner: Context, expression: Node = expression) -> Value:
            return generator.value(expression, inner)

        written = in_row if rows else Generator.in_function
        function = written(generator, emit, context, expression)
        keys.append(f"({function}, {term.descending}), ")
    writer.offset = step.start
    values = writer.named(f"ordered(run, {values}, ({''.join(keys)}))")
    if rows and step.index:
        values = writer.named(f"counted(run, {values}, {step.index!r})")
    for stage in step.stages:
        values = (
            row_stage(generator, stage, values, context) if rows else _plain_stage(generator, stage, values, context)
        )
    return values


def _plain_stage(generator: Generator, stage: Any, values: str, context: Context) -> str:
    return generator.writer.named(generator.filtered(Value(values), stage, context).code)


def rows_result(generator: Generator, rows: str) -> str:
    """Write the values of rows."""
    return generator.writer.named(f"values_of({rows})")
