"""One list: a fetch for one parent, page by page, in order, some pages ahead."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import calls, jobs
from engine.ahead import Tasks
from engine.beside import refuse_taken
from engine.client import Client
from engine.endless import LoopGuard
from engine.errors import Place, ProviderError, Unreadable, UsageError, Where
from engine.exchange import Pairs, Request, Response
from engine.frames import id_text
from engine.items import listed, warned
from engine.jsonata import EvaluationProblem, truth
from engine.mapping import Call, Fetch, Pages
from engine.mapping import Mapping as ProviderMapping
from engine.pages import Pager, State, pager
from engine.report import Note, Report
from engine.slices import Slices
from engine.spelling import counted

__all__ = ["Answer", "Listing", "Lists", "Page"]

Keep = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gave: items, the pages known to follow, and the provider's count with what came before."""

    items: list[Any]
    known: list[State]
    counted: tuple[int, int] | None


@dataclass(slots=True)
class Page:
    """One page: its state, what was answered, which items to keep, and the page that follows."""

    state: State
    answer: Answer
    kept: list[int]
    following: State | None = None

    @property
    def items(self) -> list[Any]:
        """All items of the page."""
        return self.answer.items


class Lists:
    """Reads lists for one run. `scope` is what expressions see everywhere, `holes` what holes see.

    `extra` has query parameters by fetch, which are sent as they are with every request of it. Raises UsageError where
    the mapping sends one of them itself.
    """

    def __init__(
        self,
        mapping: ProviderMapping,
        client: Client,
        report: Report,
        tasks: Tasks,
        scope: Mapping[str, Any],
        holes: Mapping[str, Any],
        *,
        keep: Mapping[str, Keep],
        window: int,
        place: Callable[..., Place],
        extra: Mapping[str, Pairs] | None = None,
    ) -> None:
        self._mapping = mapping
        self._client = client
        self._report = report
        self.tasks = tasks
        self._scope = scope
        self._holes = holes
        self._keep = keep
        self.window = window
        self._place = place
        self._extra = extra or {}
        for name, pairs in self._extra.items():
            refuse_taken(mapping, name, (given for given, _ in pairs))
        self._pagers: dict[str, Pager] = {}
        self._remembered: dict[tuple[str, str, str], asyncio.Task[Answer]] = {}

    def scope(self, *names: Mapping[str, Any]) -> dict[str, Any]:
        """Return what expressions see, with more names."""
        scope = dict(self._scope)
        for more in names:
            scope.update(more)
        return scope

    #: Whether lists are read in part only: then nothing can be told of what is not there.
    partial = False

    async def open(self, name: str, names: Mapping[str, Any], parent: str, start: State | None) -> "Listing":
        """Read the first page of a list, or the page `start`; `parent` is for messages. Raises ProviderError."""
        first = await self.page(name, names, self.first(name) if start is None else start)
        return Listing(self, name, names, parent, first)

    def first(self, name: str) -> State:
        """Return the state of the first page of a list."""
        return self._pager(name).first

    def _pager(self, name: str) -> Pager:
        if name not in self._pagers:
            fetch = self._mapping.fetch[name]
            single = fetch.path is None or fetch.job is not None
            pages = Pages(single=True) if single else fetch.pages or self._mapping.http.pages
            self._pagers[name] = pager(pages)
        return self._pagers[name]

    async def page(self, name: str, names: Mapping[str, Any], state: State) -> Page:
        """Read one page: request, items, and which of them to keep."""
        fetch = self._mapping.fetch[name]
        scope = self.scope(names)
        try:
            answer = await self._answer(name, fetch, scope, names, state)
        except ProviderError as error:
            raise self.located(error, name) from None
        if name not in self._keep and fetch.where is None:
            return Page(state, answer, list(range(len(answer.items))))
        kept: list[int] = []
        slices = Slices()
        for index, item in enumerate(answer.items):
            await slices.pause()
            if await self._wanted(name, fetch, scope, item, slices):
                kept.append(index)
        return Page(state, answer, kept)

    def located(self, error: ProviderError, name: str) -> ProviderError:
        """Return an error with the fetch it is of, and where that is in the mapping."""
        return error.at(provider=self._mapping.provider.id, fetch=name, place=self._place("fetch", name, key=True))

    def count(self, page: Page) -> None:
        """Count a page whose turn has come."""
        self._report.pages += 1
        self._report.items += len(page.items)

    def hold_against(self, total: int, came: int, name: str, parent: str) -> None:
        """Note a list that ended before the provider's count: what is missing may be hidden from this account."""
        if came < total:
            what = f"the provider counts {counted(total, 'item')}, and {came} came"
            do = "run again; if it stays so, the account may not see them all, or `pages` is wrong"
            place = self._place("fetch", name, key=True)
            self._report.note(Note("short_list", what, where=f"fetch {name}", record=parent, place=place, do=do))

    async def _answer(
        self, name: str, fetch: Fetch, scope: dict[str, Any], names: Mapping[str, Any], state: State
    ) -> Answer:
        """Return what a request gives; the same key is asked once."""
        if fetch.once is None:
            return await self._ask(name, fetch, scope, names, state)
        key = id_text(await Slices().do(fetch.once, scope))
        if key is None:
            raise Unreadable(
                f"`once: {fetch.once.text}` gives no key for this parent",
                Where(fetch=name),
                "let it name an id that every parent has",
            )
        place = (name, key, repr(sorted(state.items())))
        if place not in self._remembered:
            self._remembered[place] = self.tasks.start(self._ask(name, fetch, scope, names, state))
        return await self.tasks.shared(self._remembered[place])

    async def _ask(
        self, name: str, fetch: Fetch, scope: dict[str, Any], names: Mapping[str, Any], state: State
    ) -> Answer:
        if fetch.path is None:
            where = "what is in scope" if fetch.for_ is None else "the parent"
            return Answer(await Slices().do(listed, fetch.items, scope, where, name, names), [], None)
        pager = self._pager(name)
        holes = {**self._holes, **names, "page": pager.scope(state)}
        request = pager.request(self._built(fetch, holes), state).with_query(*self._extra.get(name, ()))
        response = await self._client.send(request, fetch=name, rules=fetch.errors)
        if response is not None and fetch.job is not None:
            finished = await self._finished(name, fetch, request, response, holes)
            request, response = finished or (request, None)
        if response is None:
            return Answer([], [], None)
        slices = Slices()
        try:
            items = await slices.do(listed, fetch.items, response.data, "the answer", name)
            if response.mended:
                self._tell_mended(response.mended, name)
            if fetch.warnings is not None:
                found = await slices.do(warned, fetch.warnings, response.data, name)
                self._tell_warnings(found, name, self._client.shown(request))
            known = await slices.do(pager.next, state, request, response, len(items))
            counted = await slices.do(pager.counted, state, response)
            return Answer(items, [self._unsigned(following) for following in known], counted)
        except ProviderError as error:
            raise self._client.told(error, name, request) from None

    async def _finished(
        self, name: str, fetch: Fetch, request: Request, response: Response, holes: Mapping[str, Any]
    ) -> tuple[Request, Response] | None:
        """Wait for the report that a request asked for."""
        assert fetch.job is not None  # noqa: S101 - for the type checker
        try:
            response.data  # noqa: B018 - what cannot be read tells of no report
        except ProviderError as error:
            raise self._client.told(error, name, request) from None
        return await jobs.finished(
            self._client, fetch.job, self._built, response, holes, fetch=name, rules=fetch.errors
        )

    def _tell_warnings(self, found: Any, name: str, request: str) -> None:
        """Note what the provider warns of."""
        for warning in found if isinstance(found, list) else [found]:
            text = warning if isinstance(warning, str) else json.dumps(warning, ensure_ascii=False)
            if warning is not None and text:
                self._report.note(Note("warned", f"the provider warns: {text}", where=f"fetch {name}: {request}"))

    def _tell_mended(self, number: int, name: str) -> None:
        what = f"{counted(number, 'text')} of an answer held half a character; \ufffd stands in its place"
        self._report.note(Note("dropped_value", what, where=f"fetch {name}", do="tell the vendor"))

    def _unsigned(self, state: State) -> State:
        return {**state, "url": self._client.unsigned(state["url"])} if "url" in state else state

    def _built(self, call: Call, holes: Mapping[str, Any]) -> Request:
        """Fill in a request. What a hole lacks is this parent's fault, not that of the run."""
        try:
            return calls.build(self._mapping.http, call, holes)
        except UsageError as error:
            raise Unreadable(str(error), do="correct the path, or let `when` leave such parents out") from None

    async def _wanted(self, name: str, fetch: Fetch, scope: dict[str, Any], item: Any, slices: Slices) -> bool:
        if name in self._keep and not self._keep[name](item):
            self._report.pruned += 1
            return False
        if fetch.where is None:
            return True
        try:
            return truth(await slices.do(fetch.where, {**scope, "item": item}))
        except EvaluationProblem as problem:
            what = f"`where: {fetch.where.text}` cannot be answered for this item: {problem.message}"
            self._report.note(Note("set_aside", what, where=f"fetch {name}", value=item))
            return False


