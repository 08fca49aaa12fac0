"""Signatures of functions, such as `<s-n?:s>`: what arguments there may be, and what the context may stand for.

The form is that of https://docs.jsonata.org/embedding-extending#function-signature-syntax.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.jsonata.problems import EvaluationProblem, SyntaxProblem
from engine.jsonata.runtime.values import Made, kind_of, letter_of

__all__ = ["Parameter", "Signature", "parse_signature"]

#: The letters of the values a parameter of a type takes; `m` is an absent value.
_TAKES = {
    "s": "sm", "n": "nm", "b": "bm", "l": "lm", "o": "om", "a": "asnblfom", "f": "f", "j": "asnblom", "x": "asnblfom",
}  # fmt: skip
_KINDS = {"s": "text", "n": "a number", "b": "true or false", "a": "a list", "o": "an object", "f": "a function"}
_MANY = {"s": "texts", "n": "numbers", "b": "switches", "a": "lists", "o": "objects", "f": "functions"}
_HINTS = {("n", "text"): "; use $number(…)", ("s", "a number"): "; use $string(…)"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its type as written, the letters it takes, and what follows them."""

    type: str
    letters: str
    context: bool = False
    """Whether the context stands in where the argument is left out."""
    optional: bool = False
    repeated: bool = False
    of: str = ""
    """The type of the elements of a list."""

    @property
    def pattern(self) -> str:
        """The arguments it takes, as a regular expression over their letters."""
        mark = "?" if self.context or self.optional else "+" if self.repeated else ""
        return f"[{self.letters}]{mark}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A parsed signature; it never changes."""

    text: str
    parameters: tuple[Parameter, ...]
    _pattern: re.Pattern[str] = field(repr=False, compare=False)

    @property
    def least(self) -> int:
        """How many arguments a call must have, where the context stands in for none."""
        return sum(not (parameter.optional or parameter.context) for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments a call may have; None where there is no bound."""
        return None if any(parameter.repeated for parameter in self.parameters) else len(self.parameters)

    def bound(self, name: str, given: Sequence[Any], context: Any) -> list[Any]:
        """Return the arguments for the function, one for each parameter (or more for a repeated one).

        The context stands in where the signature lets it; a value that is no list becomes a list of one where a
        list is wanted. Raises EvaluationProblem.
        """
        found = self._pattern.fullmatch("".join(map(letter_of, given)))
        if found is None:
            raise self._refused(name, given)
        bound: list[Any] = []
        at = 0
        for number, parameter in enumerate(self.parameters):
            taken = found[number + 1]
            if not taken and parameter.context:
                bound.append(self._context(name, parameter, context, at))
            elif not taken:  # as jsonata-js does: what stands in its place is taken, whatever it is
                bound.append(given[at] if at < len(given) else None)
                at += 1
            for _ in taken:
                argument = given[at] if at < len(given) else None
                bound.append(_listed(name, parameter, argument, at) if parameter.type == "a" else argument)
                at += 1
        return bound

    def _context(self, name: str, parameter: Parameter, context: Any, at: int) -> Any:
        if letter_of(context) in parameter.letters:
            return context
        what = f"`${name}` lacks argument {at + 1}, {_wanted(parameter)}, and the context is {kind_of(context)}"
        raise EvaluationProblem("T0411", what)

    def _refused(self, name: str, given: Sequence[Any]) -> EvaluationProblem:
        """Return the problem for arguments that do not fit: it names the first that does not."""
        letters = "".join(map(letter_of, given))
        fitting, parameters = next(
            (count, self.parameters[taken:])
            for count in range(len(given), -1, -1)
            for taken in range(len(self.parameters) + 1)
            if re.fullmatch("".join(part.pattern for part in self.parameters[:taken]), letters[:count])
        )
        if not parameters:
            return EvaluationProblem("T0410", f"`${name}` takes fewer arguments than {len(given)}")
        wanted = _wanted(parameters[0])
        if fitting == len(given):
            return EvaluationProblem("T0410", f"`${name}` lacks argument {fitting + 1}, {wanted}")
        kind = kind_of(given[fitting])
        hint = _HINTS.get((parameters[0].type, kind), "")
        return EvaluationProblem("T0410", f"argument {fitting + 1} of `${name}` must be {wanted}, not {kind}{hint}")


def _wanted(parameter: Parameter) -> str:
    return " or ".join(_KINDS[letter] for letter in parameter.type if letter in _KINDS) or "a value"


def _listed(name: str, parameter: Parameter, value: Any, at: int) -> Any:
    """Return the argument of a list parameter as a list; raises EvaluationProblem for elements of another type."""
    if value is None:
        return None
    values = value if isinstance(value, list) else Made((value,))
    if parameter.of and not all(letter_of(element) == parameter.of[0] for element in values):
        what = f"argument {at + 1} of `${name}` must be a list of {_MANY.get(parameter.of[0], 'such values')}"
        raise EvaluationProblem("T0412", what)
    return values


@lru_cache(maxsize=1024)
def parse_signature(text: str, start: int = 0) -> Signature:
    """Parse a signature; raises SyntaxProblem, whose offset counts from where the signature starts."""
    parameters: list[Parameter] = []
    at, end = 1, len(text)
    while at < end and text[at] not in ":>":
        letter = text[at]
        at += 1
        if letter == "(":
            close = _closing(text, at - 1, "(", ")")
            choice = text[at:close]
            if "<" in choice:
                raise SyntaxProblem("S0402", "a choice of types cannot hold types with `<…>`", start + at)
            parameters.append(Parameter(choice, f"{choice}m"))
            at = close + 1
        elif letter == "<":
            close = _closing(text, at - 1, "<", ">")
            parameters[-1:] = [_of(parameters, text[at:close], start + at)]
            at = close + 1
        elif letter in "-?+":
            parameters[-1:] = [_marked(parameters, letter, start + at)]
        elif letter in _TAKES:
            parameters.append(Parameter(letter, _TAKES[letter]))
        else:
            raise SyntaxProblem(
                "S0401", f"`{letter}` is no type of a signature; docs/jsonata.md lists them", start + at
            )
    pattern = "".join(f"({parameter.pattern})" for parameter in parameters)
    return Signature(text, tuple(parameters), re.compile(pattern))


def _closing(text: str, start: int, opens: str, closes: str) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += {opens: 1, closes: -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


def _of(parameters: list[Parameter], inner: str, offset: int) -> Parameter:
    if not parameters or parameters[-1].type not in ("a", "f"):
        raise SyntaxProblem("S0401", "only lists and functions take `<…>` in a signature", offset)
    last = parameters[-1]
    return Parameter(last.type, last.letters, of=inner if last.type == "a" else "")


def _marked(parameters: list[Parameter], mark: str, offset: int) -> Parameter:
    if not parameters:
        raise SyntaxProblem("S0401", f"`{mark}` follows a type in a signature", offset)
    last = parameters[-1]
    return Parameter(
        last.type, last.letters, last.context or mark == "-", last.optional or mark == "?",
        last.repeated or mark == "+", last.of,
    )  # fmt: skip
