"""What surrounds every request of the service."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from lms import Lms, school
from service import SCHOOL, served
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from engine.service import Settings
from engine.service.metrics import Metrics
from engine.service.wrapping import Wrapping

App = Callable[[Any, Any, Any], Awaitable[None]]
WHOLE = {"type": "http.request", "body": b"", "more_body": False}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path, SCHOOL, Lms(school(courses=[1])), body_bytes=10) as service:
        app = service.client.app
        assert isinstance(app, FastAPI)

        @app.post("/length")
        async def length(request: Request) -> int:
            return len(await request.body())

        @app.get("/broken")
        async def broken() -> None:
            raise RuntimeError("hush")

        @app.get("/broken-off")
        async def broken_off() -> StreamingResponse:
            def parts() -> Iterator[bytes]:
                yield b"one"
                raise RuntimeError("hush")

            return StreamingResponse(parts())

        yield TestClient(app, raise_server_exceptions=False)


def test_a_body_may_be_as_large_as_it_may_be_and_no_larger(client: TestClient) -> None:
    assert client.post("/length", content=b"x" * 10).json() == 10
    answer = client.post("/length", content=b"x" * 11)
    assert answer.status_code == 413
    assert answer.json()["message"] == "the body is larger than 10 bytes"


def test_what_should_not_happen_has_the_error_body_and_tells_nothing_but_where_the_log_has_it(
    client: TestClient,
) -> None:
    answer = client.get("/broken", headers={"X-Request-Id": "r-1"})
    assert (answer.status_code, answer.json()["statusCode"]) == (500, 500)
    assert answer.json()["message"] == "this should not have happened; the log has it under r-1"
    assert "hush" not in answer.text


def test_an_answer_that_breaks_after_its_beginning_has_no_end(client: TestClient) -> None:
    loud = TestClient(client.app)
    with pytest.raises(Exception, match="should not have happened"):
        loud.get("/broken-off")


@pytest.mark.parametrize(("given", "kept"), [("abc-1", True), ("a b", False), ("x" * 101, False)])
def test_the_id_of_a_request_is_kept_where_it_can_be_one(client: TestClient, given: str, *, kept: bool) -> None:
    answer = client.get("/health/live", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) is kept


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, and answer."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def scope(path: str = "/", **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", **more}


async def ask(wrapping: Wrapping, about: dict[str, Any], body: Iterable[dict[str, Any]] = (WHOLE,)) -> Any:
    """Ask, and return the status, the headers and the body of the answer."""
    pieces = list(body)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not pieces:
            await asyncio.sleep(3600)
        return pieces.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await wrapping(about, receive, send)
    start: Any = next((one for one in sent if one["type"] == "http.response.start"), {"status": 0, "headers": []})
    return {
        "status": start["status"],
        "headers": {name.decode(): value.decode() for name, value in start["headers"]},
        "body": b"".join(one.get("body", b"") for one in sent).decode(),
    }


def asked(app: App, *given: Any, **settings: Any) -> Any:
    return asyncio.run(ask(Wrapping(app, Settings(**settings), Metrics()), *given))


def test_every_answer_has_an_id_and_is_for_nobody_else() -> None:
    headers = asked(hello, scope())["headers"]
    assert len(headers.pop("x-request-id")) == 32
    assert headers == {"x-content-type-options": "nosniff", "cache-control": "no-store"}


def test_a_body_that_is_too_slow_is_refused() -> None:
    piece = {"type": "http.request", "body": b"x" * 60, "more_body": True}
    slow = asked(hello, scope(), [piece], body_seconds=0.05)
    assert (slow["status"], "within 0.05 seconds" in slow["body"]) == (408, True)
    assert asked(hello, scope(), [piece, WHOLE], body_seconds=20)["status"] == 200


def test_a_client_that_stays_is_waited_for_once_its_body_is_whole() -> None:
    async def patient(about: Any, receive: Any, send: Any) -> None:
        await receive()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.2)
        await hello(about, lambda: asyncio.sleep(0, WHOLE), send)

    assert asked(patient, scope(), body_seconds=0.05)["status"] == 200


def test_more_requests_than_there_may_be_are_to_come_again_but_for_those_of_health() -> None:
    async def work() -> None:
        go = asyncio.Event()

        async def held(about: Any, receive: Any, send: Any) -> None:
            if about["path"] == "/held":
                await go.wait()
            await hello(about, receive, send)

        wrapping = Wrapping(held, Settings(most_requests=2), Metrics())
        waiting = [asyncio.create_task(ask(wrapping, scope("/held"))) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await ask(wrapping, scope())
        assert (refused["status"], refused["headers"]["retry-after"]) == (503, "1")
        assert (await ask(wrapping, scope("/health/live")))["status"] == 200
        go.set()
        assert [one["status"] for one in await asyncio.gather(*waiting)] == [200, 200]
        assert (await ask(wrapping, scope()))["status"] == 200

    asyncio.run(work())


def test_a_request_that_is_broken_off_is_told_and_is_no_traceback() -> None:
    async def work() -> list[Any]:
        async def stuck(_: Any, __: Any, ___: Any) -> None:
            await asyncio.sleep(3600)

        with capture_logs() as log:
            task = asyncio.create_task(ask(Wrapping(stuck, Settings(), Metrics()), scope()))
            await asyncio.sleep(0.01)
            task.cancel()
            assert (await task)["status"] == 0
        return log

    assert [line["event"] for line in asyncio.run(work())] == ["request broken off", "request"]


def test_what_machines_ask_again_and_again_is_told_at_debug_only() -> None:
    with capture_logs() as log:
        asked(hello, scope("/health/ready"))
        asked(hello, scope("/"))
    assert [line["log_level"] for line in log] == ["debug", "info"]
