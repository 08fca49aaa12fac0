"""A compiled expression of a mapping, in which null means absent."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.jsonata.analysis import Reading, Reads, output_keys, problems, reads
from engine.jsonata.evaluating import Language, problem_of, written
from engine.jsonata.functions import REFUSED
from engine.jsonata.host import Function, library_with
from engine.jsonata.nodes import Node
from engine.jsonata.parser import parse
from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.runtime.clock import millis_at
from engine.jsonata.runtime.fuel import Run

__all__ = ["Parsed", "Program", "compile"]


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """An expression as a tree, and the language it is to be understood in."""

    tree: Node
    language: Language
    clock: tuple[str, ...] | None
    """Where the scope has the time of the run, if the expression asks for the time."""


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
    """Its steps if it is a plain dotted path."""
    keys: tuple[tuple[str, int], ...]
    """The keys of the objects it can give, as far as they are written in it, with the offset of each."""
    parsed: Parsed
    run: Callable[[Any], Any]
    """What computes the value."""

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope of plain JSON, or None where there is none.

        The scope is never changed. What comes out as it is in the scope is the same object, not a copy: leave it
        alone. Raises EvaluationProblem.
        """
        return self.run(scope)

    def reads(self) -> Reads:
        """Return which paths of the scope it reads, how far down, and which of them its value is made of."""
        return reads(self.parsed.tree, self.parsed.language.library)

    @property
    def is_compiled(self) -> bool:
        """Whether it runs on the compiler, and not on the engine it is compared with."""
        return isinstance(self.run, _Evaluation)

    def __repr__(self) -> str:
        return f"Program({self.text!r})"

    def __deepcopy__(self, _memo: object) -> "Program":
        return self


class _Evaluation:
    """Evaluates a tree; its code is written when it is first needed, and never changes after that."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._functions: dict[bool, Callable[..., Any]] = {}

    def __call__(self, scope: Any) -> Any:
        is_object = type(scope) is dict
        function = self._functions.get(is_object)
        if function is None:
            function = written(self._parsed.tree, self._parsed.language, for_objects=is_object)
            self._functions[is_object] = function
        try:
            return function(scope, Run(scope, millis_at(scope, self._parsed.clock)))
        except Exception as error:  # noqa: BLE001 - whatever an evaluation raises is a problem of it
            raise problem_of(error) from None


def compile(  # noqa: A001 - the name of the seam, as re.compile
    text: str, *, functions: Mapping[str, Function] | None = None, clock: tuple[str, ...] = ("run", "now")
) -> Program:
    """Compile an expression; raises SyntaxProblem with the offset of the fault, and with `others` if there are more.

    `clock` is the path in the scope at which there is the time that `$now` and `$millis` give, as RFC 3339 text.
    """
    library = library_with(functions or {})
    tree = parse(text)
    found = problems(tree, library, REFUSED)
    if found:
        found[0].others = tuple(found[1:])
        raise found[0]
    reading = Reading(tree, library)
    if reading.asks_time is not None:
        at = reading.asks_time
        reading.names.setdefault(clock[0], at)
        reading.paths.setdefault(clock, (at,) * len(clock))
    parsed = Parsed(tree, Language(library, drops_nulls=True), None if reading.asks_time is None else clock)
    names, paths = MappingProxyType(reading.names), MappingProxyType(reading.paths)
    return Program(
        text, names, paths, reading.path, output_keys(tree), parsed, _evaluation(text, parsed, functions or {})
    )


def _evaluation(text: str, parsed: Parsed, functions: Mapping[str, Function]) -> Callable[[Any], Any]:
    """Return what evaluates an expression: the compiler, or jsonata-python where `ROLLBOOK_JSONATA` asks for it."""
    chosen = os.environ.get("ROLLBOOK_JSONATA", "")
    if chosen == "reference":
        from engine.jsonata.reference import Expression

        return Expression(text, functions)
    if chosen not in ("", "compiled"):
        what = f"ROLLBOOK_JSONATA is {chosen!r}; set it to `reference`, or leave it out"
        raise SyntaxProblem("U1001", what, 0)
    return _Evaluation(parsed)
