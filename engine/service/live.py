"""Live reading: a page of a list, or all of it, from the provider, with as few requests as it takes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from engine import plan as plans
from engine.channel import Channel, Keeper
from engine.client import Client, Exchange, OnExchange
from engine.errors import Exhausted, ProviderError
from engine.exchange import Response
from engine.filters import Filter
from engine.guarding import Guard
from engine.loading import LoadedMapping
from engine.making import Made
from engine.placing import MARK
from engine.records import Record
from engine.report import Report
from engine.resuming import Position
from engine.running import Run
from engine.service.channels import Channels
from engine.service.ending import Ending
from engine.service.failures import Failure
from engine.service.metrics import Metrics, Tally
from engine.service.parameters import Asked
from engine.service.settings import Settings
from engine.slices import Slices
from engine.values import read_time

__all__ = ["SAID", "Called", "Connected", "Item", "Live", "Reading"]

log = structlog.get_logger("rollbook.service")

#: How much of what a provider says to an error is shown.
SAID = 2000


@dataclass(frozen=True)
class Connected:
    """An account as a run needs it: whose it is, in which version, its mapping, and everything a customer supplied."""

    id: str
    version: str
    loaded: LoadedMapping
    connection: dict[str, Any] = field(repr=False)
    keeper: Keeper | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A record, the position after it, and the raw item it was made from."""

    record: Record
    position: Position
    raw: Any


@dataclass(frozen=True, slots=True)
class Called:
    """One request to the provider: its address without secrets, and how it was answered."""

    request: str
    status: int
    seconds: float
    bytes: int


@dataclass
class Reading:
    """One reading under way: its run, what was asked of the provider, and where it stands."""

    run: Run
    now: datetime
    calls: list[Called] = field(default_factory=list)  # with `debug` only
    refused: Response | None = field(default=None, repr=False)  # the last answer that was an error
    position: Position | None = None
    given: int = 0
    ended: bool = False  # all there is was given
    failure: Exception | None = None  # what ended the reading before its end, after something was given

    @property
    def report(self) -> Report:
        """The report of the run."""
        return self.run.report

    @property
    def following(self) -> Position | None:
        """Where the next page begins; None where nothing follows."""
        if self.ended or self.position is None or "end" in self.position:
            return None
        return self.position

    def said(self) -> str | None:
        """Return the beginning of the last error answer of the provider, without secrets."""
        return self.report.redact(self.refused.text[: 10 * SAID])[:SAID] if self.refused else None


