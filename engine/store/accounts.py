"""The accounts: made, read, changed, and marked with what their calls return."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.errors import StoreError, UsageError
from engine.redaction import Redaction
from engine.store import sealed, tables
from engine.store.account import Account, AccountExists, NoSuchAccount, Status, is_id, new_id, status, title
from engine.store.audit import note
from engine.store.database import Database
from engine.store.leases import LEASE, Release, locked, take
from engine.store.ring import KeyRing
from engine.telling import cut

__all__ = ["Accounts"]

#: Who changes something, where nobody is named.
ITSELF = "rollbook"
#: How soon an account is marked again that is as it was.
AGAIN = timedelta(seconds=60)
_ACCOUNTS = tables.accounts.c


class Accounts:
    """All methods may be called from any thread. They raise NoSuchAccount, UsageError, or StoreError."""

    #: How long a lock lasts whose owner died, in seconds; see `locked`.
    lease = LEASE

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    def create(
        self,
        provider: str,
        name: str,
        values: Mapping[str, Any],
        *,
        secret: Iterable[str],
        overrides: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002 - what it is called everywhere
        actor: str = ITSELF,
    ) -> Account:
        """Keep a connection: checked values, of which those named in `secret` are encrypted."""
        account = new_id() if id is None else id
        if not is_id(account):
            raise UsageError("the id of an account has 1 to 64 letters, digits, `-` and `_`")
        public, hidden = _parted(values, secret)
        now = datetime.now(UTC)
        row: dict[str, Any] = {"id": account, "provider": provider, "name": title(name), "status": "active"}
        row |= {"public": public, "overrides": overrides, "version": 1, "created_at": now, "updated_at": now}
        with self._database.writing() as connection:
            try:
                connection.execute(insert(tables.accounts).values(row))
            except IntegrityError:
                raise AccountExists(account) from None
            sealed.keep(connection, self._ring, account, sealed.CONNECTION, hidden)
            note(connection, actor, "account.created", account, provider=provider, fields=sorted(values))
            return _read(connection, account)

    def get(self, account: str) -> Account:
        """Return an account."""
        with self._database.reading() as connection:
            return _read(connection, account)

    def named(self, name: str) -> list[Account]:
        """Return the account of this id, or else all of this name."""
        with self._database.reading() as connection:
            rows = _rows(connection, select(tables.accounts).where(_ACCOUNTS.id == name)) if is_id(name) else []
            if rows or not name.isprintable():
                return rows
            return _rows(connection, select(tables.accounts).where(_ACCOUNTS.name == name).limit(100))

    def connection(self, account: str) -> dict[str, Any]:
        """Return all values of the connection, secrets too: only for calls, never to be shown."""
        with self._database.reading() as connection:
            found = _read(connection, account)
            return {**found.values, **sealed.stored(connection, self._ring, account, sealed.CONNECTION)}

    def list(
        self,
        limit: int = 100,
        after: str | None = None,
        provider: str | None = None,
        status: Status | None = None,
        only: Collection[str] | None = None,
    ) -> list[Account]:
        """Return accounts in the order they were made, beginning `after` an id; of `only` some ids, or of all."""
        wanted = select(tables.accounts).order_by(_ACCOUNTS.id).limit(limit)
        if only is not None:
            wanted = wanted.where(_ACCOUNTS.id.in_(sorted(only)))
        for column, value in ((_ACCOUNTS.provider, provider), (_ACCOUNTS.status, status)):
            wanted = wanted if value is None else wanted.where(column == value)
        with self._database.reading() as connection:
            return _rows(connection, wanted if after is None else wanted.where(_ACCOUNTS.id > after))

    def update(
        self,
        account: str,
        *,
        name: str | None = None,
        values: Mapping[str, Any] | None = None,
        secret: Iterable[str] = (),
        status: Status | None = None,
        overrides: Mapping[str, Any] | None = None,
        actor: str = ITSELF,
    ) -> Account:
        """Change what is given. Of `values` those that are None are taken off; `secret` names secrets among the others.

        An account whose values change is taken for active until a call tells otherwise, and its tokens are forgotten.
        """
        with self._database.writing() as connection:
            found = _read(connection, account, locked=True)
            changes = _changes(found, name, status, overrides)
            if values:
                changes |= self._replace(connection, found, values, {*secret, *found.secrets})
            if changes:
                changed = {**changes, "updated_at": datetime.now(UTC)}
                connection.execute(update(tables.accounts).where(_ACCOUNTS.id == account).values(changed))
                told = sorted({*changes} - {"public", "version", "status_reason"} | {*(values or ())})
                note(connection, actor, "account.updated", account, changed=told, **_only(changes, "status"))
            return _read(connection, account)

    def delete(self, account: str, *, actor: str = ITSELF) -> None:
        """Forget an account with its secrets; API keys lose it."""
        with self._database.writing() as connection:
            found = _read(connection, account, locked=True)
            connection.execute(delete(tables.accounts).where(_ACCOUNTS.id == account))
            note(connection, actor, "account.deleted", account, provider=found.provider)

    def mark(
        self, account: str, to: Status, why: str | None = None, *, version: int | None = None, actor: str = ITSELF
    ) -> None:
        """Keep what a call told of an account. One that a person disabled stays so; `update` enables it again.

        What a call told of other credentials than those of `version` is kept by nobody: it holds no longer.
        """
        to, now = status(to), datetime.now(UTC)
        with self._database.reading() as connection:
            if _as_it_was(_read(connection, account), to, why, now):
                return
        with self._database.writing() as connection:
            found = _read(connection, account, locked=True)
            if found.status == "disabled" or version not in (None, found.version):
                return
            reason = self._reason(connection, account, why)
            changes = {"status": to, "status_reason": reason, "checked_at": now}
            connection.execute(update(tables.accounts).where(_ACCOUNTS.id == account).values(changes))
            if found.status != to:
                note(connection, actor, "account.marked", account, before=found.status, status=to)

    def tokens(self, account: str, *, version: int | None = None) -> dict[str, Any]:
        """Return what the last run was given by the provider, for the next to go on with; secret."""
        with self._database.reading() as connection:
            _current(_read(connection, account), version)
            return sealed.stored(connection, self._ring, account, sealed.HELD)

    def keep_token(
        self,
        account: str,
        replaced: Mapping[str, Any],
        held: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        actor: str = ITSELF,
    ) -> None:
        """Keep fields of the connection that the provider replaced, and what `tokens` gives then, both or neither.

        It is on disk when this returns. Raises StoreError where the credentials are not those of `version` any more:
        what came of earlier ones must not replace later ones.
        """
        with self._database.writing() as connection:
            found = _current(_read(connection, account, locked=True), version)
            if held is not None:
                sealed.drop(connection, account, sealed.HELD)
                sealed.keep(connection, self._ring, account, sealed.HELD, held)
            if replaced:
                public = {field: value for field, value in found.values.items() if field not in replaced}
                connection.execute(update(tables.accounts).where(_ACCOUNTS.id == account).values(public=public))
                sealed.keep(connection, self._ring, account, sealed.CONNECTION, replaced)
                note(connection, actor, "account.token_replaced", account, fields=sorted(replaced))

    def locked(self, account: str, seconds: float = LEASE) -> AbstractContextManager[None]:
        """Hold an account against all other threads and processes, for as long as a token is renewed.

        Waits while another has it. Who dies loses it: at once in PostgreSQL, after `seconds` in SQLite, where who needs
        longer than that may lose it as well. Raises StoreError where others have it all the time.
        """
        return locked(self._database, f"account {account}", seconds)

    def take(self, account: str) -> Release | None:
        """Take the same lock without waiting; return what gives it back, or None where another has it."""
        return take(self._database, f"account {account}", self.lease)

    def _replace(
        self, connection: Connection, found: Account, values: Mapping[str, Any], secret: set[str]
    ) -> dict[str, Any]:
        """Replace values, and return what else changes with them."""
        public, hidden = _parted(values, secret)
        sealed.drop(connection, found.id, sealed.CONNECTION, values)
        sealed.drop(connection, found.id, sealed.HELD)
        sealed.keep(connection, self._ring, found.id, sealed.CONNECTION, hidden)
        kept = {field: value for field, value in found.values.items() if field not in values}
        changes: dict[str, Any] = {"public": {**kept, **public}, "version": found.version + 1}
        if found.status not in ("active", "disabled"):
            changes |= {"status": "active", "status_reason": None}
        return changes

    def _reason(self, connection: Connection, account: str, why: str | None) -> str | None:
        """Return a reason as it may be kept: short, without secrets, and in characters that a database takes."""
        if why is None:
            return None
        kinds = (sealed.CONNECTION, sealed.HELD)
        hidden = [value for kind in kinds for value in sealed.stored(connection, self._ring, account, kind).values()]
        shown = Redaction(str(value) for value in hidden if not isinstance(value, bool))(why)
        return cut(shown.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _current(found: Account, version: int | None) -> Account:
    """Return an account. Raises StoreError where its credentials are not those of a version any more."""
    if version is not None and version != found.version:
        raise StoreError(f"the credentials of account {found.id} were replaced meanwhile; run again")
    return found


def _parted(values: Mapping[str, Any], secret: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what may be shown, and what is secret; without what is None."""
    secret = frozenset(secret)
    given = {field: value for field, value in values.items() if value is not None}
    hidden = {field: value for field, value in given.items() if field in secret}
    return {field: value for field, value in given.items() if field not in secret}, hidden


