"""How a request proves who asks. No network: a token flow yields requests and is sent the responses.

OAuth2 follows RFC 6749; token requests and client authentication are authlib's.
"""

import base64
import json
import math
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urljoin

from engine.calls import build, fill, header, unsendable
from engine.errors import ProviderError, Refused, Unavailable
from engine.exchange import Request, Response, without_query
from engine.jsonata import EvaluationProblem, Program
from engine.mapping import Http, OAuth2, Token
from engine.telling import kind_of
from engine.templates import Template

__all__ = ["Authenticator", "OAuth2Tokens", "Renewal", "RequestedTokens", "authenticator"]

#: A token flow: yields requests, is sent their responses.
Renewal = Generator[Request, Response, None]
#: How long before its end a token is renewed, in seconds; short-lived ones at three quarters of their life.
LEEWAY = 60


class Authenticator:
    """A fixed proof: headers, query parameters or form fields on every request. `hidden` of it must never be shown."""

    can_renew = False
    #: Whether the answers to its requests mean what those to all others do; RFC 6749 says it for those of OAuth2.
    judged = False

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        hidden: Iterable[str] = (),
    ) -> None:
        self._headers = {name: header(name, value) for name, value in (headers or {}).items()}
        self._query = query or {}
        self._form = form or {}
        self._hidden = tuple(hidden)

    def sign(self, request: Request) -> Request:
        """Return the request with its proof. A GET carries form fields in its query."""
        for name, value in self._headers.items():
            request = request.with_header(name, value)
        if self._query:
            request = request.with_query(*self._query.items())
        if self._form and request.method == "GET":
            request = request.without_query(*self._form)
            return replace(request, query=(*self._form.items(), *request.query))
        if self._form:
            return replace(request, form=(*self._form.items(), *(request.form or ())))
        return request

    def unsigned(self, url: str) -> str:
        """Return an address without the proof, which a provider may echo in its links: positions are made of them."""
        return without_query(url, (*self._query, *self._form))

    def expired(self) -> bool:
        """Whether the proof must be renewed before it is used."""
        return False

    def renew(self) -> Renewal:
        """Get a new proof: yields requests, is sent their responses. Raises Refused."""
        yield from ()

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown."""
        return self._hidden


class Tokens(Authenticator):
    """A token in a header, renewed ahead of its end."""

    can_renew = True

    def __init__(
        self,
        clock: Callable[[], float],
        carrier: tuple[str, str] = ("Authorization", "Bearer"),
        hidden: Iterable[str] = (),
    ) -> None:
        super().__init__(hidden=hidden)
        self._clock = clock
        self._carrier, self._scheme = carrier
        self._token = ""
        self._until = 0.0

    def sign(self, request: Request) -> Request:
        """Return the request with the token in its header."""
        return request.with_header(self._carrier, f"{self._scheme} {self._token}".lstrip())

    def expired(self) -> bool:
        """Whether there is no token, or it ends soon."""
        return not self._token or self._clock() >= self._until

    def secrets(self) -> tuple[str, ...]:
        """Return the token held, and what else must not be shown."""
        return (*self._hidden, *((self._token,) if self._token else ()))

    def _hold(self, token: str, lifetime: float) -> None:
        self._token = header(self._carrier, token)
        self._until = self._clock() + max(lifetime - LEEWAY, lifetime * 0.75)


class OAuth2Tokens(Tokens):
    """A bearer token from a token endpoint, renewed ahead of its end, with the refresh token where there is one."""

    def __init__(
        self, settings: OAuth2, scope: Mapping[str, Any], base_url: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._client_id = fill(settings.client_id, scope)
        self._client_secret = fill(settings.client_secret, scope)
        super().__init__(clock, hidden=[_basic(self._client_id, self._client_secret)])
        self._settings = settings
        self._scope = scope
        self._url = urljoin(base_url.rstrip("/") + "/", fill(settings.token_url, scope))
        self._refresh = ""

    def renew(self) -> Renewal:
        """Get a token: by refresh token if there is one and it still holds, else by the grant."""
        held, self._refresh = self._refresh, ""
        if held:
            response = yield self._request(grant_type="refresh_token", refresh_token=held)
            if response.status < 400:
                self._take(response)
                self._refresh = self._refresh or held  # where no new one came, the old one stays (section 6)
                return
        response = yield self._request(**self._grant())
        self._take(response)

    def secrets(self) -> tuple[str, ...]:
        """Return the tokens held, and id and secret as HTTP Basic sends them."""
        return (*super().secrets(), *((self._refresh,) if self._refresh else ()))

    def _grant(self) -> dict[str, str]:
        settings = self._settings
        grant: dict[str, str] = {"grant_type": settings.grant}
        for name in _GRANTED[settings.grant]:
            template: Template = getattr(settings, name)
            grant[name] = fill(template, self._scope)
        scope = settings.scope.fill(self._scope) if settings.scope else None
        return {**grant, "scope": scope} if scope else grant

    def _request(self, grant_type: str, **fields: str) -> Request:
        from authlib.oauth2.client import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        settings = self._settings
        body = prepare_token_request(grant_type, **fields)
        method = "client_secret_basic" if settings.client_in == "header" else "client_secret_post"
        client = ClientAuth(self._client_id, self._client_secret, method)
        _, headers, body = client.prepare("POST", self._url, {"Accept": "application/json"}, body)
        form = tuple(parse_qsl(body, keep_blank_values=True))
        in_json = settings.client_in == "json"
        sent = {name: value for name, value in headers.items() if name != "Content-Type"} if in_json else dict(headers)
        pairs = {"json": dict(form)} if in_json else {"form": form}
        return Request("POST", self._url, headers=sent, **pairs)

    def _take(self, response: Response) -> None:
        """Take the token out of an answer (RFC 6749 section 5). Raises Refused or Unavailable."""
        if response.status >= 500 or response.status in (408, 429):
            what = f"the token endpoint is not available (HTTP {response.status})"
            raise Unavailable(what, do="try again later", status=response.status)
        try:
            answer = response.json
        except ProviderError as error:
            what = f"the token endpoint gives no token (HTTP {response.status}): {error.what}"
            raise Refused(what, do=error.do, status=response.status) from None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise Refused(_reason(answer), do=_what_to_do(answer), status=response.status)
        if fault := unsendable(token):
            what = f"the token endpoint gives an `access_token` that no header can carry: it has {fault}"
            raise Refused(what, do="tell the vendor", status=response.status)
        self._refresh = str(answer.get("refresh_token") or "")
        self._hold(token, _seconds(answer.get("expires_in")) or self._settings.lifetime or 3600)


class RequestedTokens(Tokens):
    """A token from a request of the provider's own kind."""

    judged = True

    def __init__(self, http: Http, settings: Token, scope: Mapping[str, Any], clock: Callable[[], float]) -> None:
        super().__init__(clock, (settings.header, settings.scheme))
        self._settings = settings
        self._request = build(http, settings, scope)

    def renew(self) -> Renewal:
        """Get a token by the request."""
        response = yield self._request
        token = _found(self._settings.value, response)
        if not isinstance(token, str | int) or isinstance(token, bool) or token == "":
            what = f"`value: {self._settings.value.text}` finds no token in the answer of the token endpoint"
            raise Refused(what, do="correct it, or check the credentials of the connection", status=response.status)
        if fault := unsendable(str(token)):
            what = f"`value: {self._settings.value.text}` gives a token that no header can carry: it has {fault}"
            raise Refused(what, do="correct it, or tell the vendor", status=response.status)
        said = _seconds(_found(self._settings.expires_in, response))
        self._hold(str(token), said or self._settings.lifetime)


