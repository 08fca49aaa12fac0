"""Code for the arguments of known functions: whether they are what the function takes is seen on the spot."""

from ast import literal_eval
from collections.abc import Sequence

from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.scope import Context, Value
from engine.jsonata.library import Builtin
from engine.jsonata.runtime.fuel import SHORT
from engine.jsonata.signatures import Parameter

__all__ = ["checked", "passed", "short_text"]

#: Code that tells whether a variable fits a letter of a signature.
_FITS = {
    "s": "type({0}) is str", "n": "(type({0}) is int or type({0}) is float)", "b": "type({0}) is bool",
    "o": "type({0}) is dict", "f": "type({0}) is Function",
}  # fmt: skip
#: The types of elements, by the letter of a list's signature.
_ELEMENTS = {"n": "NUMBERS", "s": "TEXTS", "o": "OBJECTS"}
#: How the code of a literal text starts.
_QUOTES = "'\""
_KINDS = {"text": "s", "number": "n", "bool": "b"}


def short_text(name: str, arguments: Sequence[Value], otherwise: str) -> str:
    """Return code that is shorter than a call on a short text, which is paid for with the round that it stands in."""
    text = arguments[0].code if arguments else ""
    match name, [argument.code for argument in arguments[1:]]:
        case (("lowercase" | "uppercase"), []):
            quick = f"{text}.{name.removesuffix('case')}()"
        case "replace", [wanted, other] if {argument.kind for argument in arguments[1:]} == {"text"} and (
            wanted[0] in _QUOTES and other[0] in _QUOTES and 0 < len(literal_eval(wanted)) >= len(literal_eval(other))
        ):
            quick = f"{text}.replace({wanted}, {other})"
        case _:
            return otherwise
    return f"{quick} if type({text}) is str and len({text}) <= {SHORT} else {otherwise}"


def checked(generator: Generator, builtin: Builtin, arguments: Sequence[Value], context: Context) -> str:
    """Return code for a call that looks at its arguments itself."""
    given = "".join(
        f"scanned(run, {argument.code}) if type({argument.code}) is list else {argument.code}, "
        if argument.kind == "raw" and generator.drops_nulls
        else f"{argument.code}, "
        for argument in arguments
    )
    return f"{generator.writer.constant(builtin.checked)}(run, ({given}), {context.code})"


def passed(generator: Generator, builtin: Builtin, arguments: Sequence[Value]) -> list[tuple[str, str]] | None:
    """Return code for each argument and for whether it is what the function takes; None where only that can say."""
    parameters = builtin.signature.parameters
    if not len(arguments) <= len(parameters) or any(parameter.repeated for parameter in parameters):
        return None
    if not all(parameter.optional for parameter in parameters[len(arguments) :]):
        return None
    pairs = list(zip(parameters, arguments, strict=False))
    if not all(_is_told(parameter) for parameter, _ in pairs):
        return None
    return [_passed_one(generator, parameter, argument) for parameter, argument in pairs]


def _is_told(parameter: Parameter) -> bool:
    """Whether code can tell what fits a parameter."""
    if parameter.of:
        return parameter.of in _ELEMENTS
    return parameter.type in ("x", "a") or any(letter in _FITS for letter in parameter.type)


def _passed_one(generator: Generator, parameter: Parameter, argument: Value) -> tuple[str, str]:
    if parameter.type in ("x", "a"):
        argument = generator.named(generator.settle(argument))
    code = argument.code
    if parameter.of:
        listed = generator.writer.fresh()
        return listed, f"({listed} := fitting({code}, {_ELEMENTS[parameter.of]})) is not UNFIT"
    if parameter.type == "a":
        return f"({code} if isinstance({code}, list) or {code} is None else Made(({code},)))", ""
    if parameter.type == "x" or _KINDS.get(argument.kind) in tuple(parameter.type):
        return code, ""
    letters = [_FITS[letter] for letter in parameter.type if letter in _FITS]
    return code, f"({' or '.join(letters)})".format(code)
