"""Lists that do not end: a page that repeats another, and pages without anything that go on and on."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import pydantic_core

from engine.errors import PageLoop

__all__ = ["EMPTY_PAGES", "LoopGuard"]

#: How many pages in a row may be empty while the provider says that more follow.
EMPTY_PAGES = 100


class LoopGuard:
    """Sees the pages of one list in order and refuses lists that do not end."""

    def __init__(self) -> None:
        self._states: set[bytes] = set()
        self._before: Sequence[Any] = ()
        self._empty = 0

    def see(self, state: Mapping[str, Any], items: Sequence[Any]) -> None:
        """Look at the next page. Raises PageLoop where it was there before."""
        mark = _digest(sorted(state.items()))
        if mark in self._states:
            raise PageLoop("the list leads back to a page it already gave", do="correct `pages`, or tell the vendor")
        self._states.add(mark)
        self._empty = 0 if items else self._empty + 1
        if self._empty > EMPTY_PAGES:
            raise PageLoop(f"{EMPTY_PAGES} pages in a row are empty, and more are said to follow", do="correct `pages`")
        if items and items == self._before:
            what = "a page holds the very items of the page before it: the provider repeats its last page"
            raise PageLoop(what, do="say where the list ends: `total`, `count` or `more`")
        self._before = items


def _digest(value: Any) -> bytes:
    return blake2b(pydantic_core.to_json(value), digest_size=8).digest()
