"""A mapping and a connection in, unified records out.

run = engine.run("acme", connection={"url": …, "token": …})
async for record in run:
…
run.report      # what happened; counters move while the run goes on
run.position    # after the last record given out: a run with start=run.position gives the rest
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine import plan as plans
from engine.ahead import Tasks
from engine.arguments import check, known, paths
from engine.channel import Channel, Keeper, OnToken
from engine.client import LONGEST_WAIT, Client, OnExchange
from engine.connections import Connection, connect
from engine.errors import UsageError
from engine.fetching import Fetching, Row
from engine.filters import Filter, Filters
from engine.listing import Lists
from engine.loading import LoadedMapping, load
from engine.making import TOGETHER, Made, Maker
from engine.placing import MARK
from engine.records import Record
from engine.report import Report
from engine.resuming import Position, Positions, Step

__all__ = ["Run", "run"]

#: How many times as many finished records as are made together may wait to be taken.
READY = 5


class Run:
    """One run. Iterate over it once, with `async for`.

    With `halt`, a provider that cannot answer for the moment ends the run, which can be gone on with from `position`;
    without, the parent in question is skipped.
    """

    def __init__(
        self,
        mapping: str | Path | LoadedMapping,
        connection: Mapping[str, Any] | None = None,
        *,
        resource: str = "course_enrollments",
        filters: Iterable[Filter | str] = (),
        since: datetime | None = None,
        limit: int | None = None,
        start: Position | None = None,
        strict: bool = False,
        remote_data: bool = True,
        overrides: Iterable[str | Path] = (),
        transport: Any = None,
        now: datetime | None = None,
        backoff: float = 0.5,
        patience: float = LONGEST_WAIT,
        on_token: OnToken | None = None,
        keeper: Keeper | None = None,
        on_exchange: OnExchange | None = None,
        channel: Channel | None = None,
        remote_query: Mapping[str, str] | None = None,
        halt: bool = False,
    ) -> None:
        check(connection=connection, resource=resource, since=since, limit=limit, start=start, strict=strict)
        check(remote_data=remote_data, now=now, backoff=backoff)
        self.loaded = _loaded(mapping, overrides)
        if resource not in self.loaded.mapping.resources:
            given = ", ".join(self.loaded.mapping.resources)
            raise UsageError(f"{self.loaded.mapping.provider.id} has no {resource}; it gives {given}")
        self.resource = resource
        self.connection: Connection = connect(self.loaded.mapping, connection or {})
        self.plan = plans.plan(self.loaded.mapping, resource)
        self.positions = Positions(self.loaded.mapping.provider.id, resource, self.plan.row_depth)
        self._start = self.positions.steps(start)
        self.filters = Filters(filters, resource)
        self._check_since(since)
        self.limit = limit
        self._before = start
        self.report = Report(provider=self.loaded.mapping.provider.id, resource=resource, strict=strict)
        self._now = now or datetime.now(UTC)
        self._since = since
        self.transport = transport
        self._sending: dict[str, Any] = {
            "backoff": backoff,
            "patience": patience,
            "on_token": on_token,
            "keeper": keeper,
            "on_exchange": on_exchange,
            "channel": channel,
        }
        self._halt = halt
        self.lists: Callable[..., Lists] = Lists
        self._remote_query = tuple((remote_query or {}).items())
        self._remote_data = remote_data
        self._ready: asyncio.Queue[list[Made] | Exception | None] = asyncio.Queue()
        self._waiting = 0
        self._given: list[Step] | None = None
        self._past: list[Step] | None = None
        self._made = 0

    async def __aiter__(self) -> AsyncGenerator[Record, None]:
        async with aclosing(self.traced()) as traced:
            async for record, past, _ in traced:
                self._given = past
                yield record
        if not self.limited:
            self._given = []

    def records(self) -> AsyncGenerator[Record, None]:
        """Return the same as iterating does, to be closed by whoever may stop before the end."""
        return self.__aiter__()

    @property
    def position(self) -> Position | None:
        """The position after the last record that was given out, or the one that the run was started from."""
        return self._before if self._given is None else self.positions.after(self._given)

    async def traced(self) -> AsyncGenerator[Made, None]:
        """Yield every record with the steps that lead past it and everything that was in scope for it.

        The plan runs in a task of its own, a few records ahead: whoever stops iterating, in whatever way, ends that
        task, and it closes client and requests in order.
        """
        if self.limit == 0:
            self.report.end("limited")
            return
        ready = self._ready = asyncio.Queue(maxsize=READY)
        making = asyncio.create_task(self._make(ready))
        try:
            while (several := await ready.get() if ready.empty() else ready.get_nowait()) is not None:
                if isinstance(several, Exception):
                    raise several  # noqa: TRY301 - the report tells it below, like what is thrown in from outside
                self._waiting = len(several)
                for made in several:
                    self._waiting -= 1
                    self._count(made.record)
                    yield made
            self.report.end("limited" if self.limited else "finished")
        except BaseException as error:
            self.report.broke(error)
            raise
        finally:
            await Tasks.cancel(making)

    async def _make(self, ready: "asyncio.Queue[list[Made] | Exception | None]") -> None:
        """Put every record into the queue; at the end, None or what went wrong."""
        try:
            async with AsyncExitStack() as stack:
                await self._make_all(stack, ready)
        except Exception as error:  # noqa: BLE001 - it is raised where the records are awaited
            await ready.put(error)
        else:
            await ready.put(None)

    async def _make_all(self, stack: AsyncExitStack, ready: "asyncio.Queue[list[Made] | Exception | None]") -> None:
        if self._start is None:
            return
        scope = self._seen()
        maker = Maker(
            self.loaded,
            self.resource,
            self.report,
            scope,
            self.filters,
            since=self._since,
            remote_data=self._remote_data,
        )
        await maker.prepare()
        async for rows in await self._rows(stack, scope, self._start):
            several, failure = await maker.records(rows)
            if several:
                self._made += len(several)
                await ready.put(several)
            if failure is not None:
                raise failure
            if self._made == self.limit:
                return
            if rows:
                self._past = rows[-1].past

    def _count(self, record: Record) -> None:
        self.report.records += 1
        status = getattr(record, "status", None)
        if status is not None:
            self.report.by_status[status] += 1

    @property
    def reached(self) -> Position | None:
        """The position after all that was looked at, also after what no record came of; None where it is not known.

        A run that is broken off can be gone on with from here, where all records that were made have been taken.
        """
        return self.positions.after(self._past) if self._past and self.waits else None

    @property
    def waits(self) -> bool:
        """Whether whoever asks for the next record now has to wait for it."""
        return not self._waiting and self._ready.empty()

    @property
    def limited(self) -> bool:
        """Whether the limit is reached: there may be more."""
        return self.report.records == self.limit

    async def _rows(
        self, stack: AsyncExitStack, scope: Mapping[str, Any], start: list[Step]
    ) -> AsyncGenerator[list[Row], None]:
        """Open the client and start the plan; everything is closed with the stack."""
        mapping = self.loaded.mapping
        holes = {**self._scope(self.connection.values), "token": MARK}
        client = Client(mapping, holes, self.report, transport=self.transport, **self._sending)
        await stack.enter_async_context(client)
        self.report.redact = client.redact
        tasks = await stack.enter_async_context(Tasks())
        # A limited run begins no list before it is wanted: each page costs the provider something.
        parallel = mapping.http.limits.parallel
        lists = self.lists(
            mapping,
            client,
            self.report,
            tasks,
            scope,
            holes,
            keep=self.filters.prunes(mapping, self.resource),
            window=parallel if self.limit is None else 0,
            place=self.loaded.place,
            extra={self.plan.requested: self._remote_query},
        )
        ahead, most = self._rows_ahead, self._rows_together
        fetching = Fetching(self.plan, lists, self.report, tasks, window=ahead, most=most, halt=self._halt)
        return await stack.enter_async_context(aclosing(fetching.rows(start)))

    def _rows_ahead(self) -> int:
        parallel = self.loaded.mapping.http.limits.parallel
        return parallel if self.limit is None else min(parallel, self.limit - self._made - 1)

    def _rows_together(self) -> int:
        return TOGETHER if self.limit is None else min(TOGETHER, self.limit - self._made)

    def _check_since(self, since: datetime | None) -> None:
        """Refuse `since` where neither the provider nor a record can tell what changed: it is never ignored."""
        told = "updated_at" in self.loaded.mapping.resources[self.resource].fields
        if since is not None and not told and not self.plan.reads("run", "since"):
            name = self.loaded.mapping.provider.id
            raise UsageError(f"{name} cannot tell which {self.resource} changed since a time; run it without `since`")

    def _seen(self) -> dict[str, Any]:
        """Return what expressions see: no secrets, and times as the text that JSON has for them."""
        scope = self._scope(self.connection.public)
        scope["run"] = {name: _text(time) for name, time in scope["run"].items()}
        scope["filter"] = self.filters.hole_scope(plain=True)
        return scope

    def _scope(self, connection: Mapping[str, Any]) -> dict[str, Any]:
        run = {"now": self._now, "since": self._since}
        return {"connection": dict(connection), "run": run, "filter": self.filters.hole_scope()}


def _loaded(mapping: str | Path | LoadedMapping, overrides: Iterable[str | Path]) -> LoadedMapping:
    if not isinstance(mapping, LoadedMapping):
        check(mapping=mapping)
        return load(mapping, overrides=overrides)
    if paths("overrides", overrides):
        raise UsageError("`overrides` cannot change a mapping that is loaded; give them to `engine.load`")
    return mapping


def _text(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def run(mapping: str | Path | LoadedMapping, connection: Mapping[str, Any] | None = None, **options: Any) -> Run:
    """Return a run, to iterate over with `async for`. The options are those of `Run`; UsageError for any other."""
    known("run", Run, options)
    return Run(mapping, connection, **options)
