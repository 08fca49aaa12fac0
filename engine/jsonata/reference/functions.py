"""The functions an expression may call: theirs, ours in place of theirs, and those of the host."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.jsonata.host import Function
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.builtins import BUILTINS
from engine.jsonata.reference.package import Jsonata
from engine.jsonata.reference.writing import finite

__all__ = ["Callables", "callables"]

#: Functions that are not its own here, or not there at all.
_REFUSED = frozenset({"eval", "now", "millis", "random", "shuffle"})

Callables = Mapping[str, Any]

_JSON = (str, int, float, list, dict)


class _Native(Jsonata.JFunction):  # type: ignore[misc]
    """A function written in Python. The evaluation under way is charged for what it takes and gives."""

    def __init__(self, signature: str | None, call: Callable[..., Any], most: int) -> None:
        super().__init__(None, signature or "<x+:x>")
        self._call = call
        self._most = most

    def call(self, _input: Any, args: Sequence[Any]) -> Any:
        evaluation = Jsonata.CURRENT.jsonata
        for arg in args:
            evaluation.charge(arg)
        given = list(args)
        result = self._call(*given, *[None] * (self._most - len(given)))
        evaluation.charge(result)
        return finite(result) if isinstance(result, float) else result


def _theirs() -> dict[str, Any]:
    found = {}
    for name, native in Jsonata.static_frame.bindings.items():
        if name not in BUILTINS and name not in _REFUSED:
            found[name] = _Native(None, native.method, native.nargs)
            found[name].signature = copy.copy(native.signature)
            _name(name, found[name])
    return found


def _ours() -> dict[str, Any]:
    return {name: _name(name, _Native(signature, call, 0)) for name, (signature, call) in BUILTINS.items()}


def _name(name: str, native: _Native) -> _Native:
    """Name a function for good: theirs is renamed, for everybody, by whoever binds it to a variable."""
    native.signature.set_function_name(name)
    native.signature.set_function_name = _keep
    return native


def _keep(_: str) -> None:
    """Keep the name a function has."""


def callables(host: Mapping[str, Function]) -> Callables:
    """Return all functions by name; those of the host go first."""
    own = {name: _Native(function.signature, _guarded(name, function.call), 0) for name, function in host.items()}
    return {**_SHARED, **{name: _name(name, native) for name, native in own.items()}}


def _guarded(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a function of the host refuses into a problem of the expression."""

    def guarded(*arguments: Any) -> Any:
        if not all(argument is None or isinstance(argument, _JSON) for argument in arguments):
            raise EvaluationProblem("T0410", f"`${name}` takes no functions")
        try:
            return call(*arguments)
        except ValueError as error:
            raise EvaluationProblem("D3000", f"`${name}`: {error}") from None

    return guarded


_SHARED = {**_theirs(), **_ours()}
