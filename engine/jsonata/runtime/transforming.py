"""Transforms: a copy of a value, changed where a pattern finds something (https://docs.jsonata.org/other-operators)."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.calling import apply
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Function, Made, kind_of

__all__ = ["copied", "transform"]

Part = Callable[[Any], Any]


def transform(pattern: Part, update: Part, delete: Part | None, cloner: Any) -> Function:
    """Return a function that changes a copy of what it gets: objects found by the pattern gain and lose fields.

    `cloner` makes the copy: `copied`, or the value of a variable `$clone`, which must be a function. What it returns
    is copied all the same, and what the pattern finds elsewhere is left alone: no data is ever changed.
    """

    def changed(run: Run, arguments: Sequence[Any], context: Any) -> Any:
        value = arguments[0] if arguments else context
        if value is None:
            return None
        if not isinstance(value, dict | list):
            raise EvaluationProblem("T0410", f"a transform must get an object or a list, not {kind_of(value)}")
        if cloner is not copied:
            if type(cloner) is not Function:
                raise EvaluationProblem("T2013", "a transform copies with `$clone`, which is no function here")
            value = apply(run, cloner, value)
        objects: set[int] = set()
        copy = copied(run, value, objects)
        found = pattern(copy)
        for match in found if isinstance(found, list) else (found,):
            if match is not None:
                _update(match, update(match), objects)
                if delete is not None:
                    _delete(match, delete(match), objects)
        return copy

    return Function("transform", 1, changed)


def _update(match: Any, changes: Any, objects: set[int]) -> None:
    if changes is None:
        return
    if type(changes) is not dict:
        raise EvaluationProblem("T2011", f"the update of a transform must be an object, not {kind_of(changes)}")
    if id(match) in objects:
        match.update(changes)


def _delete(match: Any, names: Any, objects: set[int]) -> None:
    if names is None:
        return
    listed = names if isinstance(names, list) else [names]
    if not all(isinstance(name, str) for name in listed):
        raise EvaluationProblem("T2012", "the deletions of a transform must be texts: the names of fields")
    if id(match) in objects:
        for name in listed:
            match.pop(name, None)


def copied(run: Run, value: Any, objects: set[int] | None = None) -> Any:
    """Return a copy of a value, all the way down; functions become empty texts, as in text.

    The identities of its objects are added to `objects`.
    """
    run.spend(6 if isinstance(value, dict | list) else 1)
    if type(value) is dict:
        copy = {name: copied(run, entry, objects) for name, entry in value.items()}
        if objects is not None:
            objects.add(id(copy))
        return copy
    if isinstance(value, list):
        return Made(copied(run, entry, objects) for entry in value)
    return "" if type(value) is Function else value
