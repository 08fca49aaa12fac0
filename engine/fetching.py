"""The plan, run: rows in a fixed order, requests ahead, and the steps that lead past every row.

A run started from the steps to a position asks only for what its rows need: the pages on the way to it, and everything
after.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from itertools import zip_longest
from typing import Any, NamedTuple

from engine.ahead import Tasks, ahead
from engine.batches import Batches
from engine.errors import ProviderError, Unreadable, Where
from engine.frames import Frame, Siblings
from engine.joining import Joins
from engine.jsonata import EvaluationProblem, truth
from engine.listing import Listing, Lists
from engine.mapping import Fetch
from engine.plan import Chain, Plan
from engine.report import Note, Report
from engine.resuming import Step
from engine.slices import Slices

__all__ = ["Fetching", "Row"]

#: The errors that may well mean "there is none here", so that whoever meets one is told of the way out.
_TOLERABLE = ("forbidden", "missing")
_TOLERATING = "`tolerate"


class Row(NamedTuple):
    """The raw items of one record by name, the steps that lead past it, and its parent (for messages)."""

    names: dict[str, Any]
    past: list[Step]  # empty where no more rows follow
    frame: Frame


class _Found(NamedTuple):
    """An item in its frame: the step that leads to it, the one that leads past it, and where to go on below."""

    frame: Frame
    here: Step
    past: list[Step]  # empty where the list ends
    below: list[Step]


class Fetching:
    """Runs one plan. `window` says how many rows may have their own requests under way ahead of their turn.

    With `halt`, an error that may pass ends the run instead of skipping a parent.
    """

    def __init__(
        self, plan: Plan, lists: Lists, report: Report, tasks: Tasks, window: Callable[[], int], *, halt: bool = False
    ) -> None:
        self._plan = plan
        self._lists = lists
        self._report = report
        self._tasks = tasks
        self._window = window
        self._halt = halt
        self._batches = Batches(lists, report)
        self._joins = Joins(self._read, lists.scope, tasks, report)

    async def rows(self, start: list[Step]) -> AsyncGenerator[Row, None]:
        """Yield all rows after the steps. Raises ProviderError where nothing can be read, or all must stop."""
        walk = self._walk(self._plan.chain, Frame(), start, spine=True)
        if not self._plan.joins:
            async with aclosing(walk) as leaves:
                async for frame, past in leaves:
                    yield Row(frame.names, past, frame)
            return
        async with aclosing(self._with_joins(walk)) as rows:
            async for (frame, past), joining in rows:
                try:
                    joined = await joining
                except ProviderError as error:
                    self._missed(error, frame)
                    continue
                yield Row({**frame.names, **joined}, past, frame)

    def _with_joins(
        self, walk: AsyncGenerator[tuple[Frame, list[Step]], None]
    ) -> AsyncGenerator[tuple[tuple[Frame, list[Step]], Awaitable[dict[str, Any]]], None]:
        """Join the rows; where rows have requests of their own, those of several are under way at once."""
        if any(join.depth == len(self._plan.chain) for join in self._plan.joins):
            return ahead(self._tasks, walk, lambda leaf: self._joins.of(self._plan.joins, leaf[0]), self._window)
        return self._joined(walk)

    async def _joined(
        self, walk: AsyncGenerator[tuple[Frame, list[Step]], None]
    ) -> AsyncGenerator[tuple[tuple[Frame, list[Step]], Awaitable[dict[str, Any]]], None]:
        async with aclosing(walk) as leaves:
            async for leaf in leaves:
                yield leaf, self._joins.of(self._plan.joins, leaf[0])

    async def _read(self, chain: Chain, frame: Frame) -> list[Any]:
        """Read all items at the end of a chain below a frame, for a join; one that fails fails the join."""
        async with aclosing(self._walk(chain, frame, [], spine=False)) as leaves:
            return [leaf.item async for leaf, _ in leaves]

    async def _walk(
        self, chain: Chain, frame: Frame, steps: list[Step], *, spine: bool
    ) -> AsyncGenerator[tuple[Frame, list[Step]], None]:
        listing = await self._open(chain, 0, frame, steps, spine)
        if listing is not None:
            async with aclosing(self._below(chain, 0, listing, frame, steps, spine)) as leaves:
                async for leaf in leaves:
                    yield leaf

    async def _open(self, chain: Chain, level: int, frame: Frame, steps: list[Step], spine: bool) -> Listing | None:
        """Read the first page of the list at a level, and what its rows will be joined with."""
        name = chain[level].fetch
        fetch = self._plan.mapping.fetch[name]
        try:
            names = {**frame.names, **await self._joins.of(self._plan.fetch_joins[name], frame)}
            if not await self._asked(name, fetch, names):
                return None
            if fetch.batch is not None:
                listing = await self._batches.open(name, fetch, fetch.batch, frame)
            else:
                listing = await self._lists.open(name, names, str(frame), steps[0][0] if steps else None)
        except ProviderError as error:
            self._tolerate(error, name, frame)
            return None
        if spine and level == len(chain) - 1 and listing.first.kept:
            await self._joins.prepare(self._plan.joins, frame)
        return listing

    async def _asked(self, name: str, fetch: Fetch, names: dict[str, Any]) -> bool:
        if fetch.when is None:
            return True
        try:
            return truth(await Slices().do(fetch.when, self._lists.scope(names)))
        except EvaluationProblem as problem:
            what = f"`when: {fetch.when.text}` failed: {problem.message}"
            raise Unreadable(what, Where(fetch=name), "correct the expression") from None

    async def _below(
        self, chain: Chain, level: int, listing: Listing, frame: Frame, steps: list[Step], spine: bool
    ) -> AsyncGenerator[tuple[Frame, list[Step]], None]:
        """Yield the last frames of the chain in order, each with the steps that lead past it."""
        found = self._found(chain, level, listing, frame, steps)
        if level == len(chain) - 1:
            async with aclosing(found) as leaves:
                async for leaf in leaves:
                    yield leaf.frame, leaf.past
            return

        def opened(parent: _Found) -> Coroutine[Any, Any, Listing | None]:
            return self._open(chain, level + 1, parent.frame, parent.below, spine)

        async with aclosing(ahead(self._tasks, found, opened, lambda: self._lists.window)) as parents:
            async for parent, opening in parents:
                try:
                    children = await opening
                    if children is None:
                        continue
                    below = self._below(chain, level + 1, children, parent.frame, parent.below, spine)
                    async with aclosing(below) as rows:
                        async for row, past in rows:
                            yield row, [parent.here, *past] if past else parent.past
                except ProviderError as error:
                    if not spine:
                        raise
                    self._missed(error, parent.frame)

    async def _found(
        self, chain: Chain, level: int, listing: Listing, frame: Frame, steps: list[Step]
    ) -> AsyncGenerator[_Found, None]:
        """Yield the items of one list as frames, from the step to start at."""
        name, fetch = chain[level]
        skip, below = (steps[0][1], steps[1:]) if steps else (0, [])
        try:
            async with aclosing(listing.pages()) as pages:
                async for page in pages:
                    kept = [index for index in page.kept if index >= skip]
                    siblings = Siblings([page.items[index] for index in page.kept])
                    passed = len(page.kept) - len(kept)
                    end: list[Step] = [] if page.following is None else [(page.following, 0)]
                    for number, (index, after) in enumerate(zip_longest(kept, kept[1:]), passed):
                        past = end if after is None else [(page.state, after)]
                        child = Frame(frame, name, page.items[index], siblings, number)
                        yield _Found(child, (page.state, index), past, below if index == skip else [])
                    skip, below = 0, []
        except ProviderError as error:
            self._tolerate(error, fetch, frame)

    def _tolerate(self, error: ProviderError, name: str, frame: Frame) -> None:
        """Note an error of this fetch that the mapping says means "there is none here"; raise any other."""
        own = error.where.fetch == name
        if own and error.word in self._plan.mapping.fetch[name].tolerate:
            self._report.note(Note("tolerated", str(error), record=str(frame), cause=error.word))
            return
        if own and error.word in _TOLERABLE and _TOLERATING not in error.do:
            error.do += f", or let the mapping {_TOLERATING}: [{error.word}]`"
        raise error

    def _missed(self, error: ProviderError, frame: Frame) -> None:
        """Note a parent or row that cannot be read, unless the error concerns everything."""
        if error.action == "stop" or (self._halt and error.action == "retry"):
            raise error
        self._report.note(Note("parent_failed", str(error), record=str(frame), cause=error.word))
