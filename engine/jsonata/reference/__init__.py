"""jsonata-python 0.7.1 behind the same seam, to compare the compiler with; its known defects are fenced in.

`ROLLBOOK_JSONATA=reference` selects it, where the extra `reference` is installed. All defects were reproduced on that
version, which is why it is pinned; its results change between releases.

* other threads' results: an evaluation without bindings shares a frame, and one evaluator serves a whole thread
  → `evaluation`: every evaluation is its own
* `timeout=` and `stack=` count from construction → `evaluation`: fuel, and a bound on sizes
* `a ?? b` and `a ?: b` give wrong values, comments at the end break it, offsets point behind → `parsing`
* `re` can be hung by a payload → `parsing`: RE2
* numbers lose digits, true is 1, `1.5 % 2` is 1 → `operators`, `writing`
* quadratic, inexact and silent functions → `builtins`, `texts`
* binding a function to a variable renames it for the whole process → `functions`
* it changes the caller's data; a null fails or loses a record → `data`
* forty kinds of Python errors instead of its own → `failures`
* it raises the recursion limit of the process → `package`
"""

from collections.abc import Mapping
from typing import Any

from engine.jsonata.host import Function
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.data import Input
from engine.jsonata.reference.evaluation import Evaluation, frame_of
from engine.jsonata.reference.failures import evaluation_problem
from engine.jsonata.reference.functions import callables
from engine.jsonata.reference.parsing import parse

__all__ = ["Expression"]


class Expression:
    """A parsed expression, which the compiler has checked before. Never changes; threads may share it.

    Raises SyntaxProblem from its construction.
    """

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self._functions = frame_of(callables(functions))
        self._tree = parse(text)

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope of plain JSON, or None. Raises EvaluationProblem."""
        try:
            given = Input(scope)
            result = Evaluation(self._functions, given.size).run(self._tree, given.data)
            return given.returned(result)
        except EvaluationProblem:
            raise
        except Exception as error:  # noqa: BLE001 - it raises whatever Python raises
            raise evaluation_problem(error) from None
