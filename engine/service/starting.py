"""The start of the service: its address, its store - on a laptop made where there is none - and its mappings."""

import ipaddress
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.service.catalog import read
from engine.service.demo import Demo, answering
from engine.service.listening import address, bound
from engine.service.logs import configure, secrets
from engine.service.serving import Parent, serve
from engine.service.settings import Settings, unknown
from engine.service.workers import Work, Workers
from engine.store import places

__all__ = ["Start"]


class Start:
    """A context manager: takes the address and opens the store, so that what is wrong is told at once.

    With `demo`, recorded providers answer at the next port. `told` is what a person should know of it. Raises
    UsageError where the settings, the address or the keys cannot be used; StoreError where the store cannot.
    """

    def __init__(self, settings: Settings, folders: tuple[Path, ...], *, demo: bool = False) -> None:
        self._settings = settings
        self._demo = demo
        self._folders = folders
        self._where = places()
        self._stack = ExitStack()
        self.told: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._listening = stack.enter_context(bound(self._settings.host, self._settings.port))
            # In production no keys are made; elsewhere not for a service that others can reach.
            make = not self._where.development or _is_here(self._settings.host)
            self._store, told = self._where.open(make=make)
            self.told = [*unknown(os.environ), *told]
            stack.callback(self._store.close)
            if self._demo:
                self._demonstrate(stack)
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

    def _demonstrate(self, stack: ExitStack) -> None:
        """Let recorded providers answer at the port after ours, and let the guard pass them."""
        port = self._settings.port + 1 if self._settings.port else 0
        listening = stack.enter_context(bound("127.0.0.1", port))
        demo = Demo(read(self._folders), address(listening))
        stack.enter_context(answering(demo, listening))
        allow = (*self._settings.allow, address(listening).removeprefix("http://"))
        self._settings = self._settings.model_copy(update={"allow": allow})
        self.told = [*self.told, f"recorded providers answer at {address(listening)}/ID: {', '.join(demo.providers())}"]

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
