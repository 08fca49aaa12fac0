"""What surrounds every request of the service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from lms import Lms, school
from service import SCHOOL, served
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient


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
