"""Raw paths that nobody maps: what a provider gives of an item, and no expression of the mapping reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.telling import kind_of
from engine.uses import Use
from engine.values import ValueProblem, read_time

__all__ = ["Unmapped", "raw_paths", "unmapped"]

Names = tuple[str, ...]

#: How deep items are looked into, and how many different paths are told apart.
DEPTH = 12
MOST_PATHS = 2000


@dataclass(slots=True)
class Unmapped:
    """One raw path, in how many items it is, and what kinds of values it has; nothing of the values themselves."""

    path: Names
    items: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ".".join(self.path)


def unmapped(items: Sequence[Any], used: Iterable[Use]) -> list[Unmapped]:
    """Return the paths of items that are not used, those that most items have first."""
    held = list(used)
    found = [path for path in raw_paths(items).values() if not any(use.covers(path.path) for use in held)]
    return sorted(found, key=lambda path: -path.items)


def raw_paths(items: Sequence[Any]) -> dict[Names, Unmapped]:
    """Return every path of items that leads to a value, in the order they come. Lists count for nothing."""
    found: dict[Names, Unmapped] = {}
    for item in items:
        seen: set[Names] = set()
        for path, value in _leaves(item, (), DEPTH):
            if path not in found and len(found) == MOST_PATHS:
                continue
            told = found.setdefault(path, Unmapped(path))
            told.kinds[_kind(value)] += 1
            if path not in seen:
                seen.add(path)
                told.items += 1
    return found


def _leaves(value: Any, path: Names, depth: int) -> Iterator[tuple[Names, Any]]:
    if isinstance(value, Mapping) and value and depth:
        for name, part in value.items():
            yield from _leaves(part, (*path, str(name)), depth - 1)
    elif isinstance(value, list) and value and depth:
        for part in value:
            yield from _leaves(part, path, depth - 1)
    else:
        yield path, value


def _kind(value: Any) -> str:
    """Say what kind of value it is, in words that show nothing of it."""
    if isinstance(value, bool):
        return "true or false"
    if not isinstance(value, str) or not value:
        return {"nothing": "null"}.get(kind_of(value), kind_of(value))
    if value.lstrip("-").isdecimal():
        return "text of digits"
    if value.startswith(("http://", "https://")):
        return "an address"
    try:
        read_time(value)
    except ValueProblem:
        return "text"
    return "a time"
