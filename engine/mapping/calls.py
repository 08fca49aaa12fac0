"""One request of a provider."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from engine import elements
from engine.mapping.kinds import OneKind
from engine.mapping.texts import Closed, TemplateText, Written
from engine.templates import Hole, Template, TemplateProblem

__all__ = ["Answer", "Call", "CheckCall", "Csv"]

#: What stands for the value of a hole where the XML around it is looked at.
_STANDS = "x"
#: The keys of which a request has one at most.
_BODIES = ("form", "json", "xml", "text")


class Csv(Closed):
    """A table: an object for each row, by the names in the first row; values are text."""

    columns: list[str] = Field(min_length=1)
    """The columns that expressions use; an answer without one of them is an error. Others may be there."""
    delimiter: str = Field(
        default=",", pattern='^[^\r\n"]$', json_schema_extra={"patternErrorMessage": "write one character"}
    )
    """What stands between values."""


class Answer(OneKind):
    """What an answer is: exactly one kind."""

    json_: Annotated[Literal[True] | None, Field(alias="json")] = None
    """JSON."""
    xml: Literal[True] | None = None
    """XML: an element is an object of its attributes and elements, or its text where it has none; what is there more
    than once is a list. Prefixes are dropped; a text beside attributes or elements is `text`."""
    csv: Csv | None = None
    """A table with a first row of names."""


class Call(Closed):
    """One request."""

    get: TemplateText | None = None
    """The path of a GET, after `base_url`; or a whole address."""
    post: TemplateText | None = None
    """The path of a POST."""
    query: dict[str, Written] = {}
    """Query parameters; one whose hole is absent is left out."""
    headers: dict[str, TemplateText] = {}
    """Headers."""
    form: dict[str, Written] | None = None
    """Form fields of a POST; lists and objects are written in the style of `lists`."""
    json_: Annotated[Written | None, Field(alias="json")] = None
    """The JSON body of a POST; a value that is one bare hole keeps its type."""
    xml: TemplateText | None = None
    """The XML body of a POST, such as a SOAP envelope; every hole must have a value, which is escaped."""
    text: TemplateText | None = None
    """The body of a POST as it stands; every hole must have a value, and `{name:json}` writes one as JSON. Its
    `Content-Type` is `text/plain` unless `headers` say otherwise."""
    timeout: float | None = Field(default=None, gt=0, le=600)
    """Seconds to wait for the answer, if not as `http.timeout` says."""
    answer: Answer | None = None
    """What the answer is, if not as `http.answer` says."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse two requests, two bodies, and XML that is none."""
        if {"get", "post"} <= given.keys():
            yield "there are two requests; give `get` or `post`, not both"
        bodies = [key for key in _BODIES if key in given]
        if "get" in given and "post" not in given and bodies:
            yield "a `get` has no body; use `query`, or `post`"
        if len(bodies) > 1:
            yield f"there are {len(bodies)} bodies; give one of `form`, `json`, `xml` and `text`"
        if isinstance(given.get("xml"), str):
            yield from _not_xml(given["xml"])

    @property
    def path(self) -> Template | None:
        """The path's template, or None where there is no request."""
        return self.get if self.get is not None else self.post

    def holes(self) -> Iterator[Hole]:
        """Yield every hole of the request."""
        for part in (self.path, self.query, self.headers, self.form, self.json_, self.xml, self.text):
            yield from _holes(part)


def _not_xml(text: str) -> Iterator[str]:
    """Yield what is wrong with XML that has holes."""
    try:
        template = Template.parse(text)
        elements.read("".join(_STANDS if isinstance(piece, Hole) else piece for piece in template.pieces))
    except TemplateProblem:
        return  # told where the text is read
    except elements.XmlProblem as problem:
        yield f"`xml` cannot be sent: {problem.what}; correct it"


def _holes(written: Any) -> Iterator[Hole]:
    if isinstance(written, Template):
        yield from written.holes
    elif isinstance(written, dict | list):
        for part in written.values() if isinstance(written, dict) else written:
            yield from _holes(part)


class CheckCall(Call):
    """A request that gives a little and proves that the connection works."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a check that asks nothing."""
        yield from super().rules(given)
        if not given.keys() & {"get", "post"} and not cls.has_unknown(given):
            yield "there is no request; give `get` or `post`"
