"""Work done ahead, results in order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ahead import Tasks, ahead


class Shop:
    """A source of numbers and work on them, which notes what happens."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.count = count
        self.fails_at = fails_at
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.closed = False

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self.count):
                if number == self.fails_at:
                    raise ValueError("the source broke")
                yield number
        finally:
            self.closed = True

    async def work(self, number: int) -> int:
        self.begun.append(number)
        try:
            for _ in range(number % 3):
                await asyncio.sleep(0)
        finally:
            self.ended.append(number)
        return number * 10


@given(count=st.integers(0, 20), window=st.integers(0, 6))
def test_results_come_in_order_and_no_more_than_the_window_is_begun_ahead(count: int, window: int) -> None:
    shop = Shop(count)

    async def go() -> list[int]:
        found = []
        async with Tasks() as tasks, aclosing(ahead(tasks, shop.numbers(), shop.work, lambda: window)) as working:
            async for number, result in working:
                found.append(await result)
                assert found[-1] == number * 10
                assert len(shop.begun) <= len(found) + window
        return found

    assert asyncio.run(go()) == [number * 10 for number in range(count)]
    assert shop.closed


def test_the_window_may_shrink_on_the_way() -> None:
    shop = Shop(10)

    async def go() -> None:
        left = 5
        async with Tasks() as tasks, aclosing(ahead(tasks, shop.numbers(), shop.work, lambda: left)) as working:
            async for number, result in working:
                await result
                assert len(shop.begun) <= number + 1 + 5
                left = max(left - 1, 0)
                if number == 6:
                    break
        assert len(shop.begun) == 7

    asyncio.run(go())


def test_where_the_source_fails_what_it_gave_before_comes_out_first() -> None:
    shop = Shop(10, fails_at=3)
    found: list[int] = []

    async def go() -> None:
        async with Tasks() as tasks, aclosing(ahead(tasks, shop.numbers(), shop.work, lambda: 5)) as working:
            async for _, result in working:
                found.append(await result)

    with pytest.raises(ValueError, match="the source broke"):
        asyncio.run(go())
    assert found == [0, 10, 20]


def test_leaving_early_ends_source_and_work() -> None:
    shop = Shop(10)

    async def endless(number: int) -> int:
        shop.begun.append(number)
        try:
            await asyncio.Event().wait()
        finally:
            shop.ended.append(number)
        return number

    async def go() -> None:
        async with Tasks() as tasks, aclosing(ahead(tasks, shop.numbers(), endless, lambda: 3)) as working:
            async for number, _ in working:
                await asyncio.sleep(0)
                assert number == 0
                break

    asyncio.run(go())
    assert shop.closed
    assert shop.begun == [0, 1, 2, 3]
    assert sorted(shop.ended) == [0, 1, 2, 3]


def test_a_waiter_that_gives_up_does_not_end_what_others_wait_for() -> None:
    async def go() -> int:
        gate = asyncio.Event()

        async def wanted() -> int:
            await gate.wait()
            return 7

        async with Tasks() as tasks:
            task = tasks.start(wanted())
            first = asyncio.create_task(tasks.shared(task))
            second = asyncio.create_task(tasks.shared(task))
            await asyncio.sleep(0)
            await tasks.cancel(first)
            gate.set()
            assert await second == 7
            return await tasks.shared(task)

    assert asyncio.run(go()) == 7


def test_work_that_failed_and_that_nobody_waited_for_is_no_complaint_at_exit(caplog: pytest.LogCaptureFixture) -> None:
    async def failing() -> None:
        raise ValueError("nobody looks")

    async def go() -> None:
        async with Tasks() as tasks:
            tasks.start(failing())
            await asyncio.sleep(0)

    asyncio.run(go())
    assert caplog.text == ""


def test_leaving_the_tasks_cancels_what_is_under_way_and_waits_for_its_end() -> None:
    ended: list[str] = []

    async def slow_to_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("closed")

    async def go() -> None:
        async with Tasks() as tasks:
            tasks.start(slow_to_end())
            await asyncio.sleep(0)
        assert ended == ["closed"]

    asyncio.run(go())
