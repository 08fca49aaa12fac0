"""What waits in the store for somebody to come back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from engine.errors import StoreError
from engine.store import KeyRing, Store, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url, KeyRing.generate(), migrate=True) as opened:
        yield opened


def test_what_waits_is_taken_once(store: Store) -> None:
    name = store.waiting.put({"secret": "hush"}, 60)
    assert store.waiting.take(name) == {"secret": "hush"}
    assert store.waiting.take(name) is None
    assert store.waiting.take("none") is None


def test_of_many_who_come_at_once_one_has_it(store: Store) -> None:
    name = store.waiting.put({"n": 1}, 60)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.waiting.take(name), range(8)))
    assert (found.count({"n": 1}), found.count(None)) == (1, 7)


def test_what_waited_too_long_is_gone(store: Store) -> None:
    assert store.waiting.take(store.waiting.put({"n": 1}, -1)) is None
    late = store.waiting.put({"n": 2}, -1)
    store.waiting.put({"n": 3}, 60)  # sweeps
    assert store.waiting.take(late) is None


def test_it_is_encrypted_for_its_place(database_url: str) -> None:
    with open_store(database_url, KeyRing.generate(), migrate=True) as store:
        one, two = store.waiting.put({"secret": "hush"}, 60), store.waiting.put({"n": 2}, 60)
        url = database_url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url)
        with engine.begin() as connection:
            rows = {row[0]: row[1] for row in connection.execute(text("SELECT id, sealed FROM waiting"))}
            assert "hush" not in str(rows)
            swap = text("UPDATE waiting SET sealed = :sealed WHERE id = :id")
            connection.execute(swap, {"sealed": rows[one], "id": two})
        engine.dispose()
        with pytest.raises(StoreError, match="cannot be decrypted"):
            store.waiting.take(two)