class Live:
    """Reads accounts. `guard` judges where requests may go; without it they may go anywhere."""

    def __init__(
        self,
        channels: Channels,
        settings: Settings,
        guard: Guard | None,
        ending: Ending,
        metrics: Metrics,
        transport: Any = None,
    ) -> None:
        self._channels = channels
        self._metrics = metrics
        self._settings = settings
        self._guard = guard
        self._ending = ending
        self._transport = transport

    @asynccontextmanager
    async def reading(
        self,
        asked: Asked,
        resource: str,
        account: Connected,
        start: Position | None = None,
        now: datetime | None = None,
        on_exchange: OnExchange | None = None,
    ) -> AsyncIterator[Reading]:
        """Prepare to read what is asked for, from a position on. Raises UsageError where it cannot be."""
        now = now or datetime.now(UTC)

        def exchanged(exchange: Exchange) -> None:
            tally.called(exchange)
            answer = exchange.response
            if answer.status >= 400:
                reading.refused = answer
            if asked.form == "debug":  # not the answers themselves: there may be a thousand of them
                reading.calls.append(Called(exchange.request, answer.status, exchange.seconds, len(answer.body)))
            if on_exchange is not None:
                on_exchange(exchange)

        async with self._channel(account, _scope(account, now)) as channel:
            run = Run(
                account.loaded,
                account.connection,
                resource=resource,
                filters=asked.filters,
                since=_since(asked.filters, account.loaded, resource),
                limit=asked.limit,
                start=start,
                remote_data=asked.remote_data and asked.form != "raw",
                now=now,
                patience=self._settings.patience_seconds,
                halt=True,
                channel=channel,
                on_exchange=exchanged,
                remote_query=asked.remote_query,
            )
            tally = Tally(self._metrics, account.loaded.mapping.provider.id, resource, run.report)
            reading = Reading(run, now, position=start)
            try:
                yield reading
            finally:
                tally.look()
                if reading.failure is not None and self._is_news(reading):
                    self.failed(account.id, run.report.provider, reading.failure)

    @asynccontextmanager
    async def client(self, account: Connected, on_exchange: OnExchange) -> AsyncIterator[Client]:
        """Give a client for single requests, such as the probe of a connection."""
        scope = _scope(account, datetime.now(UTC))
        provider = account.loaded.mapping.provider.id
        report = Report(provider=provider)

        def exchanged(exchange: Exchange) -> None:
            self._metrics.called(provider, exchange)
            on_exchange(exchange)

        async with (
            self._channel(account, scope) as channel,
            Client(
                account.loaded.mapping,
                {**scope, "token": MARK},
                report,
                patience=self._settings.patience_seconds,
                on_exchange=exchanged,
                channel=channel,
            ) as client,
        ):
            yield client

    def transport(self) -> Any:
        """Return what requests go through: what stands in for the network, or the guard."""
        return self._transport or (self._guard.transport() if self._guard else None)

    def _channel(self, account: Connected, scope: dict[str, Any]) -> AbstractAsyncContextManager[Channel]:
        def make() -> Channel:
            return Channel(account.loaded.mapping, scope, transport=self.transport(), keeper=account.keeper)

        return self._channels.of(account.id, f"{account.version}/{account.loaded.version}", make)

    async def items(self, reading: Reading, seconds: float) -> AsyncGenerator[Item, None]:
        """Yield what is read, for so many seconds.

        What ends the reading for the moment - time is up, or the provider cannot answer now - is raised only where
        nothing was given: otherwise it is kept in `failure`, and the next reading goes on from `following`.
        """
        name = reading.run.plan.chain[-1].name
        until = asyncio.get_running_loop().time() + seconds
        slices = Slices()
        async with aclosing(reading.run.traced()) as traced:
            while (made := await self._next(traced, reading, until)) is not None:
                record, past, seen = made
                reading.position = reading.run.positions.after(past)
                reading.given += 1
                yield Item(record, reading.position, seen[name])
                if slices.are_over:
                    await slices.pause()
        reading.ended = reading.failure is None and not reading.run.limited
        if reading.failure is not None:  # what no record came of need not be looked at again
            reading.position = reading.run.reached or reading.position
        if isinstance(reading.failure, TimeoutError):
            reading.failure = self._late(seconds, reading)
        if reading.failure is not None and not reading.given:
            raise reading.failure

    @staticmethod
    def _is_news(reading: Reading) -> bool:
        """Whether nobody else tells of what ended a reading: whoever asked tells of what nothing came of."""
        if isinstance(reading.failure, Failure):
            return reading.failure.remote  # else it is the service that ends
        return reading.given > 0

    def failed(self, account: str, provider: str, error: Exception) -> None:
        """Count and log that an account could not be read, without anything of what the provider said."""
        kind = type(error).__name__ if isinstance(error, ProviderError) else "Late"
        self._metrics.failed(provider, kind)
        status = getattr(error, "status", None)
        log.warning("provider failed", account=account, provider=provider, error=kind, status=status)

    def _late(self, seconds: float, reading: Reading) -> Failure:
        """Return why a reading ended at its time."""
        if self._ending.near:
            return Failure(503, "the service ends, or starts anew; ask again", headers={"Retry-After": "5"})
        if reading.given:
            return Failure(
                504, f"this took longer than {seconds:g} seconds; next_cursor leads to the rest", remote=True
            )
        what = f"nothing was read within {seconds:g} seconds"
        return Failure(504, f"{what}; ask for less with filters, or use response_format=stream", remote=True)

    async def _next(self, traced: AsyncGenerator[Made, None], reading: Reading, until: float) -> Made | None:
        """Return the next record; None at the end, and where the reading has ended for the moment."""
        try:
            if self._ending.passed(until):  # also where there is always a record ready, and whoever takes them is slow
                raise TimeoutError  # noqa: TRY301 - it is one of both ways to be late
            if not reading.run.waits:
                return await anext(traced, None)
            # Around each step, not around all of them: between two the task is that of whoever takes the records.
            async with self._ending.within(until):
                return await anext(traced, None)
        except TimeoutError as error:
            reading.failure = error
        except ProviderError as error:
            if error.action != "retry" and not isinstance(error, Exhausted):
                raise
            reading.failure = error
        return None


def _scope(account: Connected, now: datetime) -> dict[str, Any]:
    return {"connection": account.connection, "run": {"now": now, "since": None}, "filter": {}}


def _since(filters: tuple[Filter, ...], loaded: LoadedMapping, resource: str) -> datetime | None:
    """Return the time that the provider can be asked for changes since, where a filter asks for it and it can."""
    times = [one.values[0] for one in filters if one.field == "updated_at" and one.op in ("gt", "gte")]
    if not times or not plans.plan(loaded.mapping, resource).reads("run", "since"):
        return None
    return max(read_time(time, "rfc3339", "UTC") for time in times)
