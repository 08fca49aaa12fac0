"""How a list goes on. No network.

A pager turns the state of a page into its request, and its answer into the states of the pages now known to follow. A
state is small JSON, so that a run can go on from it another day.
"""

import math
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urljoin

from engine.errors import Unreadable
from engine.exchange import Request, Response, origin
from engine.jsonata import EvaluationProblem, Program
from engine.links import links
from engine.mapping import CursorPages, OffsetPages, PageNumbers, Pages
from engine.telling import shown

__all__ = ["Pager", "State", "pager"]

State = dict[str, Any]
#: How many pages are known ahead at most.
KNOWN_PAGES = 1000


class Pager(Protocol):
    """One way to page."""

    first: State

    def scope(self, state: State) -> dict[str, Any]:
        """Return what `{page.…}` holes see."""

    def request(self, request: Request, state: State) -> Request:
        """Return the request of the page in this state."""

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Return the states of the pages now known to follow one with `count` items; none at the end.

        Raises Unreadable where the answer does not say what it should.
        """

    def counted(self, state: State, response: Response) -> tuple[int, int] | None:
        """Return how many items the provider counts and how many come before this page; None where it counts none."""


class Single:
    """Everything comes in one answer."""

    first: State = {}  # noqa: RUF012 - states are never changed

    def scope(self, state: State) -> dict[str, Any]:
        """Return nothing to see."""
        return state

    def request(self, request: Request, state: State) -> Request:
        """Return the request as it is."""
        del state
        return request

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Nothing follows."""
        del state, request, response, count
        return []

    def counted(self, state: State, response: Response) -> tuple[int, int] | None:
        """Nothing is counted."""
        del state, response
        return None


class Linked(Single):
    """Each page has the address of the next, in its `Link` header (RFC 8288) or in its body.

    Such links are opaque: the parameters of the first request are not sent again. They must stay within the origin of
    the request, or the credentials would be sent elsewhere.
    """

    def __init__(self, relation: str | None, address: Program | None) -> None:
        self._relation = relation
        self._address = address

    def request(self, request: Request, state: State) -> Request:
        """Return the request for the link in the state."""
        return replace(request, url=state["url"], query=()) if "url" in state else request

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Return the state of the page the answer links to."""
        del state, count
        if self._relation is not None:
            link = _linked(response.headers.get("link", ""), self._relation)
        else:
            link = _over(self._address, response)
        if not link or (isinstance(link, str) and not link.strip()):
            return []
        if not isinstance(link, str):
            raise Unreadable(f"the address of the next page is {shown(link)} and not text", do="correct `next_url`")
        url = _joined(response.url or request.url, link)
        here, there = origin(request.url), origin(url)
        if there != here:
            what = f"the next page is on another host, {there or 'none that can be read'} and not {here}"
            raise Unreadable(what, do="if that is right, use it as the connection's address")
        return [{"url": url}]


def _linked(header: str, relation: str) -> str | None:
    """Return the address of a relation. Raises Unreadable where it may be in what cannot be read of the header."""
    found, unread = links(header)
    link = found.get(relation.lower())
    if link is None and unread:
        raise Unreadable(f"the `Link` header cannot be read: {unread}", do="tell the vendor")
    return link


def _joined(url: str, link: str) -> str:
    """Return an address that may be relative to the page it stands on; empty where it is none."""
    try:
        return urljoin(url.partition("?")[0], link.strip())
    except ValueError:
        return ""


class Numbered:
    """Pages by number."""

    def __init__(self, settings: PageNumbers) -> None:
        self._settings = settings
        self.first: State = {"page": settings.first}

    def scope(self, state: State) -> dict[str, Any]:
        """Holes see the number and the size."""
        return {"number": state["page"], "size": self._settings.size}

    def request(self, request: Request, state: State) -> Request:
        """Return the request with number and size. Raises Unreadable beyond what the provider gives."""
        _within(self._settings, (state["page"] - self._settings.first + 1) * self._settings.size)
        return _with(request, (self._settings.param, state["page"]), (self._settings.size_param, self._settings.size))

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Return all pages that the answer counts, or the next."""
        del request
        settings, number = self._settings, state["page"]
        if settings.count is not None:
            last = settings.first + _whole(settings.count, response, "count") - 1
            return [{"page": following} for following in _some(range(number + 1, last + 1))]
        if settings.total is not None:
            return self._counted(number, state, _whole(settings.total, response, "total"), count)
        if _goes_on(settings, response, count):
            return [{"page": number + 1}]
        return []

    def counted(self, state: State, response: Response) -> tuple[int, int] | None:
        """Return the total, and what the pages before this one hold where each is full."""
        settings = self._settings
        if settings.total is None:
            return None
        before = (state["page"] - settings.first) * state.get("size", settings.size)
        return _whole(settings.total, response, "total"), before

    def _counted(self, number: int, state: State, total: int, count: int) -> list[State]:
        """Return the pages up to a total. Where a provider gives fewer or more than asked for, its own size counts."""
        first = self._settings.first
        own = count if number == first and 0 < count < total else self._settings.size
        size = state.get("size", own)
        before = (number - first) * size
        more = {"size": size} if size != self._settings.size else {}
        last = number if before + count == total else first + math.ceil(total / size) - 1
        if _denied(total, before, count, size):
            last = max(last, number + 1)
        return [{"page": following, **more} for following in _some(range(number + 1, last + 1))]


