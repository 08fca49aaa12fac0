"""The channels of accounts, kept open between requests: one login and one set of rates for all pages of an account."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from engine.channel import Channel

__all__ = ["Channels"]

log = structlog.get_logger("rollbook.service")

#: How often idle channels are looked for at least, in seconds.
LOOK = 30.0


@dataclass
class _Kept:
    """A channel, how many requests use it, when it was last used, and whether it is to be closed after them."""

    channel: Channel
    users: int = 0
    used_at: float = 0.0
    dropped: bool = False


class Channels:
    """Open channels by account, the least used first.

    `most` are kept, each for `idle` seconds after its last use. A channel belongs to a version of its account: after a
    change, another one is made.
    """

    def __init__(self, most: int, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._idle = idle
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._making = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @asynccontextmanager
    async def of(self, account: str, version: str, make: Callable[[], Channel]) -> AsyncIterator[Channel]:
        """Hold the channel of a version of an account, made where there is none."""
        async with self._making:
            kept = self._kept.get((account, version)) or await self._made(account, version, make)
        kept.users += 1
        self._kept.move_to_end((account, version))
        try:
            yield kept.channel
        finally:
            kept.users -= 1
            kept.used_at = self._clock()
            if kept.dropped and not kept.users:
                await _shut(kept.channel)
            await self._close_idle()

    async def _made(self, account: str, version: str, make: Callable[[], Channel]) -> _Kept:
        await self.drop(account)
        kept = _Kept(make())
        await kept.channel.__aenter__()
        self._kept[account, version] = kept
        return kept

    async def drop(self, account: str) -> None:
        """Close the channel of an account, after those who use it: its credentials are new, or were refused."""
        for key in [key for key in self._kept if key[0] == account]:
            await self._close(key)

    async def tend(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Close what is idle also while nobody asks for anything; until cancelled."""
        while True:
            await sleep(min(self._idle, LOOK))
            await self._close_idle()

    async def close(self) -> None:
        """Close all channels."""
        for key in list(self._kept):
            await self._close(key)

    async def _close_idle(self) -> None:
        now = self._clock()
        for key, kept in list(self._kept.items()):
            many = len(self._kept) > self._most
            if not kept.users and (many or now - kept.used_at >= self._idle):
                await self._close(key)

    async def _close(self, key: tuple[str, str]) -> None:
        kept = self._kept.pop(key)
        kept.dropped = True
        if not kept.users:
            await _shut(kept.channel)


async def _shut(channel: Channel) -> None:
    """Close a channel; a connection that cannot be closed in order is nobody's fault, and closed as well."""
    try:
        await channel.__aexit__(None, None, None)
    except Exception:  # of any library: whoever asked has nothing to do with it
        log.exception("connections could not be closed in order")
