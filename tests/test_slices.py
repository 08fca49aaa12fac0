"""Long work that lets others have their turn."""

import asyncio
import itertools
import multiprocessing
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from engine import jsonata
from engine.slices import SLICE_SECONDS, TOGETHER, Slices, apart, together

LONG = jsonata.compile("$sum($map([1..n], function($n) { $n }))")


class Watched:
    """Evaluates an expression, and keeps the names of the threads in which it was begun."""

    def __init__(self, program: Callable[[Any], Any]) -> None:
        self.threads: list[str] = []
        self._program = program

    def __call__(self, scope: Any) -> Any:
        self.threads.append(threading.current_thread().name)
        return self._program(scope)


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


def test_what_is_short_is_done_at_once_and_what_is_long_in_another_thread() -> None:
    async def run() -> None:
        watched, slices = Watched(LONG), Slices()
        assert await slices.do(watched, {"n": 10}) == 55
        assert watched.threads == ["MainThread"]
        assert await slices.do(watched, {"n": 100_000}) == 5_000_050_000
        assert watched.threads == ["MainThread", "MainThread", "rollbook_0"]

    asyncio.run(run())


def test_what_follows_something_long_is_not_begun_twice() -> None:
    async def run() -> None:
        watched, slices = Watched(LONG), Slices()
        await slices.do(watched, {"n": 100_000})
        watched.threads.clear()
        await slices.do(watched, {"n": 100_000})
        assert watched.threads == ["rollbook_0"]

    asyncio.run(run())


def test_others_have_their_turn_while_something_long_is_evaluated() -> None:
    async def run() -> None:
        turns, slices = 0, Slices()
        evaluating = asyncio.create_task(slices.do(LONG, {"n": 200_000}))
        while not evaluating.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > 10
        assert await evaluating == 20_000_100_000

    asyncio.run(run())


def test_what_fails_after_long_fails_as_it_would_at_once() -> None:
    program = jsonata.compile("$map([1..100000], function($n) { $n = 50000 ? $error('here') : $n })")
    with pytest.raises(jsonata.EvaluationProblem) as at_once:
        program({})
    with pytest.raises(jsonata.EvaluationProblem) as after_long:
        asyncio.run(Slices().do(program, {}))
    told = [(one.value.code, one.value.message, one.value.offset) for one in (at_once, after_long)]
    assert told[0] == told[1]


def test_long_work_waits_for_other_long_work() -> None:
    under_way: list[str] = []
    most = 0

    def work(name: str) -> None:
        nonlocal most
        under_way.append(name)
        most = max(most, len(under_way))
        LONG({"n": 10_000})
        under_way.remove(name)

    async def run() -> None:
        await asyncio.gather(*(apart(work, name) for name in "abcdef"))

    asyncio.run(run())
    assert most == 1


def _child(told: Any) -> None:
    told.send(asyncio.run(apart(LONG, {"n": 10})))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_a_thread_of_its_own() -> None:
    assert asyncio.run(apart(LONG, {"n": 10})) == 55
    forking = multiprocessing.get_context("fork")
    told, telling = forking.Pipe(duplex=False)
    child = forking.Process(target=_child, args=(telling,))
    child.start()
    assert told.poll(30)
    assert told.recv() == 55
    child.join()


def test_of_several_with_long_work_one_has_a_slice_in_each_round_and_all_have_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    rounds = 0
    had: list[tuple[int, str]] = []

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def work(name: str) -> None:
        nonlocal now
        slices = Slices()
        for _ in range(3):
            now += 2 * SLICE_SECONDS
            await slices.pause()
            had.append((rounds, name))

    async def run() -> None:
        counting = asyncio.create_task(count())
        await asyncio.gather(*(work(name) for name in "abcd"))
        counting.cancel()

    asyncio.run(run())
    assert [name for _, name in had] == list("abcd" * 3)
    assert len({number for number, _ in had}) == len(had)


def test_who_gives_up_waiting_for_a_turn_keeps_nobody_from_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", iter(range(0, 1000, 10)).__next__)
    had: list[str] = []

    async def work(name: str) -> None:
        await Slices().pause()
        had.append(name)

    async def run() -> None:
        tasks = [asyncio.create_task(work(name)) for name in "abcd"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[2].cancel()
        await asyncio.wait(tasks)
        await work("e")

    asyncio.run(run())
    assert had == ["b", "d", "e"]


def test_what_mostly_waits_by_itself_lets_others_have_their_turn_and_goes_on_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "perf_counter", iter(range(0, 1000, 10)).__next__)
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    async def run() -> None:
        task = asyncio.create_task(other())
        await Slices().give_way()
        turns.append("long")
        await task

    asyncio.run(run())
    assert turns == ["other", "long"]


def had_by(names: str, slices: int) -> str:
    """Return who had the slices, in order, of some who each take their turns together in two tasks."""
    had: list[str] = []

    async def work(name: str) -> None:
        for _ in range(slices):
            await Slices().pause()
            had.append(name)

    async def begun(name: str) -> None:
        together()
        await asyncio.gather(work(name), work(name))

    async def run() -> None:
        await asyncio.gather(*(begun(name) for name in names))

    asyncio.run(run())
    return "".join(had)


def test_what_is_begun_is_done_before_what_begins_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", itertools.count(0, 10).__next__)
    had = had_by("abc", 5)
    assert had.index("c" * 3) > had.rindex("a")
    assert had.rindex("a") < had.rindex("b") < had.rindex("c")


def test_what_takes_long_goes_to_the_end_of_the_line_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", itertools.count(0, 10).__next__)
    had = had_by("ab", 3 * TOGETHER)
    assert had.index("b") <= TOGETHER
    assert had[: 2 * TOGETHER].count("a") <= TOGETHER + 1
