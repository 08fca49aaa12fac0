"""The secrets of an account, each encrypted for its own place: account, kind and field."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from engine.errors import StoreError, Unsealed
from engine.store import tables
from engine.store.ring import KeyRing

__all__ = ["CONNECTION", "HELD", "drop", "keep", "opened", "reseal", "stored"]

#: Fields of a connection, as a customer supplied them or a provider replaced them.
CONNECTION = "connection"
#: What a run was given by a provider and another can go on with, such as an access token.
HELD = "held"

_PURPOSE = "secret"


def keep(connection: Connection, ring: KeyRing, account: str, kind: str, values: Mapping[str, Any]) -> None:
    """Encrypt values, in place of those of the same names."""
    if not values:
        return
    drop(connection, account, kind, values)
    rows = []
    for field, value in values.items():
        sealed = ring.seal(_PURPOSE, json.dumps(value).encode(), _place(account, kind, field))
        row = {"account_id": account, "kind": kind, "field": field, "sealed": sealed}
        rows.append({**row, "key_id": ring.kids[0], "updated_at": datetime.now(UTC)})
    connection.execute(insert(tables.secrets), rows)


def drop(connection: Connection, account: str, kind: str, fields: Iterable[str] | None = None) -> None:
    """Forget values: those named, or all of a kind."""
    table = tables.secrets.c
    wanted = delete(tables.secrets).where(table.account_id == account, table.kind == kind)
    connection.execute(wanted if fields is None else wanted.where(table.field.in_(list(fields))))


def stored(connection: Connection, ring: KeyRing, account: str, kind: str) -> dict[str, Any]:
    """Return the values of a kind, decrypted. Raises StoreError where one cannot be."""
    table = tables.secrets.c
    wanted = select(tables.secrets).where(table.account_id == account, table.kind == kind)
    return {row.field: json.loads(opened(ring, row)) for row in connection.execute(wanted)}


def opened(ring: KeyRing, row: Row[Any]) -> bytes:
    """Return what a row has, as JSON. Raises StoreError that names the row and never a value."""
    try:
        return ring.open(_PURPOSE, row.sealed, _place(row.account_id, row.kind, row.field))
    except Unsealed as fault:
        what = f"the secret `{row.field}` of account {row.account_id} cannot be decrypted: {fault}"
        do = "put the key on the ring that it was encrypted with, or give the account its secrets again"
        raise StoreError(f"{what}; {do}") from None


def reseal(connection: Connection, ring: KeyRing, row: Row[Any]) -> None:
    """Encrypt a row anew, with the first key of the ring."""
    keep(connection, ring, row.account_id, row.kind, {row.field: json.loads(opened(ring, row))})


def _place(account: str, kind: str, field: str) -> list[str]:
    return ["secrets", account, kind, field]
