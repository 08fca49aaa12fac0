"""Ctrl-C, SIGTERM and SIGHUP: each asks the program to end, and each has its exit code.

What is asked for is told once. GNU `timeout` and some services send a signal twice at once, so one that comes within
a second of the first adds nothing; one that comes later means that the program is stuck, and ends it there and then.
"""

import signal
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from engine.cli.exits import INTERRUPTED

__all__ = ["asked_to_end", "cancellable", "code", "held"]

#: Not on every system. SIGINT is left to Python and asyncio, which do the same with it.
_NUMBERS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_SECOND = 1.0

T = TypeVar("T")


class _Asked:
    """What has been asked for, and when; and what stops the work under way, where that can be stopped in order."""

    number: int | None = None
    since = 0.0
    stop: Any = None


_asked = _Asked()


@contextmanager
def asked_to_end() -> Iterator[None]:
    """Have SIGTERM and SIGHUP do what Ctrl-C does; what is ignored, as under `nohup`, stays so."""
    _asked.number, _asked.stop = None, None
    before = {number: signal.getsignal(number) for number in _NUMBERS}
    taken = [number for number, handler in before.items() if handler == signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


def code() -> int:
    """Return the exit code of a program that has been asked to end, as a shell counts it."""
    return INTERRUPTED if _asked.number is None else 128 + _asked.number


def cancellable(work: Coroutine[Any, Any, T]) -> T:
    """Run what a signal cancels, as Ctrl-C does; one that does not end by itself then raises KeyboardInterrupt."""
    import asyncio

    async def watched() -> T:
        loop, task = asyncio.get_running_loop(), cast("asyncio.Task[T]", asyncio.current_task())
        _asked.stop = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            return await work
        finally:
            _asked.stop = None

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


@contextmanager
def held() -> Iterator[None]:
    """Finish a last short thing, such as the report, before a signal is heard that comes meanwhile.

    One that comes more than a second after the first ends the program there and then.
    """
    came: list[tuple[int, float]] = []

    def later(number: int, _: Any) -> None:
        came.append((number, time.monotonic()))
        if came[-1][1] - came[0][1] > _SECOND:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    numbers = [number for number in (signal.SIGINT, *_NUMBERS) if callable(signal.getsignal(number))]
    before = {number: signal.signal(number, later) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0][0])


def _end(number: int, _: Any) -> None:
    if _asked.number is None:
        _asked.number, _asked.since = number, time.monotonic()
        if _asked.stop is None:
            raise KeyboardInterrupt
        _asked.stop()
    elif time.monotonic() - _asked.since > _SECOND:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
