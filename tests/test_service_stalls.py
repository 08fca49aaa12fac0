"""How late the event loop is."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from engine.service.stalls import PAUSE, watch


def lateness(takes: list[float]) -> list[float]:
    """Return what is told where pauses take this long."""
    told: list[float] = []
    now = 0.0

    async def sleep(_: float) -> None:
        nonlocal now
        if not takes:
            raise asyncio.CancelledError
        now += takes.pop(0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watch(told.append, sleep, lambda: now))
    return told


def test_what_a_pause_takes_longer_than_asked_for_is_told() -> None:
    assert lateness([PAUSE, PAUSE + 0.25, PAUSE - 0.01]) == pytest.approx([0, 0.25, 0])


def test_whoever_keeps_the_loop_for_a_second_is_in_the_log() -> None:
    with capture_logs() as log:
        lateness([PAUSE + 0.9, PAUSE + 1.5])
    assert log == [{"event": "the event loop was kept for long", "seconds": 1.5, "log_level": "warning"}]


def test_a_loop_that_is_kept_is_late() -> None:
    async def work() -> list[float]:
        told: list[float] = []
        task = asyncio.create_task(watch(told.append))
        await asyncio.sleep(0)
        time.sleep(PAUSE + 0.2)  # noqa: ASYNC251 - this is what it is about
        while not told:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        task.cancel()
        return told

    assert asyncio.run(work())[0] >= 0.2
