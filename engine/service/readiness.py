"""Whether the service can be sent requests: its store answers, and its keys open what is in there."""

import asyncio

import structlog

from engine.errors import StoreError
from engine.store import Store

__all__ = ["Readiness"]

log = structlog.get_logger("rollbook.service")

#: For how long an answer of the store holds, in seconds: whoever asks often asks it no more often.
HOLDS = 1.0
#: How long the store may take to answer, in seconds.
PATIENCE = 5.0


class Readiness:
    """Whether the store can be used, asked at most once a second however many ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._ready = False

    async def __call__(self) -> bool:
        """Return whether the database answers, is of this version, and has secrets that the keys open."""
        async with self._lock:
            clock = asyncio.get_running_loop().time
            if clock() >= self._until:
                self._ready = await self._asked()
                self._until = clock() + HOLDS
            return self._ready

    async def _asked(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.to_thread(self._store.ready)
        except (StoreError, TimeoutError) as error:
            why = str(error) or f"no answer within {PATIENCE:g} seconds"
            log.error("the store cannot be used", why=why)  # noqa: TRY400 - where it was asked says nothing
            return False
        return True
