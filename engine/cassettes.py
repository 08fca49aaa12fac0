"""Recorded exchanges, as files.

A cassette is JSON or YAML: where it comes from, the made-up connection it goes with, and the exchanges, as described in
docs/cassettes.md.
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

import pydantic_core

from engine import elements
from engine.errors import MappingError, Place, Problem, UsageError
from engine.exchange import origin
from engine.loading import shown_path
from engine.positions import read_yaml

__all__ = ["Cassette", "Exchange", "Key", "Pair", "read"]

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
