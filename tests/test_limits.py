"""Turns: parallel requests and rates."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Throttled
from engine.limits import Rates, Turns, binding
from engine.mapping import Limits, OwnLimits, Rate
from engine.report import Report


class QuickRate(Rate):
    """A rate whose window is 20 milliseconds."""

    @property
    def seconds(self) -> Any:
        """The window in seconds."""
        return Fraction(20, 1000)


def rate(requests: int, per: str) -> Rate:
    return Rate(requests=requests, per=per)


def limits(*rates: Rate, parallel: int = 4) -> Limits:
    return Limits.model_construct(parallel=parallel, rates=list(rates))


def test_no_more_than_allowed_are_under_way_at_once() -> None:
    under_way, most = 0, 0

    async def request(turns: Turns) -> None:
        nonlocal under_way, most
        async with turns.turn(Report()):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    async def run() -> None:
        turns = Turns(limits(parallel=3))
        await asyncio.gather(*[request(turns) for _ in range(20)])

    asyncio.run(run())
    assert most == 3


def test_a_turn_that_fails_is_given_back() -> None:
    async def run() -> None:
        turns = Turns(limits(parallel=1))
        for _ in range(3):
            with pytest.raises(ValueError, match="broken"):
                async with turns.turn(Report()):
                    raise ValueError("broken")

    asyncio.run(run())


def test_several_rates_hold_at_once_and_waiting_is_counted() -> None:
    report = Report()

    async def run() -> list[float]:
        turns = Turns(limits(QuickRate(requests=2, per="second"), rate(100, "hour")))
        clock, times = asyncio.get_running_loop().time, list[float]()
        for _ in range(3):
            async with turns.turn(report):
                times.append(clock())
        return times

    first, _, third = asyncio.run(run())
    assert third - first >= 0.019
    assert third - first - 0.01 < report.waited < third - first + 0.01


def test_a_rate_that_is_used_up_makes_everybody_wait_and_waiting_can_be_given_up() -> None:
    async def run() -> None:
        turns = Turns(limits(rate(1, "hour")))
        async with turns.turn(Report()):
            pass
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), turns.turn(Report()):
                    raise AssertionError("this turn is an hour away")

    asyncio.run(run())


def test_an_endpoint_has_limits_of_its_own_beside_those_of_the_connection() -> None:
    own = {"reports": OwnLimits(parallel=1, rates=[rate(2, "hour")])}

    async def run() -> dict[str, int]:
        turns, made = Turns(limits(rate(5, "hour"), parallel=4), own), {"reports": 0, "courses": 0}

        async def ask(fetch: str) -> None:
            async with turns.turn(Report(), fetch, patience=0.1):
                made[fetch] += 1

        for fetch in ("reports", "reports", "reports", "courses", "courses", "courses", "courses"):
            with suppress(Throttled):
                await ask(fetch)
        return made

    assert asyncio.run(run()) == {"reports": 2, "courses": 3}


def test_no_more_requests_of_an_endpoint_than_it_bears_are_under_way_and_the_others_go_on() -> None:
    async def run() -> list[str]:
        turns, order = Turns(limits(parallel=2), {"reports": OwnLimits(parallel=1)}), list[str]()

        async def ask(fetch: str, steps: int) -> None:
            async with turns.turn(Report(), fetch):
                order.append(f"{fetch} begins")
                for _ in range(steps):
                    await asyncio.sleep(0)
                order.append(f"{fetch} ends")

        await asyncio.gather(ask("reports", 20), ask("reports", 1), ask("courses", 1))
        return order

    assert asyncio.run(run()) == [
        "reports begins", "courses begins", "courses ends", "reports ends", "reports begins", "reports ends",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("used_up", "told"),
    [
        ((1, "week"), "the limit of 1 request per week is used up by this run; the next may be made in 7 days"),
        ((2, "day"), "the limit of 2 requests per day is used up by this run; the next may be made in 1 day"),
        ((2, "2 hours"), "the limit of 2 requests per 2 hours is used up by this run; the next may be made in 2 hours"),
    ],
)
def test_a_quota_by_the_day_or_week_that_is_used_up_is_told_and_not_waited_for(
    used_up: tuple[int, str], told: str
) -> None:
    async def run() -> None:
        turns = Turns(limits(rate(*used_up), rate(1000, "second")))
        for _ in range(used_up[0] + 1):
            async with turns.turn(Report()):
                pass

    with pytest.raises(Throttled) as caught:
        asyncio.run(run())
    assert str(caught.value).startswith(told)
    assert caught.value.wait is not None


def test_a_long_wait_is_told_when_it_begins(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        turns = Turns(limits(rate(1, "hour")))
        for _ in range(2):
            async with asyncio.timeout(0.05), turns.turn(Report()):
                pass

    with pytest.raises(TimeoutError):
        asyncio.run(run())
    assert caplog.messages == ["waiting 1 hour: the limit of 1 request per hour is used up"]


def test_rates_leave_no_thread_behind() -> None:
    async def run() -> None:
        turns = Turns(limits(rate(10, "second")))
        async with turns.turn(Report()):
            pass

    before = threading.active_count()
    asyncio.run(run())
    assert threading.active_count() == before


def test_what_is_older_than_the_longest_window_is_forgotten() -> None:
    async def run() -> int:
        rates = Rates([QuickRate(requests=5, per="second")])
        for _ in range(12):
            await rates.wait(patience=1)
        return len(rates)

    assert asyncio.run(run()) <= 10


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([rate(1000, "hour"), rate(5, "second")], [(5, 1), (1000, 3600)]),
        ([rate(5, "second"), rate(3, "second")], [(3, 1)]),
        ([rate(1, "minute"), rate(100, "hour")], [(1, 60)]),  # 60 an hour at most: 100 binds nobody
        ([rate(10, "second"), rate(5, "minute")], [(5, 60)]),  # 5 a minute cannot be 10 a second
        ([rate(10, "7 seconds"), rate(12, "8 seconds")], [(10, 7), (11, 8)]),
        ([rate(1, "7 seconds"), rate(2, "8 seconds")], [(1, 7)]),
        ([rate(7, "day")], [(7, 86400)]),
    ],
)
def test_only_rates_that_bind_are_kept(rates: Sequence[Rate], expected: list[tuple[int, int]]) -> None:
    assert binding(rates) == expected


some_rates = st.lists(
    st.builds(lambda requests, seconds: rate(requests, f"{seconds} seconds"), st.integers(1, 12), st.integers(1, 12)),
    min_size=1,
    max_size=4,
)


@given(some_rates)
def test_whoever_keeps_the_rates_that_bind_keeps_them_all(rates: list[Rate]) -> None:
    made: list[int] = []  # the second of each request, as many as are allowed in each
    for now in range(60):
        while all(sum(now - then < seconds for then in made) < most for most, seconds in binding(rates)):
            made.append(now)
    for wanted in rates:
        for now in range(60):
            assert sum(0 <= now - then < wanted.seconds for then in made) <= wanted.requests


@given(some_rates)
def test_no_set_of_rates_is_refused(rates: list[Rate]) -> None:
    assert Rates(rates) is not None
