"""The official language, where null is a value of its own: for tests against the reference, and for the curious.

Mappings use `compile`, where null means absent. What differs from JavaScript here is in docs/jsonata.md.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.jsonata.evaluating import Language, problem_of, written
from engine.jsonata.functions import OFFICIAL
from engine.jsonata.library import Builtin
from engine.jsonata.parser import parse
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import NULL, Null

__all__ = ["ABSENT", "Evaluator", "standard"]


class _Absent:
    """Tells what is absent from null, which is None."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


class Evaluator:
    """An expression of the official language."""

    def __init__(self, text: str, functions: Mapping[str, Builtin]) -> None:
        self._tree = parse(text)
        self._language = Language({**OFFICIAL, **functions}, drops_nulls=False)
        self._functions: dict[tuple[bool, tuple[str, ...]], Callable[..., Any]] = {}

    def evaluate(self, data: Any, variables: Mapping[str, Any] | None = None, *, now: int = 0) -> Any:
        """Return the value for plain JSON, or `ABSENT`; raises EvaluationProblem.

        `now` is the time of the clock in milliseconds since 1970.
        """
        given = dict(variables or {})
        try:
            root = None if data is ABSENT else _with_nulls(data)
            function = self._function(isinstance(root, dict), tuple(given))
            result = function(root, Run(root, now), *map(_with_nulls, given.values()))
            return ABSENT if result is None else _without_nulls(result, {})
        except Exception as error:
            raise problem_of(error) from error

    def _function(self, is_object: bool, names: tuple[str, ...]) -> Callable[..., Any]:
        function = self._functions.get((is_object, names))
        if function is None:
            function = written(self._tree, self._language, names, for_objects=is_object)
            self._functions[is_object, names] = function
        return function


def standard(text: str, functions: Mapping[str, Builtin] | None = None) -> Evaluator:
    """Compile an expression of the official language; raises SyntaxProblem."""
    return Evaluator(text, functions or {})


def _with_nulls(value: Any) -> Any:
    """Return a copy of plain JSON in which null is `NULL`."""
    if value is None:
        return NULL
    if isinstance(value, dict):
        return {name: _with_nulls(entry) for name, entry in value.items()}
    return [_with_nulls(entry) for entry in value] if isinstance(value, list) else value


def _without_nulls(value: Any, known: dict[int, Any]) -> Any:
    """Return a copy in which `NULL` is null; what is there many times over is copied once. `known` are the copies."""
    if not isinstance(value, dict | list):
        return None if isinstance(value, Null) else value
    copy = known.get(id(value))
    if copy is None:
        if isinstance(value, dict):
            copy = {name: _without_nulls(entry, known) for name, entry in value.items()}
        else:
            copy = [_without_nulls(entry, known) for entry in value]
        known[id(value)] = copy
    return copy
