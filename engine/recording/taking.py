"""What a client told of a request and its answer, as an exchange of a cassette: plain data, still with everything."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from engine.client import Exchange
from engine.errors import Unreadable
from engine.exchange import Request, Response, origin
from engine.jsonata import Program
from engine.loading import LoadedMapping

__all__ = ["headers_that_count", "taken"]

#: The headers of an answer that the engine itself looks at.
_HEADERS = frozenset({"content-type", "link", "location", "retry-after"})


def taken(exchange: Exchange, base: str, headers: frozenset[str]) -> dict[str, Any]:
    """Return an exchange as a cassette has it. `base` is the base address, whose requests are known by their path."""
    return {"request": _request(exchange.sent, base), "response": _response(exchange.response, headers)}


def _request(sent: Request, base: str) -> dict[str, Any]:
    parts = urlsplit(sent.url)
    here = origin(sent.url) == origin(base)
    url = parts.path or "/" if here else f"{parts.scheme}://{parts.netloc}{parts.path}"
    found: dict[str, Any] = {"method": sent.method, "url": url}
    query = [*parse_qsl(parts.query, keep_blank_values=True), *sent.query]
    if query:
        found["query"] = query
    if sent.form is not None:
        found["form"] = list(sent.form)
    if sent.json is not None:
        found["json"] = sent.json
    if sent.xml is not None:
        found["xml"] = sent.xml
    return found


def _response(response: Response, headers: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {} if response.status == 200 else {"status": response.status}
    kept = {name: value for name, value in response.headers.items() if name in headers}
    if kept:
        found["headers"] = kept
    return {**found, **_body(response)}


def _body(response: Response) -> dict[str, Any]:
    """Return a body as JSON where it is an object or a list, else as text; as bytes only where it is no text."""
    try:
        data = None if response.reads is not None or response.mended else response.json
    except Unreadable:
        data = None
    if isinstance(data, dict | list):
        return {"json": data}
    try:
        return {"text": response.body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(response.body).decode()}


def headers_that_count(loaded: LoadedMapping) -> frozenset[str]:
    """Return the headers of answers that a run may look at."""
    http = loaded.mapping.http
    found = set(_HEADERS) | ({"set-cookie"} if http.auth.session is not None else set())
    for pages in (http.pages, *(fetch.pages for fetch in loaded.mapping.fetch.values())):
        counted = (pages.page or pages.offset) if pages else None
        if counted is not None and counted.more_header:
            found.add(counted.more_header.lower())
    for program in _over_answers(loaded):
        found |= {str(read.path[1]) for read in program.reads().read if read.path[:1] == ("headers",) and read.path[1:]}
    return frozenset(found)


def _over_answers(loaded: LoadedMapping) -> Iterator[Program]:
    """Yield the expressions that see the headers of an answer."""
    http, fetches = loaded.mapping.http, loaded.mapping.fetch.values()
    for rule in (*http.errors, *(rule for fetch in fetches for rule in fetch.errors)):
        yield from (program for program in (rule.when, rule.message, rule.wait) if program is not None)
    if http.auth.token is not None:
        token = http.auth.token
        yield from (program for program in (token.value, token.expires_in) if program is not None)
    for fetch in fetches:
        if fetch.job is not None:
            programs = (fetch.job.ready, fetch.job.failed, fetch.job.message)
            yield from (program for program in programs if program is not None)
