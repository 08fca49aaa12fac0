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

#: Ends the server when its input ends, which also happens where whoever started it is killed.
WATCH = '"$@" >"$0" 2>&1 </dev/null & server=$!; read -r _; kill -QUIT $server; wait $server'
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
        options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        start: list[str | Path] = ["sh", "-c", WATCH, folder / "log", programs / "postgres", "-D", data, *options]
        url = f"postgresql://rollbook@127.0.0.1:{port}/postgres"
        with subprocess.Popen(_as_its_user(start), stdin=subprocess.PIPE) as watch:  # which closes its input at the end
            _wait_for(url, watch, folder / "log")
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """Make an empty database on a server, and return its address."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rpartition('/')[0]}/{name}"


def _as_its_user(command: list[str | Path]) -> list[str]:
    """Return a command as the user of PostgreSQL, which does not run as root, runs it."""
    arguments = [str(part) for part in command]
    return ["runuser", "-u", "postgres", "--", *arguments] if os.geteuid() == 0 else arguments


def _run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(
        _as_its_user(command), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _wait_for(url: str, watch: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server can be connected to."""
    import psycopg

    for _ in range(1200):
        assert watch.poll() is None, log.read_text()
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"PostgreSQL does not start: {log.read_text()}")
