"""How a request proves who asks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from engine.errors import UsageError
from engine.mapping.calls import CheckCall
from engine.mapping.kinds import OneKind
from engine.mapping.texts import Closed, Expression, TemplateText

__all__ = ["Assertion", "Auth", "Authorize", "Basic", "OAuth1", "OAuth2", "Session", "Token"]


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
    field: str | None = None
    """The form field, or the query parameter of a GET, that carries the token instead of a header."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse two places for the token."""
        yield from super().rules(given)
        if "field" in given and given.keys() & {"header", "scheme"}:
            yield "the token is in a field or in a header; leave `header` and `scheme` out"


class Basic(Closed):
    """HTTP Basic: RFC 7617."""

    username: TemplateText
    """User name, or whatever the provider wants in its place."""
    password: TemplateText
    """Password; may be empty text."""


class OAuth1(Closed):
    """A signature on every request: OAuth 1.0, RFC 5849."""

    consumer_key: TemplateText
    """The key of the application or school."""
    consumer_secret: TemplateText
    """Its secret, which signs."""
    token: TemplateText | None = None
    """A token that stands for a person; without it only the application signs."""
    token_secret: TemplateText | None = None
    """The secret of that token."""
    signature: Literal["HMAC-SHA1", "PLAINTEXT"] = "HMAC-SHA1"
    """How it signs (section 3.4); `PLAINTEXT` sends the secret itself."""
    realm: str | None = None
    """What the provider wants as realm in the header, if anything."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse half a token."""
        if len({"token", "token_secret"} & given.keys()) == 1:
            yield "a token has two parts; give `token` and `token_secret`"


class Assertion(Closed):
    """A statement, signed with a private key, of who asks for whom: RFC 7523. Its times are the engine's."""

    issuer: TemplateText
    """Who states it: the account the key belongs to."""
    subject: TemplateText | None = None
    """For whom a token is asked for."""
    audience: TemplateText | None = None
    """To whom it is stated; the token endpoint unless given."""
    claims: dict[str, TemplateText] = {}
    """What else it states."""
    key: TemplateText
    """The private key, as PEM; line breaks may be written `\\n`."""
    key_id: TemplateText | None = None
    """The name of the key, where the provider knows several."""
    algorithm: Literal["RS256", "RS384", "RS512", "ES256"] = "RS256"
    """How it is signed (RFC 7518)."""
    lifetime: int = Field(default=3600, gt=0)
    """Seconds it is good for; some bound this at an hour or at minutes."""


#: What no mapping chooses of the address that a person is sent to.
_OURS = frozenset(("client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method"))


class Authorize(Closed):
    """Where a person allows the application in a browser, which gives it a refresh token: RFC 6749 section 4.1."""

    url: TemplateText
    """Where the person is sent; a path goes after `base_url`."""
    scope: TemplateText | None = None
    """What the person is to allow."""
    query: dict[str, TemplateText] = {}
    """What else this address has, or has in place of the usual, such as `access_type: offline`."""
    token_url: TemplateText | None = None
    """Where the code that comes back is exchanged, where that is not where tokens are renewed."""
    pkce: bool = True
    """Whether the exchange is bound to who began it (RFC 7636); `false` where a provider refuses what it does not
    know."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse parameters that are not the mapping's to choose."""
        query = given.get("query")
        for name in sorted(_OURS.intersection(query)) if isinstance(query, dict) else ():
            yield f"`{name}` is made anew for each address; leave it out"


