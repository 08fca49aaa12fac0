"""A request and its response, as plain data: what auth, pages and errors work on, without a network."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from engine.decoding import LARGE, JsonProblem, TooLargeNumber, decode
from engine.errors import Unreadable

__all__ = ["Pairs", "Reads", "Request", "Response", "looks_like", "origin", "without_query"]

Pairs = tuple[tuple[str, str], ...]
#: What reads the body of an answer that is not JSON. Raises Unreadable.
Reads = Callable[[bytes], Any]
#: From how many bytes on it takes some milliseconds to read what is not JSON.
LARGE_OTHERWISE = 50_000


@dataclass(frozen=True)
class Request:
    """One HTTP request. `form`, `json`, `xml` and `text` exclude each other; pairs keep their order.

    `url` may have parameters of its own, as the links of a provider do; those of `query` follow them. `reads` is how
    its answer is read, where that is not as JSON. `timeout` is in seconds, where it is not that of all requests.
    """

    method: str
    url: str
    query: Pairs = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Pairs | None = None
    json: Any = None
    xml: str | None = None
    text: str | None = None
    reads: Reads | None = None
    timeout: float | None = None

    def with_query(self, *pairs: tuple[str, str]) -> "Request":
        """Set query parameters, each replacing those of the same name, also in the address itself."""
        kept = self.without_query(*(name for name, _ in pairs))
        return replace(kept, query=kept.query + pairs)

    def without_query(self, *names: str) -> "Request":
        """Leave out the query parameters of these names, also in the address itself."""
        kept = tuple(pair for pair in self.query if pair[0] not in names)
        return replace(self, url=without_query(self.url, names), query=kept)

    def with_header(self, name: str, value: str) -> "Request":
        """Set a header, replacing one of the same name."""
        kept = {key: text for key, text in self.headers.items() if key.lower() != name.lower()}
        return replace(self, headers={**kept, name: value})

    @property
    def address(self) -> str:
        """The whole address: that of the request and the parameters of `query`."""
        if not self.query:
            return self.url
        url = self.url.partition("#")[0]
        between = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
        return url + between + urlencode(self.query, quote_via=quote)

    def __str__(self) -> str:
        """Show method and whole address. It may hold secrets: redact before it is shown."""
        return f"{self.method} {self.address}"


def without_query(url: str, names: Collection[str]) -> str:
    """Return an address without the parameters of these names; the others stay as they are written."""
    path, mark, query = url.partition("?")
    if not mark:
        return url
    kept = "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in names)
    return f"{path}?{kept}" if kept else path


def origin(url: str) -> str:
    """Return scheme, host and port of an address, in the one form that can be compared (RFC 6454 section 6.2).

    Empty where it is no address of the web.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    usual = port is None or port == (443 if parts.scheme == "https" else 80)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if usual else f":{port}")


@dataclass(frozen=True)
class Response:
    """One HTTP response. Header names are lower case; repeated headers are joined by `, `."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    reads: Reads | None = None

    @cached_property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become replacement characters."""
        return self.body.decode("utf-8", "replace")

    @property
    def data(self) -> Any:
        """The body as plain data, read as the request said. Raises Unreadable."""
        return self.json if self.reads is None else _told(self._read)

    @property
    def is_large(self) -> bool:
        """Whether it takes more than some milliseconds to read."""
        return len(self.body) >= (LARGE if self.reads is None else LARGE_OTHERWISE)

    def prepare(self) -> None:
        """Read the body now: in another thread, perhaps. What is wrong with it is told when it is asked for."""
        _ = self._decoded if self.reads is None else self._read

    @property
    def json(self) -> Any:
        """The body as JSON: integers keep every digit, other numbers that of a double (RFC 8259 section 6).

        Nesting deeper than 200 levels is refused, and a number beyond a double. Raises Unreadable, saying what the body
        looks like instead.
        """
        return _told(self._decoded)[0]

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What expressions see of an answer: `status`, `headers`, `text`, and `body` where it can be read.

        Errors are often JSON whatever the other answers are, so `body` is that where it can be read as nothing else.
        """
        seen: dict[str, Any] = {"status": self.status, "headers": dict(self.headers), "text": self.text}
        with suppress(Unreadable):  # those that need no body look at `text`
            seen["body"] = self.json
        if self.reads is not None:
            with suppress(Unreadable):
                seen["body"] = self.data
        return seen

    @property
    def mended(self) -> int:
        """How many texts of the JSON held half a character, which is no Unicode: U+FFFD stands in its place."""
        return _told(self._decoded)[1] if self.reads is None else 0

    @cached_property
    def _decoded(self) -> tuple[Any, int] | Unreadable:
        """The body as JSON, and how many texts were mended; or why it is none, so that this is found out once."""
        try:
            return decode(self.body)
        except TooLargeNumber as number:
            what = f"the answer holds the number {number.text[:20]}…, which no double holds"
            return Unreadable(what, do="tell the vendor")
        except JsonProblem as problem:
            return Unreadable(f"the answer is not JSON: {problem}", do=looks_like(self.body, str(problem)))

    @cached_property
    def _read(self) -> Any:
        """The body as the request said that it is to be read; or why it cannot be."""
        assert self.reads is not None  # noqa: S101 - for the type checker
        try:
            return self.reads(self.body)
        except Unreadable as error:
            return error


def _told(found: Any) -> Any:
    """Return what was found; raise what was found out instead."""
    if isinstance(found, Unreadable):
        raise replace(found)
    return found


def looks_like(body: bytes, fault: str) -> str:
    """Say what a body that is no JSON looks like, and what that usually means."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or "unicode" in fault:
        return "it is not encoded as UTF-8, which JSON must be (RFC 8259 section 8.1): tell the vendor"
    start = body[:1000].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")[:200].lower()
    if not start:
        return "the body is empty: check the address"
    if start.startswith(("<!doctype", "<html")):
        return "it is an HTML page: check the address; the site may be in maintenance or ask for a login"
    if start.startswith("<"):
        return "it is XML: ask for JSON with a header or parameter, or say `answer: { xml: true }`"
    if "recursion limit" in fault:
        return "it starts as JSON but nests too deep, beyond 200 levels: no list of records does"
    if fault.startswith("EOF"):
        return f"it starts as JSON but breaks off after {len(body)} bytes: try again"
    if start[0] in "[{":
        return "it starts as JSON but is none: tell the vendor"
    return "check the address and the Accept header"
