"""A credential renewed: once for all who wait for it, and stored before anything of it is used."""

import asyncio
from typing import Any

import httpx2
import pytest
from asking import SECRET, URL, mapping, one, send

from engine.client import Client
from engine.errors import (
    ProviderError,
    Refused,
    Unavailable,
)
from engine.exchange import Request
from engine.report import Report

OAUTH = {
    "oauth2": {
        "token_url": "/token",
        "grant": "client_credentials",
        "client_id": "me",
        "client_secret": "{connection.token}",
    }
}


class TokenServer:
    """Gives out tokens and knows which are good."""

    def __init__(self) -> None:
        self.given = 0
        self.good = ""
        self.log: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.log.append(request.url.path)
        if request.url.path == "/token":
            self.given += 1
            self.good = f"T{self.given}-{SECRET}"
            return httpx2.Response(200, json={"access_token": self.good, "expires_in": 3600})
        if request.headers.get("authorization") != f"Bearer {self.good}":
            return httpx2.Response(401, text=f"expired {request.headers.get('authorization')}")
        return httpx2.Response(200, json=1)


def test_twenty_requests_that_wait_for_a_token_cause_one_renewal() -> None:
    server = TokenServer()
    results = send(server, *[Request("GET", f"{URL}/all")] * 20, auth=OAUTH)
    assert [result.json for result in results] == [1] * 20
    assert server.given == 1


REQUESTED = {"token": {"post": "/token", "json": {"key": "{connection.token}"}, "value": "body.access_token"}}


def test_a_requested_token_is_fetched_once_and_renewed_when_it_is_refused() -> None:
    server = TokenServer()
    results = send(server, *[Request("GET", f"{URL}/all")] * 5, auth=REQUESTED)
    assert [result.json for result in results] == [1] * 5
    assert server.given == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_a_token_endpoint_refuses_ends_the_run_with_what_it_says(status: int) -> None:
    def refusing(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json={"message": f"no such user {SECRET}"})

    rule = {"when": "status >= 400", "is": "forbidden", "message": "body.message"}
    for errors in ([], [rule]):
        with pytest.raises(Refused, match="there is no token: .*no such user") as caught:
            one(refusing, auth=REQUESTED, errors=errors)
        assert SECRET not in str(caught.value)


