"""Where in a plan we are: the raw items by name, each knowing its parent."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Frame", "Siblings", "id_text"]


class Siblings:
    """The items of one page, in order, and what was asked for several of them together."""

    __slots__ = ("asked", "items")

    def __init__(self, items: Sequence[Any] = ()) -> None:
        self.items = items
        self.asked: dict[tuple[str, int], asyncio.Task[Any]] = {}


class Frame:
    """One raw item under a name, below its parent's frame; the root has neither.

    `tables` holds what was fetched for joins at this place; it goes when the frame goes, which is what keeps
    memory bounded by the window of parents under way. `siblings` are the items of its page, of which it is at `index`.
    """

    __slots__ = ("depth", "index", "item", "name", "names", "parent", "siblings", "tables")

    def __init__(
        self,
        parent: "Frame | None" = None,
        name: str = "",
        item: Any = None,
        siblings: Siblings | None = None,
        index: int = 0,
    ) -> None:
        self.parent = parent
        self.name = name
        self.siblings = siblings or Siblings([item])
        self.index = index
        self.item = item
        self.depth: int = parent.depth + 1 if parent else 0
        self.names: dict[str, Any] = {**parent.names, name: item} if parent else {}
        self.tables: dict[tuple[str, ...], asyncio.Task[Any]] = {}

    def at(self, depth: int) -> "Frame":
        """Return this frame's ancestor with the given number of bindings."""
        frame = self
        while frame.depth > depth and frame.parent is not None:
            frame = frame.parent
        return frame

    def __str__(self) -> str:
        """Name the innermost item by what tells it apart, for reports: `course 7`, `person uuid 0f3c`."""
        name = next(reversed(self.names), "")
        found = _identified(self.item) if isinstance(self.item, Mapping) else id_text(self.item)
        return f"{name} {found}" if found else name


#: What keys are called that identify, from the surest to the last resort, where there is no `id`.
_IDENTIFYING = (
    re.compile(r"(?i)^_?id$"),
    re.compile(r"(?i)(^|_)(uu|gu)id$|(Uu|Gu)id$"),
    re.compile(r"(?i:(^|[_-])id$)|[a-z]I[dD]$"),
    re.compile(r"(?i)(^|_)(urn|key|code|number|slug|username|email|name|title)$"),
    re.compile(""),
)


def _identified(item: Mapping[str, Any]) -> str | None:
    """Return the id of an item, or what else tells it apart with its key; None where nothing does."""
    found = id_text(item.get("id"))
    if found is not None:
        return found
    for pattern in _IDENTIFYING:
        for key, value in item.items():
            text = id_text(value) if pattern.search(key) else None
            if text is not None:
                return f"{key} {text}"
    return None


def id_text(value: Any) -> str | None:
    """Return an id as text, so that 7 and "7" are the same; None for what cannot be an id."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None
