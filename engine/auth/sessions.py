"""A session: what a login gives in cookies, sent with every request until the provider says that it ended.

These are the only cookies kept, those of the login itself and for one run; what other answers set is passed over.
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from engine.auth.proof import Authenticator, Renewal
from engine.calls import build, fill, header
from engine.errors import Refused
from engine.exchange import Request, Response
from engine.mapping import Http, Session

__all__ = ["SessionLogin", "cookies"]

#: Where the next cookie begins in repeated headers joined by commas: dates in them have commas, too, but no name after.
_NEXT = re.compile(r",\s*(?=[^\s=;,]+=)")
#: What says that a cookie is taken back (RFC 6265 section 5.2.2).
_GONE = re.compile(r";\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)", re.IGNORECASE)

#: From what length on a cookie beside the session's own is taken for a secret.
_LONG = 12


class SessionLogin(Authenticator):
    """The cookies of a login, and the token against forgery that goes with them."""

    can_renew = True
    judged = True
    called = "session"

    def __init__(
        self, http: Http, settings: Session, scope: Mapping[str, Any], clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._settings = settings
        self._login = build(http, settings, scope)
        self._first = build(http, settings.csrf, scope) if settings.csrf else None
        self._cookie = fill(settings.cookie, scope)
        self._clock = clock
        self._kept: dict[str, str] = {}
        self._until = 0.0

    def sign(self, request: Request) -> Request:
        """Return the request with the cookies, and the token against forgery where it might change something."""
        return self._with(self._kept, request)

    def expired(self) -> bool:
        """Whether there is no session, or it ends about now."""
        return not self._kept or self._clock() >= self._until

    def renew(self) -> Renewal:
        """Log in. Raises Refused where that gives no session."""
        kept: dict[str, str] = {}
        if self._first is not None:
            kept = cookies((yield self._first), kept)
        response = yield self._with(kept, self._login)
        kept = cookies(response, kept)
        if self._cookie not in kept:
            what = f"the login gave no cookie `{self._cookie}`"
            raise Refused(what, do="check the credentials of the connection", status=response.status)
        lifetime = self._settings.lifetime
        self._kept, self._until = kept, self._clock() + lifetime if lifetime else float("inf")

    def secrets(self) -> tuple[str, ...]:
        """Return the values of the cookies that prove something; short ones beside them are `en` or `1`."""
        csrf = self._settings.csrf
        proofs = {self._cookie, csrf.cookie if csrf else ""}
        return tuple(value for name, value in self._kept.items() if name in proofs or len(value) >= _LONG)

    def _with(self, kept: Mapping[str, str], request: Request) -> Request:
        csrf = self._settings.csrf
        if kept:
            request = request.with_header("Cookie", header("Cookie", "; ".join(f"{n}={v}" for n, v in kept.items())))
        if csrf and csrf.cookie in kept and request.method != "GET":
            return request.with_header(csrf.header, kept[csrf.cookie])
        return request


def cookies(response: Response, kept: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies kept after an answer: those set anew, without those taken back."""
    now = dict(kept)
    for written in _NEXT.split(response.headers.get("set-cookie", "")):
        pair, _, attributes = written.partition(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        if not value or _GONE.search(f";{attributes}"):
            now.pop(name, None)
        else:
            now[name] = value
    return now
