"""Keys replaced one after the other, in either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import KeyRing, Store, open_store
from engine.store import store as module

OLD = KeyRing.generate("old")
BOTH = KeyRing.parse(f"{KeyRing.generate('new').text},{OLD.text}")


@pytest.fixture
def old(database_url: str) -> Iterator[Store]:
    with open_store(database_url, OLD, migrate=True) as opened:
        yield opened


def fill(store: Store, number: int = 3) -> list[str]:
    made = [store.accounts.create("acme", "A", {"token": f"t{n}"}, secret={"token"}).id for n in range(number)]
    store.accounts.keep_token(made[0], {}, {"access": "a"})
    return made


def test_after_rotation_the_new_key_is_enough(old: Store, database_url: str) -> None:
    accounts = fill(old)
    assert old.used_keys() == {"old": 4}
    with open_store(database_url, BOTH) as store:
        assert store.rotate(actor="eva") == 4
        assert store.rotate() == 0
        assert store.used_keys() == {"new": 4}
        line = store.audit.list(1)[0]
        assert (line.actor, line.action, line.subject) == ("eva", "secrets.rotated", "new")
        assert line.details == {"secrets": 4, "before": ["old"]}
    new = KeyRing.parse(BOTH.text.splitlines()[0])
    with open_store(database_url, new) as store:
        assert [store.accounts.connection(account)["token"] for account in accounts] == ["t0", "t1", "t2"]
        assert store.accounts.tokens(accounts[0]) == {"access": "a"}
    with pytest.raises(StoreError, match=r"the key new, which is not on the ring \(old\)"):
        open_store(database_url, OLD)


def test_a_rotation_that_broke_off_is_taken_up(old: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = fill(old)
    monkeypatch.setattr(module, "BATCH", 2)
    with open_store(database_url, BOTH) as store:
        assert store._rotate("eva") == 2  # noqa: SLF001 - the first batch, as one that is killed leaves it
        assert store.used_keys() == {"old": 2, "new": 2}
        store.ready()
        assert [store.accounts.connection(account)["token"] for account in accounts] == ["t0", "t1", "t2"]
        assert store.rotate() == 2


def test_what_was_encrypted_with_the_old_key_is_gone_from_the_files(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with open_store(url, OLD, migrate=True) as store:
        fill(store)
    with open_store(url, BOTH) as store:
        store.rotate()
        assert b"r1.old." not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"r1.new." in b"".join(path.read_bytes() for path in tmp_path.iterdir())
