"""A run for code without an event loop."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.arguments import known
from engine.errors import UsageError
from engine.loading import LoadedMapping
from engine.making import Made
from engine.records import Record
from engine.resuming import Position, Step
from engine.running import Run

__all__ = ["SyncRun", "run_sync"]

#: How many records are taken from the event loop at once, and for how long they are waited for.
BATCH = 200
BATCH_SECONDS = 0.05


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
