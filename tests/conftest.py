"""What all tests share: no network, and a mapping from a text."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import postgres
import pytest
import stamina
from hypothesis import HealthCheck, settings

from engine.loading import LoadedMapping, load

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in whatever a shell runs in the background; the programs that tests start would inherit it, and hear no Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# In CI the same examples every time: whoever changes something else is not to look for what chance found.
IN_CI = os.environ.get("CI") == "true"
settings.register_profile("rollbook", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=IN_CI)
settings.load_profile("rollbook")


@pytest.fixture(autouse=True, scope="session")
def _no_store_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test find the store of whoever runs it."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ENV", "DATABASE", "SECRET_KEYS", "SECRET_KEYS_FILE"):
            environment.delenv(f"ROLLBOOK_{name}", raising=False)
        environment.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sockets go nowhere but to this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wants to reach {host}; the network is blocked in tests")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Make requests again without waiting in between."""
    stamina.set_testing(testing=True, attempts=5)
    yield
    stamina.set_testing(testing=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL for the tests that need one; they are skipped where there is none."""
    postgres.skip_or_fail()
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rollbook.db'}"
    return postgres.new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def mapped(tmp_path: Path) -> Callable[[str], LoadedMapping]:
    """Return a function that loads a mapping from its text."""

    def from_text(text: str) -> LoadedMapping:
        path = tmp_path / "acme.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return from_text