def test_a_token_endpoint_that_is_busy_is_asked_again() -> None:
    server, before = TokenServer(), [503, 429]

    def busy(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(before.pop()) if before else server(request)

    assert send(busy, Request("GET", f"{URL}/all"), auth=REQUESTED)[0].json == 1


def test_a_token_that_expires_midway_is_renewed_once_for_all() -> None:
    server = TokenServer()

    async def run() -> list[Any]:
        scope = {"connection": {"url": URL, "token": SECRET}}
        client = Client(mapping(auth=OAUTH), scope, Report(), transport=httpx2.MockTransport(server), backoff=0.0)
        async with client:
            await client.send(Request("GET", f"{URL}/all"))
            server.good = "another"
            return list(await asyncio.gather(*[client.send(Request("GET", f"{URL}/all")) for _ in range(10)]))

    assert [result.json for result in asyncio.run(run())] == [1] * 10
    assert server.given == 2


def test_an_answer_that_comes_late_does_not_renew_what_was_renewed_meanwhile() -> None:
    server = TokenServer()
    late = asyncio.Event()

    async def handler(request: httpx2.Request) -> httpx2.Response:
        answer = server(request)
        if request.url.path == "/late" and answer.status_code == 401:
            await late.wait()  # the refusal of the first token arrives when the second is long in use
        return answer

    async def run() -> list[Any]:
        scope = {"connection": {"url": URL, "token": SECRET}}
        client = Client(mapping(auth=OAUTH), scope, Report(), transport=httpx2.MockTransport(handler), backoff=0.0)
        async with client:
            await client.send(Request("GET", f"{URL}/all"))
            server.good = "another"
            slow = asyncio.create_task(client.send(Request("GET", f"{URL}/late")))
            quick = await client.send(Request("GET", f"{URL}/all"))
            late.set()
            return [quick, await slow]

    assert [result.json for result in asyncio.run(run())] == [1, 1]
    assert server.given == 2


@pytest.mark.parametrize(("status", "kind", "tries"), [(401, Refused, 1), (503, Unavailable, 5)])
def test_a_token_endpoint_that_fails_is_not_asked_by_each_of_those_who_wait(
    status: int, kind: type[ProviderError], tries: int
) -> None:
    asked: list[str] = []

    async def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        await asyncio.sleep(0.002)  # as a network does, so that the others come to wait
        return httpx2.Response(status, json={"error": "invalid_client"})

    results = send(handler, *[Request("GET", f"{URL}/all")] * 20, auth=OAUTH)
    assert {type(result) for result in results} == {kind}
    assert asked == ["/token"] * tries
    assert all("fetch token: POST https://lms.example/token" in str(result) for result in results)


def test_what_a_token_endpoint_says_is_redacted_and_its_waiting_time_kept() -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        text = request.content.decode()
        return httpx2.Response(400, json={"error": "invalid_client", "error_description": f"bad {text}"})

    with pytest.raises(Refused, match="client_secret=•••; check client id and secret") as caught:
        one(echo, auth=OAUTH)
    assert SECRET not in str(caught.value)
    with pytest.raises(Unavailable, match="asks to wait 15 minutes"):
        one(lambda _: httpx2.Response(503, headers={"Retry-After": "900"}), auth=OAUTH)


def test_an_error_text_under_status_200_can_ask_for_a_new_token() -> None:
    server = TokenServer()

    def handler(request: httpx2.Request) -> httpx2.Response:
        answer = server(request)
        return httpx2.Response(200, json={"error": "token_expired"}) if answer.status_code == 401 else answer

    async def run() -> Any:
        scope = {"connection": {"url": URL, "token": SECRET}}
        errors = [{"when": 'body.error = "token_expired"', "is": "refresh"}]
        client = Client(mapping(auth=OAUTH, errors=errors), scope, Report(), transport=httpx2.MockTransport(handler))
        async with client:
            await client.send(Request("GET", f"{URL}/all"))
            server.good = "another"
            return await client.send(Request("GET", f"{URL}/all"))

    assert asyncio.run(run()).json == 1


ROTATING = {
    "oauth2": {
        "token_url": "/token",
        "grant": "refresh_token",
        "client_id": "me",
        "client_secret": "x",
        "refresh_token": "{connection.token}",
    }
}


def rotating(on_token: Any, report: Report | None = None) -> Any:
    """Make a request of a provider that replaces the refresh token; return what was asked and stored, in order."""
    done: list[Any] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        done.append(request.url.path)
        if request.url.path == "/token":
            assert b"refresh_token=" + SECRET.encode() in request.content
            return httpx2.Response(200, json={"access_token": "T1", "refresh_token": "replaced-token"})
        return httpx2.Response(200, json=1)

    async def run() -> Any:
        scope = {"connection": {"url": URL, "token": SECRET}}
        transport = httpx2.MockTransport(handler)
        keep = on_token and on_token(done)
        client = Client(mapping(auth=ROTATING), scope, report or Report(), transport=transport, on_token=keep)
        async with client:
            await client.send(Request("GET", f"{URL}/all"))
            return client.redact("replaced-token")

    return done, asyncio.run(run())


def test_a_refresh_token_that_is_replaced_is_stored_before_anything_is_used() -> None:
    done, hidden = rotating(lambda done: done.append)
    assert done == ["/token", {"token": "replaced-token"}, "/all"]
    assert hidden == "•••"

    def slowly(done: list[Any]) -> Any:
        async def keep(replaced: Any) -> None:
            await asyncio.sleep(0)
            done.append(replaced)

        return keep

    assert rotating(slowly)[0] == ["/token", {"token": "replaced-token"}, "/all"]


def test_a_refresh_token_that_cannot_be_stored_ends_the_run_and_one_that_nobody_stores_is_told() -> None:
    def failing(_: list[Any]) -> Any:
        def keep(_: Any) -> None:
            raise OSError("no space left")

        return keep

    with pytest.raises(OSError, match="no space left"):
        rotating(failing)
    report = Report()
    assert rotating(None, report)[0] == ["/token", "/all"]
    assert [(note.kind, note.what) for note in report.notes] == [
        ("token_replaced", "the provider replaced `token`, and nobody stored the new one")
    ]
    assert not report.missing


def test_a_token_that_is_refused_again_after_its_renewal_ends_in_refused_without_showing_it() -> None:
    server = TokenServer()

    def never(request: httpx2.Request) -> httpx2.Response:
        server(request)
        return (
            httpx2.Response(200, json={"access_token": f"T-{SECRET}"})
            if request.url.path == "/token"
            else httpx2.Response(401, text=f"no T-{SECRET}")
        )

    with pytest.raises(Refused) as caught:
        one(never, auth=OAUTH)
    assert server.log.count("/token") == 2
    assert SECRET not in str(caught.value)