class OAuth2(Closed):
    """A token from a token endpoint: RFC 6749."""

    token_url: TemplateText
    """Where tokens are given out: a path after `base_url`, as those of all requests, or a whole address."""
    grant: Literal["client_credentials", "password", "refresh_token", "jwt_bearer"]
    """`client_credentials` (RFC 6749 section 4.4), `password` (section 4.3), `refresh_token` (section 6), or
    `jwt_bearer` (RFC 7523 section 2.1), a signed `assertion`."""
    client_id: TemplateText | None = None
    """The application's id; only `jwt_bearer` may go without."""
    client_secret: TemplateText | None = None
    """The application's secret; only `jwt_bearer` may go without."""
    username: TemplateText | None = None
    """For the password grant."""
    password: TemplateText | None = None
    """For the password grant."""
    refresh_token: TemplateText | None = None
    """For the refresh token grant: one hole of the connection, since a provider may replace what the customer gave;
    the new one is then handed to whoever runs it, to be stored."""
    authorize: Authorize | None = None
    """For the refresh token grant: how a person gives a refresh token in a browser."""
    assertion: Assertion | None = None
    """For the grant `jwt_bearer`."""
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
        client = {"client_id", "client_secret"} & given.keys()
        if grant == "password" and len(people) < 2:
            yield "the password grant needs a person; give `username` and `password`"
        if grant == "refresh_token" and "refresh_token" not in given:
            yield "the refresh token grant needs a token; give `refresh_token`"
        if isinstance(held := given.get("refresh_token"), str) and not _WHOLE.fullmatch(held):
            yield "a refresh token is replaced as a whole; write one hole, such as `{connection.refresh_token}`"
        if grant == "jwt_bearer" and "assertion" not in given:
            yield "the JWT bearer grant needs a statement; give `assertion`"
        if grant in ("client_credentials", "refresh_token", "jwt_bearer") and people:
            name = grant.replace("_", " ").replace("jwt", "JWT")
            yield f"the {name} grant has no person; leave `username` and `password` out"
        if grant in ("client_credentials", "password", "jwt_bearer") and "refresh_token" in given:
            yield "only the refresh token grant has a `refresh_token`; leave it out"
        if grant in ("client_credentials", "password", "jwt_bearer") and "authorize" in given:
            yield "only the refresh token grant has an `authorize`; leave it out"
        if grant in ("client_credentials", "password", "refresh_token") and "assertion" in given:
            yield "only the JWT bearer grant has an `assertion`; leave it out"
        if len(client) == 1 or (not client and grant != "jwt_bearer" and not cls.has_unknown(given)):
            yield "an application has an id and a secret; give `client_id` and `client_secret`"

    @property
    def asked(self) -> Authorize:
        """How a person is asked. Raises UsageError where the mapping has nothing for it."""
        if self.authorize is None:
            raise UsageError("this provider has no `authorize`: its accounts are not connected in a browser")
        return self.authorize

    @property
    def replaceable(self) -> str | None:
        """The connection field that a provider may replace, if any."""
        return self.refresh_token.holes[0].path[-1] if self.refresh_token else None


class Csrf(CheckCall):
    """A request whose answer sets a cookie against forgery, to be sent back in a header with every POST."""

    cookie: str
    """The name of that cookie."""
    header: str
    """The header it is sent back in, also by the login."""


class Session(CheckCall):
    """A login that answers with cookies, made anew when the provider says that the session ended."""

    cookie: TemplateText
    """The name of the cookie that is the session; a login that does not set it is refused."""
    csrf: Csrf | None = None
    """What protects the login against forgery, if anything."""
    lifetime: int | None = Field(default=None, gt=0)
    """Seconds a session lasts, where the provider does not tell an ended one from one that may see less."""


#: One hole of the connection, and nothing around it.
_WHOLE = re.compile(r"\{connection\.\w+\}")


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
    oauth1: OAuth1 | None = None
    """A signature on every request, made anew for each."""
    oauth2: OAuth2 | None = None
    """A token fetched and renewed by the engine."""
    token: Token | None = None
    """A token fetched and renewed by the engine, where the provider asks for it in a way of its own."""
    session: Session | None = None
    """The cookies of a login, where a provider has nothing better."""
    none: Literal[True] | None = None
    """Nothing to prove."""
