"""The end of a service: what has a time limit ends by then, whenever the end is set."""

import asyncio

import pytest

from engine.service.ending import Ending


def test_without_an_end_a_limit_is_what_it_says() -> None:
    async def work() -> None:
        ending, clock = Ending(), asyncio.get_running_loop().time
        async with ending.within(clock() + 60):
            await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with ending.within(clock() + 0.01):
                await asyncio.sleep(60)
        assert not ending.near

    asyncio.run(work())


def test_an_end_brings_the_limits_forward_of_what_is_under_way_and_of_what_begins_later() -> None:
    async def work() -> None:
        ending, clock = Ending(), asyncio.get_running_loop().time

        async def long() -> str:
            try:
                async with ending.within(clock() + 60):
                    await asyncio.sleep(60)
            except TimeoutError:
                return "ended"
            return "went on"

        both = asyncio.gather(long(), long())
        await asyncio.sleep(0.01)
        ending.by(clock() + 0.01)
        assert ending.near
        assert [*await both] == ["ended", "ended"]
        assert await long() == "ended"

    asyncio.run(work())


def test_an_end_moves_no_limit_back_and_leaves_alone_what_has_ended() -> None:
    async def work() -> None:
        ending, clock = Ending(), asyncio.get_running_loop().time
        async with ending.within(clock() + 60):
            pass
        began = clock()

        async def short() -> None:
            async with ending.within(clock() + 0.01):
                ending.by(clock() + 30)
                await asyncio.sleep(60)

        with pytest.raises(TimeoutError):
            await short()
        assert clock() - began < 20

    asyncio.run(work())


def test_a_time_is_over_at_its_end_or_at_that_of_all() -> None:
    async def work() -> None:
        ending, now = Ending(), asyncio.get_running_loop().time()
        assert ending.passed(now)
        assert not ending.passed(now + 60)
        ending.by(now)
        assert ending.passed(now + 60)

    asyncio.run(work())


def test_an_error_inside_stays_the_error() -> None:
    async def work() -> None:
        ending = Ending()
        with pytest.raises(KeyError):
            async with ending.within(asyncio.get_running_loop().time() + 60):
                raise KeyError("x")
        ending.by(0)

    asyncio.run(work())
