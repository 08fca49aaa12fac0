"""Functions of the host: what a program that uses the engine adds to the language."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from engine.jsonata.functions import FUNCTIONS
from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.output import plain
from engine.jsonata.runtime.values import Function as Callee
from engine.jsonata.signatures import parse_signature

__all__ = ["Function", "library_with"]


class Function(NamedTuple):
    """A function of the host, called `$name` in expressions.

    It gets plain JSON, None standing for what is absent, and returns such; a ValueError it raises becomes an
    EvaluationProblem with its text. The signature is JSONata's (https://docs.jsonata.org/embedding-extending), such
    as `<x-s?:s>`; without one it takes one argument or more of any kind.
    """

    call: Callable[..., Any]
    signature: str | None = None


def library_with(functions: Mapping[str, Function]) -> Mapping[str, Builtin]:
    """Return all functions by name; those of the host go first."""
    return _library(tuple(functions.items()))


@lru_cache(maxsize=64)
def _library(functions: tuple[tuple[str, Function], ...]) -> Mapping[str, Builtin]:
    return {**FUNCTIONS, **{name: _builtin(name, function) for name, function in functions}}


def _builtin(name: str, function: Function) -> Builtin:
    def call(run: Run, *arguments: Any) -> Any:
        given = list(arguments)
        run.spend(1)
        for number, argument in enumerate(given):
            if type(argument) is Callee:
                raise EvaluationProblem("T0410", f"`${name}` takes no functions")
            if isinstance(argument, str):
                run.read(argument)
            elif isinstance(argument, list | dict):
                given[number] = plain(run, argument)
        try:
            return function.call(*given)
        except ValueError as error:
            raise EvaluationProblem("D3000", f"`${name}`: {error}") from None

    signature = function.signature or "<x+:x>"
    arity = max(1, parse_signature(signature).least)
    return Builtin(name, signature, call, arity=arity, is_of_jsonata=False)
