"""Runs that share the connections, the proof and the rates of one connection."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from engine import UsageError
from engine.channel import Channel
from engine.errors import Refused, Throttled
from engine.loading import LoadedMapping
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]
URL = "https://acme.example"
ACME = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
  id: { title: Client }
  secret: { title: Secret, secret: true }
http:
  base_url: "{connection.url}"
  auth: { oauth2: { grant: client_credentials, token_url: "{connection.url}/token", client_id: "{connection.id}",
                    client_secret: "{connection.secret}" } }
  check: { get: /me }
  limits: { parallel: 2 }
fetch:
  enrollments: { get: /enrollments }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id }
  status: { from: enrollment.state, words: { on: in_progress } }
"""
CONNECTION = {"url": URL, "id": "me", "secret": "wetroot-wolf"}


class Lms:
    """Counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.under_way = self.most = 0
        self.refuses = False

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        if self.refuses:
            return httpx2.Response(400, json={"error": "invalid_client"})
        if request.url.path == "/token":
            return httpx2.Response(200, json={"access_token": "t-1", "expires_in": 3600})
        return httpx2.Response(200, json=[{"id": 1, "state": "on"}])


def channel(loaded: LoadedMapping, lms: Any) -> Channel:
    return Channel(loaded.mapping, {"connection": CONNECTION}, transport=httpx2.MockTransport(lms))


async def read(loaded: LoadedMapping, shared: Channel) -> list[str]:
    return [record.id async for record in Run(loaded, CONNECTION, channel=shared, backoff=0.0)]


def test_runs_that_share_a_channel_log_in_once(mapped: Mapped) -> None:
    loaded, lms = mapped(ACME), Lms()

    async def run() -> list[list[str]]:
        async with channel(loaded, lms) as shared:
            return [await read(loaded, shared) for _ in range(3)]

    assert asyncio.run(run()) == [["1"]] * 3
    assert lms.asked == ["/token", *["/enrollments"] * 3]


def test_runs_that_share_a_channel_keep_its_limits_together(mapped: Mapped) -> None:
    loaded, lms = mapped(ACME), Lms()

    async def run() -> None:
        async with channel(loaded, lms) as shared:
            await asyncio.gather(*[read(loaded, shared) for _ in range(10)])

    asyncio.run(run())
    assert lms.most == 2
    assert lms.asked.count("/token") == 1


def test_a_channel_that_was_refused_stays_refused(mapped: Mapped) -> None:
    loaded, lms = mapped(ACME), Lms()
    lms.refuses = True

    async def run() -> None:
        async with channel(loaded, lms) as shared:
            for _ in range(2):
                with pytest.raises(Refused):
                    await read(loaded, shared)

    asyncio.run(run())
    assert lms.asked == ["/token"], "nobody is asked again with what was refused"


def test_a_channel_hides_secrets_and_the_tokens_met_on_the_way(mapped: Mapped) -> None:
    loaded = mapped(ACME)

    async def run() -> str:
        async with channel(loaded, Lms()) as shared:
            await read(loaded, shared)
            return shared.redact("wetroot-wolf t-1 me")

    assert asyncio.run(run()) == "••• ••• me"


def test_a_channel_without_a_value_for_its_proof_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="has no value"):
        Channel(mapped(ACME).mapping, {"connection": {"url": URL}})


def test_a_provider_that_asks_for_more_than_our_patience_is_reported_at_once(mapped: Mapped) -> None:
    loaded = mapped(ACME)

    def lms(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/token":
            return httpx2.Response(200, json={"access_token": "t-1"})
        return httpx2.Response(429, headers={"Retry-After": "20"})

    async def run() -> None:
        async for _ in Run(loaded, CONNECTION, transport=httpx2.MockTransport(lms), patience=10.0):
            raise AssertionError("there is nothing to read")

    with pytest.raises(Throttled, match="asks to wait 20 seconds") as caught:
        asyncio.run(run())
    assert caught.value.wait == 20


def test_every_request_that_is_answered_is_told_without_secrets(mapped: Mapped) -> None:
    loaded, told = mapped(ACME), list[tuple[str, int]]()

    async def run() -> None:
        transport = httpx2.MockTransport(Lms())
        heard = lambda exchange: told.append((exchange.request, exchange.response.status))  # noqa: E731
        async for _ in Run(loaded, CONNECTION, transport=transport, on_exchange=heard):
            pass

    asyncio.run(run())
    assert told == [(f"POST {URL}/token", 200), (f"GET {URL}/enrollments", 200)]


def test_a_remote_query_goes_with_the_requests_for_the_items_of_the_records_and_no_others(mapped: Mapped) -> None:
    loaded = mapped(ACME)
    asked: list[str] = []

    def lms(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        body = {"access_token": "t-1"} if request.url.path == "/token" else [{"id": 1, "state": "on"}]
        return httpx2.Response(200, json=body)

    async def run() -> None:
        query = {"include[]": "grades", "a b": "ä&="}
        async for _ in Run(loaded, CONNECTION, transport=httpx2.MockTransport(lms), remote_query=query):
            pass

    asyncio.run(run())
    assert asked == ["/token", "/enrollments?include%5B%5D=grades&a%20b=%C3%A4%26%3D"]
