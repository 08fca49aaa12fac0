"""What one customer has different: single fields, words and queries, merged key by key into the mapping's file.

Places keep pointing into the file that gave the key, so every message and `explain` can tell which layer it was.
"""

from collections.abc import Iterator
from copy import deepcopy

from engine.errors import Problem
from engine.mapping import RESOURCES
from engine.positions import Node, Path, shown
from engine.spelling import did_you_mean

__all__ = ["merge"]

#: What a customer may replace or add, key by key: each a path of the mapping, `*` for any name.
_CHANGED = (
    *((resource, *part) for resource in RESOURCES for part in (
        ("fields",), ("status", "words"), ("status", "when"), ("words", "*", "words"),
    )),
    ("fetch", "*", "query"),
)  # fmt: skip
#: What must be there already: an override changes a mapping, it does not make one.
_THERE = (*((resource,) for resource in RESOURCES), ("fetch",), ("fetch", "*"))


def merge(node: Node, override: Node) -> list[Problem]:
    """Merge an override into a mapping's file. Returns a problem for whatever may not be overridden."""
    return list(_merged(node, override, ()))


def _merged(node: Node, override: Node, path: Path) -> Iterator[Problem]:
    if not isinstance(override.data, dict):
        yield Problem(override.start, shown(path), "this must be a mapping", "write `key: value`")
        return
    for key, place in override.keys.items():
        here, child = (*path, key), override.children[key]
        if _fits(path, _CHANGED):
            _put(node, key, child, override)
        elif not _leads(here):
            what = "an override changes fields, status words and evidence, other words, and the query of a fetch"
            yield Problem(place, shown(here), what, "leave it out")
        elif key not in node.children and _fits(here, _THERE):
            known = [name for name in node.keys if _fits((*path, name), _THERE)]
            yield Problem(place, shown(here), f"the mapping has no `{key}`", did_you_mean(key, known))
        else:
            if key not in node.children:
                _put(node, key, Node({}, child.start), override)
            yield from _merged(node.children[key], child, here)


def _put(node: Node, key: str, child: Node, override: Node) -> None:
    node.children[key] = deepcopy(child)
    node.keys[key] = override.keys[key]
    node.data[key] = node.children[key].data


def _fits(path: Path, known: tuple[tuple[str, ...], ...]) -> bool:
    return any(len(path) == len(one) and _same(path, one) for one in known)


def _leads(path: Path) -> bool:
    """Whether something that may be changed is at a path or below."""
    return any(len(path) <= len(one) and _same(path, one) for one in _CHANGED)


def _same(path: Path, known: tuple[str, ...]) -> bool:
    return all(want in ("*", step) for step, want in zip(path, known, strict=False))
