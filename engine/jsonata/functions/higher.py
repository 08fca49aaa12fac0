"""Functions that call functions (https://docs.jsonata.org/higher-order-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.calling import apply
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.lookup import fields
from engine.jsonata.runtime.truth import truth
from engine.jsonata.runtime.values import Function, Seq

__all__ = ["HIGHER"]


def _called(run: Run, function: Function, value: Any, place: Any, whole: Any) -> Any:
    """Call with as many of value, place and whole as the function cares for; the value always."""
    return apply(run, function, *(value, place, whole)[: max(1, min(3, function.arity))])


def _map(run: Run, values: Any, function: Any = None) -> Any:
    if values is None or function is None:
        return None
    run.spend(len(values))
    found = (_called(run, function, value, index, values) for index, value in enumerate(values))
    return Seq(value for value in found if value is not None)


def _filter(run: Run, values: Any, function: Any = None) -> Any:
    if values is None or function is None:
        return None
    run.spend(len(values))
    return Seq(value for index, value in enumerate(values) if truth(_called(run, function, value, index, values)))


def _single(run: Run, values: Any, function: Any = None) -> Any:
    if values is None:
        return None
    run.spend(len(values))
    found = []
    for index, value in enumerate(values):
        if function is None or truth(_called(run, function, value, index, values)):
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
    run.spend(len(values))
    result, first = (values[0], 1) if start is None and values else (start, 0)
    for index in range(first, len(values)):
        result = apply(run, function, *(result, values[index], index, values)[: min(4, function.arity)])
    return result


def _sift(run: Run, value: Any, function: Any = None) -> Any:
    if value is None or function is None:
        return None
    run.spend(len(value))
    entries = fields(value).items()
    return {name: entry for name, entry in entries if truth(_called(run, function, entry, name, value))} or None


def _each(run: Run, value: Any, function: Any = None) -> Any:
    if value is None or function is None:
        return None
    run.spend(len(value))
    found = (_called(run, function, entry, name, value) for name, entry in fields(value).items())
    return Seq(entry for entry in found if entry is not None)


HIGHER = (
    Builtin("map", "<af>", _map, gives_lists=True),
    Builtin("filter", "<af>", _filter, gives_lists=True),
    Builtin("single", "<af?>", _single, gives_lists=True),
    Builtin("reduce", "<afj?:j>", _reduce, gives_lists=True),
    Builtin("sift", "<o-f?:o>", _sift),
    Builtin("each", "<o-f:a>", _each, gives_lists=True),
)
