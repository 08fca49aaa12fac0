"""How a provider is called: requests, limits, errors; `auth` and `paging` have files of their own."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.mapping.auth import Auth
from engine.mapping.paging import Pages
from engine.mapping.texts import Closed, Expression, TemplateText, Written
from engine.templates import Hole, Template

__all__ = ["Call", "ErrorClass", "ErrorRule", "Http", "Limits", "ListStyle", "Rate"]

ListStyle = Literal["repeat", "brackets", "indices", "comma"]
ErrorClass = Literal["refresh", "throttled", "retry", "empty", "forbidden", "refused", "missing", "failed"]
Tolerable = Literal["forbidden", "missing", "failed", "unreadable", "unreachable", "retry"]


class Rate(Closed):
    """At most `requests` in any `per`."""

    requests: int = Field(gt=0)
    """How many requests."""
    per: str = Field(
        pattern=r"^([1-9][0-9]* )?(second|minute|hour|day|week)s?$",
        json_schema_extra={"patternErrorMessage": "write a time such as `second`, `5 seconds`, `hour`, `day`"},
    )
    """In how much time: `second`, `5 seconds`, `hour` …"""

    @property
    def seconds(self) -> int:
        """The window in seconds."""
        number, _, unit = self.per.rpartition(" ")
        units = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
        return int(number or 1) * units[unit.rstrip("s")]


class Limits(Closed):
    """What the provider can bear. Waiting times it asks for are honoured without being declared."""

    parallel: int = Field(default=4, ge=1, le=64)
    """How many requests may be under way at once."""
    rates: list[Rate] = []
    """Rate limits; all hold at once."""


class ErrorRule(Closed):
    """A rule to tell an error answer. The first that holds decides; the usual ones follow, built in."""

    when: Expression
    """Over `status`, `headers` (lower case), `body` (JSON, absent if it is none) and `text`."""
    is_: Annotated[ErrorClass, Field(alias="is")]
    """`refresh` the credential, `throttled`, `retry`, `empty` (no items), `forbidden`, `refused`, `missing`,
    `failed`."""
    message: Expression | None = None
    """Over the same: what the provider says, for the error message."""


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

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse two requests, and two bodies."""
        if {"get", "post"} <= given.keys():
            yield "there are two requests; give `get` or `post`, not both"
        elif "get" in given and given.keys() & {"form", "json"}:
            yield "a `get` has no body; use `query`, or `post`"
        if {"form", "json"} <= given.keys():
            yield "there are two bodies; give `form` or `json`, not both"

    @property
    def path(self) -> Template | None:
        """The path's template, or None where there is no request."""
        return self.get if self.get is not None else self.post

    def holes(self) -> Iterator[Hole]:
        """Yield every hole of the request."""
        for part in (self.path, self.query, self.headers, self.form, self.json_):
            yield from _holes(part)


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


class Http(Closed):
    """How every request is made."""

    base_url: TemplateText
    """What paths are appended to."""
    headers: dict[str, TemplateText] = {}
    """Sent with every request."""
    query: dict[str, Written] = {}
    """Sent with every request."""
    form: dict[str, Written] = {}
    """Sent with every request that has a form."""
    auth: Auth
    """How a request proves who asks."""
    lists: ListStyle = "repeat"
    """How a list of values is sent: `a=1&a=2` repeat, `a[]=1&a[]=2` brackets, `a[0]=1&a[1]=2` indices,
    `a=1,2` comma."""
    pages: Pages = Pages(single=True)
    """How lists are read, unless a fetch says otherwise."""
    limits: Limits = Limits()
    """What the provider can bear."""
    timeout: float = Field(default=30, gt=0, le=600)
    """Seconds to wait for an answer."""
    max_megabytes: int = Field(default=50, ge=1, le=1024)
    """How large one decoded answer may be."""
    errors: list[ErrorRule] = []
    """How to tell error answers."""
    check: CheckCall
    """The request that proves a connection."""
