"""A fixed proof of who asks, and what the kinds that are renewed have in common with it."""

import base64
from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.calls import header
from engine.exchange import Request, Response, without_query

__all__ = ["Authenticator", "Renewal", "basic_pair"]

#: A flow that gets a proof: yields requests, is sent their responses.
Renewal = Generator[Request, Response, None]


class Authenticator:
    """A fixed proof: headers, query parameters or form fields on every request. `hidden` of it must never be shown."""

    can_renew = False
    #: Whether the answers to its requests mean what those to all others do; RFC 6749 says it for those of OAuth2.
    judged = False
    #: What is got by `renew`.
    called = "token"

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

    def replaced(self) -> dict[str, str]:
        """Return the fields of the connection that the provider replaced: to be stored before anything is used."""
        return {}

    def stored(self) -> None:
        """Take for stored what was replaced."""

    def held(self) -> dict[str, Any]:
        """Return what another process can go on with, as JSON data; empty, where there is nothing."""
        return {}

    def resume(self, held: Mapping[str, Any]) -> bool:
        """Go on with what `held` gave, maybe to another process; return whether that spares a renewal."""
        del held
        return False

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown."""
        return self._hidden


def basic_pair(name: str, password: str) -> str:
    """Return a name and a password as HTTP Basic sends them (RFC 7617 section 2)."""
    return base64.b64encode(f"{name}:{password}".encode()).decode()
