"""The HTTP client of a run: auth, retries, limits, redaction.

Redirects are followed only for a GET and within the same origin, since headers with credentials go along.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import stamina

from engine import answers, calls, placing
from engine.channel import Channel, Keeper, OnToken
from engine.errors import Exhausted, Expired, Failed, Forbidden, ProviderError, Refused, Throttled
from engine.exchange import Request, Response
from engine.limits import LONGEST_TURN
from engine.mapping import ErrorRule
from engine.mapping import Mapping as ProviderMapping
from engine.redaction import HIDDEN
from engine.renewal import Renewal
from engine.report import Report
from engine.slices import Slices, apart
from engine.spelling import lasting
from engine.telling import cut

__all__ = ["ATTEMPTS", "LONGEST_WAIT", "Client", "Exchange", "OnExchange", "OnToken"]

log = logging.getLogger("rollbook")
# Retries are told in the report; left to itself the retry library prints them, with structlog to standard output.
logging.getLogger("stamina").addHandler(logging.NullHandler())
stamina.instrumentation.set_on_retry_hooks([stamina.instrumentation.LoggingOnRetryHook])

#: How often a request is made before it counts as failed.
ATTEMPTS = 5
#: The longest single wait, in seconds: a provider that asks for more is reported instead.
LONGEST_WAIT = 300.0
#: How many redirects are followed.
REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was answered: its address without secrets, the answer as it came, and how long it took.

    `fetch` is what it was made for: the name of a fetch, `check`, or what is got by a login, `token` or `session`.
    `sent` is the request with its proof, secrets and all.
    """

    request: str
    response: Response = field(repr=False)
    seconds: float
    fetch: str
    sent: Request = field(repr=False)


#: Is told of every request that is answered, also of those that are made again and those for a token.
OnExchange = Callable[[Exchange], None]


