"""One evaluation: a tree, a scope, and a bound on the work.

jsonata-python keeps one evaluator for each thread; here each evaluation is its own, so that neither results nor
bounds are shared between threads, tasks or expressions. Its `timeout` counts from construction and cannot be used;
here every node and every value made costs fuel.
"""

from collections.abc import Callable
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.failures import argument_problem, evaluation_problem
from engine.jsonata.reference.functions import Callables
from engine.jsonata.reference.operators import OPERATORS, negate
from engine.jsonata.reference.package import JException, Jsonata, Utils
from engine.jsonata.reference.tree import Node

__all__ = ["FUEL", "Evaluation", "frame_of"]

#: How many steps an expression may take on small data; what it reads adds to it.
FUEL = 100_000
_PER_VALUE = 20
#: So many elements or characters cost as much as one step.
_PER_STEP = 16


class _Plain:
    """Stands for the parser an evaluation would ask whether to print what it does."""

    dbg = False


def frame_of(functions: Callables) -> Any:
    """Return the frame in which all evaluations of an expression find its functions."""
    frame = Jsonata.Frame(None)
    frame.bindings.update(functions)
    return frame


class Evaluation(Jsonata):  # type: ignore[misc]
    """Evaluates one tree once, over data without nulls."""

    parser = _Plain()

    def __init__(self, functions: Any, size: int) -> None:  # theirs parses
        self._functions = functions
        self._fuel = FUEL + size * _PER_VALUE
        self.input = None
        self.environment = None

    def run(self, tree: Node, data: Any) -> Any:
        """Return the value. Raises EvaluationProblem, or whatever Python raises."""
        frame = self.create_frame(self._functions)
        frame.bind("$", data)
        before = vars(Jsonata.CURRENT).copy()
        Jsonata.CURRENT.jsonata = self
        try:
            return self.eval(tree, _wrapped(data), frame)
        finally:
            vars(Jsonata.CURRENT).clear()
            vars(Jsonata.CURRENT).update(before)

    def charge(self, value: Any) -> None:
        """Take fuel for a value, by its size; raises EvaluationProblem where there is no more."""
        self._fuel -= 1 + (len(value) // _PER_STEP if isinstance(value, list | str | dict) else 0)
        if self._fuel < 0:
            what = f"the expression takes more than {FUEL:,} steps on this data; simplify it"
            raise EvaluationProblem("U1001", what)

    def eval(self, expr: Node, input: Any, environment: Any) -> Any:  # noqa: A002 - their names
        """Evaluate a node, at its price."""
        evaluate = self._either if expr.type == "either" else self._eval
        result = evaluate(expr, input, environment)
        self.charge(result)
        return result

    def _either(self, expr: Node, input: Any, environment: Any) -> Any:  # noqa: A002
        left = self.eval(expr.lhs, input, environment)
        if left is not None and (expr.value == "??" or Jsonata.boolize(left)):
            return left
        return self.eval(expr._else, input, environment)  # noqa: SLF001

    def evaluate_literal(self, expr: Node) -> Any:
        """Return a literal; theirs makes a null of None, which is absent here."""
        return expr.value

    def evaluate_unary(self, expr: Node, input: Any, environment: Any) -> Any:  # noqa: A002
        """Negate exactly; theirs goes through a float."""
        if expr.value != "-":
            return super().evaluate_unary(expr, input, environment)
        return _at(expr, negate, self.eval(expr.expression, input, environment))

    def evaluate_binary(self, expr: Node, input: Any, environment: Any) -> Any:  # noqa: A002
        """Apply an operator of ours."""
        left = self.eval(expr.lhs, input, environment)
        if expr.value in ("and", "or"):
            if Jsonata.boolize(left) is (expr.value == "or"):
                return expr.value == "or"
            return Jsonata.boolize(self.eval(expr.rhs, input, environment))
        return _at(expr, OPERATORS[expr.value], left, self.eval(expr.rhs, input, environment))

    def evaluate_group_expression(self, expr: Node, input: Any, environment: Any) -> Any:  # noqa: A002
        """Group, or make an object; theirs puts a null into an empty list, even the caller's."""
        if isinstance(input, list) and not input:
            input = Utils.create_sequence()  # noqa: A001
        return super().evaluate_group_expression(expr, input, environment)

    def evaluate_function(self, expr: Node, input: Any, environment: Any, applyto_context: Any) -> Any:  # noqa: A002
        """Call a function; whatever it raises becomes a problem at the call."""
        try:
            return super().evaluate_function(expr, input, environment, applyto_context)
        except EvaluationProblem as problem:
            raise problem.at(expr.procedure.position) from None
        except RecursionError:
            raise
        except Exception as error:  # noqa: BLE001 - their functions raise whatever Python raises
            raise evaluation_problem(error, expr.procedure.position, f"`${expr.procedure.value}`") from None

    def apply_inner(self, proc: Any, args: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """Apply a function; theirs prints what is none, with whatever data that may be."""
        if not self.is_function_like(proc):
            raise EvaluationProblem("T1006", "what is called here is not a function")
        return super().apply_inner(proc, args, input, environment)

    def validate_arguments(self, signature: Any, args: Any, context: Any) -> Any:
        """Check arguments against a signature."""
        if isinstance(context, Utils.JList) and context.outer_wrapper:
            context = context[0]
        try:
            return super().validate_arguments(signature, args, context)
        except JException as error:
            raise argument_problem(error, signature.signature, args) from None


def _at(expr: Node, operator: Callable[..., Any], *values: Any) -> Any:
    """Apply an operator; its problems point at it."""
    try:
        return operator(*values)
    except EvaluationProblem as problem:
        raise problem.at(expr.position) from None


def _wrapped(data: Any) -> Any:
    """Wrap a list, so that it is one context and not many."""
    if not isinstance(data, list):
        return data
    wrapped = Utils.create_sequence(data)
    wrapped.outer_wrapper = True
    return wrapped
