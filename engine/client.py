"""The HTTP client of a run: auth, retries, limits, redaction.

The only file that knows the HTTP library, beside `cassettes`, which stands in for the network.

Redirects are followed only for a GET and within the same origin, since headers with credentials go along. Bodies are
read up to a limit of decoded bytes, so that a small compressed body cannot become a large one.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import stamina

from engine import answers, calls
from engine.auth import Authenticator, authenticator
from engine.errors import (
    Expired,
    Failed,
    ProviderError,
    Refused,
    Unreachable,
    Unreadable,
)
from engine.exchange import Request, Response
from engine.limits import Turns
from engine.mapping import ErrorRule
from engine.mapping import Mapping as ProviderMapping
from engine.redaction import Redaction
from engine.report import Report

__all__ = ["ATTEMPTS", "LONGEST_WAIT", "Client"]

log = logging.getLogger("rollbook")
# Their messages show addresses and headers as they are; ours show them redacted.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

# Retries are told in the report; without a handler of its own the retry library would print them.
logging.getLogger("stamina").addHandler(logging.NullHandler())

#: How often a request is made before it counts as failed.
ATTEMPTS = 5
#: The longest single wait, in seconds: a provider that asks for more is reported instead.
LONGEST_WAIT = 300.0
#: How many redirects are followed.
REDIRECTS = 5


class Client:
    """An async context manager; one per run. `scope` is what holes see, secrets included."""

    def __init__(
        self,
        mapping: ProviderMapping,
        scope: Mapping[str, Any],
        report: Report,
        *,
        transport: Any = None,
        backoff: float = 0.5,
    ) -> None:
        self._mapping = mapping
        self._http = mapping.http
        self._report = report
        self._scope = scope
        self._backoff = backoff
        self._transport = transport
        connection: Mapping[str, Any] = scope.get("connection", {})
        secret = (name for name, field in mapping.connection.items() if field.secret and name in connection)
        self.redact = Redaction(str(connection[name]) for name in secret)
        self._auth: Authenticator = authenticator(self._http, scope)
        self._renewals = 0
        self._renewing = asyncio.Lock()
        self._turns = Turns(self._http.limits, report)
        self._hide_tokens()

    async def __aenter__(self) -> Self:
        self._client = httpx2.AsyncClient(
            transport=self._transport,
            timeout=self._http.timeout,
            follow_redirects=False,
            http2=False,
            headers={"User-Agent": "rollbook"},
            limits=httpx2.Limits(max_connections=self._http.limits.parallel),
        )
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._turns.close()
        await self._client.aclose()

    async def send(self, request: Request, *, fetch: str = "", rules: Sequence[ErrorRule] = ()) -> Response | None:
        """Make a request and return its answer, or None where a rule calls it empty. Raises a ProviderError.

        Connection faults, throttling and server errors are tried again; an expired credential is renewed once.
        """
        shown = self.redact(str(request))
        renewed = False
        failed_at: float | None = None
        retries = stamina.retry_context(
            on=self._again,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=self._backoff,
            wait_max=30.0,
            wait_jitter=self._backoff,
        )
        try:
            async for attempt in retries:
                with attempt:
                    if failed_at is not None:
                        self._report.retries += 1
                        self._report.waited += time.monotonic() - failed_at
                    try:
                        return await self._once(request, (*rules, *self._http.errors))
                    except Expired as error:
                        if renewed or not self._auth.can_renew:
                            raise Refused(error.what, do=error.do, status=error.status) from None
                        renewed = True
                        await self._renew(self._renewals)
                        return await self._once(request, (*rules, *self._http.errors))
                    except ProviderError:
                        failed_at = time.monotonic()
                        raise
        except Expired as error:
            refused = Refused(error.what, do=error.do, status=error.status)
            raise refused.at(provider=self._mapping.provider.id, fetch=fetch, request=shown) from None
        except ProviderError as error:
            raise error.at(provider=self._mapping.provider.id, fetch=fetch, request=shown) from None
        raise AssertionError("a retry ends with an answer or an error")

    async def check(self) -> Response | None:
        """Make the request that proves the connection. Raises a ProviderError."""
        request = calls.build(self._http, self._http.check, self._scope)
        response = await self.send(request, fetch="check")
        if response is not None:
            try:
                response.json  # noqa: B018 - read, so that an HTML page is no proof
            except ProviderError as error:
                raise error.at(
                    provider=self._mapping.provider.id, fetch="check", request=self.redact(str(request))
                ) from None
        return response

    def _again(self, error: Exception) -> bool | float:
        """Say whether to try again, and after how long where the provider tells."""
        if not isinstance(error, ProviderError) or error.action != "retry" or isinstance(error, Expired):
            return False
        if error.wait is not None and error.wait > LONGEST_WAIT:
            error.what += f" (it asks to wait {error.wait:.0f} seconds)"
            return False
        return True if error.wait is None else error.wait

    async def _once(self, request: Request, rules: Sequence[ErrorRule]) -> Response | None:
        if self._auth.expired():
            await self._renew(self._renewals)
        response = await self._exchange(self._auth.sign(request))
        return response if answers.judge(response, rules, self.redact) else None

    async def _renew(self, known: int) -> None:
        """Renew the credential, once for all who wait for it."""
        async with self._renewing:
            if known != self._renewals:
                return
            flow = self._auth.renew()
            request = next(flow)
            try:
                while True:
                    request = flow.send(await self._exchange(request))
            except StopIteration:
                pass
            except ProviderError as error:
                raise error.at(fetch="token", request=self.redact(str(request))) from None
            self._renewals += 1
            self._hide_tokens()

    def _hide_tokens(self) -> None:
        for secret in self._auth.secrets():
            self.redact.add(secret)

    async def _exchange(self, request: Request) -> Response:
        """Make one request, following redirects. Raises Unreachable, Unreadable or Failed."""
        for _ in range(REDIRECTS + 1):
            async with self._turns.turn():
                self._report.requests += 1
                began = time.monotonic()
                response = await self._raw(request)
                took = (time.monotonic() - began) * 1000
                log.debug("%s → %d in %.0f ms", self.redact(str(request)), response.status, took)
            if response.status not in (301, 302, 303, 307, 308):
                return response
            request = self._redirected(request, response)
        raise Failed(f"more than {REDIRECTS} redirects in a row", do="check the address of the connection")

    def _redirected(self, request: Request, response: Response) -> Request:
        target = urljoin(request.url, response.headers.get("location", ""))
        there, here = urlsplit(target), urlsplit(request.url)
        if there[:2] != here[:2]:
            address = f"{there.scheme}://{there.netloc}"
            raise Failed(f"it redirects to {address}", do="if that is right, use it as the connection's address")
        if request.method != "GET":
            raise Failed("it redirects a POST", do="use the address it redirects to")
        return Request("GET", target, headers=request.headers)

    async def _raw(self, request: Request) -> Response:
        try:
            return await self._read(request)
        except httpx2.TimeoutException:
            seconds = f"{self._http.timeout:g} seconds"
            raise Unreachable(f"no answer within {seconds}", do="try later, or raise `http.timeout`") from None
        except httpx2.ConnectError as error:
            raise Unreachable(f"no connection: {_reason(error)}", do="check the address and the network") from None
        except httpx2.DecodingError as error:
            raise Unreadable(f"the body cannot be decompressed: {_reason(error)}", do="try again") from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Failed(f"not an address: {_reason(error)}", do="check the address of the connection") from None
        except httpx2.TransportError as error:
            raise Unreachable(f"the connection broke: {_reason(error)}", do="try again") from None

    async def _read(self, request: Request) -> Response:
        """Send a request and read its body up to the limit."""
        limit = self._http.max_megabytes * 1_000_000
        body = bytearray()
        arguments: dict[str, Any] = {"headers": dict(request.headers), "params": list(request.query) or None}
        if request.form is not None:
            arguments["content"] = urlencode(request.form)
            arguments["headers"].setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif request.json is not None:
            arguments["json"] = request.json
        async with self._client.stream(request.method, request.url, **arguments) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    what = f"the answer is larger than {self._http.max_megabytes} MB"
                    raise Unreadable(what, do="ask for smaller pages, or raise `http.max_megabytes`")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, headers, bytes(body), str(response.url))


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
