"""Functions that call functions (https://docs.jsonata.org/higher-order-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.calling import caller
from engine.jsonata.runtime.fuel import ROUND, Run
from engine.jsonata.runtime.lookup import fields
from engine.jsonata.runtime.truth import holds
from engine.jsonata.runtime.values import Seq

__all__ = ["HIGHER"]


def _map(run: Run, values: Any, function: Any = None) -> Any:
    if values is None or function is None:
        return None
    run.spend(ROUND * len(values))
    called = caller(run, function, 3)
    found = [called(value, index, values) for index, value in enumerate(values)]
    return Seq(value for value in found if value is not None) if None in found else Seq(found)


def _filter(run: Run, values: Any, function: Any = None) -> Any:
    if values is None or function is None:
        return None
    run.spend(ROUND * len(values))
    called = caller(run, function, 3)
    kept = Seq()
    for index, value in enumerate(values):
        outcome = called(value, index, values)
        if outcome is True or (outcome is not False and holds(run, outcome)):
            kept.append(value)
    return kept


def _single(run: Run, values: Any, function: Any = None) -> Any:
    if values is None:
        return None
    run.spend(ROUND * len(values))
    called = None if function is None else caller(run, function, 3)
    found = []
    for index, value in enumerate(values):
        if called is None or holds(run, called(value, index, values)):
            found.append(value)
            if len(found) > 1:
                raise EvaluationProblem("D3138", "more than one element matches, and `$single` wants one")
    if not found:
        raise EvaluationProblem("D3139", "no element matches, and `$single` wants one")
    return found[0]


def _reduce(run: Run, values: Any, function: Any = None, start: Any = None) -> Any:
    if values is None or function is None:
        return None
    if function.arity < 2:
        raise EvaluationProblem("D3050", "`$reduce` wants a function of two arguments or more")
    run.spend(ROUND * len(values))
    called = caller(run, function, 4)
    result, first = (values[0], 1) if start is None and values else (start, 0)
    for index in range(first, len(values)):
        result = called(result, values[index], index, values)
    return result


def _sift(run: Run, value: Any, function: Any = None) -> Any:
    if value is None or function is None:
        return None
    run.spend(ROUND * len(value))
    called = caller(run, function, 3)
    return {name: entry for name, entry in fields(value).items() if holds(run, called(entry, name, value))} or None


def _each(run: Run, value: Any, function: Any = None) -> Any:
    if value is None or function is None:
        return None
    run.spend(ROUND * len(value))
    called = caller(run, function, 3)
    found = (called(entry, name, value) for name, entry in fields(value).items())
    return Seq(entry for entry in found if entry is not None)


HIGHER = (
    Builtin("map", "<af>", _map, gives_lists=True),
    Builtin("filter", "<af>", _filter, gives_lists=True),
    Builtin("single", "<af?>", _single, gives_lists=True),
    Builtin("reduce", "<afj?:j>", _reduce, gives_lists=True),
    Builtin("sift", "<o-f?:o>", _sift),
    Builtin("each", "<o-f:a>", _each, gives_lists=True),
)
