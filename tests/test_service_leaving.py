"""A client that leaves before its answer has begun."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lms import Lms, school
from service import SCHOOL, served
from starlette.requests import ClientDisconnect

from engine.service.failures import Failure
from engine.service.leaving import for_client

WHOLE = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


def test_work_for_a_client_that_stays_gives_what_it_gives() -> None:
    async def receive() -> Any:
        await asyncio.sleep(3600)

    async def fails() -> None:
        raise KeyError("x")

    async def ask() -> None:
        assert await for_client(receive, asyncio.sleep(0, "done")) == "done"
        with pytest.raises(KeyError):
            await for_client(receive, fails())
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(ask())


def test_work_for_a_client_that_left_is_broken_off_and_has_ended() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)
            ended.append("in order")

    async def ask() -> None:
        messages = [WHOLE, GONE]

        async def receive() -> Any:
            return messages.pop(0)

        with pytest.raises(ClientDisconnect):
            await for_client(receive, work())
        assert ended == ["in order"]

    asyncio.run(ask())


def test_a_body_that_may_not_be_ends_the_work_with_its_failure() -> None:
    async def receive() -> Any:
        raise Failure(413, "too large")

    async def ask() -> None:
        with pytest.raises(Failure, match="too large"):
            await for_client(receive, asyncio.sleep(3600))

    asyncio.run(ask())


@pytest.mark.parametrize("path", ["users/1", "course-enrollments", "course-enrollments&response_format=stream"])
def test_a_client_that_leaves_ends_what_is_asked_of_the_provider_and_is_no_error(
    tmp_path: Path, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    ended: list[str] = []
    path, _, more = path.replace("users", "courses").partition("&")

    async def ask(app: Any, key: str, account: str) -> list[Any]:
        begun, sent = asyncio.Event(), list[Any]()
        messages = [WHOLE]
        events["begun"] = begun

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await begun.wait()
            return GONE

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": f"/unified/lms/{path}", "raw_path": b"", "http_version": "1.1",
            "query_string": f"integrated_account_id={account}&{more}".encode(), "root_path": "", "scheme": "http",
            "headers": [(b"authorization", f"Bearer {key}".encode())], "client": None, "server": None,
        }  # fmt: skip
        async with asyncio.timeout(30):
            await app(scope, receive, send)
        return sent

    events: dict[str, asyncio.Event] = {}
    lms = Lms(school(courses=[1], people=[1]))

    async def answer(request: httpx2.Request) -> httpx2.Response:
        events["begun"].set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            ended.append(request.url.path)
            raise
        return lms(request)

    with served(tmp_path, SCHOOL, answer) as service:
        app: Any = service.client.app
        assert asyncio.run(ask(app, service.key, service.account)) == []
        assert ended == ["/courses"]
        kept = app.state.parts.channels._kept.values()  # noqa: SLF001 - nobody else can tell
        assert [one.users for one in kept] == [0]
        assert service.store.accounts.get(service.account).status == "active"
    assert "request failed" not in capfd.readouterr().err
