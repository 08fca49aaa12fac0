"""The store, opened: its accounts, API keys and audit over one database and one key ring."""

from collections import Counter
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from engine.store import sealed, tables
from engine.store.account import Account
from engine.store.accounts import ITSELF, Accounts
from engine.store.apikeys import ApiKeys
from engine.store.audit import Audit, note
from engine.store.database import Database
from engine.store.keeping import AccountKeeper
from engine.store.migrating import check, upgrade
from engine.store.ring import KeyRing, key_of
from engine.store.waiting import Waiting

__all__ = ["Store", "open_store"]

_SECRETS = tables.secrets.c
#: How many secrets are encrypted anew in one transaction: others need not wait long.
BATCH = 200


class Store:
    """Safe to use from threads; also a context manager. `ring` seals what leaves and comes back, such as cursors."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self.ring = ring
        self.accounts = Accounts(database, ring)
        self.keys = ApiKeys(database)
        self.audit = Audit(database)
        self.waiting = Waiting(database, ring)

    def __repr__(self) -> str:
        return f"Store({self._database.shown})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def keeper(self, account: Account) -> AccountKeeper:
        """Return what keeps the tokens of an account, for its runs and channels (`keeper=`)."""
        return AccountKeeper(self.accounts, account.id, account.version)

    def ready(self) -> None:
        """Raise StoreError where the database does not answer, is of another version, or has secrets no key opens."""
        with self._database.reading() as connection:
            check(connection, self._database.shown)
            for kid in connection.scalars(select(_SECRETS.key_id).distinct()).all():  # of each key, any secret will do
                one = connection.execute(select(tables.secrets).where(_SECRETS.key_id == kid).limit(1)).one()
                sealed.opened(self.ring, one)

    def used_keys(self) -> Counter[str]:
        """Return how many secrets each key of a ring has encrypted; one that is not in here may be taken off."""
        counted = select(_SECRETS.key_id, func.count()).group_by(_SECRETS.key_id)
        with self._database.reading() as connection:
            return Counter({row[0]: row[1] for row in connection.execute(counted)})

    def rotate(self, *, actor: str = ITSELF) -> int:
        """Encrypt every secret anew that another key than the first encrypted; return how many.

        May be broken off and run again. Raises StoreError where one cannot be decrypted; those before it are done.
        """
        done = 0
        while batch := self._rotate(actor):
            done += batch
        self._database.tidy()
        return done

    def _rotate(self, actor: str) -> int:
        first = self.ring.kids[0]
        with self._database.writing() as connection:
            wanted = select(tables.secrets).where(_SECRETS.key_id != first).limit(BATCH).with_for_update()
            rows = connection.execute(wanted).all()
            for row in rows:
                sealed.reseal(connection, self.ring, row)
            if rows:
                before = sorted({key_of(row.sealed) for row in rows})
                note(connection, actor, "secrets.rotated", first, secrets=len(rows), before=before)
            return len(rows)


def open_store(url: str, ring: KeyRing, *, migrate: bool = False) -> Store:
    """Open the store at `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/DATABASE`.

    Tables of an earlier version, or none, are brought to this one with `migrate`. Raises UsageError for an address of
    no database, StoreError where it cannot be used, is of another version, or has secrets that the ring cannot open.
    """
    database = Database(url)
    store = Store(database, ring)
    try:
        if migrate:
            upgrade(database)
        database.must_exist()
        store.ready()
    except BaseException:
        store.close()
        raise
    return store
