"""What a YAML file holds, as plain data and as nodes that know their places."""

from dataclasses import dataclass, field
from typing import Any

from engine.errors import Place
from engine.positions.characters import Style, source_index

__all__ = ["Node", "Path", "shown"]

#: Where something is in a file: keys, and indices of lists.
Path = tuple[str | int, ...]


def shown(path: Path) -> str:
    """Return a path as it is told: `fetch.courses.items`."""
    return ".".join(str(step) for step in path)


@dataclass
class Node:
    """A value with its place; mappings and lists have children, mappings also the places of their keys."""

    data: Any
    start: Place
    children: dict[str | int, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    raw: str = ""  # the source of a text, with its quotes
    style: Style = ""

    def at(self, *path: str | int) -> "Node":
        """Return the node at a path, or the nearest one above it."""
        return self._walk(path)[0]

    def get(self, *path: str | int) -> "Node | None":
        """Return the node at a path, or None where there is none."""
        node, missing = self._walk(path)
        return None if missing else node

    def place_of(self, *path: str | int, offset: int = 0, key: bool = False) -> Place:
        """Return the place of a node below, of a character of its text, or of its key; of the nearest if absent."""
        node, missing = self._walk(path)
        if missing:
            return node.start
        if key and path:
            return self.at(*path[:-1]).keys.get(str(path[-1]), node.start)
        return node.place(offset)

    def place(self, offset: int = 0) -> Place:
        """Return the place of a character of the text this node holds; of its beginning if it holds none."""
        if not self.raw or not isinstance(self.data, str):
            return self.start
        index = source_index(self.raw, self.style, self.data, offset)
        before = self.raw[:index]
        line = before.count("\n")
        column = len(before) - before.rfind("\n") if line else self.start.column + index
        return Place(self.start.file, self.start.line + line, column)

    def _walk(self, path: Path) -> tuple["Node", bool]:
        """Return the node at a path or the nearest above it, and whether some of the path is missing."""
        node = self
        for step in path:
            if step not in node.children:
                return node, True
            node = node.children[step]
        return node, False
