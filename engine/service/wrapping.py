"""What surrounds every request: an id, bounds, headers, a line in the log, and an answer whatever happens.

Plain ASGI (https://asgi.readthedocs.io), so that streams pass as they are.
"""

import asyncio
import re
import time
import uuid
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.service.failures import Failure
from engine.service.metrics import Metrics
from engine.service.settings import Settings
from engine.slices import together

__all__ = ["Wrapping"]

log = structlog.get_logger("rollbook.service")

#: What another system may call a request, for its id to be kept.
_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
#: Answers are data, never pages, and hold what is nobody else's business.
_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
#: What is told of methods that no route takes, of which there may be any number.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Wrapping:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Wrapped(scope, receive, send, self._settings)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        began = time.perf_counter()
        self._metrics.began()
        self._under_way += 1
        try:
            await self._answered(request)
        finally:
            self._under_way -= 1
            self._tell(request, time.perf_counter() - began)

    async def _answered(self, request: "_Wrapped") -> None:
        together()
        try:
            self._let_in(request)
            await self._app(request.scope, request.receive, request.send)
        except Failure as failure:
            await request.answer(failure)
        except asyncio.CancelledError:
            # The service ends, and this took longer than it waits. The server closes what has not ended.
            log.warning("request broken off")
        except ClientDisconnect:
            log.info("the client has left")
        except Exception:
            log.exception("request failed")
            await request.answer(Failure(500, f"this should not have happened; the log has it under {request.id}"))

    def _let_in(self, request: "_Wrapped") -> None:
        """Raise Failure 503 where too many requests are under way."""
        if self._under_way > self._settings.most_requests and not request.is_of_health:
            raise Failure(503, "too many requests are under way; try again", headers={"Retry-After": "1"})

    def _tell(self, request: "_Wrapped", seconds: float) -> None:
        """Count and log a request: what was asked by which key, without what stands in its address."""
        method = request.method if request.method in _METHODS else "other"
        self._metrics.answered(request.route, method, request.status, seconds)
        told: dict[str, Any] = {"method": method, "route": request.route, "status": request.status}
        key = {"key": request.state["key"]} if "key" in request.state else {}
        usual = request.is_of_health and request.status < 400  # asked again and again, by machines
        (log.debug if usual else log.info)("request", **told, milliseconds=round(seconds * 1000, 1), **key)


class _Wrapped:
    """One request under way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self._bytes = self._left = settings.body_bytes
        self._seconds = settings.body_seconds
        self._until: float | None = None  # when the body must have come; None where it has, or nobody reads it
        self._whole = False
        self.status = 0
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        self.id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        self.state: dict[str, Any] = scope.setdefault("state", {})

    @property
    def method(self) -> str:
        """What is to be done."""
        return str(self.scope["method"])

    @property
    def route(self) -> str:
        """The path as it is described, such as `/unified/lms/users/{id}`: what stands for `{id}` may be a person's."""
        return str(getattr(self.scope.get("route"), "path", "unknown"))

    @property
    def is_of_health(self) -> bool:
        """Whether it asks how the service is, which is answered however busy it is."""
        return str(self.scope["path"]).startswith("/health/")

    async def receive(self) -> Message:
        """Receive what comes of the request. Raises Failure 413 where that is too much, 408 where it is too slow."""
        if self._whole:
            return await self._receive()  # now only that the client has gone
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise Failure(408, f"the body did not come within {self._seconds:g} seconds") from None
        self._whole = not message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Failure(413, f"the body is larger than {self._bytes} bytes")
        return message

    async def send(self, message: Message) -> None:
        """Send what goes out, with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            added = {**_HEADERS, **self.state.get("headers", {}), "x-request-id": self.id}
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in added.items()),
            ]
        await self._send(message)

    async def answer(self, failure: Failure) -> None:
        """Send a failure, unless an answer has begun: then the connection is broken off, as an end would be a lie."""
        if self.status:
            raise failure
        await JSONResponse(failure.body(), failure.status, failure.headers)(self.scope, self.receive, self.send)
