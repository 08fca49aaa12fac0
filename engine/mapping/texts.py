"""The two languages of a mapping, as field types: expressions and templates.

Both are compiled while the file is validated, so a fault in one is a problem of the file at its exact column.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.jsonata import Program, SyntaxProblem
from engine.jsonata import compile as compile_expression
from engine.templates import Template, TemplateProblem
from engine.values import FUNCTIONS

__all__ = ["Closed", "Expression", "Loop", "LoopText", "TemplateText", "Written"]


class Closed(BaseModel):
    """A node of the format: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, use_attribute_docstrings=True)


class Loop(NamedTuple):
    """A parsed `name in fetch`."""

    name: str
    fetch: str


def _expression(text: Any) -> Program:
    try:
        return compile_expression(_string(text, "an expression"), functions=FUNCTIONS)
    except SyntaxProblem as problem:
        context = {"what": problem.message, "offset": problem.offset}
        raise PydanticCustomError("expression", "{what}", context) from None


def _template(text: Any) -> Template:
    try:
        return Template.parse(_string(text, "text"))
    except TemplateProblem as problem:
        context = {"what": problem.message, "offset": problem.offset}
        raise PydanticCustomError("template", "{what}", context) from None


def _loop(text: Any) -> Loop:
    name, found, fetch = (part.strip() for part in _string(text, "`name in fetch`").partition(" in "))
    if not found or not name.isidentifier() or not fetch.isidentifier():
        raise PydanticCustomError("loop", "write `name in fetch`, for example `course in courses`")
    return Loop(name, fetch)


def _string(value: Any, wanted: str) -> str:
    if isinstance(value, str):
        return value
    context = {"wanted": wanted, "found": _kind(value)}
    raise PydanticCustomError("text_wanted", "this must be {wanted}, not {found}", context)


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), "nothing")


def _written(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """Parse every text of a structure as a template; numbers, switches and null stay as they are."""
    if isinstance(value, str):
        try:
            return Template.parse(value)
        except TemplateProblem as problem:
            context = {"what": problem.message, "offset": problem.offset, "path": path}
            raise PydanticCustomError("template", "{what}", context) from None
    if isinstance(value, list):
        return [_written(entry, (*path, index)) for index, entry in enumerate(value)]
    if isinstance(value, dict):
        return {key: _written(entry, (*path, key)) for key, entry in value.items()}
    return value


def _text(convert: Callable[[Any], Any], title: str) -> tuple[BeforeValidator, WithJsonSchema]:
    return BeforeValidator(convert), WithJsonSchema({"type": "string", "title": title})


#: JSONata; a dotted path is written plain, anything more in single quotes.
Expression = Annotated[Program, *_text(_expression, "JSONata expression")]
#: Text with `{dotted.name}` holes.
TemplateText = Annotated[Template, *_text(_template, "Text with {holes}")]
#: `name in fetch`.
LoopText = Annotated[Loop, *_text(_loop, "name in fetch")]
#: Text with holes, a number, a switch, or lists and objects of them.
Written = Annotated[Any, BeforeValidator(_written), WithJsonSchema({"title": "Text with {holes}, number or structure"})]
