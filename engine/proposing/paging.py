"""How a list goes on, by what stands around it in an answer, by what may be asked for, and by what headers tell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from engine.holes import MARK
from engine.proposing.names import joined, words
from engine.proposing.paths import as_path, writable
from engine.proposing.shapes import Path, Shape
from engine.proposing.yaml import Expr, Noted

__all__ = ["Asked", "Paging", "paging"]

#: Names by what they mean; keys around them such as `meta` or `links` are left out.
_NAMES = {
    "next": ("next", "nexturl", "nextlink", "nexthref", "nextpageurl", "nextpagelink", "nexturi", "odatanextlink",
        "nextpage"),
    "cursor": (
        "nextcursor", "cursor", "nextpagetoken", "pagetoken", "nexttoken", "continuationtoken", "continuation",
        "bookmark",
        "nextbookmark", "nextscrollid", "scrollid", "after", "cursorsafter", "endcursor", "marker", "nextmarker",
        "startingafter", "pagecursor", "pageafter", "nextkey",
    ),
    "more": ("hasmore", "more", "hasmoreitems", "hasmoredata", "hasmorepages", "hasnext", "hasnextpage", "morerecords"),
    "last": ("islast", "last", "lastpage", "islastpage"),
    "count": ("totalpages", "pages", "pagecount", "pagestotal", "totalpagecount", "numberofpages", "numpages",
        "lastpage"),
    "total": (
        "total", "totalcount", "totalitems", "totalresults", "totalrecords", "totalelements", "recordstotal",
        "itemcount",
        "odatacount", "totalnumber", "count",
    ),
    "page": ("page", "currentpage", "pagenumber", "pageno", "pageindex", "number", "pagecurrent", "pagepage"),
    "size": (
        "perpage", "pagesize", "size", "limit", "pagelimit", "itemsperpage", "resultsperpage", "currentpagesize",
        "maxresults", "pageperpage", "maxpagesize", "top",
    ),
    "offset": ("offset", "start", "skip", "startindex", "startat", "pageoffset"),
}  # fmt: skip
_AROUND_LISTS = "meta links paging pagination pageinfo paginginfo data response result cursors metadata"
_AROUND = frozenset(_AROUND_LISTS.split())
#: The hole for a parameter that nothing tells.
_PARAM = (
    f"{MARK} the parameter for the number of items to pass over; where pages are numbered, write `page:` for `offset:`"
)
_DEPTH = 4
_SIZE = 100


class Asked(NamedTuple):
    """A query parameter that a list may be asked with."""

    name: str
    size: int | None = None
    """The most that it may be, or what it is where nothing is said."""


class Paging(NamedTuple):
    """How a list is read: the node for `pages`, and what to ask for beside it."""

    pages: Noted
    query: Mapping[str, Any]
    used: frozenset[str] = frozenset()
    """The query parameters that it takes care of."""


def paging(answer: Shape, items: Path, asked: Sequence[Asked] = (), *, link_header: bool | None = None) -> Paging:
    """Return how a list goes on. `asked` is what may be asked for, where that is known."""
    around = _Around(answer, items, asked)
    for way in (around.next_url, around.cursor, around.page, around.offset):
        if link_header and way is not around.next_url:
            break
        if found := way():
            return found
    if link_header:
        return around.made({"link_header": "next"}, "a Link header is documented")
    return around.otherwise(certain=link_header is False)


class _Around:
    """What stands around the items of a list, and what may be asked for."""

    def __init__(self, answer: Shape, items: Path, asked: Sequence[Asked]) -> None:
        self.found: dict[str, tuple[Path, Shape]] = {}
        self.asked: dict[str, Asked] = {}
        inside = answer.below(*items)
        self.items = inside.element.met if inside and inside.element else 0
        self.known = bool(asked)
        for path, shape in _beside(answer, items):
            for meaning in _meanings(path):
                self.found.setdefault(meaning, (path, shape))
        for one in asked:
            for meaning in _meanings((one.name,)):
                self.asked.setdefault(meaning, one)

    def next_url(self) -> Paging | None:
        """Follow the address of the next page, if it stands in the answer."""
        path, shape = self.found.get("next", ((), Shape()))
        values = [value for value in shape.scalars if value != ""]
        if not path or shape.given - {"text"} or not all(map(_is_address, values)):
            return None
        if "page" in words(path[-1]) and not values and not {"url", "link", "uri"} & set(words(path[-1])):
            return None
        size = self.asked.get("size")
        doubt = "" if values else "; no address was met, is it one?"
        return self.made(
            {"next_url": Expr(as_path(path))}, f"by its name{doubt}", {size.name: size.size or _SIZE} if size else {}
        )

    def cursor(self) -> Paging | None:
        """Send the mark for the next page, if one stands in the answer."""
        path, shape = self.found.get("cursor") or self.found.get("next") or ((), Shape())
        if (
            not path
            or shape.given - {"text", "integer"}
            or (self.known and "cursor" not in self.asked and "page" not in self.asked)
        ):
            return None
        if path == self.found.get("next", ((),))[0] and not shape.given:
            return None
        param = self.asked.get("cursor") or (self.asked.get("page") if "next" in _meanings(path) else None)
        cursor: dict[str, Any] = {
            "param": param.name if param else _without_next(path[-1]),
            "next": Expr(as_path(path)),
        }
        if more := self._more():
            cursor["more"] = more
        doubt = "" if param else "; that the parameter is called so is a guess"
        size = self.asked.get("size")
        return self.made(
            {"cursor": cursor}, f"by the name of the mark{doubt}", {size.name: size.size or _SIZE} if size else {}
        )

    def page(self) -> Paging | None:
        """Pages are numbered."""
        path, shape = self.found.get("page", ((), Shape()))
        if "page" not in self.asked and (self.known or not (path or "count" in self.found)):
            return None
        param = self.asked["page"].name if "page" in self.asked else path[-1] if path else "page"
        param = "page" if "current" in words(param) else param
        counted: dict[str, Any] = {"param": param, **({"first": 0} if 0 in shape.scalars else {}), **self._size()}
        return self.made({"page": {**counted, **self._end("count", "total")}}, self._why("page"))

    def offset(self) -> Paging | None:
        """Pages begin at a number of items."""
        if "offset" not in self.asked and (self.known or "offset" not in self.found):
            return None
        param = self.asked["offset"].name if "offset" in self.asked else self.found["offset"][0][-1]
        return self.made({"offset": {"param": param, **self._size(), **self._end("total")}}, self._why("offset"))

    def otherwise(self, *, certain: bool) -> Paging:
        """Nothing says how the list goes on; a total or more to come says that it does."""
        total = self.found.get("total")
        if not self.known and ("more" in self.found or (total and joined(total[0][-1:]) != "count")):
            pages = {"offset": {"param": _PARAM, **self._size(), **self._end("total")}}
            return self.made(pages, "the answer tells that there is more, and not how it is asked for")
        why = "nothing tells of more pages" + ("" if certain else "; a `Link` header would be `link_header: next`")
        return self.made({"single": True}, why)

    def made(self, pages: Mapping[str, Any], why: str, query: Mapping[str, Any] | None = None) -> Paging:
        """Return a way to read pages."""
        kinds = {"page": "page", "offset": "offset", "cursor": "cursor"}
        mine = {
            self.asked[name].name
            for name in (*(kinds[key] for key in pages if key in kinds), "size")
            if name in self.asked
        }
        return Paging(Noted(pages, why), query or {}, frozenset(mine))

    def _size(self) -> dict[str, Any]:
        """Return how many items a page is asked for, and how."""
        if "size" in self.asked:
            return {"size": self.asked["size"].size or _SIZE, "size_param": self.asked["size"].name}
        path, shape = self.found.get("size", ((), Shape()))
        seen = [value for value in shape.scalars if type(value) is int and value > 0]
        if path:
            return {"size": max(seen, default=_SIZE), "size_param": path[-1]}
        return {
            "size": f"{MARK} how many items a page has at most"
            + ("" if self.known else ", and `size_param`, if it is asked for")
        }

    def _end(self, *ends: str) -> dict[str, Any]:
        """Return what says that the list is at its end."""
        if more := self._more():
            return {"more": more}
        for end in ends:
            path, shape = self.found.get(end, ((), Shape()))
            if (
                path
                and shape.given <= {"integer"}
                and not (joined(path[-1:]) == "count" and self._is_of_the_page(shape))
            ):
                return {end: Expr(as_path(path))}
        return {"until": "empty"}

    def _is_of_the_page(self, shape: Shape) -> bool:
        """Whether a `count` may be that of the page, and not of all."""
        return self.items > 0 and all(value <= self.items for value in shape.scalars)

    def _more(self) -> Expr | None:
        path, shape = self.found.get("more", ((), Shape()))
        if path and shape.given <= {"boolean"}:
            return Expr(as_path(path))
        path, shape = self.found.get("last", ((), Shape()))
        return Expr(f"$not({as_path(path)})") if path and shape.given == {"boolean"} else None

    def _why(self, way: str) -> str:
        if way in self.asked:
            return "by the names of the parameters"
        return "by the keys of the answer; that the parameters are called like them is a guess"


def _beside(answer: Shape, items: Path, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """Yield the single values around a list, the outermost first; nothing of the list itself."""
    below = [(key, shape) for key, shape in answer.fields.items() if (*path, key) != items]
    yield from (((*path, key), shape) for key, shape in below if not shape.fields and writable((*path, key)))
    if items[: len(path) + 1]:
        on = answer.fields.get(items[len(path)]) if len(path) < len(items) - 1 else None
        if on is not None:
            yield from _beside(on, items, (*path, items[len(path)]))
    for key, shape in below:
        if (
            shape.fields
            and len(path) < _DEPTH
            and (*path, key) != items[: len(path) + 1]
            and not shape.given - {"object"}
        ):
            yield from _beside(shape, items, (*path, key))


def _meanings(path: Path) -> list[str]:
    """Return what a place may mean; at most two keys of it count."""
    steps = [key for key in path[:-1] if joined((key,)) not in _AROUND]
    names = {joined(path[-1:])} if not steps else {joined((*steps, path[-1])), joined(path)}
    if steps and joined(path[-1:]) in ("href", "url"):
        names.add(joined(steps))
    return [meaning for meaning, known in _NAMES.items() if names & set(known)]


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "/", "?"))


def _without_next(key: str) -> str:
    """Return the parameter that a mark is for: `nextPageToken` is sent as `pageToken`."""
    for begin in ("next_", "next-", "next"):
        rest = key[len(begin) :]
        if key.lower().startswith(begin) and rest:
            return rest[0].lower() + rest[1:]
    return key[0].lower() + key[1:]
