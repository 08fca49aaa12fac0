"""What one customer has different: single fields, words and queries, merged key by key into the mapping's file.

Places keep pointing into the file that gave the key, so every message and `explain` can tell which layer it was.
"""

from collections.abc import Iterator
from copy import deepcopy

from engine.errors import MappingError, Problem
from engine.mapping import RESOURCES
from engine.positions import Node

__all__ = ["merge"]

#: What a customer may replace or add: each a path of the mapping, `*` for any name.
_OVERRIDABLE = (
    ("*", "fields"), ("*", "status", "words"), ("*", "status", "when"), ("*", "words", "*", "words"),
    ("fetch", "*", "query"),
)  # fmt: skip


def merge(node: Node, override: Node) -> None:
    """Merge an override into a mapping's file. Raises MappingError for whatever may not be overridden."""
    problems = list(_merged(node, override, ()))
    if problems:
        raise MappingError(problems)


def _merged(node: Node, override: Node, path: tuple[str, ...]) -> Iterator[Problem]:
    """Merge key by key; yields a problem for whatever may not be overridden."""
    whole = any(len(path) == len(known) and _fits(path, known) for known in _OVERRIDABLE)
    for name, child in override.children.items():
        key = str(name)
        here = (*path, key)
        if whole:
            node.children[key] = deepcopy(child)
            node.keys[key] = override.keys[key]
            node.data[key] = child.data
        elif not any(_fits(here, known) for known in _OVERRIDABLE) or (
            len(here) == 1 and key not in (*RESOURCES, "fetch")
        ):
            what = "an override changes fields, status words and evidence, other words, and the query of a fetch"
            yield Problem(override.keys[key], ".".join(here), what, "leave it out")
        elif key not in node.children:
            yield Problem(override.keys[key], ".".join(here), "the mapping has nothing of this name")
        elif isinstance(child.data, dict):
            yield from _merged(node.children[key], child, here)
        else:
            yield Problem(child.start, ".".join(here), "this must be a mapping")


def _fits(path: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(path) <= len(known) and all(want in ("*", got) for got, want in zip(path, known, strict=False))
