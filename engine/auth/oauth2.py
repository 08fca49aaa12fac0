"""Tokens from a token endpoint: RFC 6749. Token requests and client authentication are authlib's."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from engine.auth.assertions import GRANT, Assertions
from engine.auth.proof import Renewal, basic_pair
from engine.auth.tokens import Tokens, seconds
from engine.calls import fill, unsendable, whole
from engine.errors import ProviderError, Refused, Unavailable
from engine.exchange import Request, Response
from engine.mapping import OAuth2
from engine.telling import kind_of
from engine.templates import Template

__all__ = ["OAuth2Tokens"]


class OAuth2Tokens(Tokens):
    """A bearer token from a token endpoint, renewed ahead of its end, with the refresh token where there is one."""

    def __init__(
        self, settings: OAuth2, scope: Mapping[str, Any], base_url: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._client_id = fill(settings.client_id, scope) if settings.client_id else ""
        self._client_secret = fill(settings.client_secret, scope) if settings.client_secret else ""
        super().__init__(clock, hidden=[basic_pair(self._client_id, self._client_secret)] if self._client_id else [])
        self._settings = settings
        self._scope = scope
        self._url = whole(fill(settings.token_url, scope), base_url)
        self._assertions = Assertions(settings.assertion, scope, self._url) if settings.assertion else None
        self._refresh = ""
        self._stored = fill(settings.refresh_token, scope) if settings.refresh_token else ""

    def renew(self) -> Renewal:
        """Get a token: by refresh token if there is one and it still holds, else by the grant."""
        if self._refresh:
            response = yield self._request(grant_type="refresh_token", refresh_token=self._refresh)
            _refuse_later(response)
            if response.status < 400:
                self._take(response)
                return
            self._refresh = ""
        response = yield self._request(**self._grant())
        self._take(response)

    def replaced(self) -> dict[str, str]:
        """Return the refresh token of the customer, where a new one came in its place."""
        field = self._settings.replaceable
        return {field: self._refresh} if field and self._refresh not in ("", self._stored) else {}

    def stored(self) -> None:
        """Take the refresh token for stored."""
        self._stored = self._refresh

    def held(self) -> dict[str, Any]:
        """Return the token, its end, and the refresh token."""
        return {**super().held(), "refresh": self._refresh}

    def resume(self, held: Mapping[str, Any]) -> bool:
        """Take the refresh token in any case: the one at hand may have been replaced by another process."""
        self._refresh = self._stored = held.get("refresh") or self._refresh
        return super().resume(held)

    def secrets(self) -> tuple[str, ...]:
        """Return the tokens held, and id and secret as HTTP Basic sends them."""
        return (*super().secrets(), *((self._refresh,) if self._refresh else ()))

    def _grant(self) -> dict[str, str]:
        settings = self._settings
        grant: dict[str, str] = {"grant_type": settings.grant}
        if self._assertions is not None:
            grant = {"grant_type": GRANT, "assertion": self._assertions.made(self._clock())}
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
        headers = {"Accept": "application/json"}
        if self._client_id:
            method = "client_secret_basic" if settings.client_in == "header" else "client_secret_post"
            client = ClientAuth(self._client_id, self._client_secret, method)
            _, headers, body = client.prepare("POST", self._url, headers, body)
        form = tuple(parse_qsl(body, keep_blank_values=True))
        in_json = settings.client_in == "json"
        sent = {name: value for name, value in headers.items() if name != "Content-Type"} if in_json else dict(headers)
        pairs = {"json": dict(form)} if in_json else {"form": form}
        return Request("POST", self._url, headers=sent, **pairs)

    def _take(self, response: Response) -> None:
        """Take the token out of an answer (RFC 6749 section 5). Raises Refused or Unavailable."""
        _refuse_later(response)
        try:
            answer = response.json
        except ProviderError as error:
            what = f"the token endpoint gives no token (HTTP {response.status}): {error.what}"
            raise Refused(what, do=error.do, status=response.status) from None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise Refused(_reason(answer), do=self._what_to_do(answer), status=response.status)
        if fault := unsendable(token):
            what = f"the token endpoint gives an `access_token` that no header can carry: it has {fault}"
            raise Refused(what, do="tell the vendor", status=response.status)
        self._refresh = str(answer.get("refresh_token") or self._refresh)  # without a new one the old stays (section 6)
        self._hold(token, seconds(answer.get("expires_in")) or self._settings.lifetime or 3600)

    def _what_to_do(self, answer: Any) -> str:
        """Return what a refusal asks for; of a refresh token that no longer holds, a new one."""
        field = self._settings.replaceable
        if field and isinstance(answer, dict) and answer.get("error") == "invalid_grant":
            return f"the refresh token no longer holds; have a new one made, and give it as `{field}`"
        return _what_to_do(answer)


def _refuse_later(response: Response) -> None:
    """Raise Unavailable where the answer says nothing about what was asked for."""
    if response.status >= 500 or response.status in (408, 429):
        what = f"the token endpoint is not available (HTTP {response.status})"
        raise Unavailable(what, do="try again later", status=response.status)


#: What each grant sends beyond its name.
_GRANTED: Mapping[str, tuple[str, ...]] = {
    "client_credentials": (),
    "password": ("username", "password"),
    "refresh_token": ("refresh_token",),
    "jwt_bearer": (),
}

#: What the error codes of a token endpoint ask for (RFC 6749 section 5.2).
_CODES = {
    "invalid_client": "check client id and secret, and whether the application still exists",
    "invalid_grant": "check user name and password, refresh token or key, and whether the account may sign in this way",
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
