"""Recorded exchanges, played back in place of the network.

A cassette is JSON or YAML: where it comes from, the made-up connection it goes with, and the exchanges. Requests are
matched by method, path, query and form (in any order) and JSON body; values that are secrets of the connection are
not compared. The same request recorded twice is answered in that order. A request that was not recorded, or is made
more often than recorded, is an error that shows the nearest recorded one.
"""

import base64
import gzip
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pydantic_core

from engine.errors import UsageError
from engine.redaction import HIDDEN

__all__ = ["Cassette", "Exchange", "Player", "read"]

Key = tuple[str, str]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its response."""

    method: str
    path: str
    query: tuple[Pair, ...]
    form: tuple[Pair, ...]
    json: Any
    status: int
    headers: Mapping[str, str]
    body: bytes
    times: int = 1

    @property
    def key(self) -> Key:
        """What requests are looked up by."""
        return self.method, self.path

    def __str__(self) -> str:
        pairs = "&".join(f"{name}={value}" for name, value in (*self.query, *self.form))
        return f"{self.method} {self.path} {pairs}".strip()


@dataclass
class Cassette:
    """Exchanges, and what goes with them."""

    exchanges: list[Exchange] = field(default_factory=list)
    connection: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    now: str | None = None

    def player(self, secrets: Iterable[str] = ()) -> "Player":
        """Return a transport that plays this cassette once."""
        return Player(self.exchanges, frozenset(secrets))


def read(*paths: Path) -> Cassette:
    """Read one or more files as one cassette. Raises UsageError that names file and exchange."""
    cassette = Cassette()
    for path in paths:
        data = _load(path)
        if not isinstance(data, dict) or not isinstance(data.get("exchanges"), list):
            raise UsageError(f"{path} is not a cassette: it has no list of `exchanges`")
        connection = data.get("connection") or {}
        if not isinstance(connection, dict):
            raise UsageError(f"{path}: `connection` must be a mapping of field to value")
        cassette.connection.update(connection)
        cassette.source = cassette.source or str(data.get("source") or "")
        cassette.now = cassette.now or data.get("now")
        for number, given in enumerate(data["exchanges"], 1):
            try:
                cassette.exchanges.append(_exchange(given))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise UsageError(f"{path}: exchange {number} cannot be read: {error!r}") from None
    return cassette


def _load(path: Path) -> Any:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        if path.name.endswith((".json", ".json.gz")):
            return pydantic_core.from_json(raw, cache_strings="keys")
        import yaml

        return yaml.load(raw, Loader=_text_loader(yaml))  # noqa: S506 - a safe loader, times left as text
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception as error:  # noqa: BLE001 - three formats, each with errors of its own
        raise UsageError(f"{path} is not a readable cassette: {error}") from None


def _text_loader(yaml: Any) -> Any:
    """Return a safe YAML loader that leaves dates as text, as JSON has them."""

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    resolvers = Loader.yaml_implicit_resolvers
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in entries if not tag.endswith(":timestamp")]
        for first, entries in resolvers.items()
    }
    return Loader


def _exchange(given: Mapping[str, Any]) -> Exchange:
    request, response = given["request"], given["response"]
    url = urlsplit(str(request["url"]))
    query = (*parse_qsl(url.query, keep_blank_values=True), *_pairs(request.get("query")))
    headers = {str(name).lower(): str(value) for name, value in (response.get("headers") or {}).items()}
    return Exchange(
        method=str(request.get("method", "GET")).upper(),
        path=url.path,
        query=tuple(query),
        form=_pairs(request.get("form")),
        json=request.get("json"),
        status=int(response.get("status", 200)),
        headers=headers,
        body=_body(response, headers),
        times=int(given.get("times", 1)),
    )


def _body(response: Mapping[str, Any], headers: dict[str, str]) -> bytes:
    if "json" in response:
        headers.setdefault("content-type", "application/json")
        return json.dumps(response["json"], ensure_ascii=False).encode()
    if "base64" in response:
        return base64.b64decode(response["base64"])
    return str(response.get("text", "")).encode()


def _pairs(given: Any) -> tuple[Pair, ...]:
    """Read pairs from a mapping (a list of values repeats the name) or a list of pairs."""
    if given is None:
        return ()
    pairs = list(given.items()) if isinstance(given, Mapping) else [tuple(pair) for pair in given]
    found: list[Pair] = []
    for name, value in pairs:
        values = value if isinstance(value, list) else [value]
        found += [(str(name), _text(entry)) for entry in values]
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class Player(httpx2.AsyncBaseTransport):
    """Plays exchanges in place of the network."""

    def __init__(self, exchanges: Sequence[Exchange], secrets: frozenset[str]) -> None:
        self._secrets = secrets
        self._left: dict[Any, deque[Exchange]] = defaultdict(deque)
        self._by_key: dict[Key, list[Exchange]] = defaultdict(list)
        self._played: set[int] = set()
        self._bases: dict[str, str] = {}
        for exchange in exchanges:
            self._by_key[exchange.key].append(exchange)
            for _ in range(exchange.times):
                self._left[self._mark(exchange)].append(exchange)
        self._paths = sorted({exchange.path for exchange in exchanges}, key=len, reverse=True)
        self._all = list(exchanges)

    def unused(self) -> list[Exchange]:
        """Return the exchanges that were never asked for."""
        return [exchange for exchange in self._all if id(exchange) not in self._played]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as recorded. Raises UsageError for a request that was not."""
        body = await request.aread()
        asked = self._asked(request, body)
        waiting = self._left.get(self._mark(asked))
        if not waiting:
            raise UsageError(self._unknown(asked))
        exchange = waiting.popleft()
        self._played.add(id(exchange))
        return httpx2.Response(exchange.status, headers=dict(exchange.headers), content=exchange.body, request=request)

    def _asked(self, request: httpx2.Request, body: bytes) -> Exchange:
        kind = request.headers.get("content-type", "")
        form = tuple(parse_qsl(body.decode(), keep_blank_values=True)) if "form" in kind else ()
        data = json.loads(body) if body and "json" in kind else None
        query = tuple(parse_qsl(request.url.query.decode(), keep_blank_values=True))
        path = self._recorded_path(request.url.raw_path.decode().partition("?")[0])
        return Exchange(request.method, path, query, form, data, 0, {}, b"")

    def _recorded_path(self, path: str) -> str:
        """Paths are recorded as they are on the wire, or without the base address's own path."""
        if path in self._paths:
            return path
        return next((known for known in self._paths if known != "/" and path.endswith(known)), path)

    def _mark(self, exchange: Exchange) -> Any:
        pairs = sorted(pair for pair in (*exchange.query, *exchange.form) if not self._is_secret(pair))
        return *exchange.key, tuple(pairs), json.dumps(exchange.json, sort_keys=True)

    def _is_secret(self, pair: Pair) -> bool:
        return pair[1] in self._secrets or pair[1] in (HIDDEN, "REDACTED")

    def _unknown(self, asked: Exchange) -> str:
        shown = self._shown(asked)
        if any(self._mark(known) == self._mark(asked) for known in self._by_key[asked.key]):
            return f"{shown} was asked for more often than it was recorded"
        wanted = {*asked.query, *asked.form}
        known = self._by_key[asked.key]
        if not known:
            return f"{shown} is not in the cassette; nothing is recorded for {asked.method} {asked.path}"
        nearest = min(known, key=lambda other: len(wanted ^ {*other.query, *other.form}))
        recorded = {*nearest.query, *nearest.form}
        more = self._listed(wanted - recorded) or "nothing"
        less = self._listed(recorded - wanted) or "nothing"
        return f"{shown} is not in the cassette; the nearest recorded one has {less} in place of {more}"

    def _listed(self, pairs: set[Pair]) -> str:
        return ", ".join(f"{name}={value}" for name, value in sorted(pairs) if not self._is_secret((name, value)))

    def _shown(self, exchange: Exchange) -> str:
        text = str(exchange)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
