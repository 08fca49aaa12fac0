"""How a request proves who asks. No network: a token flow yields requests and is sent the responses.

OAuth2 follows RFC 6749; token requests and client authentication are authlib's.
"""

import base64
import json
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urljoin

from engine.calls import fill
from engine.errors import ProviderError, Refused, Unavailable
from engine.exchange import Request, Response
from engine.mapping import Http, OAuth2
from engine.templates import Template

__all__ = ["Authenticator", "OAuth2Tokens", "authenticator"]

Renewal = Generator[Request, Response, None]
#: How long before its end a token is renewed, in seconds; short-lived ones at three quarters of their life.
LEEWAY = 60


class Authenticator:
    """A fixed proof: headers, query parameters or form fields on every request."""

    can_renew = False

    def __init__(
        self,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> None:
        self._headers = headers or {}
        self._query = query or {}
        self._form = form or {}

    def sign(self, request: Request) -> Request:
        """Return the request with its proof. A GET carries form fields in its query."""
        for name, value in self._headers.items():
            request = request.with_header(name, value)
        if self._query:
            request = request.with_query(*self._query.items())
        if self._form and request.method == "GET":
            return replace(request, query=(*self._form.items(), *request.query))
        if self._form:
            return replace(request, form=(*self._form.items(), *(request.form or ())))
        return request

    def expired(self) -> bool:
        """Whether the proof must be renewed before it is used."""
        return False

    def renew(self) -> Renewal:
        """Get a new proof: yields requests, is sent their responses. Raises Refused."""
        yield from ()

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown."""
        return (*self._headers.values(), *self._query.values(), *self._form.values())


class OAuth2Tokens(Authenticator):
    """A bearer token from a token endpoint, renewed ahead of its end, with the refresh token where there is one."""

    can_renew = True

    def __init__(
        self, settings: OAuth2, scope: Mapping[str, Any], base_url: str, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._settings = settings
        self._scope = scope
        self._url = urljoin(base_url.rstrip("/") + "/", fill(settings.token_url, scope))
        self._clock = clock
        self._token = ""
        self._refresh = ""
        self._until = 0.0

    def sign(self, request: Request) -> Request:
        """Return the request with the token in its `Authorization` header."""
        return request.with_header("Authorization", f"Bearer {self._token}")

    def expired(self) -> bool:
        """Whether there is no token, or it ends soon."""
        return not self._token or self._clock() >= self._until

    def renew(self) -> Renewal:
        """Get a token: by refresh token if there is one and it still holds, else by the grant."""
        if self._refresh:
            response = yield self._request(grant_type="refresh_token", refresh_token=self._refresh)
            self._refresh = ""
            if response.status < 400:
                self._take(response)
                return
        response = yield self._request(**self._grant())
        self._take(response)

    def secrets(self) -> tuple[str, ...]:
        """Return the tokens held."""
        return tuple(secret for secret in (self._token, self._refresh) if secret)

    def _grant(self) -> dict[str, str]:
        settings = self._settings
        grant: dict[str, str] = {"grant_type": settings.grant}
        for name in ("username", "password") if settings.grant == "password" else ():
            template: Template = getattr(settings, name)
            grant[name] = fill(template, self._scope)
        scope = settings.scope.fill(self._scope) if settings.scope else None
        return {**grant, "scope": scope} if scope else grant

    def _request(self, grant_type: str, **fields: str) -> Request:
        from authlib.oauth2.client import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        settings = self._settings
        body = prepare_token_request(grant_type, **fields)
        method = "client_secret_post" if settings.client_in == "form" else "client_secret_basic"
        client = ClientAuth(fill(settings.client_id, self._scope), fill(settings.client_secret, self._scope), method)
        headers = {"Accept": "application/json"}
        _, headers, body = client.prepare("POST", self._url, headers, body)
        form = tuple(parse_qsl(body, keep_blank_values=True))
        return Request("POST", self._url, headers=dict(headers), form=form)

    def _take(self, response: Response) -> None:
        """Take the token out of an answer (RFC 6749 section 5). Raises Refused or Unavailable."""
        if response.status >= 500 or response.status == 429:
            raise Unavailable("the token endpoint is not available", status=response.status)
        try:
            answer = response.json
        except ProviderError as error:
            raise Refused(f"the token endpoint gives no token: {error.what}", do=error.do) from None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise Refused(_reason(answer), do="check client id, secret and grant", status=response.status)
        self._token = token
        self._refresh = str(answer.get("refresh_token") or "")
        lifetime = _seconds(answer.get("expires_in")) or self._settings.lifetime or 3600
        self._until = self._clock() + max(lifetime - LEEWAY, lifetime * 0.75)


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _reason(answer: Any) -> str:
    """Return what a token endpoint says about a refusal (RFC 6749 section 5.2)."""
    if isinstance(answer, dict) and answer.get("error"):
        error = answer["error"] if isinstance(answer["error"], str) else json.dumps(answer["error"])
        return f"the token endpoint refused: {error} {answer.get('error_description') or ''}".strip()
    return "the token endpoint's answer has no `access_token`"


def authenticator(http: Http, scope: Mapping[str, Any], clock: Callable[[], float] = time.time) -> Authenticator:
    """Return what signs the requests of a mapping. Raises UsageError where a hole has no value."""
    auth = http.auth
    if auth.bearer is not None:
        return Authenticator(headers={"Authorization": f"Bearer {fill(auth.bearer, scope)}"})
    if auth.basic is not None:
        pair = f"{fill(auth.basic.username, scope)}:{fill(auth.basic.password, scope)}"
        return Authenticator(headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"})
    if auth.oauth2 is not None:
        return OAuth2Tokens(auth.oauth2, scope, fill(http.base_url, scope), clock)
    return Authenticator(_filled(auth.headers, scope), _filled(auth.query, scope), _filled(auth.form, scope))


def _filled(templates: Mapping[str, Template] | None, scope: Mapping[str, Any]) -> dict[str, str]:
    return {name: fill(template, scope) for name, template in (templates or {}).items()}
