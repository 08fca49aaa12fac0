"""The expression language behind one seam: `compile(text) -> Program`, `program(scope) -> value`.

Null means absent in the scope, integers keep every digit, and every problem says where in the text it is. `standard`
is the official language, in which null is a value. docs/jsonata.md tells what is supported, and what is bounded.
"""

from engine.jsonata.analysis import Read, Reads, Steps, Wild, covers
from engine.jsonata.fields import Failure, Fields, Place
from engine.jsonata.host import Function
from engine.jsonata.official import standard
from engine.jsonata.problems import EvaluationProblem, JsonataProblem, SyntaxProblem
from engine.jsonata.program import Program
from engine.jsonata.program import compile as compile  # noqa: A004 - the seam's name, as re.compile
from engine.jsonata.runtime.fuel import Unfinished, briefly
from engine.jsonata.runtime.truth import truth

__all__ = [
    "EvaluationProblem",
    "Failure",
    "Fields",
    "Function",
    "JsonataProblem",
    "Place",
    "Program",
    "Read",
    "Reads",
    "Steps",
    "SyntaxProblem",
    "Unfinished",
    "Wild",
    "briefly",
    "compile",
    "covers",
    "standard",
    "truth",
]
