"""Lists whose pages are never asked for, by number or by mark: each would be the first again."""

from collections.abc import Iterator

from engine.errors import Problem
from engine.outline import Outline
from engine.positions import shown

__all__ = ["paging"]

_HOLES = {"page": "number", "offset": "offset", "cursor": "cursor"}


def paging(outline: Outline) -> Iterator[Problem]:
    """Yield a problem for every fetch whose pages are never asked for."""
    for fetch in outline.fetches:
        pages = outline.paging(fetch)
        if pages is None or pages.kind not in _HOLES or "param" in pages.node.children:
            continue
        wanted = ("page", _HOLES[pages.kind])
        if wanted in _paths(outline, fetch):
            continue
        own = pages.path[0] == "fetch"
        place = outline.node.place_of(*(pages.path if own else ("fetch", fetch)), key=True)
        path = shown(pages.path) if own else f"fetch.{fetch}"
        what = f"its pages are by `{pages.kind}`, which no request of it says"
        yield Problem(place, path, what, f"give `param`, or use the hole `{{{'.'.join(wanted)}}}`")


def _paths(outline: Outline, fetch: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of every hole of a fetch."""
    for path, template in outline.templates.items():
        if path[:2] == ("fetch", fetch):
            yield from (hole.path for hole in template.holes)
