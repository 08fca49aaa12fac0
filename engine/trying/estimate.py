"""What a whole run would cost in requests and time, as far as its first pages tell; what is assumed is said."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.limits import binding
from engine.mapping import Fetch, Rate
from engine.mapping import Mapping as ProviderMapping
from engine.plan import Plan
from engine.spelling import counted
from engine.trying.first_pages import Tried

__all__ = ["Cost", "Estimate", "estimate"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one fetch costs: requests, what that is reckoned from, and whether it may be more or less."""

    fetch: str
    requests: int
    why: str
    at_least: bool = False
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the whole run costs. `seconds` under the limits; `answering` is what one request took on average."""

    costs: list[Cost]
    requests: int
    seconds: float
    answering: float
    at_least: bool
    at_most: bool


@dataclass(frozen=True, slots=True)
class _Size:
    """How many lists and items a fetch has in all."""

    lists: float
    items: float
    at_least: bool
    at_most: bool


def estimate(
    plan: Plan,
    tried: Mapping[str, Sequence[Tried]],
    requests: Mapping[str, int],
    answering: float,
) -> Estimate:
    """Return what a run of a plan costs. `requests` is how many there were for each fetch, with those for a login.

    `answering` is how long an answer took on average, in seconds.
    """
    mapping = plan.mapping
    sizes: dict[str, _Size] = {}
    costs = []
    for name, fetch in plan.fetches():
        size = _size(mapping, name, tried, sizes)
        if fetch.path is not None:
            costs.append(_cost(mapping, name, fetch, size, tried.get(name, ()), requests.get(name, 0)))
    costs += [Cost(name, number, "a login") for name, number in requests.items() if name not in mapping.fetch]
    total = sum(cost.requests for cost in costs)
    seconds = _under(mapping.http.limits.rates, total)
    for cost in costs:
        own = mapping.fetch[cost.fetch].limits if cost.fetch in mapping.fetch else None
        seconds = max(seconds, _under(own.rates, cost.requests) if own else 0.0)
    seconds = max(seconds, total * answering / mapping.http.limits.parallel)
    at_least, at_most = any(cost.at_least for cost in costs), any(cost.at_most for cost in costs)
    return Estimate(costs, total, seconds, answering, at_least, at_most)


def _under(rates: Sequence[Rate], requests: int) -> float:
    """Return how many seconds so many requests take at least."""
    return float(max([0, *(_windows(requests, most) * window for most, window in binding(rates))]))


def _windows(requests: int, most: int) -> int:
    """Return how many whole windows of a rate pass before the last request can be made."""
    return max(0, requests - 1) // most


def _size(mapping: ProviderMapping, name: str, tried: Mapping[str, Sequence[Tried]], sizes: dict[str, _Size]) -> _Size:
    if name not in sizes:
        fetch = mapping.fetch[name]
        above = _size(mapping, fetch.for_.fetch, tried, sizes) if fetch.for_ else _Size(1, 1, False, False)
        lists = above.items
        pages = tried.get(name, ())
        each = [_items(page) for page in pages if page.items] or [0.0]
        kept = sum(page.kept for page in pages) / (sum(len(page.items) for page in pages) or 1)
        more = above.at_least or any(page.total is None and page.following for page in pages)
        less = above.at_most or fetch.when is not None or fetch.once is not None
        sizes[name] = _Size(lists, lists * sum(each) / len(each) * kept, more, less)
    return sizes[name]


def _items(page: Tried) -> float:
    """Return how many items a list has: what the provider counts, or at least what its pages hold."""
    return page.total if page.total is not None else len(page.items) * (1 + page.following)


def _pages(page: Tried) -> int:
    if page.total is not None and page.items:
        return max(1, math.ceil(page.total / len(page.items)))
    return 1 + page.following


def _cost(
    mapping: ProviderMapping, name: str, fetch: Fetch, size: _Size, pages: Sequence[Tried], requests: int
) -> Cost:
    each = max((_pages(page) for page in pages), default=1)
    extra = requests / len(pages) if fetch.job is not None and pages else 1
    lists = math.ceil(size.lists / (fetch.batch.size if fetch.batch else 1))
    parts = [f"{counted(lists, 'list')}" if fetch.for_ else "one list"]
    parts.append(_why(pages, each, alone=fetch.for_ is None))
    if extra > 1:
        parts.append(f"{extra:g} requests for each report")
    if fetch.when is not None:
        parts.append("fewer where `when` does not hold")
    if fetch.once is not None:
        parts.append(f"fewer where `{fetch.once.text}` repeats")
    following = any(page.total is None and page.following for page in pages)
    del mapping
    return Cost(name, math.ceil(lists * each * extra), ", ".join(parts), size.at_least or following, size.at_most)


def _why(pages: Sequence[Tried], each: int, *, alone: bool) -> str:
    """Say what is known of the number of pages, and what is assumed."""
    of = "" if alone else " each"
    like = "" if alone else ", as the one that was tried"
    if not pages:
        return f"assumed to have one page{of}, for none could be tried"
    page = max(pages, key=_pages)
    if page.total is not None:
        counts = f"the provider counts {counted(page.total, 'item')}"
        return f"{counted(each, 'page')}{of}: {counts}" + ("" if alone else " in the one that was tried")
    if page.following > 1:
        return f"{counted(each, 'page')}{of}, as the provider says{like}"
    if page.following:
        return f"more than one page{of}, assumed two; nothing tells how many"
    return f"one page{of}{like}"
