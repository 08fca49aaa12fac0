"""API keys: 256 random bits, shown once, of which a hash is kept."""

import hmac
import os
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, insert, select, update

from engine.errors import UsageError
from engine.spelling import did_you_mean
from engine.store import tables
from engine.store.account import NoSuchAccount, title
from engine.store.accounts import ITSELF
from engine.store.audit import note
from engine.store.database import Database
from engine.telling import cut

__all__ = ["ApiKey", "ApiKeys", "Scope"]

Scope = Literal["read", "admin"]

#: `rbk_ID_SECRET`: the beginning lets scanners for leaked keys know it.
_TEXT = re.compile(r"rbk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[0-9a-f]{12}")
_KEYS = tables.api_keys.c
_NO_HASH = bytes(32)


@dataclass(frozen=True)
class ApiKey:
    """What a key may do: `read` records, or `admin`, also change accounts and keys.

    `accounts` are those it is for; None: for all, also those that come later. `rate` is how many requests a minute it
    has; None: as many as the service allows.
    """

    id: str
    name: str
    scope: Scope
    accounts: frozenset[str] | None
    rate: int | None
    created_at: datetime
    revoked_at: datetime | None

    def allows(self, account: str) -> bool:
        """Whether it is for an account."""
        return self.accounts is None or account in self.accounts


class ApiKeys:
    """All methods may be called from any thread. They raise UsageError or StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        scope: Scope,
        accounts: Iterable[str] | None,
        name: str,
        rate: int | None = None,
        *,
        actor: str = ITSELF,
    ) -> tuple[ApiKey, str]:
        """Make a key for some accounts, or for all; its text can never be had again."""
        if scope not in get_args(Scope):
            raise UsageError(f"a key cannot have the scope {cut(scope, 80)!r}; {did_you_mean(scope, get_args(Scope))}")
        if rate is not None and not 1 <= rate <= 1_000_000:
            raise UsageError(
                "the rate of a key is 1 to 1000000 requests a minute; leave it out for no bound of its own"
            )
        only = None if accounts is None else sorted(set(accounts))
        made = os.urandom(6).hex()
        text = f"rbk_{made}_{urlsafe_b64encode(os.urandom(32)).rstrip(b'=').decode()}"
        row = {"id": made, "name": title(name), "scope": scope, "every_account": only is None, "rate": rate}
        row |= {"hash": _hash(text), "created_at": datetime.now(UTC)}
        with self._database.writing() as connection:
            connection.execute(insert(tables.api_keys).values(row))
            if only is not None:
                _grant(connection, made, only)
            note(connection, actor, "key.created", made, scope=scope, accounts=only, rate=rate)
            return _read(connection, made), text

    def check(self, text: str) -> ApiKey | None:
        """Return the key of a text; None where there is none, or where it is revoked. Takes as long either way."""
        found = _TEXT.fullmatch(text)
        with self._database.reading() as connection:
            row = _row(connection, found[1] if found else "")
            same = hmac.compare_digest(row.hash if row else _NO_HASH, _hash(text if found else ""))
            if row is None or not same or row.revoked_at is not None:
                return None
            return _key(connection, row)

    def list(self) -> list[ApiKey]:
        """Return all keys, the revoked ones too, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(tables.api_keys).order_by(_KEYS.created_at, _KEYS.id)).all()
            return [_key(connection, row) for row in rows]

    def revoke(self, key: str, *, actor: str = ITSELF) -> ApiKey:
        """Have a key do nothing from now on; one that is revoked already stays so."""
        with self._database.writing() as connection:
            found = _read(connection, key)
            if found.revoked_at is None:
                now = {"revoked_at": datetime.now(UTC)}
                connection.execute(update(tables.api_keys).where(_KEYS.id == key).values(now))
                note(connection, actor, "key.revoked", key)
            return _read(connection, key)


def _hash(text: str) -> bytes:
    """Return the hash of a key. It need not be slow: nobody can try 2^256 keys."""
    return blake2b(text.encode(), digest_size=32, person=b"rollbook api key").digest()


def _grant(connection: Connection, key: str, accounts: list[str]) -> None:
    there = set(connection.scalars(select(tables.accounts.c.id).where(tables.accounts.c.id.in_(accounts))))
    for account in accounts:
        if account not in there:
            raise NoSuchAccount(account)
    if accounts:
        rows = [{"key_id": key, "account_id": account} for account in accounts]
        connection.execute(insert(tables.api_key_accounts), rows)


def _row(connection: Connection, key: str) -> Row[Any] | None:
    return connection.execute(select(tables.api_keys).where(_KEYS.id == key)).first()


def _read(connection: Connection, key: str) -> ApiKey:
    row = _row(connection, key) if _ID.fullmatch(key) else None
    if row is None:
        raise UsageError("there is no API key of this id; `rollbook keys list` shows those there are")
    return _key(connection, row)


def _key(connection: Connection, row: Row[Any]) -> ApiKey:
    table = tables.api_key_accounts.c
    only = None
    if not row.every_account:
        only = frozenset(connection.scalars(select(table.account_id).where(table.key_id == row.id)))
    return ApiKey(row.id, row.name, row.scope, only, row.rate, row.created_at, row.revoked_at)
