"""A mapping and a connection in, unified records out.

run = engine.run("acme", connection={"url": …, "token": …})
async for record in run:
…
run.report      # what happened; counters move while the run goes on
run.position    # after the last record given out: a run with start=run.position gives the rest
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from engine import plan as plans
from engine.ahead import Tasks
from engine.arguments import check, known, paths
from engine.channel import Channel, Keeper, OnToken
from engine.client import LONGEST_WAIT, Client, OnExchange
from engine.connections import Connection, connect
from engine.errors import UsageError
from engine.fetching import Fetching, Row
from engine.filters import Filter, Filters
from engine.frames import Frame
from engine.jsonata import EvaluationProblem, Program, truth
from engine.listing import Lists
from engine.loading import LoadedMapping, load
from engine.placing import MARK
from engine.records import Record
from engine.report import Note, Report
from engine.resuming import Position, Positions, Step
from engine.slices import Slices, apart
from engine.unifying import Evaluated, Unifier

__all__ = ["Made", "Run", "run", "run_sync"]

#: How many records a synchronous run takes from the event loop at once, and for how long it waits for them.
BATCH = 200
BATCH_SECONDS = 0.05


#: Within how many records of one list an id that comes twice is noticed.
REMEMBERED = 50_000
#: How many rows are unified together: what evaluates, validates and writes stays at hand for some of each.
TOGETHER = 20
#: How many times as many finished records may wait to be taken.
READY = 5


class Made(NamedTuple):
    """A record, the steps that lead past it, and what was in scope for it."""

    record: Record
    past: list[Step]
    scope: dict[str, Any]


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
        self._where = self.loaded.mapping.resources[resource].where
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
        self._parent: Frame | None = None
        self._ids: set[str] = set()

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
        unifier = Unifier(self.loaded, self.resource, self.report, remote_data=self._remote_data)
        if self.resource not in self.loaded.written:
            await apart(unifier.prepare)
            self.loaded.written.add(self.resource)
        slices = Slices()
        async for rows in await self._rows(stack, scope, self._start):
            several, failure = await self._several(unifier, scope, rows, slices)
            if several:
                self._made += len(several)
                await ready.put(several)
            if failure is not None:
                raise failure
            if self._made == self.limit:
                return
            if rows:
                self._past = rows[-1].past

    async def _several(
        self, unifier: Unifier, scope: dict[str, Any], rows: list[Row], slices: Slices
    ) -> tuple[list[Made], Exception | None]:
        """Unify some rows, without those that are set aside, not wanted by the resource, or filtered out.

        All are evaluated before the first is made, which is faster. What went wrong comes with what was made before it.
        """
        evaluated: list[tuple[Row, dict[str, Any], Evaluated]] = []
        several: list[Made] = []
        failure: Exception | None = None
        try:
            for row in rows:
                if slices.are_over:
                    await slices.pause()
                seen = {**scope, **row.names}
                if self._where is None or await self._wanted(self._where, seen, slices):
                    evaluated.append((row, seen, await slices.do(unifier.evaluate, seen)))
        except Exception as error:  # noqa: BLE001 - it is raised once what came before it is given out
            failure = error
        try:
            for row, seen, found in evaluated:
                record = unifier.made(seen, found)
                if record is not None and self._is_asked_for(record):
                    self._look_for_repeats(record, row)
                    several.append(Made(record, row.past, seen))
        except Exception as error:  # noqa: BLE001 - it is of a row before that of the other
            failure = error
        return several, failure

    def _is_asked_for(self, record: Record) -> bool:
        if self._unchanged(record) or not self.filters.matches(record):
            self.report.filtered += 1
            return False
        return True

    def _look_for_repeats(self, record: Record, row: Row) -> None:
        """Note an id that came before in the same list; how far back is bounded, as memory is."""
        if row.frame.parent is not self._parent or len(self._ids) == REMEMBERED:
            self._parent, self._ids = row.frame.parent, set()
        if record.id in self._ids:
            do = "give `id` all the keys that tell records apart"
            self.report.note(Note("repeated_item", "the same id came before in this list", record=record.id, do=do))
        self._ids.add(record.id)

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

    async def _wanted(self, where: Program, scope: dict[str, Any], slices: Slices) -> bool:
        try:
            return truth(await slices.do(where, scope))
        except EvaluationProblem as problem:
            place = self.loaded.place(self.resource, "where", offset=problem.offset or 0)
            what = f"`where` cannot be answered: {problem.message}"
            self.report.note(Note("set_aside", what, place=place, do="correct the expression"))
            return False

    def _check_since(self, since: datetime | None) -> None:
        """Refuse `since` where neither the provider nor a record can tell what changed: it is never ignored."""
        told = "updated_at" in self.loaded.mapping.resources[self.resource].fields
        if since is not None and not told and not self.plan.reads("run", "since"):
            name = self.loaded.mapping.provider.id
            raise UsageError(f"{name} cannot tell which {self.resource} changed since a time; run it without `since`")

    def _unchanged(self, record: Record) -> bool:
        """Whether a record is known not to have changed since; one that does not tell is taken to have."""
        return self._since is not None and record.updated_at is not None and record.updated_at < self._since

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


class SyncRun:
    """A run for code without an event loop: iterate over it once, with `for`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.report = run.report
        self._given: list[Step] | None = None

    def __iter__(self) -> Iterator[Record]:
        _refuse_a_running_loop()
        try:
            yield from self._records()
        except BaseException as error:
            self.report.broke(error)
            raise
        self.report.end("limited" if self._run.limited else "finished")
        if not self._run.limited:
            self._given = []

    @property
    def position(self) -> Position | None:
        """The position after the last record that was given out, or the one that the run was started from."""
        return self._run.position if self._given is None else self._run.positions.after(self._given)

    def _records(self) -> Iterator[Record]:
        error: Exception | None = None
        with asyncio.Runner() as runner:
            traced = self._run.traced()
            try:
                batch, error = runner.run(_take(traced))
                while batch:
                    self.report.ended = None  # it has not, before the last of the batch is given out
                    for record, self._given, _ in batch:
                        yield record
                    batch, error = ([], error) if error else runner.run(_take(traced))
            finally:
                runner.run(traced.aclose())
        if error is not None:
            raise error


def _refuse_a_running_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    what = "`run_sync` cannot be read inside a running event loop, which it would hold up"
    raise UsageError(f"{what}; use `async for … in engine.run(…)`")


async def _take(
    traced: AsyncGenerator[Made, None],
) -> tuple[list[Made], Exception | None]:
    """Take what comes within a moment, at least one unless there is no more: entering the loop has its price.

    What went wrong comes with what was taken before it, so that neither is lost.
    """
    taken: list[Made] = []
    clock = asyncio.get_running_loop().time
    until = clock() + BATCH_SECONDS
    try:
        async for made in traced:
            taken.append(made)
            if len(taken) == BATCH or clock() > until:
                break
    except Exception as error:  # noqa: BLE001 - it is raised where the records are taken
        return taken, error
    return taken, None


def run_sync(
    mapping: str | Path | LoadedMapping, connection: Mapping[str, Any] | None = None, **options: Any
) -> SyncRun:
    """Return a run, to iterate over with `for` where no event loop runs. The options are those of `Run`."""
    known("run_sync", Run, options)
    return SyncRun(Run(mapping, connection, **options))
