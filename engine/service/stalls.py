"""How late the event loop is: whoever keeps it for long keeps all requests waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

import structlog

__all__ = ["watch"]

log = structlog.get_logger("rollbook.service")

#: Seconds between two looks.
PAUSE = 0.1
#: From how late on it is told in the log, in seconds.
LATE = 1.0


async def watch(
    tell: Callable[[float], object],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = perf_counter,
) -> None:
    """Tell again and again how much longer than asked for a pause took, in seconds; until cancelled."""
    while True:
        began = clock()
        await sleep(PAUSE)
        late = max(0.0, clock() - began - PAUSE)
        tell(late)
        if late >= LATE:
            log.warning("the event loop was kept for long", seconds=round(late, 3))
