"""What surrounds every request: an id, a bound on its body, headers, a line in the log, and an answer whatever happens.

Plain ASGI (https://asgi.readthedocs.io), so that streams pass as they are.
"""

import re
import time
import uuid
from typing import Any

import structlog
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.service.failures import Failure

__all__ = ["Wrapping"]

log = structlog.get_logger("rollbook.service")

#: What another system may call a request, for its id to be kept.
_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
#: Answers are data, never pages, and hold what is nobody else's business.
_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}


class Wrapping:
    """An ASGI application around another. `body_bytes` is how large the body of a request may be."""

    def __init__(self, app: ASGIApp, body_bytes: int) -> None:
        self._app = app
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Wrapped(scope, receive, send, self._body_bytes)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        began = time.perf_counter()
        try:
            await self._app(scope, request.receive, request.send)
        except Failure as failure:
            await request.answer(failure)
        except Exception:
            log.exception("request failed")
            await request.answer(Failure(500, f"this should not have happened; the log has it under {request.id}"))
        finally:
            request.log(time.perf_counter() - began)


class _Wrapped:
    """One request under way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, body_bytes: int) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._body_bytes = self._left = body_bytes
        self._status = 0
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        self.id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        self._state: dict[str, Any] = scope.setdefault("state", {})

    async def receive(self) -> Message:
        """Receive what comes of the request. Raises Failure 413 where that is too much."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Failure(413, f"the body is larger than {self._body_bytes} bytes")
        return message

    async def send(self, message: Message) -> None:
        """Send what goes out, with our headers."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            added = {**_HEADERS, **self._state.get("headers", {}), "x-request-id": self.id}
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in added.items()),
            ]
        await self._send(message)

    async def answer(self, failure: Failure) -> None:
        """Send a failure, unless an answer has begun: then the connection is broken off, as an end would be a lie."""
        if self._status:
            raise failure
        await JSONResponse(failure.body(), failure.status)(self._scope, self.receive, self.send)

    def log(self, seconds: float) -> None:
        """Log the request: what was asked by which key, without its query, which may name people."""
        path, key = self._scope["path"], self._state.get("key")
        told: dict[str, Any] = {"method": self._scope["method"], "path": path, "status": self._status}
        log.info("request", **told, milliseconds=round(seconds * 1000, 1), **({"key": key} if key else {}))
