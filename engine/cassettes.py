"""Recorded exchanges, played back in place of the network.

A cassette is JSON or YAML: where it comes from, the made-up connection it goes with, and the exchanges, as described in
docs/cassettes.md. Requests are matched by method, address, query and form (in any order), JSON body, and the headers
that were recorded; values that are secrets of the connection are not compared. The same request recorded twice is
answered in that order. A request that was not recorded, or is made more often than recorded, is an error that shows the
nearest recorded one.
"""

import base64
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2
import pydantic_core

from engine import elements
from engine.errors import MappingError, Place, Problem, UsageError
from engine.exchange import origin
from engine.loading import shown_path
from engine.positions import read_yaml
from engine.redaction import HIDDEN, Redaction
from engine.telling import cut

__all__ = ["Cassette", "Exchange", "Player", "read"]

#: What a cassette has in place of a secret.
_HIDDEN = (HIDDEN, "REDACTED")

Key = tuple[str, str]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its response."""

    method: str
    path: str
    query: tuple[Pair, ...] = ()
    form: tuple[Pair, ...] = ()
    json: Any = None
    xml: Any = None  # as data, so that its layout does not count
    text: str | None = None  # of a body that is none of these
    host: str = ""  # scheme, host and port, where they count
    wanted: Mapping[str, str] = field(default_factory=dict)  # the headers that count
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    times: int = 1

    @property
    def key(self) -> Key:
        """What requests are looked up by."""
        return self.method, self.path

    def __str__(self) -> str:
        pairs = "&".join(f"{name}={value}" for name, value in (*self.query, *self.form))
        return f"{self.method} {self.host}{self.path} {pairs}".strip()


@dataclass
class Cassette:
    """Exchanges, and what goes with them."""

    exchanges: list[Exchange] = field(default_factory=list)
    connection: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    now: str | None = None

    def player(self, secrets: Iterable[str] = (), base_url: str = "", *, endless: bool = False) -> "Player":
        """Return a transport that plays this cassette once. Recorded paths may be relative to `base_url`."""
        return Player(self.exchanges, secrets, base_url, endless=endless)


def read(*paths: Path) -> Cassette:
    """Read one or more files as one cassette. Raises UsageError that names file and exchange."""
    cassette = Cassette()
    for path in paths:
        data = _checked(path, _load(path))
        cassette.connection.update(data.get("connection") or {})
        cassette.source = cassette.source or str(data.get("source") or "")
        cassette.now = cassette.now or data.get("now")
        for number, given in enumerate(data["exchanges"], 1):
            try:
                cassette.exchanges.append(_exchange(given))
            except KeyError as error:
                raise UsageError(f"{path}: exchange {number} has no `{error.args[0]}`") from None
            except (TypeError, ValueError, AttributeError) as error:
                raise UsageError(f"{path}: exchange {number} cannot be read: {error}") from None
    return cassette


def _checked(path: Path, data: Any) -> dict[str, Any]:
    """Return the content of a file if it is that of a cassette."""
    if not isinstance(data, dict) or not isinstance(data.get("exchanges"), list):
        raise UsageError(f"{path} is not a cassette: it has no list of `exchanges`")
    try:
        _only(data, "a cassette", "source", "connection", "now", "exchanges")
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(data.get("connection") or {}, dict):
        raise UsageError(f"{path}: `connection` must be a mapping of field to value")
    return data


def _only(given: Mapping[str, Any], what: str, *keys: str) -> None:
    """Raise ValueError where there are other keys than these: a misspelt one would be passed over in silence."""
    for key in given:
        if key not in keys:
            raise ValueError(f"`{key}` is no key of {what}; there are {', '.join(keys)}")


def _load(path: Path) -> Any:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        if path.name.endswith((".json", ".json.gz")):
            return pydantic_core.from_json(raw, cache_strings="keys")
        import yaml

        return yaml.load(raw, Loader=_json_loader(yaml))  # noqa: S506 - a safe loader that reads scalars as JSON does
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except Exception as error:  # noqa: BLE001 - three formats, each with errors of its own
        raise UsageError(_unreadable(path, error)) from None


def _unreadable(path: Path, error: Exception) -> str:
    """Say what keeps a file from being read, with the line and column where it can be told."""
    called = shown_path(path)
    if path.suffix in (".yaml", ".yml"):
        try:
            read_yaml(path, called)
        except MappingError as wrong:  # a cassette has no expressions, which a mapping's advice is about
            return "\n".join(str(problem).replace("expression", "text") for problem in wrong.problems)
    found = re.fullmatch(r"(.*) at line (\d+) column (\d+)", str(error))
    if found:
        place = Place(called, int(found[2]), max(1, int(found[3])))
        return str(Problem(place, "", f"this is not JSON: {found[1]}", "correct it, or record it again"))
    return f"{called} is not a readable cassette: {error}"


def _json_loader(yaml: Any) -> Any:
    """Return a safe YAML loader for what is JSON in other clothes: `no`, `on` and dates stay text."""

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for kind, pattern, first in (
        ("bool", "true|false", "tf"),
        ("null", "null|~|", ["n", "~", ""]),
        ("int", "-?(0|[1-9][0-9]*)", "-0123456789"),
        ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", "-0123456789"),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"^(?:{pattern})$"), list(first))
    return Loader


def _exchange(given: Mapping[str, Any]) -> Exchange:
    request, response = given["request"], given["response"]
    _only(given, "an exchange", "request", "response", "times")
    _only(request, "a request", "method", "url", "query", "form", "json", "xml", "text", "headers")
    _only(response, "a response", "status", "headers", "json", "text", "base64")
    url = urlsplit(str(request["url"]))
    headers = _headers(response)
    return Exchange(
        method=str(request.get("method", "GET")).upper(),
        path=unquote(url.path) or "/",
        query=(*parse_qsl(url.query, keep_blank_values=True), *_pairs(request.get("query"))),
        form=_pairs(request.get("form")),
        json=request.get("json"),
        xml=elements.read(str(request["xml"])) if "xml" in request else None,
        text=str(request["text"]) if "text" in request else None,
        host=origin(str(request["url"])),
        wanted=_headers(request),
        status=int(response.get("status", 200)),
        headers=headers,
        body=_body(response, headers),
        times=int(given.get("times", 1)),
    )


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in (given.get("headers") or {}).items()}


def _body(response: Mapping[str, Any], headers: dict[str, str]) -> bytes:
    """Return the bytes of an answer; headers that speak of how it once came over the wire go."""
    headers.pop("content-length", None)
    headers.pop("transfer-encoding", None)
    if "base64" in response:
        return base64.b64decode(response["base64"], validate=True)
    headers.pop("content-encoding", None)
    if "json" in response:
        headers.setdefault("content-type", "application/json")
        return json.dumps(response["json"], ensure_ascii=False).encode()
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
    """Plays exchanges in place of the network.

    Each is played as often as it was recorded; with `endless`, the last answer to a request is given again and again.
    """

    def __init__(
        self, exchanges: Sequence[Exchange], secrets: Iterable[str] = (), base_url: str = "", *, endless: bool = False
    ) -> None:
        self._endless = endless
        self._secrets = frozenset(secrets)
        self._redact = Redaction(self._secrets)
        self._base = unquote(urlsplit(base_url).path).rstrip("/")
        self._hidden: dict[Key, set[str]] = defaultdict(set)
        for exchange in exchanges:
            pairs = (*exchange.query, *exchange.form)
            self._hidden[exchange.key] |= {name for name, value in pairs if value in _HIDDEN}
        self._left: dict[Any, list[Exchange]] = defaultdict(list)
        self._by_key: dict[Key, list[Exchange]] = defaultdict(list)
        self._played: set[int] = set()
        for exchange in exchanges:
            self._by_key[exchange.key].append(exchange)
            self._left[self._mark(exchange)] += [exchange] * exchange.times
        self._paths = {exchange.path for exchange in exchanges}
        self._all = list(exchanges)

    def unused(self) -> list[Exchange]:
        """Return the exchanges that were never asked for."""
        return [exchange for exchange in self._all if id(exchange) not in self._played]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as recorded. Raises UsageError for a request that was not."""
        asked = self._asked(request, await request.aread())
        waiting = self._left.get(self._mark(asked), [])
        fitting = [index for index, exchange in enumerate(waiting) if self._fits(exchange, asked)]
        if not fitting:
            raise UsageError(self._redact(self._unknown(asked)))
        exchange = waiting[fitting[0]]
        if not self._endless or len(fitting) > 1:
            del waiting[fitting[0]]
        self._played.add(id(exchange))
        return httpx2.Response(exchange.status, headers=dict(exchange.headers), content=exchange.body, request=request)

    def _asked(self, request: httpx2.Request, body: bytes) -> Exchange:
        kind = request.headers.get("content-type", "")
        return Exchange(
            method=request.method,
            path=self._recorded_path(unquote(request.url.raw_path.decode().partition("?")[0])),
            query=tuple(parse_qsl(request.url.query.decode(), keep_blank_values=True)),
            form=tuple(parse_qsl(body.decode(), keep_blank_values=True)) if "form" in kind else (),
            json=json.loads(body) if body and "json" in kind else None,
            xml=elements.read(body) if body and "xml" in kind else None,
            text=body.decode() if body and not any(other in kind for other in ("form", "json", "xml")) else None,
            host=origin(str(request.url)),
            wanted={name.lower(): value for name, value in request.headers.items()},
        )

    def _recorded_path(self, path: str) -> str:
        """Paths are recorded as they are on the wire, or without the base address's own path."""
        relative = path.removeprefix(self._base)
        return relative if path not in self._paths and relative in self._paths else path

    def _mark(self, exchange: Exchange) -> Any:
        pairs = sorted(pair for pair in self._compared(exchange) if not self._is_secret(pair[1]))
        bodies = [self._without_secrets(body) for body in (exchange.json, exchange.xml, exchange.text)]
        return *exchange.key, tuple(pairs), json.dumps(bodies, sort_keys=True)

    def _compared(self, exchange: Exchange) -> list[Pair]:
        """Return the pairs of a request whose values count: not those recorded without one."""
        hidden = self._hidden.get(exchange.key, ())
        return [pair for pair in (*exchange.query, *exchange.form) if pair[0] not in hidden]

    def _without_secrets(self, value: Any) -> Any:
        """Return a JSON value with the secrets in it hidden."""
        if isinstance(value, dict):
            return {key: self._without_secrets(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._without_secrets(part) for part in value]
        return HIDDEN if isinstance(value, str) and self._is_secret(value) else value

    def _fits(self, recorded: Exchange, asked: Exchange) -> bool:
        """Whether host and headers are those recorded, where they were."""
        if recorded.host not in ("", asked.host):
            return False
        return all(self._is_secret(value) or asked.wanted.get(name) == value for name, value in recorded.wanted.items())

    def _is_secret(self, value: str) -> bool:
        """Whether a value is a secret, or ends with one, as `Bearer …` does."""
        return value in _HIDDEN or not self._secrets.isdisjoint((value, value.rpartition(" ")[2]))

    def _unknown(self, asked: Exchange) -> str:
        """Say what is asked for, and what is nearest to it."""
        shown, known = str(asked).replace(asked.host, "", 1), self._by_key[asked.key]
        alike = [recorded for recorded in known if self._mark(recorded) == self._mark(asked)]
        if any(self._fits(recorded, asked) for recorded in alike):
            return f"{shown} was asked for more often than it was recorded"
        if alike:
            other = alike[0].host not in ("", asked.host)
            differs = f"is for {alike[0].host}" if other else f"has the headers {dict(alike[0].wanted)}"
            return f"{shown} is not in the cassette; the nearest recorded one {differs}"
        if not known:
            near = get_close_matches(asked.path, self._paths, 1, cutoff=0.3)
            hint = f"; the nearest is {near[0]}" if near else ""
            return f"{shown} is not in the cassette; nothing is recorded for {asked.method} {asked.path}{hint}"
        wanted = Counter(self._compared(asked))
        nearest = min(known, key=lambda other: _distance(wanted, Counter(self._compared(other))))
        recorded = Counter(self._compared(nearest))
        less, more = self._listed(recorded - wanted), self._listed(wanted - recorded)
        told = {name for name, value in recorded - wanted if not self._is_secret(value)}
        secret = sorted({name for name, value in wanted - recorded if self._is_secret(value)} & told)
        more += [", ".join(f"{name}={HIDDEN}" for name in secret)] if secret else []
        for recorded_body, body in ((nearest.json, asked.json), (nearest.xml, asked.xml), (nearest.text, asked.text)):
            if recorded_body != body:
                less += _body_shown(self._without_secrets(recorded_body))
                more += _body_shown(self._without_secrets(body))
        differs = f"has {' and '.join(less) or 'nothing'} in place of {' and '.join(more) or 'nothing'}"
        hint = f"; write {_HIDDEN[-1]} there, for secrets are not compared" if secret else ""
        return f"{shown} is not in the cassette; the nearest recorded one {differs}{hint}"

    def _listed(self, pairs: Counter[Pair]) -> list[str]:
        """Return the pairs that can be shown, as one text, or none."""
        shown = [f"{name}={value}" for name, value in sorted(pairs.elements()) if not self._is_secret(value)]
        return [", ".join(shown)] if shown else []


def _body_shown(body: Any) -> list[str]:
    """Return what a message shows of a body, or nothing where there is none."""
    return [] if body is None else [f"the body {cut(json.dumps(body, ensure_ascii=False), 300)}"]


def _distance(one: Counter[Pair], other: Counter[Pair]) -> int:
    return (one - other).total() + (other - one).total()
