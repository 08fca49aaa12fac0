"""Long work that lets others have their turn."""

import asyncio
import time

from engine.slices import SLICE_SECONDS, Slices


def test_long_work_lets_others_have_their_turn_and_short_work_does_not() -> None:
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    async def run() -> None:
        slices = Slices()
        task = asyncio.create_task(other())
        await slices.pause()
        turns.append("short")
        until = time.perf_counter() + SLICE_SECONDS
        while time.perf_counter() <= until:
            pass
        await slices.pause()
        turns.append("long")
        await task

    asyncio.run(run())
    assert turns == ["short", "other", "long"]
