"""Locks that hold across threads and processes, and end with whoever has them.

PostgreSQL has such locks: they end with the connection. In SQLite a row says who has the lock, and until when.
"""

import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from engine.errors import StoreError
from engine.store import tables
from engine.store.database import Database

__all__ = ["LEASE", "locked"]

#: How long a lock lasts whose owner says nothing more, in seconds: longer than the requests for a token take.
LEASE = 60.0
#: How often a lock is asked for again in SQLite, in seconds; a little more or less each time.
PAUSE = 0.05
_LEASES = tables.leases.c


@contextmanager
def locked(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold a lock; see `Accounts.locked`."""
    with _leased(database, name, seconds) if database.is_sqlite else _advised(database, name, seconds):
        yield


@contextmanager
def _advised(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold an advisory lock of PostgreSQL, on a connection of its own: whoever waits for a lock uses up no others."""
    key = int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"rollbook").digest(), signed=True)
    with database.alone() as connection:
        connection.execute(text(f"SET lock_timeout = {_patience(seconds) * 1000:.0f}"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == "55P03":  # lock_not_available
                raise _taken(name) from None
            raise
        try:
            yield
        finally:
            with suppress(DBAPIError):  # it ends with the connection as well, which is closed next
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def _leased(database: Database, name: str, seconds: float) -> Iterator[None]:
    """Hold a row of `leases`; one that is over is anybody's."""
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{threading.get_ident()}:{os.urandom(4).hex()}"
    end = time.monotonic() + _patience(seconds)
    while not _take(database, name, owner, seconds):
        if time.monotonic() > end:
            raise _taken(name)
        time.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 - it is no secret
    try:
        yield
    finally:
        with database.writing() as connection:
            connection.execute(delete(tables.leases).where(_LEASES.name == name, _LEASES.owner == owner))


def _take(database: Database, name: str, owner: str, seconds: float) -> bool:
    now = time.time()
    with database.reading() as connection:  # whoever waits keeps no writer waiting
        if connection.execute(select(_LEASES.name).where(_LEASES.name == name, _LEASES.until >= now)).first():
            return False
    values = {"owner": owner, "until": now + seconds}
    with database.writing() as connection:
        row = connection.execute(select(_LEASES.until).where(_LEASES.name == name)).first()
        if row is None:
            connection.execute(insert(tables.leases).values(name=name, **values))
        elif row.until < now:
            connection.execute(update(tables.leases).where(_LEASES.name == name).values(values))
        return row is None or row.until < now


def _patience(seconds: float) -> float:
    """Return how long to wait for a lock: until one whose owner died is over, and some that come before us."""
    return seconds * 2 + 1


def _taken(name: str) -> StoreError:
    return StoreError(f"{name} is held by others all the time; run again later")
