"""Long work on an event loop, cut into slices, so that whatever else runs there is not kept waiting.

What cannot be cut is done in another thread, in which Python lets others have their turn. There is one such thread for
all: several would not be faster, and each would be one more to wait for.
"""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engine.jsonata import Unfinished, briefly

__all__ = ["SLICE_SECONDS", "Slices", "apart"]

#: How long work may go on before others have their turn: all together, if several have some.
SLICE_SECONDS = 0.004
#: How much time work takes at least that is worth being done apart.
_WORTH_SECONDS = 0.001

T = TypeVar("T")


class Slices:
    """The slices of one piece of work: `await slices.pause()` wherever it can be cut."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE_SECONDS
        self._long = False

    @property
    def are_over(self) -> bool:
        """Whether there is a pause to make now: where there is none, nothing need be awaited."""
        return time.perf_counter() > self._until

    async def pause(self) -> None:
        """Let others have their turn, if this slice is over."""
        if self.are_over:
            shared = _round()
            shared.paused()
            await asyncio.sleep(0)
            self._until = time.perf_counter() + shared.share

    async def do(self, evaluate: Callable[..., T], *arguments: Any) -> T:
        """Return what evaluates expressions gives: it cannot be cut, and is nearly always short.

        Where it is not, it is begun anew in another thread; so it must change nothing before it is done. What follows
        something long is likely to be long as well, and is done there at once.
        """
        if not self._long:
            try:
                return briefly(evaluate, *arguments)
            except Unfinished:
                pass
        try:
            return await apart(self._done, evaluate, arguments)
        finally:
            self._until = time.perf_counter() + SLICE_SECONDS

    def _done(self, evaluate: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        """Do something in the other thread, and look whether it was worth it."""
        began = time.thread_time()
        try:
            return evaluate(*arguments)
        finally:
            self._long = time.thread_time() - began > _WORTH_SECONDS


class _Round:
    """One round of an event loop, in which all that is ready has its turn: those with long work share a slice."""

    def __init__(self) -> None:
        self.share = SLICE_SECONDS
        self._paused = 0

    def paused(self) -> None:
        """Count one that goes on in the next round."""
        if not self._paused:
            asyncio.get_running_loop().call_soon(self._begin)
        self._paused += 1

    def _begin(self) -> None:
        self.share, self._paused = SLICE_SECONDS / self._paused, 0


def _round() -> _Round:
    loop = asyncio.get_running_loop()
    found = _ROUNDS.get(loop)
    if found is None:
        found = _ROUNDS[loop] = _Round()
    return found


_ROUNDS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round] = WeakKeyDictionary()


async def apart(work: Callable[..., T], *arguments: Any) -> T:
    """Return what some work gives, done in another thread, after what others wait for there."""
    return await asyncio.get_running_loop().run_in_executor(_Thread.one, work, *arguments)


class _Thread:
    """The thread for long work; it starts with the first of it."""

    one = ThreadPoolExecutor(1, "rollbook")

    @classmethod
    def begin(cls) -> None:
        """Have one that is not the parent's: a process that is forked has none of its threads."""
        cls.one = ThreadPoolExecutor(1, "rollbook")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_Thread.begin)