def _changes(
    found: Account, name: str | None, to: Status | None, overrides: Mapping[str, Any] | None
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if name is not None and title(name) != found.name:
        changes["name"] = title(name)
    if overrides is not None and overrides != found.overrides:
        changes["overrides"] = overrides
    if to is not None and status(to) != found.status:
        changes |= {"status": to, "status_reason": None}
    return changes


def _only(changes: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: changes[name]} if name in changes else {}


def _as_it_was(found: Account, to: Status, why: str | None, now: datetime) -> bool:
    """Whether there is nothing to write: a busy account is not marked again with every page."""
    if found.status == "disabled":
        return True
    lately = found.checked_at is not None and now - found.checked_at < AGAIN
    return lately and found.status == to and (why is None) == (found.status_reason is None)


def _read(connection: Connection, account: str, *, locked: bool = False) -> Account:
    """Return an account; `locked` against others that change it, until the end of the transaction."""
    wanted = select(tables.accounts).where(_ACCOUNTS.id == account)
    found = _rows(connection, wanted.with_for_update() if locked else wanted) if is_id(account) else []
    if not found:
        raise NoSuchAccount(account)
    return found[0]


def _rows(connection: Connection, wanted: "Select[Any]") -> list[Account]:
    found = [_account(row) for row in connection.execute(wanted)]
    table = tables.secrets.c
    of = table.account_id.in_([account.id for account in found])
    names: dict[str, set[str]] = {}
    for row in connection.execute(select(table.account_id, table.field).where(of, table.kind == sealed.CONNECTION)):
        names.setdefault(row.account_id, set()).add(row.field)
    return [replace(account, secrets=frozenset(names.get(account.id, ()))) for account in found]


def _account(row: Row[Any]) -> Account:
    values = {name: value for name, value in row._mapping.items() if name != "public"}  # noqa: SLF001 - its public name
    return Account(**values, values=row.public, secrets=frozenset())
