"""What went wrong in an evaluation, in words. The values themselves are not in them: they may be about people."""

import re
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.package import JException
from engine.jsonata.reference.writing import kind

__all__ = ["argument_problem", "evaluation_problem"]

_KINDS = {"s": "text", "n": "a number", "b": "true or false", "a": "a list", "o": "an object", "f": "a function"}
_MANY = {"s": "texts", "n": "numbers", "b": "switches", "a": "lists", "o": "objects"}

_TEXTS = {
    "T1003": "the key of an object must be text",
    "T1006": "what is called here is not a function",
    "D1009": "two keys of the object are the same",
    "T2006": "the right side of `~>` must be a function",
    "T2007": "the values to sort by are of different types",
    "T2008": "the values to sort by must be numbers or texts",
    "D3060": "a negative number has no square root",
    "D3061": "the power is out of range",
    "D3138": "more than one element matches, and `$single` wants one",
    "D3139": "no element matches, and `$single` wants one",
}


def evaluation_problem(error: Exception, offset: int | None = None, what: str = "the expression") -> EvaluationProblem:
    """Return the problem for what was raised; `offset` is used where the error has no place of its own."""
    if isinstance(error, RecursionError):
        return EvaluationProblem("U1001", "the expression nests too deep on this data", offset)
    if not isinstance(error, JException):
        return EvaluationProblem("D3000", f"{what} failed: {error or type(error).__name__}", offset)
    place = error.location if isinstance(error.location, int) and error.location > 0 else offset
    code = str(error.error)
    text = _TEXTS.get(code) or str(error).replace("Object", "function").removeprefix("JSonataException ")
    return EvaluationProblem(code, text[:1].lower() + text[1:] if code not in ("D3137", "D3141") else text, place)


def argument_problem(error: Any, signature: Any, args: list[Any]) -> EvaluationProblem:
    """Return the problem for an argument of the wrong type."""
    name = signature.function_name
    code = str(error.error)
    if code == "T0411":
        return EvaluationProblem(code, f"`${name}` lacks its argument, and cannot take {kind(error.current)} instead")
    if code == "T0412":
        wanted = _MANY.get(str(error.extra)[:1], "such values")
        return EvaluationProblem(code, f"argument {error.current} of `${name}` must be a list of {wanted}")
    accepted, parameters = _accepted(signature, args)
    if not parameters:
        return EvaluationProblem(code, f"`${name}` takes fewer arguments than {len(args)}")
    types = parameters[0].type.strip("()")
    wanted = " or ".join(_KINDS[letter] for letter in types if letter in _KINDS) or "a value"
    if accepted == len(args):
        return EvaluationProblem(code, f"`${name}` lacks argument {accepted + 1}, {wanted}")
    given = kind(args[accepted])
    hint = _HINTS.get((types, given), "")
    return EvaluationProblem(code, f"argument {accepted + 1} of `${name}` must be {wanted}, not {given}{hint}")


def _accepted(signature: Any, args: list[Any]) -> tuple[int, list[Any]]:
    """Return how many arguments fit, and the parameters that are left for the first that does not."""
    parameters = signature._params  # noqa: SLF001 - nothing else tells
    symbols = "".join(signature.get_symbol(arg) for arg in args)
    return next(
        (count, parameters[taken:])
        for count in range(len(args), -1, -1)
        for taken in range(len(parameters) + 1)
        if re.fullmatch("".join(parameter.regex for parameter in parameters[:taken]), symbols[:count])
    )


_HINTS = {("n", "text"): "; use $number(…)", ("s", "a number"): "; use $string(…)"}