def _found(program: Program | None, response: Response) -> Any:
    """Return what an expression finds in the answer of a token endpoint."""
    try:
        return program(response.seen) if program is not None else None
    except EvaluationProblem as problem:
        what = f"`{program.text if program else ''}` failed on the answer of the token endpoint: {problem.message}"
        raise Refused(what, do="correct it", status=response.status) from None


def _seconds(value: Any) -> float | None:
    """Return a lifetime, which some servers write as text; None where it is none that could be."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if 0 < seconds < math.inf else None


#: What each grant sends beyond its name.
_GRANTED: Mapping[str, tuple[str, ...]] = {
    "client_credentials": (),
    "password": ("username", "password"),
    "refresh_token": ("refresh_token",),
}

#: What the error codes of a token endpoint ask for (RFC 6749 section 5.2).
_CODES = {
    "invalid_client": "check client id and secret, and whether the application still exists",
    "invalid_grant": "check user name and password or refresh token, and whether the account may sign in this way",
    "unauthorized_client": "let the provider's administrator allow this grant for the application",
    "unsupported_grant_type": "let the provider's administrator allow this grant, or choose another in the mapping",
    "invalid_scope": "correct `scope` of the mapping, or let the administrator allow it for the application",
}


def _what_to_do(answer: Any) -> str:
    if isinstance(answer, dict) and not answer.get("error") and answer.get("access_token") is not None:
        return "tell the vendor"
    code = answer.get("error") if isinstance(answer, dict) else None
    return _CODES.get(code if isinstance(code, str) else "", "check client id, secret and grant")


def _reason(answer: Any) -> str:
    """Return what a token endpoint says about a refusal (RFC 6749 section 5.2)."""
    if isinstance(answer, dict) and answer.get("error"):
        error = answer["error"] if isinstance(answer["error"], str) else json.dumps(answer["error"])
        return f"the token endpoint refused: {error} {answer.get('error_description') or ''}".strip()
    if not isinstance(answer, dict):
        return f"the token endpoint's answer is {kind_of(answer)}, and has no `access_token`"
    if answer.get("access_token") is None:
        return "the token endpoint's answer has no `access_token`"
    return f"the token endpoint's `access_token` is {kind_of(answer['access_token'])} and not text"


def authenticator(http: Http, scope: Mapping[str, Any], clock: Callable[[], float] = time.time) -> Authenticator:
    """Return what signs the requests of a mapping. Raises UsageError where a hole has no value."""
    auth = http.auth
    if auth.bearer is not None:
        token = fill(auth.bearer, scope)
        return Authenticator(headers={"Authorization": f"Bearer {token}"}, hidden=[token])
    if auth.basic is not None:
        pair = _basic(fill(auth.basic.username, scope), fill(auth.basic.password, scope))
        return Authenticator(headers={"Authorization": f"Basic {pair}"}, hidden=[pair])
    if auth.oauth2 is not None:
        return OAuth2Tokens(auth.oauth2, scope, fill(http.base_url, scope), clock)
    if auth.token is not None:
        return RequestedTokens(http, auth.token, scope, clock)
    fixed = [part or {} for part in (auth.headers, auth.query, auth.form)]
    # What has no hole is the same for every customer, such as the version of an API: that is no secret.
    hidden = [fill(template, scope) for part in fixed for template in part.values() if template.holes]
    headers, query, form = (_filled(part, scope) for part in fixed)
    return Authenticator(headers, query, form, hidden)


def _filled(templates: Mapping[str, Template], scope: Mapping[str, Any]) -> dict[str, str]:
    return {name: fill(template, scope) for name, template in templates.items()}


def _basic(name: str, password: str) -> str:
    """Return a name and a password as HTTP Basic sends them (RFC 7617 section 2)."""
    return base64.b64encode(f"{name}:{password}".encode()).decode()
