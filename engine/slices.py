"""Long work on an event loop, cut into slices, so that whatever else runs there is not kept waiting.

What cannot be cut is done in another thread, in which Python lets others have their turn. There is one such thread for
all: several would not be faster, and each would be one more to wait for.
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engine.jsonata import Unfinished, briefly

__all__ = ["SLICE_SECONDS", "Slices", "apart"]

#: How long work may go on before others have their turn.
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
        """Let others have their turn, if this slice is over, and wait for the next."""
        if self.are_over:
            await _turns().next()
            self._until = time.perf_counter() + SLICE_SECONDS

    async def give_way(self) -> None:
        """Let others have their turn, if this slice is over, and go on at once: for what mostly waits by itself."""
        if self.are_over:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE_SECONDS

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


class _Turns:
    """The turns of those with long work on one event loop: in each of its rounds one of them has a slice.

    If all went on in every round, each round would take as long as all their slices; and were the slices cut shorter
    for that, more time would go into changing from one to the other than into the work.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def next(self) -> None:
        """Wait for a turn, behind those who came before."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            loop.call_soon(self._give)
        await turn

    def _give(self) -> None:
        """Give the first who still waits a turn in the next round, and the others one in those that follow."""
        while self._waiting[0].done():
            self._waiting.popleft()
            if not self._waiting:
                return
        self._waiting[0].set_result(None)
        asyncio.get_running_loop().call_soon(self._give)


def _turns() -> _Turns:
    loop = asyncio.get_running_loop()
    found = _TURNS.get(loop)
    if found is None:
        found = _TURNS[loop] = _Turns()
    return found


_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


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
