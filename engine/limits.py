"""What a provider can bear: requests under way at once, and rates, all of which hold at the same time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from engine.mapping import Limits
from engine.report import Report

if TYPE_CHECKING:
    from pyrate_limiter import Limiter

__all__ = ["Turns"]


class Turns:
    """Gives requests their turn. Waiting for a rate is counted in the report."""

    def __init__(self, limits: Limits, report: Report) -> None:
        self._parallel = asyncio.Semaphore(limits.parallel)
        self._report = report
        self._rates = _limiter(limits) if limits.rates else None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until another request may be made, and hold its place while it is under way."""
        async with self._parallel:
            if self._rates is not None:
                began = time.monotonic()
                await self._rates.try_acquire_async("requests")
                waited = time.monotonic() - began
                if waited > 0.01:  # less is not waiting but the price of asking
                    self._report.waited += waited
            yield

    def close(self) -> None:
        """Let go of the rate buckets."""
        if self._rates is not None:
            self._rates.close()


def _limiter(limits: Limits) -> "Limiter":
    from pyrate_limiter import InMemoryBucket, Limiter, Rate

    # A bucket wants its rates from the shortest window to the longest.
    rates = sorted(limits.rates, key=lambda rate: rate.seconds)
    return Limiter(InMemoryBucket([Rate(rate.requests, rate.seconds * 1000) for rate in rates]))
