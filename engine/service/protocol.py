"""HTTP as uvicorn speaks it, with bounds for clients that send or take slowly, or come in crowds.

uvicorn itself waits for the head of a request as long as the client likes, and for a client that takes nothing of its
answer as well; one machine can so hold all connections there can be (CWE-400, "slowloris").
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import pydantic_core
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from engine.service.failures import Failure

__all__ = ["Bounded", "Bounds", "Config"]


@dataclass(frozen=True)
class Bounds:
    """How long the head of a request may take, how large it may be, how long a client may take nothing; how many."""

    head_seconds: float
    head_bytes: int
    write_seconds: float
    connections: int


class Config(uvicorn.Config):
    """The configuration of uvicorn, with bounds, and how long what is under way may take once it is to end."""

    def __init__(self, app: Any, bounds: Bounds, shutdown_seconds: float, **options: Any) -> None:
        super().__init__(app, http=Bounded, **options)
        self.bounds = bounds
        self.shutdown_seconds = shutdown_seconds


class Bounded(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, config: Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        self._bounds = config.bounds
        self._head = 0  # bytes that came since the last head was whole
        self._in_body = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many already."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.connections:
            self._refuse(Failure(503, "there are too many connections; try again later", headers={"Retry-After": "1"}))
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timers."""
        self._head_seen()
        self._stop_writing_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless the head of a request grows too large."""
        self._head += len(data)
        super().data_received(data)
        if self._in_body or self.transport.is_closing():
            return
        if self._head > self._bounds.head_bytes:
            self._refuse(Failure(431, f"the head of the request is larger than {self._bounds.head_bytes} bytes"))
        elif not self._answering:
            self._await_head()  # also where nothing but empty lines came, which begin no request

    def on_message_begin(self) -> None:
        """Begin the head of a request."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """Begin the answer."""
        self._head, self._in_body = 0, True
        self._head_seen()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the request."""
        self._head, self._in_body = 0, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End the answer. A body that still comes is read by nobody, and waited for no longer than a head."""
        super().on_response_complete()
        if self._in_body and not self.pipeline:
            self._await_head()

    def pause_writing(self) -> None:
        """Wait for the client to take what there is, but not for ever."""
        super().pause_writing()
        self._write_timer = self.loop.call_later(self._bounds.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        self._stop_writing_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with the one error body."""
        self._refuse(Failure(400, msg))

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._bounds.head_seconds, self._slow)

    def _head_seen(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_writing_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _slow(self) -> None:
        self._head_timer = None
        if self._answering:
            self._await_head()  # of the request after; what is under way has limits of its own
        elif self._in_body:
            self.transport.close()
        else:
            self._refuse(Failure(408, f"no whole request came within {self._bounds.head_seconds:g} seconds"))

    def _refuse(self, failure: Failure) -> None:
        """Answer before any request is known, and close; while there is another answer under way, just break off."""
        if self._answering:
            self.transport.abort()
        if self.transport.is_closing():
            return
        body = pydantic_core.to_json(failure.body())
        headers = {**failure.headers, "content-type": "application/json", "content-length": str(len(body))}
        told = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "connection": "close"}.items())
        self.transport.write(STATUS_LINE[failure.status] + told.encode() + b"\r\n" + body)
        self.transport.close()
