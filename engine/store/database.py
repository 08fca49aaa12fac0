"""The database: SQLite in WAL, or PostgreSQL. Transactions that read, and others that write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from engine.errors import StoreError, UsageError

__all__ = ["Database"]

#: How long one writer waits for another in SQLite, in milliseconds.
BUSY = 15_000
#: How long a connection to PostgreSQL may take, in seconds.
CONNECTING = 10
#: How long one statement in PostgreSQL may take, in milliseconds; those of the store take a few.
STATEMENT = 60_000
#: The oldest PostgreSQL that is tested, as its server tells it.
OLDEST = 150000
_WANTED = "give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


class Database:
    """Safe to use from threads. `shown` is its address without a password or options, which may have one.

    Raises UsageError for an address of no database.
    """

    def __init__(self, url: str) -> None:
        self._url = _address(url)
        backend = self._url.get_backend_name()
        self.shown = self._url.set(drivername=backend, query={}).render_as_string(hide_password=True)
        self.is_sqlite = backend == "sqlite"
        self.path = Path(self._url.database or "") if self.is_sqlite else None
        self._engine = _sqlite(self._url) if self.is_sqlite else _postgres(self._url)
        self._singles = create_engine(self._engine.url, poolclass=NullPool, hide_parameters=True)

    def __repr__(self) -> str:
        return f"Database({self.shown})"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def create(self) -> None:
        """Make the file of SQLite, for its owner only, and its folder. Raises StoreError."""
        if self.path is None or self.path.exists():
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(f"cannot make the store {self.path}: {error.strerror}") from None

    def must_exist(self) -> None:
        """Raise StoreError where there is no file of SQLite, which opening it would make."""
        if self.path is not None and not self.path.is_file():
            raise StoreError(f"there is no store in {self.path} yet; `rollbook connect` makes one")

    def tidy(self) -> None:
        """Let nothing of what was replaced stay in the log of SQLite."""
        if self.is_sqlite:
            with self.told(), self._engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, all of the same moment. Raises StoreError."""
        with self.told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write, all or nothing; in SQLite one after the other. Raises StoreError."""
        with self.told(), self._engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def single(self) -> Connection:
        """Open a connection outside of transactions and of those that others use; to be closed. Raises StoreError."""
        with self.told():
            return self._singles.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what the database does as a StoreError, without statements or values."""
        try:
            yield
        except SQLAlchemyError as error:
            cause: Any = error.orig if isinstance(error, DBAPIError) else error
            what = " ".join(str(cause).split())
            raise StoreError(f"the store {self.shown} cannot be used: {what}") from error


def _address(text: str) -> URL:
    """Read an address. Raises UsageError that does not quote it: it may have a password."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise UsageError(f"the address of the store cannot be read; {_WANTED}") from None
    if backend == "sqlite":
        if url.database in (None, "", ":memory:") or url.query:
            raise UsageError("the store needs a file; give sqlite:///PATH, with four slashes for a path from the root")
        return url.set(drivername="sqlite")
    if backend not in ("postgresql", "postgres"):
        raise UsageError(f"the store cannot be in {backend}; {_WANTED}")
    url = url.set(drivername="postgresql+psycopg")
    return url if "connect_timeout" in url.query else url.update_query_dict({"connect_timeout": str(CONNECTING)})


def _postgres(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15, hide_parameters=True)
    except ModuleNotFoundError:
        raise UsageError("a store in PostgreSQL needs psycopg; run `pip install 'rollbook[postgres]'`") from None

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        version = connection.info.server_version
        if version < OLDEST:
            raise StoreError(f"the server is PostgreSQL {version // 10000}; the store needs 15 or later")
        if "statement_timeout" not in str(url.query.get("options", "")):
            connection.execute(f"SET statement_timeout = {STATEMENT}")
            connection.commit()

    return engine


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, as they are meant
        # FULL: a refresh token that was stored is there after a power cut, too; or the customer is locked out.
        # secure_delete: what is deleted or replaced is gone from the file.
        for setting in (f"busy_timeout={BUSY}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # One that begins by reading and writes later fails at once where another wrote in between.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
