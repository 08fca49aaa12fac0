"""The authorization code grant: RFC 6749 section 4.1, with PKCE (RFC 7636). Addresses and requests are authlib's.

A person allows the application in a browser, which comes back with a code; for the code there are tokens.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from engine.auth.oauth2 import OAuth2Tokens
from engine.calls import fill, whole
from engine.errors import Refused
from engine.exchange import Response
from engine.mapping import OAuth2

__all__ = ["CodeTokens", "address"]


def address(
    settings: OAuth2, scope: Mapping[str, Any], base_url: str, *, redirect_uri: str, state: str, verifier: str
) -> str:
    """Return where a browser is sent. Raises UsageError where a hole has no value, or a provider has no such grant."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    authorize = settings.asked
    more = {name: fill(value, scope) for name, value in authorize.query.items()}
    if authorize.pkce:
        more |= {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"}
    found: str = prepare_grant_uri(
        whole(fill(authorize.url, scope), base_url),
        fill(settings.client_id, scope) if settings.client_id else "",
        more.pop("response_type", "code"),
        redirect_uri,
        fill(authorize.scope, scope) if authorize.scope else None,
        state,
        **more,
    )
    return found


class CodeTokens(OAuth2Tokens):
    """Tokens for a code; the refresh token among them is new to the connection, and so to be stored."""

    def __init__(
        self,
        settings: OAuth2,
        scope: Mapping[str, Any],
        base_url: str,
        *,
        code: str,
        redirect_uri: str,
        verifier: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        field = settings.replaceable
        connection = {**scope.get("connection", {}), field: ""}
        super().__init__(settings, {**scope, "connection": connection}, base_url, clock)
        self._exchange = {"code": code, "redirect_uri": redirect_uri}
        if settings.asked.pkce:
            self._exchange["code_verifier"] = verifier
        self._later = self._url
        if settings.asked.token_url is not None:
            self._url = whole(fill(settings.asked.token_url, scope), base_url)
        self._hidden = (*self._hidden, code, verifier)

    def _grant(self) -> dict[str, str]:
        return {"grant_type": "authorization_code", **self._exchange}

    def _take(self, response: Response) -> None:
        """Take the tokens. Raises Refused where there is none for later."""
        super()._take(response)
        self._url = self._later
        if not self._refresh:
            what = "the provider gave an access token, but no refresh token to go on with"
            do = "let the application ask for it, as with `access_type: offline` or a scope such as `offline_access`"
            raise Refused(what, do=do, status=response.status)
