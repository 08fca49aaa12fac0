"""What a mapping declares and never uses: not wrong, but somebody meant something by it."""

from collections.abc import Iterator

from engine.errors import Problem
from engine.outline import Outline
from engine.positions import Path, shown

__all__ = ["unused"]


def unused(outline: Outline) -> Iterator[Problem]:
    """Yield a warning for every connection field, fetch and join that nothing needs."""
    paths: list[Path] = [("connection", name) for name in outline.connection if name not in _read(outline)]
    needed = _needed(outline)
    paths += [("fetch", name) for name in outline.fetches if name not in needed]
    for owner in outline.owners:
        seen = _names(outline, owner)
        paths += [(*owner, "join", name) for name in outline.names(*owner, "join") if not seen & {name, "$"}]
    for path in paths:
        place = outline.node.place_of(*path, key=True)
        yield Problem(place, shown(path), "is never used", "leave it out")


def _read(outline: Outline) -> set[str]:
    """Return the fields of the connection that are read somewhere; all, where an expression reads it as a whole."""
    read = {steps[1] for steps in _paths(outline, ()) if steps[0] == "connection" and len(steps) > 1}
    whole = any(steps in {("connection",), ("$",)} for steps in _paths(outline, ()))
    return set(outline.connection) if whole else read


def _needed(outline: Outline) -> set[str]:
    """Return the fetches that some resource needs, itself or through another fetch."""
    needed: set[str] = set()
    waiting = [fetch for resource in outline.resources for fetch in outline.needs((resource,))]
    while waiting:
        fetch = waiting.pop()
        if fetch not in needed:
            needed.add(fetch)
            waiting += outline.needs(("fetch", fetch))
    return needed


def _names(outline: Outline, owner: Path) -> set[str]:
    return {steps[0] for steps in _paths(outline, owner)}


def _paths(outline: Outline, below: Path) -> Iterator[tuple[str, ...]]:
    """Yield what every expression and hole below a path reads."""
    for path, program in outline.programs.items():
        if path[: len(below)] == below:
            yield from program.paths
            yield from ((name,) for name in program.names if name == "$")
    for path, template in outline.templates.items():
        if path[: len(below)] == below:
            yield from (hole.path for hole in template.holes)
