"""What an author still has to fill in: texts that begin with `FILL:`, and what is to stand there instead.

`rollbook new` writes them where nothing can be proposed. Each is a problem of the file at its place, so that a mapping
with holes is never run, and `check` lists what is left to do.
"""

from collections.abc import Iterable, Iterator

from engine.errors import Problem
from engine.positions import Node, Path, shown

__all__ = ["MARK", "told_once", "unfilled"]

#: How a hole begins; what follows says what to write.
MARK = "FILL:"


def unfilled(node: Node, path: Path = ()) -> Iterator[Problem]:
    """Yield a problem for every hole of a file: what is to be written there."""
    if isinstance(node.data, str) and node.data.startswith(MARK):
        yield Problem(node.start, shown(path), "this is to be filled in", node.data.removeprefix(MARK).strip())
    for step, child in node.children.items():
        yield from unfilled(child, (*path, step))


def told_once(problems: Iterable[Problem], holes: Iterable[Problem]) -> list[Problem]:
    """Return the holes and the other problems, without those that say of a hole that it is not what is wanted."""
    holes = list(holes)
    at = {hole.path for hole in holes}
    return [*holes, *(one for one in problems if not holes or (one.path not in at and MARK not in one.what))]
