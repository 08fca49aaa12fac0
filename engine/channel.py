"""A channel: what of one connection can outlive a run. Its HTTP connections, its proof of who asks, and its rates.

A run has one of its own, unless it is given one. Runs that share a channel log in once, and keep the provider's limits
together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from engine.auth import Authenticator, authenticator
from engine.errors import ProviderError
from engine.limits import Turns
from engine.mapping import Mapping as ProviderMapping
from engine.redaction import Redaction
from engine.wire import Wire

__all__ = ["Channel", "OnToken"]

#: Is given the fields of the connection that the provider replaced, to store them; a run ends where it raises.
OnToken = Callable[[Mapping[str, str]], Awaitable[None] | None]


@dataclass
class Renewing:
    """How often the credential was renewed, how often that failed, and how it failed last."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    done: int = 0
    failed: int = 0
    failure: ProviderError | None = None


class Channel:
    """An async context manager. `scope` is what holes see, secrets included; `transport` may stand in for the network.

    A channel whose credentials were refused stays refused: make another one once they are new. Raises UsageError where
    a hole of the proof has no value.
    """

    def __init__(
        self,
        mapping: ProviderMapping,
        scope: Mapping[str, Any],
        *,
        transport: Any = None,
        on_token: OnToken | None = None,
    ) -> None:
        self._http = mapping.http
        self._transport = transport
        self.on_token = on_token
        connection: Mapping[str, Any] = scope.get("connection", {})
        secret = (name for name, field in mapping.connection.items() if field.secret and name in connection)
        self.redact = Redaction(str(connection[name]) for name in secret)
        # Before there is a token, what needs one is left out.
        before = {name: value for name, value in scope.items() if name != "token"}
        self.auth: Authenticator = authenticator(self._http, before)
        self.renewing = Renewing()
        self.turns = Turns(self._http.limits)
        self.hide_tokens()

    async def __aenter__(self) -> Self:
        self.wire = Wire(self._http, self._transport)
        await self.wire.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.turns.close()
        await self.wire.__aexit__(*error)

    def hide_tokens(self) -> None:
        """Hide what the proof holds by now wherever something is shown."""
        for secret in self.auth.secrets():
            self.redact.add(secret)
