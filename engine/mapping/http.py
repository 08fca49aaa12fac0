"""How a provider is called: auth, pages, limits, errors."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from engine.mapping.texts import Closed, Expression, TemplateText, Written
from engine.templates import Hole, Template

__all__ = [
    "Auth",
    "Basic",
    "Call",
    "CursorPages",
    "ErrorClass",
    "ErrorRule",
    "Http",
    "Limits",
    "ListStyle",
    "OAuth2",
    "OffsetPages",
    "PageNumbers",
    "Pages",
    "Rate",
    "Token",
]

ListStyle = Literal["repeat", "brackets", "indices", "comma"]
ErrorClass = Literal["refresh", "throttled", "retry", "empty", "forbidden", "refused", "missing", "failed"]
Tolerable = Literal["forbidden", "missing", "failed", "unreadable", "unreachable", "retry"]


class OneKind(Closed):
    """A node that is exactly one of several kinds, each a key."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse anything but exactly one kind."""
        kinds = ", ".join(f"`{name}`" for name in cls.model_fields)
        if len(given) > 1:
            yield f"there are {len(given)} kinds where one is wanted; give exactly one of {kinds}"
        elif not given:
            yield f"no kind is given; give exactly one of {kinds}"

    @property
    def kind(self) -> str:
        """The name of the kind given."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        """The settings of the kind given."""
        return getattr(self, self.kind)


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


class Token(CheckCall):
    """A token that a request of the provider's own kind gives, renewed ahead of its end and when it is refused."""

    value: Expression
    """Over `status`, `headers` (lower case), `body` (JSON, absent if it is none) and `text` of the answer: the
    token."""
    expires_in: Expression | None = None
    """Over the same: in how many seconds it ends."""
    lifetime: int = Field(default=3600, gt=0)
    """Seconds a token lasts where the answer does not say."""
    header: str = "Authorization"
    """The header that carries the token."""
    scheme: str = "Bearer"
    """The word before the token in that header; empty text for none."""


class Basic(Closed):
    """HTTP Basic: RFC 7617."""

    username: TemplateText
    """User name, or whatever the provider wants in its place."""
    password: TemplateText
    """Password; may be empty text."""


class OAuth2(Closed):
    """A token from a token endpoint: RFC 6749."""

    token_url: TemplateText
    """Where tokens are given out; a path is taken relative to `base_url`."""
    grant: Literal["client_credentials", "password", "refresh_token"]
    """`client_credentials` (RFC 6749 section 4.4), `password` (section 4.3), or `refresh_token` (section 6): one that
    the customer supplies and that stays good, since no other is kept from one run to the next."""
    client_id: TemplateText
    """The application's id."""
    client_secret: TemplateText
    """The application's secret."""
    username: TemplateText | None = None
    """For the password grant."""
    password: TemplateText | None = None
    """For the password grant."""
    refresh_token: TemplateText | None = None
    """For the refresh token grant."""
    scope: TemplateText | None = None
    """What the token is to be good for."""
    client_in: Literal["form", "header", "json"] = "form"
    """Where id and secret are sent: as form fields, as HTTP Basic (RFC 6749 section 2.3.1), or with everything else in
    a JSON object instead of a form."""
    lifetime: int | None = Field(default=None, gt=0)
    """Seconds a token lasts where the answer has no `expires_in`."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a grant without what it needs, and what it does not need."""
        grant = given.get("grant")
        people = {"username", "password"} & given.keys()
        if grant == "password" and len(people) < 2:
            yield "the password grant needs a person; give `username` and `password`"
        if grant == "refresh_token" and "refresh_token" not in given:
            yield "the refresh token grant needs a token; give `refresh_token`"
        if grant in ("client_credentials", "refresh_token") and people:
            name = grant.replace("_", " ")
            yield f"the {name} grant has no person; leave `username` and `password` out"
        if grant in ("client_credentials", "password") and "refresh_token" in given:
            yield "only the refresh token grant has a `refresh_token`; leave it out"


