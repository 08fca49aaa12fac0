"""What a provider can bear: requests under way at once, and rates, all of which hold at the same time.

What holds for the whole connection, and what holds for one endpoint: a request waits for its turn at both.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from engine.errors import Throttled
from engine.mapping import Limits, OwnLimits, Rate
from engine.report import Report
from engine.spelling import lasting

__all__ = ["LONGEST_TURN", "Turns", "binding"]

#: The longest wait for a turn, in seconds: limits by the hour are waited for, quotas by the day or week are not.
LONGEST_TURN = 3600.0
#: A wait longer than this is told when it begins, in seconds: a run that says nothing looks hung.
TOLD = 60.0

log = logging.getLogger("rollbook")


class Turns:
    """Gives requests their turn, those of several runs among them. `own` are the limits of single fetches, by name."""

    def __init__(self, limits: Limits, own: Mapping[str, OwnLimits] | None = None) -> None:
        self._all = _Turns(limits)
        self._own = {name: _Turns(given) for name, given in (own or {}).items()}

    @asynccontextmanager
    async def turn(self, report: Report, fetch: str = "", patience: float = LONGEST_TURN) -> AsyncIterator[None]:
        """Wait until another request may be made, and hold its place while it is under way.

        Waiting for a rate is counted in the report. Raises Throttled where that would take longer than `patience`.
        """
        async with AsyncExitStack() as held:
            # First the turn at the endpoint, so that whoever waits for it takes no place from the others.
            for turns in (self._own.get(fetch), self._all):
                if turns is not None:
                    await held.enter_async_context(turns.turn(report, patience))
            yield


class _Turns:
    """The turns of a connection or of one endpoint."""

    def __init__(self, limits: Limits | OwnLimits) -> None:
        self._parallel = asyncio.Semaphore(limits.parallel) if limits.parallel is not None else None
        self._rates = Rates(limits.rates) if limits.rates else None

    @asynccontextmanager
    async def turn(self, report: Report, patience: float) -> AsyncIterator[None]:
        async with AsyncExitStack() as held:
            if self._parallel is not None:
                await held.enter_async_context(self._parallel)
            if self._rates is not None:
                report.waited += await self._rates.wait(patience)
            yield


class Rates:
    """A bucket of the requests made, as many as the longest window holds."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        from pyrate_limiter import InMemoryBucket
        from pyrate_limiter import Rate as BucketRate

        limits = [BucketRate(requests, int(seconds * 1000)) for requests, seconds in binding(rates)]
        self._per = {int(rate.seconds * 1000): rate.per for rate in rates}
        # Without the library's limiter, which forgets in a thread that outlives the run; here each turn does.
        self._bucket: Any = InMemoryBucket(limits)
        self._line = asyncio.Lock()

    async def wait(self, patience: float) -> float:
        """Wait until all rates allow another request, which is counted with this; return the seconds waited.

        Whoever came first goes first. Raises Throttled where it would take longer than `patience`.
        """
        began = time.monotonic()
        async with self._line:
            while (seconds := self._taken()) > 0:
                if seconds > patience + 1:  # a window is asked for again a moment after its end
                    raise self._used_up(seconds)
                if seconds > TOLD:
                    log.warning("waiting %s: the limit of %s is used up", lasting(seconds), self._limit())
                await asyncio.sleep(seconds)
        waited = time.monotonic() - began
        return waited if waited > 0.01 else 0.0  # less is not waiting but the price of asking

    def _taken(self) -> float:
        """Count another request and return 0, or return in how many seconds to ask again."""
        from pyrate_limiter import RateItem

        now = self._bucket.now()
        self._bucket.leak(now)
        item = RateItem("request", now)
        return 0.0 if self._bucket.put(item) else (self._bucket.waiting(item) + 5) / 1000

    def _used_up(self, seconds: float) -> Throttled:
        what = f"the limit of {self._limit()} is used up by this run; the next may be made in {lasting(seconds)}"
        return Throttled(what, do="run again after that time", wait=seconds)

    def _limit(self) -> str:
        """Return the rate that makes everybody wait, in words."""
        rate = self._bucket.failing_rate
        return f"{rate.limit:,} {'request' if rate.limit == 1 else 'requests'} per {self._per[rate.interval]}"

    def __len__(self) -> int:
        return int(self._bucket.count())


def binding(rates: Sequence[Rate]) -> list[tuple[int, int]]:
    """Return the rates that bind, as requests in so many seconds, from the shortest window to the longest.

    A rate that another one implies is left out, since a bucket takes none: `100 per hour` where `1 per minute` holds,
    or `10 per second` where `5 per minute` does. Where two overlap without one implying the other, the one with the
    longer window is brought down to the pace of the shorter.
    """
    found: list[tuple[int, int]] = []
    for seconds, requests in sorted((rate.seconds, rate.requests) for rate in rates):
        if found and requests >= found[-1][0] * -(-seconds // found[-1][1]):
            continue
        allowed = min(requests, found[-1][0] * seconds // found[-1][1]) if found else requests
        while found and found[-1][0] >= allowed:
            found.pop()
        found.append((allowed, seconds))
    return found
