"""From the settings of a mapping to what signs its requests."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from engine.auth.oauth1 import SignedRequests
from engine.auth.oauth2 import OAuth2Tokens
from engine.auth.proof import Authenticator, basic_pair
from engine.auth.sessions import SessionLogin
from engine.auth.tokens import RequestedTokens
from engine.calls import fill
from engine.mapping import Http
from engine.templates import Template

__all__ = ["authenticator"]


def authenticator(http: Http, scope: Mapping[str, Any], clock: Callable[[], float] = time.time) -> Authenticator:
    """Return what signs the requests of a mapping. Raises UsageError where a hole has no value."""
    auth = http.auth
    if auth.bearer is not None:
        token = fill(auth.bearer, scope)
        return Authenticator(headers={"Authorization": f"Bearer {token}"}, hidden=[token])
    if auth.basic is not None:
        pair = basic_pair(fill(auth.basic.username, scope), fill(auth.basic.password, scope))
        return Authenticator(headers={"Authorization": f"Basic {pair}"}, hidden=[pair])
    if auth.oauth1 is not None:
        return SignedRequests(auth.oauth1, scope, clock)
    if auth.oauth2 is not None:
        return OAuth2Tokens(auth.oauth2, scope, fill(http.base_url, scope), clock)
    if auth.token is not None:
        return RequestedTokens(http, auth.token, scope, clock)
    if auth.session is not None:
        return SessionLogin(http, auth.session, scope, clock)
    fixed = [part or {} for part in (auth.headers, auth.query, auth.form)]
    # What has no hole is the same for every customer, such as the version of an API: that is no secret.
    hidden = [fill(template, scope) for part in fixed for template in part.values() if template.holes]
    headers, query, form = (_filled(part, scope) for part in fixed)
    return Authenticator(headers, query, form, hidden)


def _filled(templates: Mapping[str, Template], scope: Mapping[str, Any]) -> dict[str, str]:
    return {name: fill(template, scope) for name, template in templates.items()}
