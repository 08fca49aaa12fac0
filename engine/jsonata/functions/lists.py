"""Functions on lists (https://docs.jsonata.org/array-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.appending import appended
from engine.jsonata.runtime.calling import apply
from engine.jsonata.runtime.comparing import key_of
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.sorting import merge_sorted
from engine.jsonata.runtime.truth import holds
from engine.jsonata.runtime.values import Made, Seq, letter_of

__all__ = ["LISTS"]


def _append(run: Run, left: Any, right: Any = None) -> Any:
    return appended(run, left, right)


def _reverse(run: Run, values: Any) -> Any:
    if values is None or len(values) <= 1:
        return values
    run.spend(len(values))
    return Made(reversed(values))


def _zip(run: Run, *lists: Any) -> Any:
    shortest = min(len(values) if isinstance(values, list) else 0 for values in lists)
    run.spend(shortest * len(lists))
    return Made(Made(values[index] for values in lists) for index in range(shortest))


def _distinct(run: Run, values: Any) -> Any:
    if not isinstance(values, list) or len(values) <= 1:
        return values
    run.spend(len(values))
    kept: dict[Any, Any] = {}
    for value in values:
        kept.setdefault(key_of(run, value), value)
    return Seq(kept.values()) if isinstance(values, Seq) else Made(kept.values())


def _sort(run: Run, values: Any, after: Any = None) -> Any:
    """Sort stably; `after($a, $b)` says whether `$a` belongs after `$b`."""
    if values is None or len(values) <= 1:
        return values
    run.spend(len(values) * len(values).bit_length())
    if after is not None:
        return Made(merge_sorted(values, lambda left, right: holds(run, apply(run, after, left, right))))
    if {letter_of(value) for value in values} not in ({"n"}, {"s"}):
        raise EvaluationProblem("D3070", "only numbers or texts are sorted without a function that compares")
    return Made(sorted(values))


LISTS = (
    Builtin("append", "<xx:a>", _append),
    Builtin("reverse", "<a:a>", _reverse, gives_lists=True),
    Builtin("zip", "<a+>", _zip, arity=0),
    Builtin("distinct", "<x:x>", _distinct, gives_lists=True),
    Builtin("sort", "<af?:a>", _sort, gives_lists=True),
)
