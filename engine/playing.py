"""A cassette played back in place of the network.

Requests are matched by method, address, query and form (in any order), JSON body, and the headers that were recorded;
values that are secrets of the connection are not compared. The same request recorded twice is answered in that order. A
request that was not recorded, or is made more often than recorded, is an error that shows the nearest recorded one.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

from engine import elements
from engine.cassettes import Exchange, Key, Pair
from engine.errors import UsageError
from engine.exchange import origin
from engine.redaction import HIDDEN, Redaction
from engine.telling import cut

__all__ = ["Player"]

#: What a cassette has in place of a secret.
_HIDDEN = (HIDDEN, "REDACTED")


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
