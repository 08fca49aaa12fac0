"""Long work on an event loop, cut into slices, so that whatever else runs there is not kept waiting.

What cannot be cut is done in another thread, in which Python lets others have their turn. There is one such thread for
all: several would not be faster, and each would be one more to wait for.
"""

import asyncio
import heapq
import itertools
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engine.jsonata import Unfinished, briefly

__all__ = ["SLICE_SECONDS", "TOGETHER", "Slices", "apart", "together"]

#: How long work may go on before others have their turn.
SLICE_SECONDS = 0.004
#: How many slices work has that takes its turns together, before it is at the end of the line again.
TOGETHER = 16
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


class _Place:
    """Where some work stands in the line, and for how many more slices."""

    __slots__ = ("left", "number")

    def __init__(self) -> None:
        self.number = self.left = 0


_PLACE: ContextVar[_Place | None] = ContextVar("_PLACE", default=None)


def together() -> None:
    """Have all work from here on, of this task and of those that it starts, take its turns before what begins later.

    What is begun is then done before more is begun: less is under way, in memory as well. So that nothing long keeps
    others waiting, it goes to the end of the line again after some slices.
    """
    _PLACE.set(_Place())


class _Turns:
    """The turns of those with long work on one event loop: in each of its rounds one of them has a slice.

    If all went on in every round, each round would take as long as all their slices; and were the slices cut shorter
    for that, more time would go into changing from one to the other than into the work.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count(1)
        self._giving = False

    async def next(self) -> None:
        """Wait for a turn."""
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        heapq.heappush(self._waiting, (self._place(), next(self._numbers), turn))
        if not self._giving:
            self._giving = True
            loop.call_soon(self._give)
        await turn

    def _place(self) -> int:
        place = _PLACE.get()
        if place is None:
            return next(self._numbers)
        if not place.left:
            place.number, place.left = next(self._numbers), TOGETHER
        place.left -= 1
        return place.number

    def _give(self) -> None:
        """Give the first who still waits a turn in the next round, and the others one in those that follow."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._give)
                return
        self._giving = False


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
