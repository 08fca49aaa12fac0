"""API keys, in either database: shown once, stored hashed, for some accounts or all, revocable."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.errors import UsageError
from engine.store import KeyRing, NoSuchAccount, Store, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url, KeyRing.generate(), migrate=True) as opened:
        yield opened


def account(store: Store) -> str:
    return store.accounts.create("acme", "Acme", {}, secret=()).id


def test_a_key_is_known_by_its_text(store: Store) -> None:
    one = account(store)
    key, text = store.keys.create("read", [one], " Reports ", 600)
    assert store.keys.check(text) == key
    assert (key.name, key.scope, key.rate, key.revoked_at) == ("Reports", "read", 600, None)
    assert key.accounts == frozenset({one})
    assert text.startswith(f"rbk_{key.id}_")
    assert text not in repr(store.keys.list())


def test_a_key_is_for_its_accounts_or_for_all(store: Store) -> None:
    one, two = account(store), account(store)
    some, _ = store.keys.create("read", [one, one], "Some")
    every, _ = store.keys.create("admin", None, "All")
    none, _ = store.keys.create("read", [], "None")
    assert (some.allows(one), some.allows(two)) == (True, False)
    assert every.allows(two)
    assert not none.allows(one)


def test_another_text_is_no_key(store: Store) -> None:
    key, text = store.keys.create("read", None, "Key")
    _, other = store.keys.create("read", None, "Other")
    last = "A" if text[-1] != "A" else "B"
    mixed = f"rbk_{key.id}_{other.rpartition('_')[2]}"
    for wrong in ("", text[:-1], text + "x", text[:-1] + last, mixed, text.upper(), f" {text}", "é", "\0", "\ud800"):
        assert store.keys.check(wrong) is None
    assert store.keys.check("x" * 10_000_000) is None


def test_a_revoked_key_does_nothing_and_stays_in_the_list(store: Store) -> None:
    key, text = store.keys.create("read", None, "Key")
    revoked = store.keys.revoke(key.id, actor="eva")
    assert store.keys.check(text) is None
    assert store.keys.revoke(key.id, actor="ben") == revoked
    assert store.keys.list() == [revoked]
    assert [(line.actor, line.action) for line in store.audit.list(subject=key.id)] == [
        ("eva", "key.revoked"),
        ("rollbook", "key.created"),
    ]


def test_a_key_loses_an_account_that_is_deleted_also_if_one_of_its_id_comes_later(store: Store) -> None:
    store.accounts.create("acme", "Acme", {}, secret=(), id="school")
    _, text = store.keys.create("read", ["school"], "Key")
    store.accounts.delete("school")
    store.accounts.create("other", "Another customer", {}, secret=(), id="school")
    key = store.keys.check(text)
    assert key is not None
    assert key.accounts == frozenset()


def test_what_a_key_cannot_be_is_refused(store: Store) -> None:
    with pytest.raises(NoSuchAccount, match="there is no account nowhere"):
        store.keys.create("read", ["nowhere"], "Key")
    with pytest.raises(UsageError, match="cannot have the scope 'reed'; did you mean `read`"):
        store.keys.create("reed", None, "Key")  # type: ignore[arg-type]
    for rate in (0, -1, 10**9):
        with pytest.raises(UsageError, match="the rate of a key is 1 to 1000000"):
            store.keys.create("read", None, "Key", rate)
    with pytest.raises(UsageError, match="a name has"):
        store.keys.create("read", None, "")
    wrong: list[Any] = ["", "none", "0" * 12, "\0", "é"]
    for key in wrong:
        with pytest.raises(UsageError, match="there is no API key of this id"):
            store.keys.revoke(key)
