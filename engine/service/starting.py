"""The start of the service: its address, its store - on a laptop made where there is none - and its mappings."""

import ipaddress
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.service.catalog import read
from engine.service.listening import address, bound
from engine.service.logs import configure, secrets
from engine.service.serving import Parent, serve
from engine.service.settings import Settings
from engine.service.workers import Work, Workers
from engine.store import places

__all__ = ["Start"]


class Start:
    """A context manager: takes the address and opens the store, so that what is wrong is told at once.

    `told` is what a person should know of it. Raises UsageError where the settings, the address or the keys cannot be
    used; StoreError where the store cannot.
    """

    def __init__(self, settings: Settings, folders: tuple[Path, ...]) -> None:
        self._settings = settings
        self._folders = folders
        self._where = places()
        self._stack = ExitStack()
        self.told: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._listening = stack.enter_context(bound(self._settings.host, self._settings.port))
            self._store, self.told = self._where.open(make=_is_here(self._settings.host))
            stack.callback(self._store.close)
            configure(self._settings, secrets(self._where, self._store))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def address(self) -> str:
        """Where it listens."""
        return address(self._listening)

    def first_key(self) -> str | None:
        """Make an API key where there is none, and return it; not in production, where what is printed is kept."""
        if not self._where.development or self._store.keys.list():
            return None
        _, text = self._store.keys.create("admin", None, "made by the first start", actor="rollbook serve")
        return text

    def serve(self, begun: Callable[[], None]) -> int | None:
        """Serve until told to end, and return the number of the signal; None where it cannot begin."""
        if self._settings.workers == 1:
            return serve(self._settings, self._store, read(self._folders), self._listening, Parent(begun))
        self._store.close()
        return Workers(Work(self._settings, self._where, self._folders, self._listening), begun).run()


def _is_here(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
