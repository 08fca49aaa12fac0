"""Rows in, records out: what is wanted of them is unified, some rows at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from engine.fetching import Row
from engine.filters import Filters
from engine.frames import Frame
from engine.jsonata import EvaluationProblem, Program, truth
from engine.loading import LoadedMapping
from engine.records import Record
from engine.report import Note, Report
from engine.resuming import Step
from engine.slices import Slices, apart
from engine.unifying import Evaluated, Unifier

__all__ = ["TOGETHER", "Made", "Maker"]

#: How many rows are unified together: all are evaluated, then all are made, so that the code for either stays at hand.
TOGETHER = 20
#: Within how many records of one list an id that comes twice is noticed.
REMEMBERED = 50_000


class Made(NamedTuple):
    """A record, the steps that lead past it, and what was in scope for it."""

    record: Record
    past: list[Step]
    scope: dict[str, Any]


class Maker:
    """Makes the records of one resource in one run. `scope` is what expressions see beside the items of a row."""

    def __init__(
        self,
        loaded: LoadedMapping,
        resource: str,
        report: Report,
        scope: Mapping[str, Any],
        filters: Filters,
        *,
        since: datetime | None = None,
        remote_data: bool = True,
    ) -> None:
        self._loaded = loaded
        self._resource = resource
        self._report = report
        self._scope = scope
        self._filters = filters
        self._since = since
        self._where = loaded.mapping.resources[resource].where
        self._unifier = Unifier(loaded, resource, report, remote_data=remote_data)
        self._slices = Slices()
        self._parent: Frame | None = None
        self._ids: set[str] = set()

    async def prepare(self) -> None:
        """Write the code of the expressions in another thread, once for all runs of the mapping."""
        if self._resource not in self._loaded.written:
            await apart(self._unifier.prepare)
            self._loaded.written.add(self._resource)

    async def records(self, rows: list[Row]) -> tuple[list[Made], Exception | None]:
        """Return the records of rows, without those that are set aside, not wanted by the resource, or filtered out.

        What went wrong comes with what was made before it, so that neither is lost.
        """
        evaluated: list[tuple[Row, dict[str, Any], Evaluated | Note]] = []
        several: list[Made] = []
        failure: Exception | None = None
        try:
            for row in rows:
                if self._slices.are_over:
                    await self._slices.pause()
                seen = {**self._scope, **row.names}
                wanted = self._where is None or await self._wanted(self._where, seen)
                if wanted is True:
                    evaluated.append((row, seen, await self._slices.do(self._unifier.evaluate, seen)))
                elif wanted is not False:
                    evaluated.append((row, seen, wanted))
        except Exception as error:  # noqa: BLE001 - it is raised once what came before it is given out
            failure = error
        try:
            for row, seen, found in evaluated:
                record = self._record(seen, found)
                if record is not None and self._is_asked_for(record):
                    self._look_for_repeats(record, row)
                    several.append(Made(record, row.past, seen))
        except Exception as error:  # noqa: BLE001 - it is of a row before that of the other
            failure = error
        return several, failure

    async def _wanted(self, where: Program, scope: dict[str, Any]) -> bool | Note:
        """Whether a row is wanted by the resource; a note, where that cannot be told."""
        try:
            return truth(await self._slices.do(where, scope))
        except EvaluationProblem as problem:
            place = self._loaded.place(self._resource, "where", offset=problem.offset or 0)
            what = f"`where` cannot be answered: {problem.message}"
            return Note("set_aside", what, place=place, do="correct the expression")

    def _record(self, scope: dict[str, Any], found: Evaluated | Note) -> Record | None:
        if isinstance(found, Note):
            self._report.note(found)
            return None
        return self._unifier.made(scope, found)

    def _is_asked_for(self, record: Record) -> bool:
        if self._is_unchanged(record) or not self._filters.matches(record):
            self._report.filtered += 1
            return False
        return True

    def _is_unchanged(self, record: Record) -> bool:
        """Whether a record is known not to have changed since; one that does not tell is taken to have."""
        return self._since is not None and record.updated_at is not None and record.updated_at < self._since

    def _look_for_repeats(self, record: Record, row: Row) -> None:
        """Note an id that came before in the same list; how far back is bounded, as memory is."""
        if row.frame.parent is not self._parent or len(self._ids) == REMEMBERED:
            self._parent, self._ids = row.frame.parent, set()
        if record.id in self._ids:
            do = "give `id` all the keys that tell records apart"
            self._report.note(Note("repeated_item", "the same id came before in this list", record=record.id, do=do))
        self._ids.add(record.id)
