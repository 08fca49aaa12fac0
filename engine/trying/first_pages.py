"""Lists of which only the first page is read, and that for one parent: what a mapping does, at the least cost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.listing import Answer, Lists, Page
from engine.pages import State

__all__ = ["FirstPages", "Tried"]

#: For how many parents a list is asked for, until one has items.
MOST_PARENTS = 3
#: What providers cap their pages at, whatever is asked for.
_CAPS = frozenset({10, 20, 25, 30, 40, 50, 100, 150, 200, 250, 300, 500, 1000})


@dataclass(frozen=True, slots=True)
class Tried:
    """The first page of one list: all its items, how many the mapping keeps, and what was told of the rest."""

    items: list[Any]
    kept: int
    total: int | None
    """How many items the provider counts."""
    following: int
    """How many pages are known to follow."""
    short_of: int | None = None
    """How many items were asked for, where fewer end the list and are as many as providers cap their pages at."""


class FirstPages(Lists):
    """Reads one page for one parent. `tried` is what came of it, by fetch; what is not asked again is empty."""

    partial = True

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **{**options, "window": 0})
        self.tried: dict[str, list[Tried]] = {}
        self._begun: Counter[str] = Counter()

    async def page(self, name: str, names: Mapping[str, Any], state: State) -> Page:
        """Read one page, unless the same list was read for another parent. Raises ProviderError."""
        requested = self._mapping.fetch[name].path is not None
        had = any(tried.items for tried in self.tried.get(name, ()))
        if requested and (had or self._begun[name] == MOST_PARENTS):
            return Page(state, Answer([], [], None), [])
        self._begun[name] += 1
        page = await super().page(name, names, state)
        total = page.answer.counted[0] if page.answer.counted else None
        tried = Tried(page.items, len(page.kept), total, len(page.answer.known), self._short_of(name, page))
        self.tried.setdefault(name, []).append(tried)
        return Page(page.state, Answer(page.items, [], None), page.kept)

    def _short_of(self, name: str, page: Page) -> int | None:
        fetch = self._mapping.fetch[name]
        pages = None if fetch.job is not None else fetch.pages or self._mapping.http.pages
        by = pages and (pages.page or pages.offset)
        if not by or by.until != "short" or page.answer.known or len(page.items) not in _CAPS:
            return None
        return by.size if len(page.items) < by.size else None
