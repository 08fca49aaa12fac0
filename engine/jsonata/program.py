"""A compiled expression, whatever stands behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from engine.jsonata.paths import parse_path, step_offsets, walk

__all__ = ["Function", "Program", "compile"]


class Function(NamedTuple):
    """A function of the host, called `$name` in expressions.

    It gets plain JSON, None standing for what is absent, and returns such; a ValueError it raises becomes an
    EvaluationProblem with its text. The signature is JSONata's (https://docs.jsonata.org/embedding-extending), such
    as `<x-s?:s>`; without one it takes one argument or more of any kind.
    """

    call: Callable[..., Any]
    signature: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled expression; it never changes and may be shared between threads and tasks."""

    text: str
    """The expression as it was written."""
    names: Mapping[str, int]
    """The names it reads from its scope, with the first offset of each; `$` stands for the whole scope."""
    paths: Mapping[tuple[str, ...], tuple[int, ...]]
    """The paths it reads from there, each as far down as nothing but names lead, with the offset of each step."""
    path: tuple[str, ...] | None
    """Its steps if it is a plain dotted path, which is then walked without the engine."""
    run: Callable[[Any], Any]
    """What computes the value."""

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope of plain JSON (and times), or None where there is none.

        The scope is never changed. What comes out as it is in the scope is the same object, not a copy: leave it
        alone. Times come out as RFC 3339 text. Raises EvaluationProblem.
        """
        return self.run(scope)

    def __repr__(self) -> str:
        return f"Program({self.text!r})"

    def __deepcopy__(self, _memo: object) -> "Program":
        return self


def compile(text: str, *, functions: Mapping[str, Function] | None = None) -> Program:  # noqa: A001 - as re.compile
    """Compile an expression; raises SyntaxProblem with the offset of the fault."""
    path = parse_path(text)
    if path is not None:
        offsets = step_offsets(text)
        names, paths = MappingProxyType({path[0]: offsets[0]}), MappingProxyType({path: offsets})
        return Program(text, names, paths, path, lambda scope: walk(path, scope))
    from engine.jsonata.reference import Expression

    expression = Expression(text, functions or {})
    return Program(text, expression.names, expression.paths, None, expression)
