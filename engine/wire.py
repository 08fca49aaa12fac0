"""One request over the network: its faults become errors, its body is read up to a limit, nothing is kept of it.

The only file that knows the HTTP library, beside `cassettes` and `guarding`, which stand in for the network. The limit
is of decoded bytes, so that a small compressed body cannot become a large one.
"""

import asyncio
import logging
import re
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib import metadata
from typing import Any, Self
from urllib.parse import urlencode

import httpx2

from engine.errors import Failed, TimedOut, Unreachable, Unreadable
from engine.exchange import Request, Response
from engine.mapping import Http
from engine.slices import Slices

__all__ = ["Wire"]

# Their messages show addresses and headers as they are; ours show them redacted.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

#: How many times the `timeout` a whole answer may take: each part may keep us waiting, all together not for ever.
TRICKLE = 10
_LATER = "try later, or raise `timeout`"


class Wire:
    """An async context manager. `transport` may stand in for the network."""

    def __init__(self, http: Http, transport: Any = None) -> None:
        self._timeout = http.timeout
        self._megabytes = http.max_megabytes
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=http.timeout,
            follow_redirects=False,
            http2=False,
            headers={"User-Agent": f"rollbook/{_version()}"},
            limits=httpx2.Limits(max_connections=http.limits.parallel),
            # Each request stands for itself: sessions would tie them together, and make servers take them in turn.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def exchange(self, request: Request) -> Response:
        """Make one request. Raises Unreachable, Unreadable or Failed."""
        seconds = request.timeout or self._timeout
        try:
            async with asyncio.timeout(seconds * TRICKLE):
                return await self._read(request)
        except httpx2.TimeoutException:
            raise TimedOut(f"no answer within {seconds:g} seconds", do=_LATER) from None
        except TimeoutError:
            raise TimedOut(f"the answer was not complete after {seconds * TRICKLE:g} seconds", do=_LATER) from None
        except httpx2.ProxyError as error:
            do = "check the proxy that the environment names (HTTPS_PROXY, ALL_PROXY)"
            raise Unreachable(f"the proxy does not let through: {_reason(error)}", do=do) from None
        except httpx2.ConnectError as error:
            raise _unconnected(error) from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Failed(f"not an address: {_reason(error)}", do="check the address of the connection") from None
        except httpx2.TransportError as error:
            raise Unreachable(f"the connection broke: {_reason(error)}", do="try again") from None

    async def _read(self, request: Request) -> Response:
        """Send a request and read its body up to the limit."""
        limit = self._megabytes * 1_000_000
        body, slices = bytearray(), Slices()
        async with self._client.stream(request.method, request.address, **_arguments(request)) as response:
            says_enough = response.status_code >= 300  # what an error says is cut rather than hide its status
            try:
                async for chunk in response.aiter_bytes():
                    if slices.are_over:  # little that is compressed can be much
                        await slices.give_way()
                    body += chunk
                    if len(body) > limit and says_enough:
                        break
                    if len(body) > limit:
                        what = f"the answer is larger than {self._megabytes} MB"
                        raise Unreadable(what, do="ask for smaller pages, or raise `http.max_megabytes`")
            except httpx2.DecodingError as error:
                if not says_enough:
                    what = f"the body cannot be decompressed: {_reason(error)}"
                    raise Unreadable(what, do="try again") from None
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, headers, bytes(body), str(response.url), request.reads)


def _arguments(request: Request) -> dict[str, Any]:
    """Return headers, body and time-out as the HTTP library takes them."""
    headers = dict(request.headers)
    arguments: dict[str, Any] = {"headers": headers}
    if request.timeout is not None:
        arguments["timeout"] = request.timeout
    if request.json is not None:
        return {**arguments, "json": request.json}
    for content, kind in (
        (None if request.form is None else urlencode(request.form), "application/x-www-form-urlencoded"),
        (request.xml, "text/xml; charset=utf-8"),
        (request.text, "text/plain; charset=utf-8"),
    ):
        if content is not None:
            arguments["content"] = content.encode()
            headers.setdefault("Content-Type", kind)
    return arguments


def _version() -> str:
    try:
        return metadata.version("rollbook")
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return "0"


def _unconnected(error: httpx2.ConnectError) -> Unreachable:
    """Return why there is no connection: the certificate, the encryption, or the network."""
    reason = _reason(error)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        what = f"its certificate is not trusted: {reason.partition('] ')[2] or reason}"
        return Unreachable(what, do="check the address; an own authority goes into SSL_CERT_FILE")
    if "SSL" in reason:
        what = f"no encrypted connection: {reason}"
        return Unreachable(what, do="check whether the address is one of https, and its port")
    return Unreachable(f"no connection: {reason}", do="check the address and the network")


def _reason(error: Exception) -> str:
    """Return what an error of the HTTP library says; where it says nothing, its name in words."""
    return str(error) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
