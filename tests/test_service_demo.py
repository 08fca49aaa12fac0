"""The demo: every provider it has can be read from it, as from the cassettes themselves."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from engine.loading import available, load
from engine.records import as_dict
from engine.replaying import cassette_files, replay
from engine.running import Run
from engine.service import Catalog
from engine.service.demo import Demo

URL = "http://127.0.0.1:8001"
CATALOG = Catalog()
DEMO = Demo(CATALOG, URL)


async def read(run: Run) -> list[dict[str, Any]]:
    return [as_dict(record) async for record in run]


@pytest.mark.parametrize("provider", list(DEMO.providers()))
def test_what_is_read_from_the_demo_is_what_was_recorded_again_and_again(provider: str) -> None:
    recorded = replay(load(provider), cassette_files("", provider))
    want = asyncio.run(read(recorded))
    for _ in range(2):
        transport = httpx2.ASGITransport(DEMO)
        run = Run(provider, DEMO.connection(provider), transport=transport, now=recorded._now, backoff=0.0)  # noqa: SLF001 - the clock of the cassette
        got = asyncio.run(read(run))
        own, theirs = f"{URL}/{provider}", str(recorded.connection.values.get("url", "-"))
        assert json.loads(json.dumps(got).replace(own, theirs)) == want


def test_most_providers_that_take_an_address_are_there() -> None:
    assert len(list(DEMO.providers())) >= 10
    assert set(DEMO.providers()) <= set(available())


def test_what_was_not_recorded_is_told_as_that() -> None:
    async def ask(path: str) -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(DEMO), base_url=URL) as client:
            return await client.get(path)

    nothing = asyncio.run(ask("/nobody/x"))
    assert (nothing.status_code, nothing.json()) == (404, {"error": "nothing is recorded of 'nobody'"})
    provider = next(DEMO.providers())
    unknown = asyncio.run(ask(f"/{provider}/unknown?x=1"))
    assert unknown.status_code == 404
    assert "is not in the cassette" in unknown.json()["error"]
