"""Locks that hold across threads and processes, and end with whoever has them.

PostgreSQL has such locks: they end with the connection. In SQLite a row says who has the lock, and until when.
"""

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b

from sqlalchemy import Connection, delete, insert, select, text, update

from engine.errors import StoreError
from engine.store import tables
from engine.store.database import Database

__all__ = ["LEASE", "Patience", "Release", "locked", "take"]

#: How long a lock lasts whose owner says nothing more, in seconds: longer than the requests for a token take.
LEASE = 60.0
#: How often a lock is asked for again, in seconds; a little more or less each time.
PAUSE = 0.05
#: Gives a lock back.
Release = Callable[[], None]
_LEASES = tables.leases.c


class Patience:
    """How long to wait for a lock: until one whose owner died is over, and some that come before us."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._end = time.monotonic() + seconds * 2 + 1

    def pause(self) -> float:
        """Return how long to wait before asking again, in seconds. Raises StoreError at the end."""
        if time.monotonic() > self._end:
            raise StoreError(f"{self._name} is held by others all the time; run again later")
        return PAUSE * random.uniform(0.5, 1.5)  # noqa: S311 - it is no secret


@contextmanager
def locked(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold a lock; see `Accounts.locked`."""
    patience = Patience(name, seconds)
    while (release := take(database, name, seconds)) is None:
        time.sleep(patience.pause())
    try:
        yield
    finally:
        release()


def take(database: Database, name: str, seconds: float) -> Release | None:
    """Take a lock, without waiting; return what gives it back, from any thread, or None where another has it."""
    return _leased(database, name, seconds) if database.is_sqlite else _advised(database, name)


def _advised(database: Database, name: str) -> Release | None:
    """Take an advisory lock of PostgreSQL, on a connection of its own: one that is held uses up no others."""
    key = int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"rollbook").digest(), signed=True)
    connection = database.single()
    try:
        with database.told():
            if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                return partial(_end, database, connection, key)
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _end(database: Database, connection: Connection, key: int) -> None:
    """Give an advisory lock back; it ends with its connection as well, also where the server is gone."""
    with suppress(StoreError), database.told():
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    connection.close()


def _leased(database: Database, name: str, seconds: float) -> Release | None:
    """Take a row of `leases`; one that is over is anybody's."""
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{threading.get_ident()}:{os.urandom(4).hex()}"
    now = time.time()
    values = {"owner": owner, "until": now + seconds}
    with database.reading() as connection:  # whoever waits keeps no writer waiting
        if connection.execute(select(_LEASES.name).where(_LEASES.name == name, _LEASES.until >= now)).first():
            return None
    with database.writing() as connection:
        until = connection.execute(select(_LEASES.until).where(_LEASES.name == name)).scalar()
        if until is None:
            connection.execute(insert(tables.leases).values(name=name, **values))
        elif until < now:
            connection.execute(update(tables.leases).where(_LEASES.name == name).values(values))
    return partial(_give_back, database, name, owner) if until is None or until < now else None


def _give_back(database: Database, name: str, owner: str) -> None:
    """Take a row away, unless it is another's by now."""
    with database.writing() as connection:
        connection.execute(delete(tables.leases).where(_LEASES.name == name, _LEASES.owner == owner))
