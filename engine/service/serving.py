"""The service in one process: it answers until it is told to end, and ends in order.

What is under way when it is told to end may finish for `shutdown_seconds`; streams and pages then stop where they are,
each with a cursor for the rest.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import uvicorn

from engine.service.app import application
from engine.service.catalog import Catalog
from engine.service.ending import Ending
from engine.service.protocol import Bounds, Config
from engine.service.settings import Settings
from engine.service.settling import Settling
from engine.service.signals import Asked
from engine.store import Store

__all__ = ["GRACE", "Parent", "serve"]

#: How long what was told to stop may take to do so, in seconds; then it is broken off.
GRACE = 3


@dataclass(frozen=True)
class Parent:
    """Whoever wants to know that the service has begun. With the end of `lives`, a pipe, the service ends as well."""

    begun: Callable[[], None]
    lives: int | None = None


def serve(settings: Settings, store: Store, catalog: Catalog, listening: socket.socket, parent: Parent) -> int | None:
    """Serve until told to end, and return the number of the signal that told; None where the parent has gone."""
    ending = Ending()
    server = _Server(_config(settings, application(settings, store, catalog, ending=ending)), ending, parent)
    server.run([listening])
    return server.asked.number


def _config(settings: Settings, app: Any) -> Config:
    return Config(
        app,
        Bounds(settings.head_seconds, settings.head_bytes, settings.write_seconds, settings.most_connections),
        settings.shutdown_seconds,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        proxy_headers=False,  # nothing depends on whom a proxy says it speaks for
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=round(settings.shutdown_seconds) + GRACE,
    )


class _Server(uvicorn.Server):
    """The server of uvicorn, which ends as the other commands do."""

    config: Config

    def __init__(self, config: Config, ending: Ending, parent: Parent) -> None:
        super().__init__(config)
        self.asked = Asked(self._end)
        self._ending = ending
        self._parent = parent
        self._settling = Settling()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._settling.start()
        if self._parent.lives is not None:
            asyncio.get_running_loop().add_reader(self._parent.lives, self._parent_ended, self._parent.lives)
        self._parent.begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; what is under way has its time."""
        self._ending.by(asyncio.get_running_loop().time() + self.config.shutdown_seconds)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Look after the process, ten times a second; whether to end is what is returned."""
        self._settling.look(self.server_state.total_requests)
        return await super().on_tick(counter)

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Have signals end the service."""
        return self.asked.heard()

    def _end(self) -> None:
        self.should_exit = True

    def _parent_ended(self, lives: int) -> None:
        if not os.read(lives, 1):
            asyncio.get_running_loop().remove_reader(lives)
            self._end()
