"""The unified lists and records: `GET /unified/lms/course-enrollments` and its siblings."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

import pydantic_core
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive

from engine.errors import ProviderError, StoreError
from engine.report import Kind
from engine.service import described
from engine.service.cursors import Bound, Cursor
from engine.service.envelope import Envelope, errors, exchanges, line
from engine.service.failures import Failure, of_provider
from engine.service.leaving import for_client
from engine.service.live import Connected, Reading
from engine.service.parameters import Asked, read
from engine.service.parting import Parted
from engine.service.parts import Asking, Parts, Used
from engine.store import Account

__all__ = ["PATHS", "router"]

#: The path of each resource.
PATHS = {
    "course-enrollments": "course_enrollments",
    "courses": "courses",
    "users": "users",
    "course-items": "course_items",
}
#: Those of which a single record can be had.
_SINGLE = ("courses", "users")
JSON = "application/json"
#: The notes after which a record that was not found may be there all the same.
_UNREAD: frozenset[Kind] = frozenset({"parent_failed", "short_list", "set_aside"})

router = APIRouter(prefix="/unified/lms", tags=["unified"])


class _Asked:
    """One request for records: what is asked for, of which account, from where on."""

    def __init__(self, parts: Parts, resource: str, asked: Asked, account: Account, connected: Connected) -> None:
        self._parts = parts
        self._resource = resource
        self.asked = asked
        self._account = account
        self._connected = connected
        version = connected.loaded.version
        self._bound = Bound(account.id, resource, version, asked.filters, asked.remote_query)
        self._from = parts.cursors.open(asked.cursor, self._bound) if asked.cursor else None

    async def open(self, stack: AsyncExitStack) -> Reading:
        """Prepare the reading, which is closed with the stack."""
        start, now = (self._from.position, self._from.now) if self._from else (None, None)
        reading = self._parts.live.reading(self.asked, self._resource, self._connected, start, now)
        return await stack.enter_async_context(reading)

    def cursor(self, reading: Reading) -> str | None:
        """Return the cursor of what follows; None where nothing does."""
        following = reading.following
        if following is None:
            return None
        return self._parts.cursors.seal(Cursor(following, reading.now), self._bound)

    async def failed(self, error: ProviderError, reading: Reading) -> Failure:
        """Keep in the account what a provider did, and return it as a failure."""
        await self._parts.failed(self._account, error, own=not self.asked.remote_query)
        return of_provider(error, reading.said())

    async def page(self) -> Response:
        """Read one page."""
        envelope = Envelope(self.asked)
        async with AsyncExitStack() as stack:
            reading = await self.open(stack)
            try:
                async with aclosing(self._parts.live.items(reading, self._parts.settings.page_seconds)) as items:
                    async for item in items:
                        envelope.add(item)
                        if envelope.size >= self._parts.settings.most_bytes:
                            break
            except ProviderError as error:
                raise self._with_rest(await self.failed(error, reading), reading) from None
            except Failure as failure:
                raise self._with_rest(failure, reading) from None
            await self._parts.worked(self._account)
            debug = reading.calls if self.asked.form == "debug" else None
            return Parted(envelope.body(reading.report, self.cursor(reading), debug), media_type=JSON)

    def _with_rest(self, failure: Failure, reading: Reading) -> Failure:
        """Return a failure with the cursor behind what was looked at in vain, and with what could not be read there."""
        start = self._from.position if self._from else None
        if not reading.given and reading.position != start and (cursor := self.cursor(reading)) is not None:
            failure.more = {"next_cursor": cursor, "errors": errors(reading.report)}
        return failure

    async def single(self) -> Response:
        """Read one record."""
        async with AsyncExitStack() as stack:
            reading = await self.open(stack)
            try:
                async with aclosing(self._parts.live.items(reading, self._parts.settings.page_seconds)) as items:
                    item = await anext(items, None)
            except ProviderError as error:
                raise await self.failed(error, reading) from None
            if item is None:
                raise self._not_found(reading)
            await self._parts.worked(self._account)
            body = line(item, self.asked)
            if self.asked.form == "debug":
                told = pydantic_core.to_json(exchanges(reading.calls))
                body = b'{"result":' + body + b',"debug":' + told + b"}"
            return Parted(body, media_type=JSON)

    def _not_found(self, reading: Reading) -> Failure:
        """Return why there is no record: whether there is one is not known where not everything could be read."""
        plain = self._resource.replace("_", " ")
        unread = [note for note in reading.report.notes if note.kind in _UNREAD]
        if unread:
            what = f"whether there is such a record in {plain} is not known, since not all could be read"
            return Failure(502, f"{what}: {unread[0].what}", remote=True)
        return Failure(404, f"there is no such record in {plain}")

    async def stream(self, receive: Receive) -> Response:
        """Read all there is, a record a line; the last line tells whether it was all."""
        lines = self._lines()
        # What cannot be read at all has a status of its own.
        first = await for_client(receive, _first(lines))

        async def body() -> AsyncIterator[bytes]:
            async with aclosing(lines):
                yield first
                async for following in lines:
                    yield following

        return StreamingResponse(body(), media_type="application/x-ndjson")

    async def _lines(self) -> AsyncGenerator[bytes, None]:
        async with AsyncExitStack() as stack:
            reading = await self.open(stack)
            failure: Failure | None = None
            try:
                async with aclosing(self._parts.live.items(reading, self._parts.settings.stream_seconds)) as items:
                    async for item in items:
                        yield line(item, self.asked) + b"\n"
            except ProviderError as error:
                failure = await self.failed(error, reading)
                if not reading.given:
                    raise failure from None
            except StoreError:  # a token cannot be kept: the stream still says that it is not whole, and where to go on
                if not reading.given:
                    raise
                failure = Failure(503, "the store cannot be used now; next_cursor leads to the rest")
            else:
                await self._parts.worked(self._account)
            yield self._last(reading, failure) + b"\n"

    def _last(self, reading: Reading, failure: Failure | None) -> bytes:
        """Return the last line of a stream."""
        if failure is None and isinstance(reading.failure, ProviderError):
            failure = of_provider(reading.failure, reading.said())
        elif failure is None and isinstance(reading.failure, Failure):
            failure = reading.failure
        try:
            cursor = self.cursor(reading)
        except Failure as too_long:  # the last line comes all the same
            cursor, failure = None, failure or too_long
        told = errors(reading.report)
        last = {
            "complete": failure is None and not told and cursor is None,
            "result_count": reading.given,
            "next_cursor": cursor,
            "is_partial_response": bool(told),
            "errors": told,
        }
        return pydantic_core.to_json(last if failure is None else {**last, "error": failure.body()})


async def _first(lines: AsyncGenerator[bytes, None]) -> bytes:
    return await anext(lines)


async def _asked(request: Request, parts: Parts, caller: "Asking", resource: str, id: str | None) -> _Asked:  # noqa: A002
    """Read what a request asks for, and find its account."""
    query = request.scope["query_string"].decode("latin-1")
    asked = read(query, resource, id)
    if asked.limit is None and asked.form != "stream":
        asked = replace(asked, limit=parts.settings.most_records)
    account = await parts.account(asked.account, caller)
    connected = await parts.connected(account)
    given = connected.loaded.mapping.resources
    if resource not in given:
        raise Failure(404, f"{account.provider} has no {resource}; it gives {', '.join(given)}")
    return _Asked(parts, resource, asked, account, connected)


def _list_route(path: str, resource: str) -> None:
    @router.get(f"/{path}", **described.listing(resource))
    async def listed(request: Request, parts: Used, caller: Asking) -> Response:
        asked = await _asked(request, parts, caller, resource, None)
        if asked.asked.form == "stream":
            return await asked.stream(request.receive)
        return await for_client(request.receive, asked.page())


def _single_route(path: str, resource: str) -> None:
    @router.get(f"/{path}/{{id:path}}", **described.single(resource))
    async def one(id: str, request: Request, parts: Used, caller: Asking) -> Response:  # noqa: A002
        asked = await _asked(request, parts, caller, resource, id)
        return await for_client(request.receive, asked.single())


for _path, _resource in PATHS.items():
    _list_route(_path, _resource)
    if _path in _SINGLE:
        _single_route(_path, _resource)
