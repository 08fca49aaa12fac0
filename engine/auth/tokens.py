"""Tokens in a header, renewed ahead of their end; those of a request of the provider's own kind."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.auth.proof import Authenticator, Renewal
from engine.calls import build, header, unsendable
from engine.errors import Refused
from engine.exchange import Request, Response, without_query
from engine.jsonata import EvaluationProblem, Program
from engine.mapping import Http, Token

__all__ = ["LEEWAY", "RequestedTokens", "Tokens", "early", "seconds"]

#: How long before its end a token is renewed, in seconds; short-lived ones at three quarters of their life.
LEEWAY = 60


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

    def held(self) -> dict[str, Any]:
        """Return the token and its end."""
        return {"token": self._token, "until": self._until}

    def resume(self, held: Mapping[str, Any]) -> bool:
        """Take a token that has not ended, and that is not the one at hand: that is to be renewed."""
        token, until = held.get("token"), held.get("until")
        if not token or token == self._token or not until or self._clock() >= until:
            return False
        self._token, self._until = token, until
        return True

    def secrets(self) -> tuple[str, ...]:
        """Return the token held, and what else must not be shown."""
        return (*self._hidden, *((self._token,) if self._token else ()))

    def _hold(self, token: str, lifetime: float) -> None:
        self._token = header(self._carrier, token)
        self._until = self._clock() + early(lifetime)


class RequestedTokens(Tokens):
    """A token from a request of the provider's own kind."""

    judged = True

    def __init__(self, http: Http, settings: Token, scope: Mapping[str, Any], clock: Callable[[], float]) -> None:
        super().__init__(clock, (settings.header, settings.scheme))
        self._settings = settings
        self._request = build(http, settings, scope)

    def sign(self, request: Request) -> Request:
        """Return the request with the token in its header or field."""
        field = self._settings.field
        return Authenticator(form={field: self._token}).sign(request) if field else super().sign(request)

    def unsigned(self, url: str) -> str:
        """Return an address without the token, where it would be in its query."""
        return without_query(url, (self._settings.field,)) if self._settings.field else url

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
        said = seconds(_found(self._settings.expires_in, response))
        self._hold(str(token), said or self._settings.lifetime)


def early(lifetime: float) -> float:
    """Return after how many seconds of a lifetime to renew."""
    return max(lifetime - LEEWAY, lifetime * 0.75)


def _found(program: Program | None, response: Response) -> Any:
    """Return what an expression finds in the answer of a token endpoint."""
    try:
        return program(response.seen) if program is not None else None
    except EvaluationProblem as problem:
        what = f"`{program.text if program else ''}` failed on the answer of the token endpoint: {problem.message}"
        raise Refused(what, do="correct it", status=response.status) from None


def seconds(value: Any) -> float | None:
    """Return a lifetime, which some servers write as text; None where it is none that could be."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if 0 < seconds < math.inf else None
