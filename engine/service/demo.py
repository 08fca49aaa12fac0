"""The demo: recorded providers that answer at addresses of this machine, so that everything can be tried offline.

Every provider whose mapping takes an address, and that comes with a recorded run, answers below its id:
`http://127.0.0.1:8001/acme`. Its credentials are those that were recorded; they are made up.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.calls import fill
from engine.cassettes import Cassette, read
from engine.errors import UsageError
from engine.loading import LoadedMapping
from engine.playing import Player
from engine.replaying import cassette_files
from engine.service.catalog import Catalog

__all__ = ["Demo", "answering"]

#: Headers of recorded answers that speak of how they were sent.
_OF_THE_WIRE = ("content-length", "content-encoding", "transfer-encoding", "connection")


class Demo:
    """An ASGI application: what was recorded of each provider, at an address of its own below `url`."""

    def __init__(self, catalog: Catalog, url: str) -> None:
        self._catalog = catalog
        self._url = url
        self._recorded = cache(self._read)

    def providers(self) -> Iterator[str]:
        """Yield the providers there are."""
        for provider, loaded in self._catalog.items():
            if _address(loaded) and _files("", provider):
                yield provider

    def connection(self, provider: str) -> dict[str, Any]:
        """Return the connection that reads a provider here."""
        loaded = self._catalog[provider]
        known = _cassette(provider).connection
        given = {name: value for name, value in known.items() if name in loaded.mapping.connection}
        return {**given, _address(loaded): f"{self._url}/{provider}"}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request as it was answered when it was recorded."""
        request = Request(scope, receive)
        provider = request.url.path.partition("/")[2].partition("/")[0]
        if provider not in set(self.providers()):
            answer: Response = JSONResponse({"error": f"nothing is recorded of {provider!r}"}, 404)
        else:
            answer = await self._answered(provider, request)
        await answer(scope, receive, send)

    async def _answered(self, provider: str, request: Request) -> Response:
        player, recorded = self._recorded(provider)
        own = f"{self._url}/{provider}"
        url = httpx2.URL(self._url).copy_with(raw_path=_raw_path(request.scope, provider))
        asked = httpx2.Request(request.method, url, headers=request.headers.raw, content=await request.body())
        try:
            played = await player.handle_async_request(asked)
        except UsageError as error:
            return JSONResponse({"error": str(error)}, 404)
        body = played.content.replace(recorded.encode(), own.encode()) if recorded else played.content
        headers = {
            name: value.replace(recorded, own) if recorded else value
            for name, value in played.headers.items()
            if name.lower() not in _OF_THE_WIRE
        }
        return Response(body, played.status_code, headers)

    def _read(self, provider: str) -> tuple[Any, str]:
        """Return what plays a provider, and the address that was recorded, which its answers may name."""
        loaded, cassette = self._catalog[provider], _cassette(provider)
        connection = self.connection(provider)
        base_url = fill(loaded.mapping.http.base_url, {"connection": {**connection, _address(loaded): self._url}})
        fields: Mapping[str, Any] = loaded.mapping.connection
        secrets = {str(value) for name, value in connection.items() if fields[name].secret}
        recorded = str(cassette.connection.get(_address(loaded), "")).rstrip("/")
        return Player(cassette.exchanges, secrets, base_url, endless=True), recorded


@contextmanager
def answering(demo: Demo, listening: socket.socket) -> Iterator[None]:
    """Answer as the demo at an address, beside whatever else the process does."""
    server = uvicorn.Server(uvicorn.Config(demo, log_config=None, access_log=False, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, args=([listening],), name="demo")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@cache
def _cassette(provider: str) -> Cassette:
    """Return the recorded run of a provider, and the call that proves a connection where it was recorded, too."""
    return read(*_files("", provider), *_files(f"{provider}/check*", provider))


def _files(pattern: str, provider: str) -> list[Path]:
    try:
        return cassette_files(pattern, provider)
    except UsageError:
        return []


def _address(loaded: LoadedMapping) -> str:
    """Return the field of the connection that all addresses begin with; empty where they do not, or cannot be ours."""
    http = loaded.mapping.http
    written = [http.base_url, *([http.auth.oauth2.token_url] if http.auth.oauth2 else [])]
    for name, field in loaded.mapping.connection.items():
        if all(template.text.startswith(f"{{connection.{name}}}") for template in written):
            return name if field.format == "url" and not field.choices else ""
    return ""


def _raw_path(scope: Any, provider: str) -> bytes:
    """Return what was asked for, as it was written, without the provider's own place."""
    query: bytes = scope["query_string"]
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return (path.removeprefix(b"/" + provider.encode()) or b"/") + (b"?" + query if query else b"")
