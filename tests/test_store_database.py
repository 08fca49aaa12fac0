"""The database: addresses, files, errors without secrets, transactions."""

import stat
import threading
from contextlib import closing, suppress
from pathlib import Path

import postgres
import pytest
from sqlalchemy import text

from engine.errors import StoreError, UsageError
from engine.store.database import Database


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "cannot be read; give sqlite:///PATH or postgresql://"),
        ("hush-hush", "cannot be read"),
        ("postgresql://a:hush-hush@host:port/x", "cannot be read"),
        ("sqlite://", "the store needs a file"),
        ("sqlite:///:memory:", "the store needs a file"),
        ("sqlite:///a.db?mode=ro", "the store needs a file"),
        ("mysql://a:hush-hush@host/x", "the store cannot be in mysql"),
        ("nonsense+more://a:hush-hush@host/x", "the store cannot be in nonsense"),
    ],
)
def test_an_address_of_no_database_is_refused_and_not_quoted(url: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        Database(url)
    assert told in str(error.value)
    assert "hush-hush" not in str(error.value)


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    database = Database("postgres://eva:hush-hush@127.0.0.1:9/x?connect_timeout=1&sslpassword=hush-hush")
    assert database.shown == "postgresql://eva:***@127.0.0.1:9/x"
    assert "hush-hush" not in f"{database!r} {database.shown}"
    with pytest.raises(StoreError, match="eva:.*@127.0.0.1:9/x.* cannot be used: ") as error, database.reading():
        pass
    assert "hush-hush" not in str(error.value)


def test_the_file_is_its_owners_only_and_so_is_its_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/a.db")
    database.create()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE a (x INTEGER)"))
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    database.close()


def test_a_file_that_is_no_database_or_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("hello " * 1000)
    with pytest.raises(StoreError, match="file is not a database"), Database(f"sqlite:///{tmp_path}/a.db").reading():
        pass
    with pytest.raises(StoreError, match="cannot make the store"):
        Database(f"sqlite:///{tmp_path}/a.db/b.db").create()


def test_an_error_shows_no_statement_and_no_value(database_url: str) -> None:
    database = Database(database_url)
    database.create()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE a (x INTEGER PRIMARY KEY)"))
    with pytest.raises(StoreError, match="cannot be used") as error, database.writing() as connection:
        connection.execute(text("INSERT INTO none VALUES (:x)"), {"x": "hush-hush"})
    assert "hush-hush" not in str(error.value)
    database.close()


def test_what_fails_on_the_way_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    database.create()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE a (x INTEGER)"))
    with suppress(ZeroDivisionError), database.writing() as connection:
        connection.execute(text("INSERT INTO a VALUES (1)"))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM a")).scalar() == 0
    database.close()


def test_many_who_read_and_then_write_at_once_all_succeed(database_url: str) -> None:
    database = Database(database_url)
    database.create()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE a (x INTEGER)"))
        connection.execute(text("INSERT INTO a VALUES (0)"))
    failed: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(10):
                with database.writing() as connection:
                    connection.execute(text("SELECT x FROM a")).scalar()
                    connection.execute(text("UPDATE a SET x = x + 1"))
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as connection:
        assert connection.execute(text("SELECT x FROM a")).scalar() == 80
    database.close()


def test_no_statement_takes_for_ever(postgres_server: str) -> None:
    given = postgres.new_database(postgres_server)
    own = f"{given}{'&' if '?' in given else '?'}options=-c%20statement_timeout%3D5000"
    for url, limit in ((given, "1min"), (own, "5s")):
        with closing(Database(url)) as database, database.reading() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == limit
