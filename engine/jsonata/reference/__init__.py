"""jsonata-python 0.7.1 behind the seam, with its known defects fenced in.

All were reproduced on that version, which is why it is pinned; its results change between releases.

* other threads' results: an evaluation without bindings shares a frame, and one evaluator serves a whole thread
  → `evaluation`: every evaluation is its own
* `timeout=` and `stack=` count from construction → `evaluation`: fuel, and a bound on sizes
* `a ?? b` and `a ?: b` give wrong values, comments at the end break it, offsets point behind → `parsing`
* `re` can be hung by a payload → `parsing`: RE2
* numbers lose digits, true is 1, `1.5 % 2` is 1 → `operators`, `writing`
* quadratic, inexact and silent functions → `builtins`, `texts`
* binding a function to a variable renames it for the whole process → `functions`
* it changes the caller's data; a null fails or loses a record → `data`
* `$eval`, partial application, functions whose answer differs from run to run → `checking`: refused
* forty kinds of Python errors instead of its own → `failures`
* it raises the recursion limit of the process → `package`
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.program import Function
from engine.jsonata.reference.checking import check
from engine.jsonata.reference.data import Input
from engine.jsonata.reference.evaluation import Evaluation, frame_of
from engine.jsonata.reference.failures import evaluation_problem
from engine.jsonata.reference.functions import callables
from engine.jsonata.reference.parsing import parse
from engine.jsonata.reference.reading import Reading, mark_plain_paths
from engine.jsonata.reference.tree import nodes

__all__ = ["Expression"]


class Expression:
    """A parsed expression; `names` and `paths` are those it reads, with offsets. Never changes; threads may share it.

    Raises SyntaxProblem from its construction.
    """

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        known = callables(functions)
        self._functions = frame_of(known)
        self._tree = parse(text)
        check(self._tree, known)
        mark_plain_paths(nodes(self._tree))
        reading = Reading(self._tree, known)
        self.names = MappingProxyType(reading.names)
        self.paths = MappingProxyType(reading.paths)
        self._reads = reading.reads

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope of plain JSON, or None. Raises EvaluationProblem."""
        try:
            given = Input(scope, self._reads)
            result = Evaluation(self._functions, given.size).run(self._tree, given.data)
            return given.returned(result)
        except EvaluationProblem:
            raise
        except Exception as error:  # noqa: BLE001 - it raises whatever Python raises
            raise evaluation_problem(error) from None
