"""Which version the tables are of, and how they get to another.

Alembic is only loaded where there is something to do.
"""

from sqlalchemy import Connection, inspect, text

from engine.errors import StoreError, UsageError
from engine.store.database import Database

__all__ = ["HEAD", "downgrade", "upgrade", "version"]

#: The version this code works with.
HEAD = "0002"
#: Of our own, so that the store can be in a database that has another use of Alembic.
TABLE = "rollbook_version"
#: Tells our lock from others, in PostgreSQL.
_LOCK = 0x726F6C6C


def version(connection: Connection) -> str | None:
    """Return the version of the tables; None where there are none."""
    if not inspect(connection).has_table(TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a name of our own


def check(connection: Connection, shown: str) -> None:
    """Raise StoreError where the tables are not those that this code works with."""
    found = version(connection)
    if found == HEAD:
        return
    if found is None:
        raise StoreError(f"there is no store in {shown} yet; run `rollbook database upgrade`")
    if found > HEAD:
        raise StoreError(f"the store {shown} is of a later Rollbook (its version is {found}, not {HEAD}); install that")
    raise StoreError(f"the store {shown} is of an earlier Rollbook; run `rollbook database upgrade`")


def upgrade(database: Database) -> None:
    """Bring the tables to the version of this code; one process does it, others wait. Raises StoreError."""
    database.create()
    with database.writing() as connection:
        _wait_for_others(connection)
        found = version(connection)
        if found is None or found < HEAD:
            _run(connection, "upgrade", HEAD)
        else:
            check(connection, database.shown)


def downgrade(database: Database, target: str) -> None:
    """Bring the tables back to an earlier version; `base` takes all of them, and what is in them, away."""
    with database.writing() as connection:
        _wait_for_others(connection)
        check(connection, database.shown)
        _run(connection, "downgrade", target)


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _run(connection: Connection, direction: str, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        getattr(command, direction)(config, target)
    except CommandError as error:
        raise UsageError(f"{error}; give the version of an earlier Rollbook, or `base`") from None
