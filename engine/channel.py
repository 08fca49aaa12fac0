"""A channel: what of one connection can outlive a run. Its HTTP connections, its proof of who asks, and its rates.

A run has one of its own, unless it is given one. Runs that share a channel log in once, and keep the provider's limits
together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from engine.auth import Authenticator, authenticator
from engine.errors import ProviderError
from engine.limits import Turns
from engine.mapping import Mapping as ProviderMapping
from engine.redaction import Redaction
from engine.wire import Wire

__all__ = ["Channel", "Keeper", "OnToken"]

#: Is given the fields of the connection that the provider replaced, to store them; a run ends where it raises.
OnToken = Callable[[Mapping[str, str]], Awaitable[None] | None]


class Keeper(Protocol):
    """Where the proof of a connection lies between runs, and for all processes that share it."""

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Keep all others from renewing it meanwhile."""

    async def held(self) -> Mapping[str, Any]:
        """Return what was kept last; empty, where nothing was."""

    async def keep(self, held: Mapping[str, Any], replaced: Mapping[str, str]) -> None:
        """Keep what the proof is made of by now, and the fields of the connection that the provider replaced.

        Nothing of it is used before this returns; a run ends where it raises.
        """


@dataclass
class Renewing:
    """How often the credential was renewed, how often that failed, how it failed last, and whether it is stored."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    done: int = 0
    failed: int = 0
    failure: ProviderError | None = None
    unstored: bool = False


class Channel:
    """An async context manager. `scope` is what holes see, secrets included.

    `transport` may stand in for the network, and `auth` for the proof of the mapping. A channel whose credentials were
    refused stays refused: make another one once they are new. Raises UsageError where a hole of the proof has no value.
    """

    def __init__(
        self,
        mapping: ProviderMapping,
        scope: Mapping[str, Any],
        *,
        transport: Any = None,
        on_token: OnToken | None = None,
        keeper: Keeper | None = None,
        auth: Authenticator | None = None,
    ) -> None:
        self._http = mapping.http
        self._transport = transport
        self.on_token = on_token
        self.keeper = keeper
        connection: Mapping[str, Any] = scope.get("connection", {})
        secret = (name for name, field in mapping.connection.items() if field.secret and name in connection)
        self.redact = Redaction(str(connection[name]) for name in secret)
        # Before there is a token, what needs one is left out.
        before = {name: value for name, value in scope.items() if name != "token"}
        self.auth: Authenticator = auth or authenticator(self._http, before)
        self.renewing = Renewing()
        self._unfinished: set[asyncio.Task[None]] = set()
        self.turns = Turns(self._http.limits, {n: fetch.limits for n, fetch in mapping.fetch.items() if fetch.limits})
        self.hide_tokens()

    async def __aenter__(self) -> Self:
        self.wire = Wire(self._http, self._transport)
        await self.wire.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._unfinished:
            await asyncio.wait(self._unfinished)
        await self.wire.__aexit__(*error)

    async def finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something to its end where its outcome is kept, also if whoever waits for it is cancelled.

        A provider that has replaced a token does not give it twice.
        """
        if self.keeper is None and self.on_token is None:
            await work
            return
        task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._finished)
        await asyncio.shield(task)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._unfinished.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, also where nobody waits for it any more

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Keep other processes from renewing the proof meanwhile, where there is a keeper."""
        return self.keeper.locked() if self.keeper else nullcontext()

    async def resumed(self) -> bool:
        """Go on with what was kept last; return whether that spares a renewal."""
        if self.keeper is None:
            return False
        fresh = self.auth.resume(await self.keeper.held())
        self.hide_tokens()
        return fresh

    def hide_tokens(self) -> None:
        """Hide what the proof holds by now wherever something is shown."""
        for secret in self.auth.secrets():
            self.redact.add(secret)
