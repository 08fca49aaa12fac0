"""The plan, run: rows in a fixed order, requests ahead, and the steps that lead past every row.

A run started from the steps to a position asks only for what its rows need: the pages on the way to it, and everything
after.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from itertools import zip_longest
from typing import Any, NamedTuple, TypeVar

from engine.ahead import Tasks, ahead
from engine.batches import Batches
from engine.errors import ProviderError, Unreadable, Where
from engine.frames import Frame, Siblings
from engine.joining import Joins
from engine.jsonata import EvaluationProblem, truth
from engine.listing import Listing, Lists, Page
from engine.mapping import Fetch
from engine.plan import Chain, Plan
from engine.report import Note, Report
from engine.resuming import Step
from engine.slices import Slices

__all__ = ["Fetching", "Row"]

#: The errors that may well mean "there is none here", so that whoever meets one is told of the way out.
_TOLERABLE = ("forbidden", "missing")
_TOLERATING = "`tolerate"

T = TypeVar("T")


class Row(NamedTuple):
    """The raw items of one record by name, the steps that lead past it, and its parent (for messages)."""

    names: dict[str, Any]
    past: list[Step]  # empty where no more rows follow
    frame: Frame


class _Leaf(NamedTuple):
    """The last frame of a chain, and the steps that lead past it."""

    frame: Frame
    past: list[Step]


class _Found(NamedTuple):
    """An item in its frame: the step that leads to it, the one that leads past it, and where to go on below."""

    frame: Frame
    here: Step
    past: list[Step]  # empty where the list ends
    below: list[Step]

    def above(self, leaf: _Leaf) -> _Leaf:
        """Return a leaf below this item with the steps that lead past it from the top."""
        return _Leaf(leaf.frame, [self.here, *leaf.past] if leaf.past else self.past)


class Fetching:
    """Runs one plan. `window` says how many rows may have their own requests under way ahead of their turn.

    `most` says how many rows are wanted at once. With `halt`, an error that may pass ends the run instead of skipping a
    parent.
    """

    def __init__(
        self,
        plan: Plan,
        lists: Lists,
        report: Report,
        tasks: Tasks,
        *,
        window: Callable[[], int],
        most: Callable[[], int],
        halt: bool = False,
    ) -> None:
        self._plan = plan
        self._lists = lists
        self._report = report
        self._tasks = tasks
        self._window = window
        self._most = most
        self._halt = halt
        self._batches = Batches(lists, report)
        self._joins = Joins(self._read, lists.scope, tasks, report)

    async def rows(self, start: list[Step]) -> AsyncGenerator[list[Row], None]:
        """Yield all rows after the steps, several of a page together. Those with requests of their own come one by one.

        Raises ProviderError where nothing can be read, or all must stop.
        """
        walk = self._walk(self._plan.chain, Frame(), start, spine=True)
        if any(join.depth == len(self._plan.chain) for join in self._plan.joins):
            async with aclosing(ahead(self._tasks, _each(walk), self._joins_of, self._window)) as leaves_joining:
                async for leaf, joining in leaves_joining:
                    yield await self._joined(leaf, joining)
            return
        async with aclosing(walk) as pages:
            async for leaves in pages:
                taken = 0
                while taken < len(leaves):
                    some = leaves[taken : taken + self._most()]
                    taken += len(some)
                    if not self._plan.joins:
                        yield [Row(frame.names, past, frame) for frame, past in some]
                        continue
                    joined: list[Row] = []
                    try:
                        for leaf in some:
                            joined += await self._joined(leaf, self._joins_of(leaf))
                    except ProviderError:
                        yield joined  # what came before an error that ends the run
                        raise
                    yield joined

    async def _joins_of(self, leaf: _Leaf) -> dict[str, Any]:
        return await self._joins.of(self._plan.joins, leaf.frame)

    async def _joined(self, leaf: _Leaf, joining: Awaitable[dict[str, Any]]) -> list[Row]:
        """Return a row with what it is joined with; none where that cannot be read."""
        try:
            return [Row({**leaf.frame.names, **await joining}, leaf.past, leaf.frame)]
        except ProviderError as error:
            self._missed(error, leaf.frame)
            return []

    async def _read(self, chain: Chain, frame: Frame) -> list[Any]:
        """Read all items at the end of a chain below a frame, for a join; one that fails fails the join."""
        async with aclosing(self._walk(chain, frame, [], spine=False)) as pages:
            return [leaf.frame.item async for leaves in pages for leaf in leaves]

    async def _walk(
        self, chain: Chain, frame: Frame, steps: list[Step], *, spine: bool
    ) -> AsyncGenerator[list[_Leaf], None]:
        listing = await self._open(chain, 0, frame, steps, spine)
        if listing is not None:
            async with aclosing(self._below(chain, 0, listing, frame, steps, spine)) as pages:
                async for leaves in pages:
                    yield leaves

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
    ) -> AsyncGenerator[list[_Leaf], None]:
        """Yield the last frames of the chain in order, those of a page together, each with the steps that lead past."""
        found = self._found(chain, level, listing, frame, steps)
        if level == len(chain) - 1:
            async with aclosing(found) as several:
                async for items in several:
                    yield [_Leaf(item.frame, item.past) for item in items]
            return

        def opened(parent: _Found) -> Coroutine[Any, Any, Listing | None]:
            return self._open(chain, level + 1, parent.frame, parent.below, spine)

        async with aclosing(ahead(self._tasks, _each(found), opened, lambda: self._lists.window)) as parents:
            async for parent, opening in parents:
                try:
                    children = await opening
                    if children is None:
                        continue
                    below = self._below(chain, level + 1, children, parent.frame, parent.below, spine)
                    async with aclosing(below) as pages:
                        async for leaves in pages:
                            yield [parent.above(leaf) for leaf in leaves]
                except ProviderError as error:
                    if not spine:
                        raise
                    self._missed(error, parent.frame)

    async def _found(
        self, chain: Chain, level: int, listing: Listing, frame: Frame, steps: list[Step]
    ) -> AsyncGenerator[list[_Found], None]:
        """Yield the items of one list as frames, those of a page together, from the step to start at."""
        name, fetch = chain[level]
        skip, below = (steps[0][1], steps[1:]) if steps else (0, [])
        try:
            async with aclosing(listing.pages()) as pages:
                async for page in pages:
                    yield _of_page(page, name, frame, skip, below)
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


def _of_page(page: Page, name: str, frame: Frame, skip: int, below: list[Step]) -> list[_Found]:
    """Return the items of a page as frames, without those to skip; `below` is where to go on below the first."""
    kept = [index for index in page.kept if index >= skip]
    siblings = Siblings([page.items[index] for index in page.kept])
    end: list[Step] = [] if page.following is None else [(page.following, 0)]
    found = []
    for number, (index, after) in enumerate(zip_longest(kept, kept[1:]), len(page.kept) - len(kept)):
        past = end if after is None else [(page.state, after)]
        child = Frame(frame, name, page.items[index], siblings, number)
        found.append(_Found(child, (page.state, index), past, below if index == skip else []))
    return found


async def _each(pages: AsyncGenerator[list[T], None]) -> AsyncGenerator[T, None]:
    """Yield all that is on some pages, one by one."""
    async with aclosing(pages) as several:
        async for items in several:
            for item in items:
                yield item
