"""The tables: made and taken away by the migrations, in either database, and the same as the code has them."""

import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres import new_database
from sqlalchemy import inspect, text

from engine.errors import StoreError, UsageError
from engine.store import KeyRing, open_store
from engine.store.database import Database
from engine.store.migrating import HEAD, TABLE, downgrade, upgrade, version
from engine.store.tables import metadata

RING = KeyRing.generate()


@pytest.fixture
def second_database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """Return the address of another empty database of the same kind."""
    if database_url.startswith("sqlite"):
        return f"{database_url}.2"
    return new_database(request.getfixturevalue("postgres_server"))


def names(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_the_version_of_the_code_is_the_last_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "engine.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def shape(database: Database) -> dict[str, Any]:
    """Return all tables as the database has them, names of keys and indexes included."""
    found: dict[str, Any] = {}
    with database.reading() as connection:
        about = inspect(connection)
        for name in sorted(set(about.get_table_names()) - {TABLE}):
            columns = [(column["name"], str(column["type"]), column["nullable"]) for column in about.get_columns(name)]
            keys = [(key["name"], key["options"]) for key in about.get_foreign_keys(name)]
            indexes = sorted((index["name"], index["column_names"]) for index in about.get_indexes(name))
            found[name] = [sorted(columns), about.get_pk_constraint(name), sorted(keys, key=str), indexes]
    return found


def test_migrations_make_what_the_code_has(database_url: str, second_database_url: str) -> None:
    migrated, made = Database(database_url), Database(second_database_url)
    upgrade(migrated)
    with migrated.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": TABLE})
        assert compare_metadata(context, metadata) == []
        assert version(connection) == HEAD
    made.create()
    with made.writing() as connection:
        metadata.create_all(connection)
    assert shape(migrated) == shape(made)
    assert len(shape(made)) == len(metadata.tables)
    migrated.close()
    made.close()


def test_migrations_down_leave_nothing_and_up_again_everything(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    made = names(database)
    assert made == {*metadata.tables, TABLE}
    downgrade(database, "base")
    assert names(database) == {TABLE}
    upgrade(database)
    upgrade(database)
    assert names(database) == made
    database.close()


def test_a_migration_that_breaks_off_leaves_all_as_it_was(database_url: str) -> None:
    database = Database(database_url)
    database.create()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE leases (x INTEGER)"))
    with pytest.raises(StoreError, match="already exists"):
        upgrade(database)
    assert names(database) == {"leases"}
    database.close()


def test_two_who_migrate_at_once_do_it_once(database_url: str) -> None:
    failed: list[Exception] = []

    def start() -> None:
        try:
            open_store(database_url, RING, migrate=True).close()
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_store_that_is_not_there_or_of_another_version_says_what_to_do(database_url: str) -> None:
    with pytest.raises(
        StoreError, match="there is no store in .* yet; (run `rollbook database upgrade`|`rollbook connect` makes one)"
    ):
        open_store(database_url, RING)
    open_store(database_url, RING, migrate=True).close()
    database = Database(database_url)
    for found, told in (("0000", "of an earlier Rollbook; run `rollbook database upgrade`"), ("9999", "of a later")):
        with database.writing() as connection:
            connection.execute(text(f"UPDATE {TABLE} SET version_num = '{found}'"))  # noqa: S608
        with pytest.raises(StoreError, match=told):
            open_store(database_url, RING)
    with pytest.raises(StoreError, match="of a later Rollbook"):
        open_store(database_url, RING, migrate=True)
    database.close()


def test_a_version_that_never_was_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    with pytest.raises(UsageError, match="give the version of an earlier Rollbook, or `base`"):
        downgrade(database, "7777")
    database.close()
