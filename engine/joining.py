"""Joins: the items of another fetch, found by id. The engine joins, so that no author ever has to.

A table is fetched once per place it belongs to (the run, a parent, a row), indexed by id as text, and goes with
that place.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from engine.ahead import Tasks
from engine.errors import Unreadable, Where
from engine.frames import Frame, id_text
from engine.jsonata import EvaluationProblem, Program
from engine.mapping import Join
from engine.plan import Chain, PlannedJoin
from engine.report import Note, Report
from engine.slices import Slices
from engine.spelling import counted

__all__ = ["Joins"]

#: Reads all items at the end of a chain below a frame.
Read = Callable[[Chain, Frame], Coroutine[Any, Any, list[Any]]]
Table = Mapping[str, list[Any]]


class Joins:
    """Looks up joined items. `scope` adds to some names what expressions see everywhere."""

    def __init__(self, read: Read, scope: Callable[..., dict[str, Any]], tasks: Tasks, report: Report) -> None:
        self._read = read
        self._scope = scope
        self._tasks = tasks
        self._report = report
        self._slices = Slices()

    async def of(self, joins: tuple[PlannedJoin, ...], frame: Frame) -> dict[str, Any]:
        """Return what each join finds for a row, by name; raises ProviderError where a table cannot be read."""
        found: dict[str, Any] = {}
        for planned in joins:
            table = await self._table(planned, frame)
            wanted = await self._wanted(planned.join, self._scope(frame.names, found))
            found[planned.name] = self._pick(planned, table, wanted, frame)
        return found

    async def prepare(self, joins: tuple[PlannedJoin, ...], frame: Frame) -> None:
        """Read the tables that belong to this frame or one above it, so that its rows need not wait."""
        for planned in joins:
            if planned.depth <= frame.depth:
                await self._table(planned, frame)

    async def _table(self, planned: PlannedJoin, frame: Frame) -> Table:
        """Return the table of a join; joins into the same items by other keys share the reading of them."""
        place = frame.at(planned.depth)
        join = planned.join
        items = tuple(loop.fetch for loop in planned.below)
        by = "" if join.id is None else f"by {join.key.text if join.key else 'item.id'}"
        if items not in place.tables:
            place.tables[items] = self._tasks.start(self._read(planned.below, place))
        if (*items, by) not in place.tables:
            place.tables[*items, by] = self._tasks.start(self._index(planned, place, place.tables[items]))
        return await self._tasks.shared(place.tables[*items, by])

    async def _index(self, planned: PlannedJoin, place: Frame, reading: asyncio.Task[list[Any]]) -> Table:
        items = await self._tasks.shared(reading)
        if planned.join.id is None:
            return {"": items}
        table: dict[str, list[Any]] = {}
        without = 0
        slices = Slices()
        for item in items:
            await slices.pause()
            key = await self._key(planned.join, item, place, slices)
            if key is None:
                without += 1
            else:
                table.setdefault(key, []).append(item)
        if without:
            what = f"{counted(without, 'item')} of {len(items)} cannot be joined, having no id"
            note = Note("dropped_value", what, where=f"fetch {planned.join.in_}", do="correct `key` of the join")
            self._report.note(note)
        return table

    async def _key(self, join: Join, item: Any, place: Frame, slices: Slices) -> str | None:
        if join.key is None:
            return id_text(item.get("id")) if isinstance(item, Mapping) else None
        return id_text(await slices.do(_evaluate, join.key, self._scope(place.names, {"item": item}), join))

    async def _wanted(self, join: Join, scope: dict[str, Any]) -> str | None:
        return "" if join.id is None else id_text(await self._slices.do(_evaluate, join.id, scope, join))

    def _pick(self, planned: PlannedJoin, table: Table, wanted: str | None, frame: Frame) -> Any:
        join = planned.join
        matches = table.get(wanted, []) if wanted is not None else []
        if matches:
            self._report.joined[planned.name] += 1
        if join.all:
            return matches
        if len(matches) > 1 and any(match != matches[0] for match in matches[1:]):
            what = f"{len(matches)} different items" + (f" have the id {wanted}" if wanted else "")
            note = Note(
                "ambiguous_join",
                f"{what}: the first was taken",
                where=f"fetch {join.in_}",
                record=str(frame),
                do="take them all with `all: true`, or look them up by another id",
            )
            self._report.note(note)
        return matches[0] if matches else None


def _evaluate(program: Program, scope: dict[str, Any], join: Join) -> Any:
    try:
        return program(scope)
    except EvaluationProblem as problem:
        what = f"the join's `{program.text}` failed: {problem.message}"
        raise Unreadable(what, Where(fetch=join.in_), "correct the expression") from None
