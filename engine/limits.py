"""What a provider can bear: requests under way at once, and rates, all of which hold at the same time."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from engine.mapping import Limits, Rate
from engine.report import Report

__all__ = ["Turns", "binding"]


class Turns:
    """Gives requests their turn, those of several runs among them."""

    def __init__(self, limits: Limits) -> None:
        self._parallel = asyncio.Semaphore(limits.parallel)
        self._rates = _Rates(limits.rates) if limits.rates else None

    @asynccontextmanager
    async def turn(self, report: Report) -> AsyncIterator[None]:
        """Wait until another request may be made, and hold its place while it is under way.

        Waiting for a rate is counted in the report.
        """
        async with self._parallel:
            if self._rates is not None:
                began = time.monotonic()
                await self._rates.wait()
                waited = time.monotonic() - began
                if waited > 0.01:  # less is not waiting but the price of asking
                    report.waited += waited
            yield

    def close(self) -> None:
        """Let go of the rate buckets."""
        if self._rates is not None:
            self._rates.close()


class _Rates:
    """A bucket of the requests made, as many as the longest window holds."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        from pyrate_limiter import InMemoryBucket, Limiter
        from pyrate_limiter import Rate as BucketRate
        from pyrate_limiter.limiter import SingleBucketFactory

        limits = [BucketRate(requests, int(seconds * 1000)) for requests, seconds in binding(rates)]
        self._bucket: Any = InMemoryBucket(limits)
        # The bucket forgets at each turn: the library's own way is a thread that outlives the run.
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False), buffer_ms=5)

    async def wait(self) -> None:
        """Wait until all rates allow another request, which is counted with this."""
        await self._limiter.try_acquire_async("requests")
        self._bucket.leak(self._bucket.now())

    def __len__(self) -> int:
        return int(self._bucket.count())

    def close(self) -> None:
        """Let go of the bucket."""
        self._limiter.close()


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
