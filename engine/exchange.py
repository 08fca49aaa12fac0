"""A request and its response, as plain data: what auth, pages and errors work on, without a network."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pydantic_core

from engine.errors import Unreadable

__all__ = ["Pairs", "Request", "Response"]

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """One HTTP request. `form` and `json` exclude each other; pairs keep their order."""

    method: str
    url: str
    query: Pairs = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Pairs | None = None
    json: Any = None

    def with_query(self, *pairs: tuple[str, str]) -> "Request":
        """Set query parameters, each replacing one of the same name."""
        names = {name for name, _ in pairs}
        kept = tuple(pair for pair in self.query if pair[0] not in names)
        return replace(self, query=kept + pairs)

    def with_header(self, name: str, value: str) -> "Request":
        """Set a header, replacing one of the same name."""
        kept = {key: text for key, text in self.headers.items() if key.lower() != name.lower()}
        return replace(self, headers={**kept, name: value})

    def __str__(self) -> str:
        """Show method and full address. It may hold secrets: redact before it is shown."""
        return f"{self.method} {self.url}" + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True)
class Response:
    """One HTTP response. Header names are lower case; repeated headers are joined by `, `."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""

    @cached_property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become replacement characters."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON: integers keep every digit, nesting deeper than 200 levels is refused.

        Raises Unreadable, saying what the body looks like instead.
        """
        try:
            return pydantic_core.from_json(self.body.removeprefix(BOM_UTF8), allow_inf_nan=False, cache_strings="keys")
        except ValueError as error:
            raise Unreadable(f"the answer is not JSON: {error}", do=_looks_like(self)) from None


def _looks_like(response: Response) -> str:
    """Say what a body that is no JSON looks like, and what that usually means."""
    start = response.text.lstrip("\ufeff \r\n\t")[:200].lower()
    if not start:
        return "the body is empty: check the address"
    if start.startswith(("<!doctype", "<html")):
        return "it is an HTML page: check the address; the site may be in maintenance or ask for a login"
    if start.startswith("<"):
        return "it is XML: ask for JSON with a header or parameter"
    if start[0] in "[{":
        return f"it starts as JSON but breaks off or nests too deep ({len(response.body)} bytes): try again"
    return "check the address and the Accept header"
