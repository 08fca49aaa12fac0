"""Whether the service can be sent requests."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from lms import Lms, school
from service import SCHOOL, Served, served
from structlog.testing import capture_logs

from engine.errors import StoreError
from engine.service import readiness
from engine.service.readiness import Readiness
from engine.store import Store


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, SCHOOL, Lms(school(courses=[1]))) as running:
        yield running


def ask(service: Served, method: str = "GET", path: str = "/health/ready") -> tuple[int, Any]:
    answer = service.client.request(method, path)
    return answer.status_code, answer.json() if answer.content else None


def test_it_is_ready_while_the_store_answers_and_its_keys_open_what_is_in_there(service: Served) -> None:
    service.store.accounts.create("acme", "Acme", {"url": "https://acme.example", "token": "x"}, secret=["token"])
    assert ask(service) == (200, {"status": "ready"})


def test_it_is_not_ready_where_the_keys_are_others(tmp_path: Path) -> None:
    with served(tmp_path / "first", SCHOOL, Lms(school(courses=[1])), store=tmp_path / "s.db") as first:
        first.store.accounts.create("acme", "Acme", {"url": "https://acme.example", "token": "x"}, secret=["token"])
        from engine.store import KeyRing

        first.store.ring = KeyRing.generate("other")
        assert ask(first) == (503, {"status": "not ready", "why": "the store cannot be used"})
        assert ask(first, path="/health/live") == (200, {"status": "live"})


def test_head_is_for_balancers(service: Served) -> None:
    assert ask(service, "HEAD") == (200, None)
    assert ask(service, "HEAD", "/health/live") == (200, None)
    assert ask(service, "HEAD", "/unified/lms/courses")[0] == 405


def test_however_many_ask_the_store_is_asked_once_and_what_is_wrong_is_in_the_log() -> None:
    class Broken:
        asked = 0

        def ready(self) -> None:
            self.asked += 1
            raise StoreError("the disk is gone")

    broken = Broken()

    async def work() -> list[bool]:
        ready = Readiness(cast("Store", broken))
        return await asyncio.gather(*[ready() for _ in range(50)])

    with capture_logs() as log:
        assert asyncio.run(work()) == [False] * 50
    assert broken.asked == 1
    assert [line["why"] for line in log] == ["the disk is gone"]


def test_a_store_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)

    class Stuck:
        def ready(self) -> None:
            import time

            time.sleep(0.5)

    async def work() -> bool:
        return await Readiness(cast("Store", Stuck()))()

    with capture_logs() as log:
        assert asyncio.run(work()) is False
    assert log[0]["why"] == "no answer within 0.05 seconds"