class Listing:
    """One list under way. `first` is its first page; `pages()` gives all of them in order, once."""

    def __init__(self, lists: Lists, name: str, names: Mapping[str, Any], parent: str, first: Page) -> None:
        self._lists = lists
        self._name = name
        self._names = names
        self._parent = parent
        self._guard = LoopGuard()
        self.first = first

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Yield all pages in order. Where the rest is known, up to a window of them is read ahead."""
        known = deque(self.first.answer.known)
        begun: deque[tuple[State, asyncio.Task[Page]]] = deque()
        page = self.first
        before = self.first.answer.counted[1] if self.first.answer.counted else 0
        seen = 0
        try:
            while True:
                self._lists.count(page)
                self._see(page)
                seen += len(page.items)
                self._begin(known, begun, self._lists.window)
                page.following = begun[0][0] if begun else known[0] if known else None
                yield page
                self._begin(known, begun, 1)
                if not begun:
                    break
                page = await begun.popleft()[1]
                if not begun and not known:
                    known.extend(page.answer.known)
            if page.answer.counted is not None:
                self._lists.hold_against(page.answer.counted[0], before + seen, self._name, self._parent)
        finally:
            await self._lists.tasks.cancel(*(task for _, task in begun))

    def _see(self, page: Page) -> None:
        try:
            self._guard.see(page.state, page.items)
        except ProviderError as error:
            raise self._lists.located(error, self._name) from None

    def _begin(self, known: deque[State], begun: deque[tuple[State, asyncio.Task[Page]]], window: int) -> None:
        while known and len(begun) < window:
            state = known.popleft()
            begun.append((state, self._lists.tasks.start(self._lists.page(self._name, self._names, state))))
