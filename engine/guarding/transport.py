"""A transport for the HTTP library that asks the guard about every request and every connection.

It is made of public parts of the library only: were one of them renamed, there would be an error and no open door.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpcore2
import httpx2

from engine.guarding.connecting import Connections, Find

__all__ = ["GuardedTransport", "Look", "parts", "trusted"]

#: Looks at scheme, whoever stands before the host, host and port of a request. Raises Blocked.
Look = Callable[[str, bytes, str, int], object]
#: How long a connection stays open for the next request, in seconds.
KEPT = 5.0
_PORTS = {"http": 80, "https": 443}


def parts(url: httpx2.URL | str) -> tuple[str, bytes, str, int]:
    """Return scheme, whoever stands before the host, host and port, as a request has them. Raises ValueError."""
    try:
        url = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise ValueError("is not an address") from None
    port = _PORTS.get(url.scheme, 0) if url.port is None else url.port
    return url.scheme, url.userinfo, url.raw_host.decode("ascii"), port


def trusted() -> ssl.SSLContext:
    """Return what verifies certificates and host names: the authorities of the system, or of SSL_CERT_FILE."""
    return httpx2.create_ssl_context()


class GuardedTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1, without proxies: through one, the guard would see no address but its own."""

    def __init__(
        self,
        look: Look,
        find: Find,
        ssl_context: ssl.SSLContext,
        network: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._look = look
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=None,  # the client counts them
            max_keepalive_connections=20,
            keepalive_expiry=KEPT,
            http1=True,
            http2=False,
            network_backend=Connections(find, network),
        )

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        with _told():
            await self._pool.__aexit__(kind, error, traceback)

    async def aclose(self) -> None:
        """Close all connections."""
        with _told():
            await self._pool.aclose()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises a ProviderError of the guard, or an error of the HTTP library."""
        url = request.url
        self._look(*parts(url))
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            # And no other name for TLS, which would be trusted in place of the host's.
            extensions={"timeout": request.extensions.get("timeout", {})},
        )
        with _told():
            answer = await self._pool.handle_async_request(asked)
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))


class _Body(httpx2.AsyncByteStream):
    """The body of an answer, as it comes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        with _told():
            await self._stream.aclose()


@contextmanager
def _told() -> Iterator[None]:
    """Make errors of the lower half of the HTTP library those of the upper half, which have the same names."""
    try:
        yield
    except Exception as error:
        for kind in type(error).__mro__:
            above = getattr(httpx2, kind.__name__, None) if kind.__module__.startswith("httpcore2") else None
            if isinstance(above, type) and issubclass(above, httpx2.TransportError):
                raise above(str(error)) from error
        raise
