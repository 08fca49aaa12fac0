"""The HTTP client of a run: auth, retries, limits, redaction.

The only file that knows the HTTP library, beside `cassettes`, which stands in for the network.

Redirects are followed only for a GET and within the same origin, since headers with credentials go along. Bodies are
read up to a limit of decoded bytes, so that a small compressed body cannot become a large one.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib import metadata
from typing import Any, Self
from urllib.parse import urlencode

import httpx2
import stamina

from engine import answers, calls
from engine.auth import Authenticator, Renewal, authenticator
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
#: How many times the `timeout` a whole answer may take: each part may keep us waiting, all together not for ever.
TRICKLE = 10
#: How many redirects are followed.
REDIRECTS = 5
_LATER = "try later, or raise `http.timeout`"


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
        self._renewing = _Renewing()
        self._turns = Turns(self._http.limits, report)
        self._hide_tokens()

    async def __aenter__(self) -> Self:
        self._client = httpx2.AsyncClient(
            transport=self._transport,
            timeout=self._http.timeout,
            follow_redirects=False,
            http2=False,
            headers={"User-Agent": f"rollbook/{_version()}"},
            limits=httpx2.Limits(max_connections=self._http.limits.parallel),
            # Each request stands for itself: sessions would tie them together, and make servers take them in turn.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
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
        retries = stamina.retry_context(
            on=self._again,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=self._backoff,
            wait_max=30.0,
            wait_jitter=self._backoff,
        )
        sending = _Sending(request, (*rules, *self._http.errors))
        failed_at: float | None = None
        try:
            async for attempt in retries:
                with attempt:
                    if failed_at is not None:
                        self._report.retries += 1
                        self._report.waited += time.monotonic() - failed_at
                    try:
                        return await self._signed(sending)
                    except ProviderError as error:
                        failed_at = time.monotonic()
                        error.what, error.do = self.redact(error.what), self.redact(error.do)
                        raise
        except ProviderError as error:
            raise self._located(error, fetch, request) from None
        raise AssertionError("a retry ends with an answer or an error")

    def _located(self, error: ProviderError, fetch: str, request: Request) -> ProviderError:
        return error.at(provider=self._mapping.provider.id, fetch=fetch, request=self.redact(str(request)))

    def unsigned(self, url: str) -> str:
        """Return an address without the proof that is sent with every request."""
        return self._auth.unsigned(url)

    async def check(self) -> Response | None:
        """Make the request that proves the connection. Raises a ProviderError."""
        request = calls.build(self._http, self._http.check, self._scope)
        response = await self.send(request, fetch="check")
        if response is not None:
            try:
                response.json  # noqa: B018 - read, so that an HTML page is no proof
            except ProviderError as error:
                raise self._located(error, "check", request) from None
        return response

    def _again(self, error: Exception) -> bool | float:
        """Say whether to try again, and after how long where the provider tells."""
        if not isinstance(error, ProviderError) or error.action != "retry":
            return False
        if error.wait is not None and error.wait > LONGEST_WAIT:
            error.what += f" (it asks to wait {error.wait:.0f} seconds)"
            error.do = "run again after that time"
            return False
        return True if error.wait is None else error.wait

    async def _signed(self, sending: "_Sending") -> Response | None:
        """Make a request with its proof; one that turns out to have expired is renewed, once for each request."""
        while True:
            if self._auth.expired():
                await self._renew(self._renewing.done)
            used = self._renewing.done
            response = await self._exchange(self._auth.sign(sending.request))
            try:
                return response if answers.judge(response, sending.rules, self.redact) else None
            except Expired as error:
                if sending.renewed or not self._auth.can_renew:
                    raise Refused(error.what, do=error.do, status=error.status) from None
            sending.renewed = True
            await self._renew(used)

    async def _renew(self, used: int) -> None:
        """Renew the credential that was `used`, once for all who wait for it; a failure is shared as well."""
        state = self._renewing
        failed = state.failed
        async with state.lock:
            if used != state.done:
                return
            if state.failure is not None and (failed != state.failed or isinstance(state.failure, Refused)):
                raise replace(state.failure)
            try:
                await self._drive(self._auth.renew())
            except ProviderError as error:
                state.failed, state.failure = state.failed + 1, error
                raise
            state.done += 1
            self._hide_tokens()

    async def _drive(self, flow: Renewal) -> None:
        """Make the requests of a token flow."""
        request, response = next(flow), None
        try:
            while True:
                response = await self._exchange(request)
                if self._auth.judged:
                    self._judge_token(response)
                request = flow.send(response)
        except StopIteration:
            return
        except ProviderError as error:
            if response is not None and error.wait is None:
                error.wait = answers.retry_after(response)
            raise error.at(fetch="token", request=self.redact(str(request))) from None

    def _judge_token(self, response: Response) -> None:
        """Raise what the answer of a token endpoint means; what is no fault of the moment is a refusal."""
        try:
            answers.judge(response, self._http.errors, self.redact)
        except ProviderError as error:
            if error.action == "retry" and not isinstance(error, Expired):
                raise
            do = "check the credentials of the connection"
            raise Refused(f"there is no token: {error.what}", do=do, status=error.status) from None

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
            following = answers.redirected(request, response)
            if following is None:
                return response
            request = following
        raise Failed(f"more than {REDIRECTS} redirects in a row", do="check the address of the connection")

    async def _raw(self, request: Request) -> Response:
        seconds = self._http.timeout
        try:
            async with asyncio.timeout(seconds * TRICKLE):
                return await self._read(request)
        except httpx2.TimeoutException:
            raise Unreachable(f"no answer within {seconds:g} seconds", do=_LATER) from None
        except TimeoutError:
            raise Unreachable(f"the answer was not complete after {seconds * TRICKLE:g} seconds", do=_LATER) from None
        except httpx2.ProxyError as error:
            do = "check the proxy that the environment names (HTTPS_PROXY, ALL_PROXY)"
            raise Unreachable(f"the proxy does not let through: {_reason(error)}", do=do) from None
        except httpx2.ConnectError as error:
            raise _unconnected(error) from None
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
        arguments: dict[str, Any] = {"headers": dict(request.headers)}
        if request.form is not None:
            arguments["content"] = urlencode(request.form)
            arguments["headers"].setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif request.json is not None:
            arguments["json"] = request.json
        async with self._client.stream(request.method, request.address, **arguments) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    what = f"the answer is larger than {self._http.max_megabytes} MB"
                    raise Unreadable(what, do="ask for smaller pages, or raise `http.max_megabytes`")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, headers, bytes(body), str(response.url))


def _version() -> str:
    try:
        return metadata.version("rollbook")
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return "0"


@dataclass
class _Renewing:
    """How often the credential was renewed, how often that failed, and how it failed last."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    done: int = 0
    failed: int = 0
    failure: ProviderError | None = None


@dataclass
class _Sending:
    """A request under way: what tells its error answers, and whether the credential was renewed for it."""

    request: Request
    rules: Sequence[ErrorRule]
    renewed: bool = False


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
    return str(error) or type(error).__name__
