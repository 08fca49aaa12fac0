"""Rows: results with the variables that `@`, `#` and `%` bind on the way (https://docs.jsonata.org/path-operators)."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.jsonata.runtime.appending import appended
from engine.jsonata.runtime.filtering import hits, nth
from engine.jsonata.runtime.fuel import PER_ROW, Run
from engine.jsonata.runtime.values import Rows, Seq, single

__all__ = ["counted", "merged", "nth_row", "rows_of", "rows_where", "spread", "values_of"]

Row = dict[str, Any]


def rows_of(run: Run, values: Sequence[Any]) -> Rows:
    """Return rows for values: nothing is bound yet."""
    run.spend(PER_ROW * len(values))
    return Rows({"@": value} for value in values)


def spread(
    run: Run, rows: Rows, row: Row, found: Any, focus: str | None, index: str | None, ancestor: str | None
) -> None:
    """Add to `rows` what a step finds from one row: a row for each result, with what the step binds."""
    if found is None:
        return
    results = found if isinstance(found, list) else (found,)
    run.spend(PER_ROW * len(results))
    if type(found) is Rows:
        rows.extend({**row, **result} for result in results)
        return
    for number, result in enumerate(results):
        made = {**row, focus: single(result)} if focus else {**row, "@": result}
        if index:
            made[index] = number
        if ancestor:
            made[ancestor] = row["@"]
        rows.append(made)


def counted(run: Run, rows: Any, index: str) -> Any:
    """Return the rows that a filter left, each with its number."""
    run.spend(PER_ROW * len(rows))
    return Rows({**row, index: number} for number, row in enumerate(rows))


def values_of(rows: Rows) -> Seq:
    """Return the results of rows."""
    return Seq(row["@"] for row in rows)


def merged(run: Run, rows: list[Row]) -> Row:
    """Put rows together into one: each of its values is all of theirs."""
    result = dict(rows[0])
    for row in rows[1:]:
        for name, value in row.items():
            result[name] = appended(run, result.get(name), value)
    return result


def nth_row(rows: Rows, number: float) -> Rows:
    """Return the row of a number, counted from 0, or from the end where it is negative."""
    found = nth(rows, number)
    return Rows(found) if isinstance(found, list) else Rows()


def rows_where(run: Run, rows: Rows, holds: Callable[[Row], Any]) -> Rows:
    """Return the rows for which a condition holds, or whose number it gives."""
    run.spend(len(rows))
    kept = Rows()
    for index, row in enumerate(rows):
        outcome = holds(row)
        if outcome is True:
            kept.append(row)
        elif outcome is not False and outcome is not None:
            kept.extend([row] * hits(run, outcome, index, len(rows)))
    return kept
