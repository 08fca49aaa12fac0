"""YAML with the place of every key, every value, and every character of every text.

A mapping needs little of YAML, and what it does not need is refused: anchors, aliases, merge keys, tags, several
documents, the same key twice. Scalars are read as JSON would: `true`, `false`, `null` (also `~` and nothing at all) and
numbers; everything else is text - `no`, `on`, `12:30`, `007` and dates included, which YAML 1.1 would turn into
something else. Keys are always text.
"""

from engine.positions.nodes import Node, Path, shown
from engine.positions.reading import read_yaml

__all__ = ["Node", "Path", "read_yaml", "shown"]
