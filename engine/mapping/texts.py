"""The two languages of a mapping, as field types: expressions and templates.

Both are compiled while the file is validated, so a fault in one is a problem of the file at its exact column.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ModelWrapValidatorHandler, model_validator
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.jsonata import Program, SyntaxProblem
from engine.jsonata import compile as compile_expression
from engine.templates import Template, TemplateProblem
from engine.values import FUNCTIONS

__all__ = ["CLOCK", "READERS", "Closed", "Expression", "Loop", "LoopText", "Name", "TemplateText", "Told", "Written"]


class Closed(BaseModel):
    """A node of the format: unknown keys are errors, values are what they look like and never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Yield what is wrong with keys given together, as `what; what to do`. Each may also be wrong in itself."""
        del given
        yield from ()

    @classmethod
    def has_unknown(cls, given: Mapping[str, Any]) -> bool:
        """Whether a key is not of the format: then it may be the one that seems to be missing."""
        return not given.keys() <= {info.alias or name for name, info in cls.model_fields.items()}

    @model_validator(mode="wrap")
    @classmethod
    def _kept(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        node = handler(data)
        for broken in cls.rules(data) if isinstance(data, dict) else ():
            raise PydanticCustomError("rule", "{what}", {"what": broken})
        return node


class Loop(NamedTuple):
    """A parsed `name in fetch`."""

    name: str
    fetch: str


#: Where expressions find the time of the run.
CLOCK = ("run", "now")


class Told(NamedTuple):
    """One thing that is wrong with a text: what, what to do, and where in it."""

    what: str
    do: str
    offset: int


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Program:
    """Return a program; the same text gives the same one, for it never changes."""
    return compile_expression(text, functions=FUNCTIONS, clock=CLOCK)


def _expression(text: Any) -> Program:
    try:
        return _compiled(_string(text, "an expression", "put the expression in single quotes: '…'"))
    except SyntaxProblem as problem:
        raise _wrong(*(_told(each) for each in (problem, *problem.others))) from None


def _told(problem: SyntaxProblem) -> Told:
    what, _, do = problem.message.partition("; ")
    return Told(what, do or "see docs/expressions.md", problem.offset or 0)


def _template(text: Any, path: tuple[str | int, ...] = ()) -> Template:
    try:
        return Template.parse(_string(text, "text", "put it in quotes"))
    except TemplateProblem as problem:
        what, _, do = problem.message.partition("; ")
        raise _wrong(Told(what, do, problem.offset), path=path) from None


def _loop(text: Any) -> Loop:
    do = "write `name in fetch`, for example `course in courses`"
    words = _string(text, "`name in fetch`", do).split()
    if len(words) != 3 or words[1] != "in" or not (words[0].isidentifier() and words[2].isidentifier()):
        raise _wrong(Told(f"`{text}` does not say over what to go", do, 0))
    return Loop(words[0], words[2])


def _string(value: Any, wanted: str, do: str) -> str:
    if isinstance(value, str):
        return value
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    raise _wrong(Told(f"this must be {wanted}, not {names.get(type(value), 'nothing')}", do, 0))


def _wrong(*told: Told, path: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Return an error of a text: all that is wrong with it, and where it is below the value that is validated."""
    return PydanticCustomError("text", "{what}", {"what": told[0].what, "told": told, "path": path})


def _written(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """Parse every text of a structure as a template; numbers, switches and null stay as they are."""
    if isinstance(value, str):
        return _template(value, path)
    if isinstance(value, list):
        return [_written(entry, (*path, index)) for index, entry in enumerate(value)]
    if isinstance(value, dict):
        return {key: _written(entry, (*path, key)) for key, entry in value.items()}
    return value


def _text(convert: Callable[[Any], Any], title: str) -> tuple[BeforeValidator, WithJsonSchema]:
    return BeforeValidator(convert), WithJsonSchema({"type": "string", "title": title})


#: JSONata; a dotted path is written plain, anything more in single quotes.
Expression = Annotated[Program, *_text(_expression, "expression")]
#: Text with `{dotted.name}` holes.
TemplateText = Annotated[Template, *_text(_template, "text with holes")]
#: `name in fetch`.
LoopText = Annotated[Loop, *_text(_loop, "name in fetch")]
#: Text with holes, a number, a switch, or lists and objects of them.
Written = Annotated[
    Any, BeforeValidator(_written), WithJsonSchema({"title": "text with holes, or a structure of them"})
]
#: What authors call things, so that both languages can name them.
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

#: What reads the text of each kind; raises PydanticCustomError.
READERS: Mapping[Any, Callable[[Any], Any]] = {Program: _expression, Template: _template, Loop: _loop}
