"""What can be read of a mapping's file, also where parts of it are wrong.

The format is a tree of models; a file that is wrong somewhere does not become one. So the checks that go across a file
look at its outline: every expression, text with holes and loop that can be read, by its path, and what is declared.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from engine.jsonata import Program
from engine.mapping import RESOURCES, Loop, Mapping
from engine.mapping.shape import bare, inner
from engine.mapping.texts import READERS
from engine.positions import Node, Path
from engine.templates import Template

__all__ = ["Chain", "Found", "Outline", "Paging", "walk"]

Chain = tuple[Loop, ...]


class Found(NamedTuple):
    """A node of a file, and what kind of value the format has there."""

    path: Path
    kind: Any
    node: Node


def walk(kind: Any, node: Node, path: Path = ()) -> Iterator[Found]:
    """Yield every node of a file that the format knows, from the top."""
    kind = bare(kind)
    yield Found(path, kind, node)
    for step, child in node.children.items():
        below = inner(kind, step)
        if below is not None:
            yield from walk(below, child, (*path, step))


class Paging(NamedTuple):
    """How a fetch is read page by page: the kind, its settings, and where it says so."""

    kind: str
    node: Node
    path: Path


@dataclass(frozen=True)
class Outline:
    """The outline of one file."""

    node: Node

    @cached_property
    def _read(self) -> dict[Path, Any]:
        """Every text that can be read, as what it is."""
        read: dict[Path, Any] = {}
        for path, kind, node in walk(Mapping, self.node):
            reader = READERS.get(Template if kind is Any and isinstance(node.data, str) else kind)
            if reader is not None:
                with suppress(PydanticCustomError):
                    read[path] = reader(node.data)
        return read

    @cached_property
    def programs(self) -> dict[Path, Program]:
        """Every expression."""
        return {path: read for path, read in self._read.items() if isinstance(read, Program)}

    @cached_property
    def templates(self) -> dict[Path, Template]:
        """Every text with holes."""
        return {path: read for path, read in self._read.items() if isinstance(read, Template)}

    @cached_property
    def loops(self) -> dict[Path, Loop]:
        """Every `name in fetch`."""
        return {path: read for path, read in self._read.items() if isinstance(read, Loop)}

    @cached_property
    def fetches(self) -> tuple[str, ...]:
        """The names of all fetches."""
        return self.names("fetch")

    @cached_property
    def connection(self) -> dict[str, bool]:
        """The fields of the connection, and whether each is a secret."""
        names = self.names("connection")
        return {name: self._is_true("connection", name, "secret") for name in names}

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """The resources that come out."""
        return tuple(name for name in RESOURCES if name in self.node.children)

    @cached_property
    def owners(self) -> tuple[Path, ...]:
        """The paths of everything that goes over items and joins: fetches, then resources."""
        return (*(("fetch", name) for name in self.fetches), *((name,) for name in self.resources))

    def names(self, *path: str | int) -> tuple[str, ...]:
        """Return the keys of the mapping at a path; none where there is no mapping."""
        node = self.node.get(*path)
        return tuple(node.keys) if node is not None else ()

    def joined(self, owner: Path, name: str) -> str | None:
        """Return the fetch a join looks into, or None where that is not said, or there is none."""
        node = self.node.get(*owner, "join", name, "in")
        return node.data if node is not None and node.data in self.fetches else None

    def needs(self, owner: Path) -> Iterator[str]:
        """Yield the fetches whose items an owner goes over or joins."""
        loop = self.loops.get((*owner, "for"))
        if loop is not None and loop.fetch in self.fetches:
            yield loop.fetch
        for name in self.names(*owner, "join"):
            fetch = self.joined(owner, name)
            if fetch is not None:
                yield fetch

    def chain(self, owner: Path, seen: tuple[str, ...] = ()) -> Chain | None:
        """Return what an owner goes over, topmost first, or None where that cannot be known."""
        if self.node.get(*owner, "for") is None:
            return () if owner[0] == "fetch" else None
        loop = self.loops.get((*owner, "for"))
        if loop is None or loop.fetch not in self.fetches or loop.fetch in seen:
            return None
        above = self.chain(("fetch", loop.fetch), (*seen, loop.fetch))
        return None if above is None else (*above, loop)

    def requests(self, fetch: str) -> bool:
        """Whether a fetch makes requests; otherwise its items are inside of its parents."""
        return not {"get", "post"}.isdisjoint(self.names("fetch", fetch))

    def paging(self, fetch: str) -> Paging | None:
        """Return how a fetch is paged, or None where it makes no requests, is a report, or that is not said."""
        paged = self.requests(fetch) and self.node.get("fetch", fetch, "job") is None
        for path in (("fetch", fetch, "pages"), ("http", "pages")) if paged else ():
            node = self.node.get(*path)
            if node is not None:
                kind = next(iter(node.keys), "")
                return Paging(kind, node.at(kind), path)
        return None

    def _is_true(self, *path: str | int) -> bool:
        node = self.node.get(*path)
        return node is not None and node.data is True
