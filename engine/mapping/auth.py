"""How a request proves who asks."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from engine.mapping.kinds import OneKind
from engine.mapping.texts import Closed, TemplateText

__all__ = ["Auth", "Basic", "OAuth2"]


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
    grant: Literal["client_credentials", "password"]
    """`client_credentials` (RFC 6749 section 4.4) or `password` (section 4.3)."""
    client_id: TemplateText
    """The application's id."""
    client_secret: TemplateText
    """The application's secret."""
    username: TemplateText | None = None
    """For the password grant."""
    password: TemplateText | None = None
    """For the password grant."""
    scope: TemplateText | None = None
    """What the token is to be good for."""
    client_in: Literal["form", "header"] = "form"
    """Whether id and secret are sent as form fields or as HTTP Basic (RFC 6749 section 2.3.1)."""
    lifetime: int | None = Field(default=None, gt=0)
    """Seconds a token lasts where the answer has no `expires_in`."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a password grant without a person, and a person without one."""
        people = {"username", "password"} & given.keys()
        if given.get("grant") == "password" and len(people) < 2:
            yield "the password grant needs a person; give `username` and `password`"
        if given.get("grant") == "client_credentials" and people:
            yield "the client credentials grant has no person; leave `username` and `password` out"


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
    none: Literal[True] | None = None
    """Nothing to prove."""
