"""Runs of one account, as in several processes: each with a channel of its own, over one store."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from engine.channel import Channel
from engine.errors import Refused, StoreError
from engine.loading import LoadedMapping
from engine.running import Run
from engine.store import Account, KeyRing, Store, open_store

Mapped = Callable[[str], LoadedMapping]
ACME = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  id: { title: Client }
  refresh: { title: Refresh token, secret: true }
http:
  base_url: https://acme.example
  auth: { oauth2: { grant: refresh_token, token_url: /token, client_id: "{connection.id}", client_secret: x,
                    refresh_token: "{connection.refresh}" } }
  check: { get: /me }
fetch:
  enrollments: { get: /enrollments }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id }
  status: { from: enrollment.state, words: { on: in_progress } }
"""


class Lms:
    """Gives each refresh token once, and refuses it the second time, as providers do that suspect theft."""

    def __init__(self) -> None:
        self.refresh = self.access = 0
        self.renewals = self.stolen = 0
        self.revoked: set[str] = set()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/token":
            await asyncio.sleep(0.02)
            if f"refresh_token=r{self.refresh}&" not in request.content.decode() + "&":
                self.stolen += 1
                return httpx2.Response(400, json={"error": "invalid_grant"})
            self.renewals += 1
            self.refresh += 1
            self.access += 1
            tokens = {"access_token": f"a{self.access}", "refresh_token": f"r{self.refresh}", "expires_in": 3600}
            return httpx2.Response(200, json=tokens)
        token = request.headers["authorization"].removeprefix("Bearer ")
        if token != f"a{self.access}" or token in self.revoked:
            return httpx2.Response(401, json={})
        return httpx2.Response(200, json=[{"id": 1, "state": "on"}])


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url, KeyRing.generate(), migrate=True) as opened:
        yield opened


def account(store: Store) -> Account:
    return store.accounts.create("acme", "Acme", {"id": "me", "refresh": "r0"}, secret={"refresh"})


async def read(loaded: LoadedMapping, store: Store, of: Account, lms: Any) -> list[str]:
    """Read as a process of its own would: everything comes from the store."""
    connection = store.accounts.connection(of.id)
    transport = httpx2.MockTransport(lms)
    run = Run(loaded, connection, transport=transport, keeper=store.keeper(of), backoff=0.0)
    return [record.id async for record in run]


def test_the_next_run_goes_on_with_the_token_of_the_last(mapped: Mapped, store: Store) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)
    for _ in range(3):
        assert asyncio.run(read(loaded, store, of, lms)) == ["1"]
    assert (lms.renewals, lms.stolen) == (1, 0)
    assert store.accounts.connection(of.id)["refresh"] == "r1"


def test_runs_that_begin_at_once_renew_once(mapped: Mapped, store: Store) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)

    async def run() -> list[list[str]]:
        return await asyncio.gather(*[read(loaded, store, of, lms) for _ in range(5)])

    assert asyncio.run(run()) == [["1"]] * 5
    assert (lms.renewals, lms.stolen) == (1, 0)


def test_a_token_that_is_refused_before_its_end_is_renewed_once_by_all_who_have_it(
    mapped: Mapped, store: Store
) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)

    async def run() -> list[list[str]]:
        await read(loaded, store, of, lms)
        lms.revoked.add("a1")
        return await asyncio.gather(*[read(loaded, store, of, lms) for _ in range(4)])

    assert asyncio.run(run()) == [["1"]] * 4
    assert (lms.renewals, lms.stolen) == (2, 0)


def test_a_channel_goes_on_after_another_process_renewed(mapped: Mapped, store: Store) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)

    async def run() -> list[str]:
        connection = store.accounts.connection(of.id)
        transport = httpx2.MockTransport(lms)
        scope = {"connection": connection}
        async with Channel(loaded.mapping, scope, transport=transport, keeper=store.keeper(of)) as channel:
            first = Run(loaded, connection, channel=channel, backoff=0.0)
            assert [record.id async for record in first] == ["1"]
            lms.revoked.add("a1")
            await read(loaded, store, of, lms)  # elsewhere: a2 and r2
            second = Run(loaded, connection, channel=channel, backoff=0.0)
            return [record.id async for record in second]

    assert asyncio.run(run()) == ["1"]
    assert (lms.renewals, lms.stolen) == (2, 0)


def test_what_could_not_be_stored_is_stored_before_it_is_used(
    mapped: Mapped, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)
    asked: list[str] = []

    async def watched(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return await lms(request)

    def full(*_: Any, **__: Any) -> None:
        raise StoreError("the disk is full")

    async def run() -> list[str]:
        connection = store.accounts.connection(of.id)
        keeper, transport = store.keeper(of), httpx2.MockTransport(watched)
        async with Channel(loaded.mapping, {"connection": connection}, transport=transport, keeper=keeper) as channel:
            with monkeypatch.context() as broken:
                broken.setattr(store.accounts, "keep_token", full)
                for _ in range(2):
                    with pytest.raises(StoreError, match="the disk is full"):
                        [record.id async for record in Run(loaded, connection, channel=channel, backoff=0.0)]
            assert asked == ["/token"]
            return [record.id async for record in Run(loaded, connection, channel=channel, backoff=0.0)]

    assert asyncio.run(run()) == ["1"]
    assert store.accounts.connection(of.id)["refresh"] == "r1"
    assert asked == ["/token", "/enrollments"]


def test_a_run_with_credentials_that_were_replaced_ends_and_keeps_nothing(mapped: Mapped, store: Store) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)
    store.accounts.update(of.id, values={"refresh": "r0"})
    with pytest.raises(StoreError, match="were replaced meanwhile"):
        asyncio.run(read(loaded, store, of, lms))
    assert lms.renewals == 0


def test_a_refusal_gives_the_lock_back(mapped: Mapped, store: Store) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)
    lms.refresh = 7
    for _ in range(2):
        with pytest.raises(Refused, match="invalid_grant"):
            asyncio.run(read(loaded, store, of, lms))


def test_who_is_cancelled_while_waiting_for_the_lock_leaves_it_to_others(mapped: Mapped, store: Store) -> None:
    of = account(store)

    async def run() -> None:
        keeper = store.keeper(of)
        async with keeper.locked():
            waiting = [asyncio.create_task(keeper.locked().__aenter__()) for _ in range(8)]
            for task in waiting:
                await asyncio.sleep(0.01)
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        async with keeper.locked():
            pass

    asyncio.run(asyncio.wait_for(run(), 20))


def test_a_renewal_that_was_begun_is_stored_also_where_nobody_waits_for_it_any_more(
    mapped: Mapped, store: Store
) -> None:
    loaded, lms, of = mapped(ACME), Lms(), account(store)

    async def run() -> None:
        begun, answer = asyncio.Event(), asyncio.Event()

        async def slow(request: httpx2.Request) -> httpx2.Response:
            answered = await lms(request)
            begun.set()
            await answer.wait()
            return answered

        reading = asyncio.create_task(read(loaded, store, of, slow))
        await begun.wait()
        reading.cancel()
        asyncio.get_running_loop().call_later(0.01, answer.set)
        await asyncio.wait([reading])
        assert reading.cancelled()

    asyncio.run(run())
    assert store.accounts.connection(of.id)["refresh"] == "r1"
    assert asyncio.run(read(loaded, store, of, lms)) == ["1"]
    assert (lms.renewals, lms.stolen) == (1, 0)
