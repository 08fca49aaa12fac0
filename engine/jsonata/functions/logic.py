"""Functions on truth, types and errors (https://docs.jsonata.org/boolean-functions, /other-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.truth import holds
from engine.jsonata.runtime.values import letter_of

__all__ = ["LOGIC"]

_TYPES = {
    "s": "string", "n": "number", "b": "boolean", "l": "null", "a": "array", "o": "object", "f": "function",
}  # fmt: skip


def _boolean(run: Run, value: Any) -> Any:
    return None if value is None else holds(run, value)


def _not(run: Run, value: Any) -> Any:
    return None if value is None else not holds(run, value)


def _exists(_: Run, value: Any) -> Any:
    return value is not None


def _type(_: Run, value: Any) -> Any:
    return _TYPES.get(letter_of(value))


def _error(_: Run, message: Any = None) -> Any:
    raise EvaluationProblem("D3137", message or "`$error` was reached")


def _assert(_: Run, condition: Any, message: Any = None) -> Any:
    if not condition:
        raise EvaluationProblem("D3141", message or "what `$assert` states is not true")


LOGIC = (
    Builtin("boolean", "<x-:b>", _boolean),
    Builtin("not", "<x-:b>", _not),
    Builtin("exists", "<x:b>", _exists),
    Builtin("type", "<x:s>", _type),
    Builtin("error", "<s?:x>", _error),
    Builtin("assert", "<bs?:x>", _assert),
)
