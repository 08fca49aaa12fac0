"""How a provider is called: limits, errors, and what holds for every request."""

from typing import Annotated, Literal

from pydantic import Field

from engine.mapping.auth import Auth
from engine.mapping.calls import Answer, CheckCall
from engine.mapping.paging import Pages
from engine.mapping.texts import Closed, Expression, TemplateText, Written

__all__ = ["ErrorClass", "ErrorRule", "Http", "Limits", "ListStyle", "OwnLimits", "Rate"]

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


class OwnLimits(Closed):
    """What one endpoint can bear, beside `http.limits`, which hold for its requests as well."""

    parallel: int | None = Field(default=None, ge=1, le=64)
    """How many requests of this fetch may be under way at once."""
    rates: list[Rate] = []
    """Rate limits of this fetch; all hold at once."""


class ErrorRule(Closed):
    """A rule to tell an error answer. The first that holds decides; the usual ones follow, built in."""

    when: Expression
    """Over `status`, `headers` (lower case), `body` (as `answer` says, or else JSON; absent if it is neither) and
    `text`."""
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
    answer: Answer | None = None
    """What answers are, unless a call says otherwise; JSON unless given."""
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