class Client:
    """An async context manager; one per run. `scope` is what holes see, secrets included.

    `backoff` is the first pause before a request is tried again, in seconds; where it is 0, no pauses are made at all.
    A provider that asks to wait longer than `patience` seconds is reported instead. Without a `channel`, the run has
    one of its own, to what `transport` leads to.
    """

    def __init__(
        self,
        mapping: ProviderMapping,
        scope: Mapping[str, Any],
        report: Report,
        *,
        transport: Any = None,
        backoff: float = 0.5,
        patience: float = LONGEST_WAIT,
        on_token: OnToken | None = None,
        keeper: Keeper | None = None,
        on_exchange: OnExchange | None = None,
        channel: Channel | None = None,
    ) -> None:
        self._mapping = mapping
        self._http = mapping.http
        self._report = report
        self._scope = scope
        self._backoff = backoff
        self._patience = patience
        self._turn = patience if patience < LONGEST_WAIT else LONGEST_TURN
        self._on_exchange = on_exchange
        self._slices = Slices()
        self._own = channel is None
        self._channel = channel or Channel(mapping, scope, transport=transport, on_token=on_token, keeper=keeper)
        self._auth = self._channel.auth
        self.redact = self._channel.redact
        self._renewal = Renewal(self._channel, self._http.errors, report)

    async def __aenter__(self) -> Self:
        if self._own:
            await self._channel.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._own:
            await self._channel.__aexit__(*error)

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
        sending = _Sending(request, fetch, (*rules, *self._http.errors))
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
                        raise self._redacted(error) from None
        except ProviderError as error:
            raise self.told(_ended(error), fetch, request) from None
        raise AssertionError("a retry ends with an answer or an error")

    def told(self, error: ProviderError, fetch: str, request: Request) -> ProviderError:
        """Return an error of a request or its answer as it may be shown: where it is, and without secrets."""
        return self._redacted(error).at(provider=self._mapping.provider.id, fetch=fetch, request=self.shown(request))

    def shown(self, request: Request) -> str:
        """Return a request as it may be shown, without secrets."""
        return cut(self.redact(str(request)).replace(placing.MARK, HIDDEN))

    def _redacted(self, error: ProviderError) -> ProviderError:
        error.what, error.do = self.redact(error.what), self.redact(error.do)
        return error

    def unsigned(self, url: str) -> str:
        """Return an address without the proof that is sent with every request."""
        signed = self._auth.sign(Request("GET", url))
        return placing.unplaced(self._auth.unsigned(url), signed, self._http.auth.token)

    async def pause(self, seconds: float) -> None:
        """Wait before the next request, as long as the mapping says; not where no pauses are made."""
        seconds = seconds if self._backoff else 0.0
        self._report.waited += seconds
        await asyncio.sleep(seconds)

    async def check(self) -> Response | None:
        """Make the request that proves the connection. Raises a ProviderError."""
        request = calls.build(self._http, self._http.check, self._scope)
        response = await self.send(request, fetch="check")
        if response is not None:
            try:
                response.data  # noqa: B018 - read, so that an HTML page is no proof
            except ProviderError as error:
                raise self.told(error, "check", request) from None
        return response

    def _again(self, error: Exception) -> bool | float:
        """Say whether to try again, and after how long where the provider tells."""
        if not isinstance(error, ProviderError) or error.action != "retry":
            return False
        if error.wait is not None and error.wait > self._patience:
            if error.status is not None:  # else it is a limit of our own, which says so
                error.what += f" (it asks to wait {lasting(error.wait)})"
                error.do = "run again after that time"
            return False
        return True if error.wait is None else error.wait

    async def _signed(self, sending: "_Sending") -> Response | None:
        """Make a request with its proof; one that turns out to have expired is renewed, once for each request."""
        while True:
            if self._renewal.is_due:
                await self._renewal.renew(self._renewal.done, self._exchange)
            used = self._renewal.done
            response = await self._exchange(
                sending.request,
                sending.fetch,
                lambda request: placing.placed(self._auth.sign(request), self._http.auth.token),
            )
            try:
                return response if await self._has_content(response, sending.rules) else None
            except Expired as error:
                if sending.renewed or not self._auth.can_renew:
                    raise _final(error, renewed=sending.renewed) from None
            sending.renewed = True
            await self._renewal.renew(used, self._exchange)

    async def _has_content(self, response: Response, rules: Sequence[ErrorRule]) -> bool:
        """Judge an answer; a large one in another thread."""
        await self._slices.pause()  # also after a wait: many answers may have come at once
        do = apart if response.is_large else self._slices.do
        return await do(answers.judge, response, rules, self.redact)

    async def _exchange(self, request: Request, fetch: str, sign: Callable[[Request], Request] = replace) -> Response:
        """Make one request, following redirects; each is signed for itself.

        Raises Unreachable, Unreadable or Failed.
        """
        for _ in range(REDIRECTS + 1):
            async with self._channel.turns.turn(self._report, fetch, self._turn):
                self._report.requests += 1
                began = time.monotonic()
                signed = sign(request)
                response = await self._channel.wire.exchange(signed)
                self._tell(request, signed, fetch, response, time.monotonic() - began)
            if response.is_large:
                await apart(response.prepare)
            following = answers.redirected(request, response)
            if following is None:
                return response
            request = following
        raise Failed(f"more than {REDIRECTS} redirects in a row", do="check the address of the connection")

    def _tell(self, request: Request, signed: Request, fetch: str, response: Response, took: float) -> None:
        """Log a request that was answered, and tell it to whom it may concern."""
        shown = self.shown(request)
        log.debug("%s → %d in %.0f ms", shown, response.status, took * 1000)
        if self._on_exchange is not None:
            self._on_exchange(Exchange(shown, response, took, fetch, signed))


def _ended(error: ProviderError) -> ProviderError:
    """Return what an error means once nothing is tried again: a long wait is a quota that is used up, for everybody."""
    if isinstance(error, Throttled) and error.wait is not None and error.wait > LONGEST_WAIT:
        return Exhausted(error.what, error.where, error.do, error.status, error.wait)
    return error


def _final(error: Expired, *, renewed: bool) -> ProviderError:
    """Return what an answer means that asks for a credential which cannot be had, or which does not help."""
    if renewed and error.status == 403:
        return Forbidden(error.what, do=answers.ADVICE["forbidden"], status=error.status)
    return Refused(error.what, do=error.do, status=error.status)


@dataclass
class _Sending:
    """A request under way: what tells its error answers, and whether the credential was renewed for it."""

    request: Request
    fetch: str
    rules: Sequence[ErrorRule]
    renewed: bool = False
