"""Channels kept open between requests."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

import pytest

from engine.service.channels import Channels


class Line:
    """Stands where a channel does, and tells whether it is open."""

    def __init__(self) -> None:
        self.state = "made"

    async def __aenter__(self) -> Self:
        await asyncio.sleep(0)
        self.state = "open"
        return self

    async def __aexit__(self, *error: object) -> None:
        self.state = "closed"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(work: Callable[[Channels, Clock, Callable[[], Any]], Awaitable[None]], most: int = 10) -> list[Line]:
    lines: list[Line] = []
    clock = Clock()

    def make() -> Any:
        lines.append(Line())
        return lines[-1]

    asyncio.run(work(Channels(most, 300.0, clock), clock, make))  # type: ignore[arg-type]
    return lines


def test_requests_for_an_account_share_its_channel() -> None:
    async def work(channels: Channels, _: Clock, make: Callable[[], Any]) -> None:
        async def request() -> None:
            async with channels.of("a", "1", make) as channel:
                assert channel.state == "open"  # type: ignore[attr-defined]
                await asyncio.sleep(0)

        await asyncio.gather(*[request() for _ in range(5)])

    assert [line.state for line in run(work)] == ["open"]


def test_a_changed_account_has_a_new_channel_and_the_old_one_is_closed_after_its_users() -> None:
    async def work(channels: Channels, _: Clock, make: Callable[[], Any]) -> None:
        async with channels.of("a", "1", make) as old, channels.of("a", "2", make) as new:
            assert old is not new
            assert old.state == "open"  # type: ignore[attr-defined]
        assert old.state == "closed"  # type: ignore[attr-defined]

    assert [line.state for line in run(work)] == ["closed", "open"]


def test_idle_channels_are_closed_and_no_more_than_allowed_are_kept() -> None:
    async def work(channels: Channels, clock: Clock, make: Callable[[], Any]) -> None:
        for account in ("a", "b", "c"):
            async with channels.of(account, "1", make):
                pass
        assert len(channels) == 2
        clock.now = 300.0
        async with channels.of("d", "1", make):
            pass
        assert len(channels) == 1

    assert [line.state for line in run(work, most=2)] == ["closed", "closed", "closed", "open"]


def test_a_dropped_channel_is_closed_at_once_or_after_its_users() -> None:
    async def work(channels: Channels, _: Clock, make: Callable[[], Any]) -> None:
        async with channels.of("a", "1", make):
            pass
        await channels.drop("a")
        async with channels.of("b", "1", make):
            await channels.drop("b")
            await channels.drop("b")
        await channels.close()
        assert len(channels) == 0

    assert [line.state for line in run(work)] == ["closed", "closed"]


def test_idle_channels_are_closed_though_nobody_asks_for_anything() -> None:
    async def work(channels: Channels, clock: Clock, make: Callable[[], Any]) -> None:
        async with channels.of("a", "1", make):
            pass
        looked: list[float] = []

        async def sleep(seconds: float) -> None:
            looked.append(seconds)
            clock.now += 100.0
            if len(looked) == 3:
                assert len(channels) == 1
            if len(looked) == 5:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await channels.tend(sleep)
        assert len(channels) == 0

    assert [line.state for line in run(work)] == ["closed"]


def test_a_channel_that_cannot_be_closed_in_order_harms_nobody() -> None:
    class Broken(Line):
        async def __aexit__(self, *error: object) -> None:
            raise OSError("broken pipe")

    async def work(channels: Channels, clock: Clock, make: Callable[[], Any]) -> None:
        del clock, make
        broken: Any = Broken
        async with channels.of("a", "1", broken):
            await channels.drop("a")
        async with channels.of("a", "1", broken):
            pass
        await channels.close()
        assert len(channels) == 0

    run(work)


def test_closing_closes_all() -> None:
    async def work(channels: Channels, _: Clock, make: Callable[[], Any]) -> None:
        for account in ("a", "b"):
            async with channels.of(account, "1", make):
                pass
        await channels.close()

    assert [line.state for line in run(work)] == ["closed", "closed"]
