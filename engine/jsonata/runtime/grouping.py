"""Objects made by expressions, and results grouped by key (https://docs.jsonata.org/sorting-grouping)."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.appending import appended
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.rows import merged
from engine.jsonata.runtime.values import Made, Rows, kind_of, present

__all__ = ["extend", "grouped", "made", "one", "without_key"]

#: A key and a value of an object, each a function of the context.
Pair = tuple[Callable[[Any], Any], Callable[[Any], Any]]
#: What an object costs, and each of its entries.
_PER_OBJECT, _PER_ENTRY = 4, 2
#: What a key costs that is found by grouping, with the list of what has it.
_PER_GROUP = 6


def extend(run: Run, made: list[Any], values: list[Any]) -> None:
    """Add the elements of a list to one that is being made."""
    run.spend(len(values))
    made.extend(present(values) if type(values) is list else values)


def one(run: Run, value: Any) -> Any:
    """Return the context of an object whose keys are known: the elements of a list are put together."""
    if not isinstance(value, list):
        return value
    if not value:
        return None
    result = value[0]
    if len(value) > 1 and not any(isinstance(element, list) for element in value):
        run.spend(len(value))
        return Made(value)
    for element in value[1:]:
        result = appended(run, result, element)
    return result


def made(run: Run, entries: dict[str, Any]) -> dict[str, Any]:
    """Return an object without what is absent, having charged for it."""
    run.spend(_PER_OBJECT + _PER_ENTRY * len(entries))
    if None in entries.values():
        return {name: value for name, value in entries.items() if value is not None}
    return entries


def without_key(key: Any) -> dict[str, Any]:
    """Return the object of a key that is no text: nothing is in it if the key is absent, else it is a problem."""
    if key is None:
        return {}
    raise EvaluationProblem("T1003", f"the key of an object must be text, not {kind_of(key)}")


def grouped(run: Run, value: Any, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return an object: for each key the value of all elements that have it. Raises EvaluationProblem.

    The functions get an element, or a row of values and variables.
    """
    elements: Sequence[Any] = value if isinstance(value, list) else (value,)
    if not elements and type(value) is not Rows:
        elements = (None,)
    groups: dict[str, tuple[int, list[Any]]] = {}
    for element in elements:
        for number, (key_from, _) in enumerate(pairs):
            key = key_from(element)
            if type(key) is not str:
                without_key(key)
                continue
            run.spend(1)
            if key not in groups:
                run.spend(_PER_GROUP)
            by, members = groups.setdefault(key, (number, []))
            if by != number:
                raise EvaluationProblem("D1009", "two keys of the object are the same")
            members.append(element)
    together = merged if type(value) is Rows else one
    return made(run, {key: pairs[number][1](together(run, members)) for key, (number, members) in groups.items()})
