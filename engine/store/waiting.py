"""What waits for somebody to come back within a time, and is taken once: by one process, whichever they come to."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from engine.errors import StoreError, Unsealed
from engine.store import tables
from engine.store.database import Database
from engine.store.ring import KeyRing

__all__ = ["Waiting"]

_PURPOSE = "waiting"
_WAITING = tables.waiting.c


class Waiting:
    """All methods may be called from any thread. They raise StoreError."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    def put(self, data: Mapping[str, Any], seconds: float) -> str:
        """Keep JSON data, secrets too, for so many seconds; return the name to take it by, which cannot be guessed."""
        name, now = os.urandom(16).hex(), datetime.now(UTC)
        sealed = self._ring.seal(_PURPOSE, json.dumps(data).encode(), [name])
        row = {"id": name, "sealed": sealed, "until": now + timedelta(seconds=seconds)}
        with self._database.writing() as connection:
            connection.execute(delete(tables.waiting).where(_WAITING.until < now))
            connection.execute(insert(tables.waiting).values(row))
        return name

    def take(self, name: str) -> dict[str, Any] | None:
        """Return what was put there and forget it; None where there is nothing, or its time is over."""
        with self._database.writing() as connection:
            row = connection.execute(select(tables.waiting).where(_WAITING.id == name).with_for_update()).first()
            taken = connection.execute(delete(tables.waiting).where(_WAITING.id == name))
            if row is None or not taken.rowcount or row.until < datetime.now(UTC):
                return None
        try:
            found: dict[str, Any] = json.loads(self._ring.open(_PURPOSE, row.sealed, [name]))
        except Unsealed as fault:
            raise StoreError(f"what waits in the store cannot be decrypted: {fault}; begin again") from None
        return found
