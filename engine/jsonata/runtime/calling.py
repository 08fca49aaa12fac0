"""Functions called: with their signatures, and without a stack for calls in last place.

A function whose last act is a call returns it as a `Tail`, and who called it goes on with that: so endless loops end
by fuel, and deep ones do not need the stack (https://docs.jsonata.org/programming#tail-call-optimization-tail-recursion).
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import DEEPEST_CALLS, Run
from engine.jsonata.runtime.values import NULL, Function, kind_of, single
from engine.jsonata.signatures import Signature

__all__ = [
    "Tail", "apply", "call", "caller", "composed", "function", "no_function", "partial", "resume", "too_deep",
]  # fmt: skip


class Tail:
    """A call that is still to be made."""

    __slots__ = ("arguments", "callee", "context")

    def __init__(self, callee: Any, arguments: Sequence[Any], context: Any) -> None:
        self.callee = callee
        self.arguments = arguments
        self.context = context


def function(name: str, body: Callable[..., Any], arity: int, signature: Signature | None = None) -> Function:
    """Return a function of an expression as a value: missing arguments are absent, further ones are ignored."""

    def run_body(run: Run, arguments: Sequence[Any], context: Any) -> Any:
        if signature is not None:
            arguments = signature.bound(name, arguments, context)
        given = len(arguments)
        if given < arity:
            arguments = (*arguments, *[None] * (arity - given))
        run.depth += 1
        if run.depth > DEEPEST_CALLS:
            too_deep(run)
        result = body(*arguments[:arity])
        run.depth -= 1
        return result

    return Function(name, arity, run_body, direct=body if signature is None else None)


def call(run: Run, callee: Any, arguments: Sequence[Any], context: Any) -> Any:
    """Call a value, which must be a function. Raises EvaluationProblem."""
    while True:
        if type(callee) is not Function:
            raise EvaluationProblem("T1006", f"what is called here is not a function, but {kind_of(callee)}")
        run.left -= 1
        if run.left < 0:
            run.out()
        result = callee.call(run, arguments, context)
        if type(result) is not Tail:
            return result
        callee, arguments, context = result.callee, result.arguments, result.context


def no_function(name: str, code: str) -> NoReturn:
    """Raise the problem of a name that is called without its `$`."""
    raise EvaluationProblem(code, f"`{name}` is not a function; did you mean `${name}(…)`?")


def resume(run: Run, tail: Tail) -> Any:
    """Make a call that was left to its caller."""
    return call(run, tail.callee, tail.arguments, tail.context)


def too_deep(run: Run) -> NoReturn:
    """Raise the problem of calls within calls."""
    run.depth = 0
    raise EvaluationProblem("U1001", "the expression nests too deep on this data; make the call the last act")


def caller(run: Run, function: Function, most: int) -> Callable[..., Any]:
    """Return what calls a function with as many of `most` arguments as it cares for; with one at least."""
    direct, arity = function.direct, function.arity
    if direct is None or not 1 <= arity <= most:
        count = max(1, min(most, arity))
        return lambda *arguments: apply(run, function, *arguments[:count])

    def called(*arguments: Any) -> Any:
        result = direct(*arguments[:arity])
        return resume(run, result) if type(result) is Tail else result

    def called_once(value: Any, *_: Any) -> Any:
        result = direct(value)
        return resume(run, result) if type(result) is Tail else result

    return called_once if arity == 1 else called


def apply(run: Run, callee: Function, *arguments: Any) -> Any:
    """Call a function that was handed to another one; nothing stands in for arguments left out."""
    return call(run, callee, arguments, NULL)


def partial(run: Run, callee: Any, arguments: Sequence[Any], holes: Sequence[int]) -> Function:
    """Return a function of the arguments that are left out; raises EvaluationProblem."""
    if type(callee) is not Function:
        raise EvaluationProblem("T1008", f"what is applied in part is not a function, but {kind_of(callee)}")

    def filled(run: Run, given: Sequence[Any], context: Any) -> Any:
        complete = list(arguments)
        for number, hole in enumerate(holes):
            complete[hole] = given[number] if number < len(given) else None
        return callee.call(run, complete, context)

    run.spend(len(arguments))
    return Function(callee.name, len(holes), filled)


def composed(run: Run, first: Any, second: Any) -> Any:
    """Return `first ~> second`: the second applied to the first, or both in one where the first is a function, too."""
    if type(second) is not Function:
        raise EvaluationProblem("T2006", f"the right side of `~>` must be a function, not {kind_of(second)}")
    if type(first) is not Function:
        return call(run, second, (first,), NULL)

    def both(run: Run, given: Sequence[Any], _: Any) -> Any:
        return apply(run, second, single(apply(run, first, *given[:1])))

    return Function(second.name, 1, both)
