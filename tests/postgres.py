"""A PostgreSQL of the tests' own: made anew, on a free port of this machine, and stopped at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

#: Where Debian keeps the programs, the newest last; others have them in their PATH.
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))


def missing() -> str:
    """Return why there is no PostgreSQL; nothing, where there is."""
    if not _PROGRAMS and shutil.which("initdb") is None:
        return "PostgreSQL is not installed (`apt install postgresql`): the store is tested in SQLite only"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root, and there is no `runuser`: the store is tested in SQLite only"
    return ""


def skip_or_fail() -> None:
    """Skip a test where there is no PostgreSQL; with CI=true there must be."""
    why = missing()
    if why and os.environ.get("CI") == "true":
        pytest.fail(why)
    if why:
        pytest.skip(why)


@contextmanager
def server() -> Iterator[str]:
    """Run a server, and give the address of its database `postgres`."""
    programs = _PROGRAMS[-1].parent if _PROGRAMS else Path(shutil.which("initdb") or "").parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="rollbook-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    try:
        _run([programs / "initdb", "-D", data, "-U", "rollbook", "-A", "trust", "-E", "UTF8", "--no-sync"], folder)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50"
        log = folder / "log"
        _run([programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start"], folder)
        try:
            yield f"postgresql://rollbook@127.0.0.1:{port}/postgres"
        finally:
            _stop(data / "postmaster.pid")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """Make an empty database on a server, and return its address."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rpartition('/')[0]}/{name}"


def _run(command: list[str | Path], folder: Path) -> None:
    """Run a program of PostgreSQL, as its own user where we are root."""
    arguments = [str(part) for part in command]
    if os.geteuid() == 0:
        arguments = ["runuser", "-u", "postgres", "--", *arguments]
    done = subprocess.run(
        arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def _stop(file: Path) -> None:
    """End the server at once, by its process id."""
    pid = int(file.read_text().split()[0])
    os.kill(pid, 3)  # SIGQUIT: without writing down what nobody needs any more
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError(f"PostgreSQL (process {pid}) does not end")