class Auth(OneKind):
    """How a request proves who asks: exactly one kind."""

    bearer: TemplateText | None = None
    """`Authorization: Bearer …` (RFC 6750)."""
    basic: Basic | None = None
    """`Authorization: Basic …`."""
    headers: dict[str, TemplateText] | None = None
    """Any header or headers, such as `X-API-Key`."""
    query: dict[str, TemplateText] | None = None
    """Query parameters; they end up in access logs, so prefer another kind where there is one."""
    form: dict[str, TemplateText] | None = None
    """Form fields, sent before all others."""
    oauth2: OAuth2 | None = None
    """A token fetched and renewed by the engine."""
    token: Token | None = None
    """A token fetched and renewed by the engine, where the provider asks for it in a way of its own."""
    none: Literal[True] | None = None
    """Nothing to prove."""


class Counted(Closed):
    """Pages that are counted: something tells where they end."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a list without an end."""
        ends = [key for key in ("more", "more_header", "count", "total", "until") if key in cls.model_fields]
        if not given.keys() & set(ends) and not cls.has_unknown(given):
            yield f"nothing says where the list ends; give one of {', '.join(f'`{key}`' for key in ends)}"


class PageNumbers(Counted):
    """Pages by number. The end is where `more` is false, at `count` or `total`, or as `until` says."""

    param: str | None = None
    """The query parameter for the number; without it, use the hole `{page.number}`."""
    first: Literal[0, 1] = 1
    """The number of the first page."""
    size: int = Field(gt=0)
    """How many items a page has at most, as `size_param` or the hole `{page.size}`."""
    size_param: str | None = None
    """The query parameter for the size."""
    more: Expression | None = None
    """Over the answer: whether there is another page."""
    more_header: str | None = None
    """The header of the answer that says whether there is another page: `true` or `false`, 1 or 0. Where an answer
    may go without it, `until` says the end of those."""
    count: Expression | None = None
    """Over the answer: how many pages there are. The rest is then fetched in parallel."""
    total: Expression | None = None
    """Over the answer: how many items there are. The rest is then fetched in parallel."""
    until: Literal["short", "empty"] | None = None
    """Where nothing else tells: `short`, a page with fewer than `size` items, which a provider that caps its pages
    below `size` gives at once; `empty`, one without any."""


class OffsetPages(Counted):
    """Pages by the number of items to pass over. The end is as for pages by number."""

    param: str | None = None
    """The query parameter for the offset; without it, use the hole `{page.offset}`."""
    size: int = Field(gt=0)
    """How many items a page has at most, as `size_param` or the hole `{page.size}`."""
    size_param: str | None = None
    """The query parameter for the size."""
    more: Expression | None = None
    """Over the answer: whether there is another page."""
    more_header: str | None = None
    """The header of the answer that says whether there is another page: `true` or `false`, 1 or 0. Where an answer
    may go without it, `until` says the end of those."""
    total: Expression | None = None
    """Over the answer: how many items there are. The rest is then fetched in parallel."""
    until: Literal["short", "empty"] | None = None
    """Where nothing else tells: `short`, a page with fewer than `size` items, which a provider that caps its pages
    below `size` gives at once; `empty`, one without any."""


class CursorPages(Closed):
    """Pages by a mark that every answer gives for the next one: a cursor, a bookmark, a token."""

    param: str | None = None
    """The query parameter for the mark, which the first request goes without; or else use the hole `{page.cursor}`."""
    next: Expression
    """Over the answer: the mark of the next page; absent on the last."""
    more: Expression | None = None
    """Over the answer: whether there is another page, where the last one has a mark as well."""


class Pages(OneKind):
    """How a list is read page by page: exactly one kind."""

    link_header: str | None = None
    """The relation to follow in the `Link` header (RFC 8288), usually `next`."""
    next_url: Expression | None = None
    """Over the answer: the address of the next page, absolute or relative; absent on the last."""
    page: PageNumbers | None = None
    """By page number."""
    offset: OffsetPages | None = None
    """By number of items to pass over."""
    cursor: CursorPages | None = None
    """By a mark that every answer gives for the next."""
    single: Literal[True] | None = None
    """Everything comes in one answer."""


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
    wait: Expression | None = None
    """Over the same: how many seconds to wait before the next try, where the provider says so elsewhere than in
    `Retry-After`."""


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
