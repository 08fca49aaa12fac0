"""A compiled expression, whatever stands behind it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.jsonata.paths import parse_path, walk
from engine.jsonata.problems import EvaluationProblem

__all__ = ["Function", "Program", "compile"]


class Function(NamedTuple):
    """A function of the host, called `$name` in expressions; the signature is JSONata's, such as `<x-s?:s>`."""

    call: Callable[..., Any]
    signature: str | None = None


class Program:
    """A compiled expression; it never changes and may be shared between threads and tasks.

    `names` are the names it reads from its scope with the offset of each, `$` standing for the whole scope; `path` are
    its steps if it is a plain dotted path, which is then walked without the engine.
    """

    __slots__ = ("_run", "names", "path", "text")

    def __init__(
        self, text: str, names: Mapping[str, int], path: tuple[str, ...] | None, run: Callable[[Any], Any]
    ) -> None:
        self.text = text
        self.names = names
        self.path = path
        self._run = run

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope (plain JSON), or None where there is none. Raises EvaluationProblem."""
        return self._run(scope)

    def __repr__(self) -> str:
        return f"Program({self.text!r})"


def compile(text: str, *, functions: Mapping[str, Function] | None = None) -> Program:  # noqa: A001 - as re.compile
    """Compile an expression; raises SyntaxProblem with the offset of the fault."""
    path = parse_path(text)
    if path is not None:
        offset = len(text) - len(text.lstrip())
        return Program(text, {path[0]: offset}, path, lambda scope: walk(path, scope))
    from engine.jsonata.reference import Expression

    calls = {name: _guarded(function.call) for name, function in (functions or {}).items()}
    expression = Expression(text, calls)
    return Program(text, expression.names, None, expression)


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a function of the host refuses into a problem of the expression."""

    def guarded(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except ValueError as error:
            raise EvaluationProblem("D3000", str(error)) from None

    return guarded
