"""The expression language behind one seam: `compile(text) -> Program`, `program(scope) -> value`.

Null means absent in the scope, integers keep every digit, and every problem says where in the text it is.
"""

from engine.jsonata.problems import EvaluationProblem, JsonataProblem, SyntaxProblem
from engine.jsonata.program import Function, Program
from engine.jsonata.program import compile as compile  # noqa: A004 - the seam's name, as re.compile

__all__ = ["EvaluationProblem", "Function", "JsonataProblem", "Program", "SyntaxProblem", "compile"]