class Offsets:
    """Pages by the number of items to pass over."""

    def __init__(self, settings: OffsetPages) -> None:
        self._settings = settings
        self.first: State = {"offset": 0}

    def scope(self, state: State) -> dict[str, Any]:
        """Holes see the offset and the size."""
        return {"offset": state["offset"], "size": state.get("size", self._settings.size)}

    def request(self, request: Request, state: State) -> Request:
        """Return the request with offset and size. Raises Unreadable beyond what the provider gives."""
        settings = self._settings
        size = state.get("size", settings.size)
        _within(settings, state["offset"] + size)
        return _with(request, (settings.param, state["offset"]), (settings.size_param, size))

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Return all pages that the answer counts, or the next, which begins after the items that came."""
        del request
        settings, offset = self._settings, state["offset"]
        if settings.total is not None:
            return self._counted(offset, state, _whole(settings.total, response, "total"), count)
        if _goes_on(settings, response, count):
            return [{"offset": offset + (settings.size if settings.step == "size" else count or settings.size)}]
        return []

    def counted(self, state: State, response: Response) -> tuple[int, int] | None:
        """Return the total and the offset."""
        total = self._settings.total
        return None if total is None else (_whole(total, response, "total"), state["offset"])

    def _counted(self, offset: int, state: State, total: int, count: int) -> list[State]:
        """Return the pages up to a total. Where a page is not as large as asked for, the others are asked for as it is.

        So the pages join, whether the provider gives less than it is asked for or leaves items out of what it gives.
        """
        size = state.get("size", count if 0 < count < total - offset else self._settings.size)
        more = {"size": size} if size != self._settings.size else {}
        if _denied(total, offset, count, size):
            return [{"offset": offset + count, **more}]
        if offset + count == total:
            return []
        return [{"offset": following, **more} for following in _some(range(offset + size, total, size))]


class Marked(Single):
    """Each answer has the mark of the next page, which goes into a parameter or a hole of the same request."""

    def __init__(self, settings: CursorPages) -> None:
        self._settings = settings

    def request(self, request: Request, state: State) -> Request:
        """Return the request with the mark; the first goes without."""
        param = self._settings.param
        return request.with_query((param, state["cursor"])) if param is not None and "cursor" in state else request

    def next(self, state: State, request: Request, response: Response, count: int) -> list[State]:
        """Return the state of the page the answer has a mark for."""
        del state, request, count
        settings = self._settings
        if settings.more is not None and not _more(settings.more, response):
            return []
        header = settings.next_header
        mark = _over(settings.next, response) if header is None else response.headers.get(header.lower(), "").strip()
        if isinstance(mark, int) and not isinstance(mark, bool):
            mark = str(mark)
        if mark is None or mark == "":
            if settings.more is None:
                return []
            place = f"next_header: {header}" if settings.next is None else f"next: {settings.next.text}"
            what = f"another page is said to follow, and `{place}` found no mark for it"
            raise Unreadable(what, do="correct `pages`")
        if not isinstance(mark, str):
            raise Unreadable(f"the mark of the next page is {str(mark)[:100]}", do="correct `next`")
        return [{"cursor": mark}]


def _within(settings: PageNumbers | OffsetPages, reaching: int) -> None:
    """Raise Unreadable where a page would reach beyond what the provider gives of a list."""
    if settings.most is not None and reaching > settings.most:
        what = f"the list goes on after the {settings.most:,} items that the provider gives of one"
        raise Unreadable(what, do="ask for less at once, such as shorter windows of time; these items came out")


def _with(request: Request, *pairs: tuple[str | None, int]) -> Request:
    return request.with_query(*((name, str(value)) for name, value in pairs if name is not None))


def _over(program: Program | None, response: Response) -> Any:
    if program is None:
        return None
    try:
        return program(response.data)
    except EvaluationProblem as problem:
        raise Unreadable(f"`{program.text}` failed on the answer: {problem.message}", do="correct `pages`") from None


def _some(pages: range) -> range:
    """Return the next pages, not all: a provider may count a million of them. The last leads on to the others."""
    return pages[:KNOWN_PAGES]


def _whole(program: Program, response: Response, name: str) -> int:
    value = _over(program, response)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        wrong = f"{shown(value)} and not a number"
    elif 0 <= value < 10**15:
        return value
    else:
        wrong = "a number that no list can have"
    raise Unreadable(f"`{name}: {program.text}` gives {wrong}", do="correct `pages`")


def _denied(total: int, before: int, count: int, size: int) -> bool:
    """Whether a full page goes beyond the total, which then is none: the list is read until a page is not full."""
    return count >= size and before + count > total


def _goes_on(settings: PageNumbers | OffsetPages, response: Response, count: int) -> bool:
    if settings.more_header is not None:
        said = response.headers.get(settings.more_header.lower(), "").strip().lower()
        if said in _SWITCHES:
            return _SWITCHES[said]
        if said or settings.until is None:
            what = f"its header is {said[:100]!r}" if said else "the answer has no such header"
            raise Unreadable(f"`more_header: {settings.more_header}`: {what}", do="correct `pages`")
    if settings.more is not None:
        return _more(settings.more, response)
    return count > 0 if settings.until == "empty" else count >= settings.size


#: What a header that says yes or no can say.
_SWITCHES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _more(program: Program, response: Response) -> bool:
    more = _over(program, response)
    if more is None:
        raise Unreadable(f"`more: {program.text}` found nothing in the answer", do="correct `pages`")
    if not isinstance(more, bool):
        do = "compare it with what means that there is another page"
        raise Unreadable(f"`more: {program.text}` gives {shown(more)} and not true or false", do=do)
    return more


def pager(pages: Pages) -> Pager:
    """Return what pages as a mapping says."""
    if pages.page is not None:
        return Numbered(pages.page)
    if pages.offset is not None:
        return Offsets(pages.offset)
    if pages.cursor is not None:
        return Marked(pages.cursor)
    if pages.single:
        return Single()
    return Linked(pages.link_header, pages.next_url)
