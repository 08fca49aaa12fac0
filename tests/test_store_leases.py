"""Locks, in either database: one at a time, across threads and processes, and none for ever."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.errors import StoreError
from engine.store.database import Database
from engine.store.leases import locked, take
from engine.store.migrating import upgrade

HOLDER = """
import sys, time
from engine.store.database import Database
from engine.store.leases import locked
with locked(Database(sys.argv[1]), "account 1", float(sys.argv[2])):
    print("held", flush=True)
    time.sleep(60)
"""
COUNTER = """
import sys
from pathlib import Path
from engine.store.database import Database
from engine.store.leases import locked
database, file = Database(sys.argv[1]), Path(sys.argv[2])
for _ in range(15):
    with locked(database, "account 1", 30):
        file.write_text(str(int(file.read_text()) + 1))
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    upgrade(made)
    yield made
    made.close()


def test_a_lock_is_had_by_one_at_a_time_and_given_back(database: Database) -> None:
    release = take(database, "account 1", 30)
    assert release is not None
    assert take(database, "account 1", 30) is None
    other = take(database, "account 2", 30)
    assert other is not None
    release()
    again = take(database, "account 1", 30)
    assert again is not None
    again()
    other()


def test_a_lock_is_given_back_where_something_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), locked(database, "account 1", 30):
        raise ZeroDivisionError
    with locked(database, "account 1", 30):
        pass


def test_who_waits_gets_it_when_it_is_given_back(database: Database) -> None:
    order: list[str] = []

    def wait() -> None:
        with locked(database, "account 1", 30):
            order.append("second")

    with locked(database, "account 1", 30):
        thread = threading.Thread(target=wait)
        thread.start()
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_who_waits_for_ever_is_told(database: Database) -> None:
    release = take(database, "account 1", 60)
    assert release is not None
    told = "account 1 is held by others all the time; run again later"
    with pytest.raises(StoreError, match=told), locked(database, "account 1", -0.4):
        pass
    release()


def test_processes_that_count_under_the_lock_lose_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "count"
    file.write_text("0")
    command = [sys.executable, "-c", COUNTER, database_url, str(file)]
    counting = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in counting] == [0, 0, 0]
    assert file.read_text() == "45"


def test_the_lock_of_a_process_that_is_killed_is_taken_over(database: Database, database_url: str) -> None:
    holding = subprocess.Popen([sys.executable, "-c", HOLDER, database_url, "1.5"], stdout=subprocess.PIPE, text=True)
    assert holding.stdout is not None
    assert holding.stdout.readline() == "held\n"
    assert take(database, "account 1", 30) is None
    holding.send_signal(signal.SIGKILL)
    holding.wait(10)
    holding.stdout.close()
    with locked(database, "account 1", 10):
        assert take(database, "account 1", 30) is None


def test_who_comes_back_late_does_not_give_back_the_lock_of_another(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    upgrade(database)
    late = take(database, "account 1", 30)
    assert late is not None
    with database.writing() as connection:
        connection.execute(text("UPDATE leases SET until = :now"), {"now": time.time() - 1})
    other = take(database, "account 1", 30)
    assert other is not None
    late()
    assert take(database, "account 1", 30) is None
    database.close()


def test_locks_that_are_held_use_up_no_connections_of_others(database: Database) -> None:
    held = [take(database, f"account {number}", 30) for number in range(30)]
    assert None not in held
    with database.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    for release in held:
        assert release is not None
        release()
