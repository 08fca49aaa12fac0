"""Work done ahead, results in order: how requests run in parallel while the order of the rows stays fixed."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any, Self, TypeVar

__all__ = ["Tasks", "ahead"]

T = TypeVar("T")
R = TypeVar("R")


class Tasks:
    """The tasks of one run. Leaving the context cancels what is still under way and waits for its end."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cancel(*self._running)

    def start(self, work: Coroutine[Any, Any, R]) -> "asyncio.Task[R]":
        """Start work now. Whoever needs the result awaits the task, or shares it through `shared`."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at here, so that work nobody waited for does not complain at exit

    @staticmethod
    async def shared(task: "asyncio.Task[R]") -> R:
        """Wait for a task that others wait for, too: one waiter that gives up does not end it."""
        return task.result() if task.done() else await asyncio.shield(task)

    @staticmethod
    async def cancel(*tasks: "asyncio.Task[Any]") -> None:
        """Cancel tasks and wait until they have ended."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ahead(
    tasks: Tasks,
    source: AsyncGenerator[T, None],
    work: Callable[[T], Coroutine[Any, Any, R]],
    window: Callable[[], int],
) -> AsyncGenerator[tuple[T, Awaitable[R]], None]:
    """Yield every element of `source` with its work, in order, while that of up to `window` more goes on.

    The window is asked for each time: it may shrink as a limit comes near. At 0 nothing is begun before it is
    wanted. Where the source fails, what it gave before comes out first.
    """
    begun: deque[tuple[T, asyncio.Task[R]]] = deque()
    failure: Exception | None = None
    try:
        async with aclosing(source) as elements:
            while True:
                try:
                    element = await anext(elements)
                except StopAsyncIteration:
                    break
                except Exception as error:  # noqa: BLE001 - it is raised below, after what came before it
                    failure = error
                    break
                begun.append((element, tasks.start(work(element))))
                while len(begun) > window():
                    yield begun.popleft()
        while begun:
            yield begun.popleft()
        if failure is not None:
            raise failure
    finally:
        await tasks.cancel(*(task for _, task in begun))
