"""Batches: parents that follow each other in one page are asked for together, and each gets the items that are its own.

An id that was asked for and did not come is that parent's error, as if it had been asked for alone. Which parents go
together depends on their page only, so that a run that goes on from a position asks for the same batches.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from engine.endless import LoopGuard
from engine.errors import Missing, Unreadable, Where
from engine.frames import Frame, id_text
from engine.jsonata import EvaluationProblem, Program, truth
from engine.listing import Answer, Listing, Lists, Page
from engine.mapping import Batch, Fetch
from engine.pages import State
from engine.report import Note, Report
from engine.slices import Slices
from engine.spelling import counted

__all__ = ["Batches"]

#: The items of a batch by the id of their parent.
Table = Mapping[str, list[Any]]


class Batches:
    """Reads the lists of fetches that have a `batch`."""

    def __init__(self, lists: Lists, report: Report) -> None:
        self._lists = lists
        self._report = report

    async def open(self, name: str, fetch: Fetch, batch: Batch, frame: Frame) -> Listing:
        """Return what the batch of a parent has for it. Raises ProviderError; Missing where that is nothing."""
        own = await self._id(name, batch, frame.names, Slices())
        if own is None:
            what = f"`batch.id: {batch.id.text}` gives no id for this parent"
            raise Unreadable(
                what, Where(fetch=name), "let it name an id that every parent has, or let `when` leave it out"
            )
        group, number = frame.siblings, frame.index // batch.size
        if (name, number) not in group.asked:
            group.asked[name, number] = self._lists.tasks.start(self._read(name, fetch, batch, frame, number))
        table: Table = await self._lists.tasks.shared(group.asked[name, number])
        items = table.get(own, [])
        if not items and batch.every and not self._lists.partial:
            what = f"the id {own} was asked for, and the answer does not have it"
            raise self._lists.located(Missing(what, do="check the ids"), name)
        page = Page({}, Answer(items, [], None), list(range(len(items))))
        return Listing(self._lists, name, frame.names, str(frame), page)

    async def _ids(self, name: str, fetch: Fetch, batch: Batch, frame: Frame, number: int) -> list[str]:
        """Return the ids of all parents of a batch that are to be asked for, each once."""
        ids: dict[str, None] = {}
        slices = Slices()
        for item in frame.siblings.items[number * batch.size : (number + 1) * batch.size]:
            names = {**frame.names, frame.name: item}
            found = await self._id(name, batch, names, slices) if await self._asked(fetch, names, slices) else None
            if found is not None:
                ids[found] = None
        return list(ids)

    async def _asked(self, fetch: Fetch, names: Mapping[str, Any], slices: Slices) -> bool:
        try:
            return fetch.when is None or truth(await slices.do(fetch.when, self._lists.scope(names)))
        except EvaluationProblem:
            return False  # told when its own turn comes

    async def _read(self, name: str, fetch: Fetch, batch: Batch, frame: Frame, number: int) -> Table:
        """Read all pages of a batch, and put every item to the id it belongs to."""
        ids = await self._ids(name, fetch, batch, frame, number)
        above = frame.parent.names if frame.parent else {}
        names = {**above, "batch": {"ids": ids}}
        table: dict[str, list[Any]] = {found: [] for found in ids}
        strays, guard, slices = 0, LoopGuard(), Slices()
        known: deque[State] = deque([self._lists.first(name)])
        while known:
            page = await self._lists.page(name, names, known.popleft())
            guard.see(page.state, page.items)
            known.extend(() if known else page.answer.known)
            for index in page.kept:
                await slices.pause()
                key = await self._key(name, batch, above, page.items[index], slices)
                strays += key not in table
                table.get(key or "", []).append(page.items[index])
        if strays:
            what = f"{counted(strays, 'item')} of a batch belong to no id that was asked for"
            note = Note(
                "dropped_value", what, where=f"fetch {name}", do="correct `key` of the batch, or tell the vendor"
            )
            self._report.note(note)
        return table

    async def _key(self, name: str, batch: Batch, above: Mapping[str, Any], item: Any, slices: Slices) -> str | None:
        if batch.key is None:
            return id_text(item.get("id")) if isinstance(item, Mapping) else None
        return id_text(await slices.do(_evaluate, batch.key, self._lists.scope(above, {"item": item}), name))

    async def _id(self, name: str, batch: Batch, names: Mapping[str, Any], slices: Slices) -> str | None:
        return id_text(await slices.do(_evaluate, batch.id, self._lists.scope(names), name))


def _evaluate(program: Program, scope: dict[str, Any], name: str) -> Any:
    try:
        return program(scope)
    except EvaluationProblem as problem:
        what = f"the batch's `{program.text}` failed: {problem.message}"
        raise Unreadable(what, Where(fetch=name), "correct the expression") from None
