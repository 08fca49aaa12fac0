"""How fetches, resources and joins hang together: what they go over must be there, end, and have one name."""

from collections.abc import Iterator

from engine.errors import Problem
from engine.mapping import Loop
from engine.outline import Outline
from engine.positions import Path, shown
from engine.scopes.visible import OWN
from engine.spelling import did_you_mean

__all__ = ["loops"]

#: Words of JSONata that cannot be names (https://docs.jsonata.org/simple).
_WORDS = ("and", "or", "in", "true", "false", "null", "function")


def loops(outline: Outline) -> Iterator[Problem]:
    """Yield what is wrong with every `for` and every join."""
    yield from _names(outline)
    yield from _circles(outline)
    for owner in outline.owners:
        yield from _loop(outline, owner)
        yield from _joins(outline, owner)


def _names(outline: Outline) -> Iterator[Problem]:
    """Find fetches whose items have two names: a reader would take them for two things."""
    first: dict[str, tuple[str, Path]] = {}
    for path, loop in outline.loops.items():
        name, where = first.setdefault(loop.fetch, (loop.name, path))
        if name != loop.name and loop.fetch in outline.fetches:
            what = f"an item of `{loop.fetch}` is called `{loop.name}` here and `{name}` in {shown(where)}"
            yield _problem(outline, path, what, f"call it `{name}` everywhere")


def _circles(outline: Outline) -> Iterator[Problem]:
    """Find fetches that need themselves, over parents and joins; each circle once."""
    told: set[str] = set()
    for name in outline.fetches:
        circle = _way_back(outline, name)
        if circle and told.isdisjoint(circle):
            told.update(circle)
            place = outline.node.place_of("fetch", name, key=True)
            what = f"it needs itself: {' → '.join(circle)}"
            yield Problem(place, f"fetch.{name}", what, "let one of them do without the others")


def _way_back(outline: Outline, start: str) -> list[str]:
    """Return the way from a fetch back to itself; empty if there is none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for needed in outline.needs(("fetch", way[-1])):
            if needed == start:
                return [*way, needed]
            if needed not in seen:
                seen.add(needed)
                ways.append([*way, needed])
    return []


def _loop(outline: Outline, owner: Path) -> Iterator[Problem]:
    path = (*owner, "for")
    loop = outline.loops.get(path)
    if loop is None:
        return
    if loop.fetch not in outline.fetches:
        offset = len(outline.node.at(*path).data.rstrip()) - len(loop.fetch)
        advice = did_you_mean(loop.fetch, outline.fetches)
        yield _problem(outline, path, f"there is no fetch `{loop.fetch}`", advice, offset)
    if loop.name in (*OWN, *_WORDS):
        yield _problem(outline, path, f"`{loop.name}` has a meaning of its own", "choose another name")
    yield from _hidden(outline, path, loop)


def _hidden(outline: Outline, path: Path, loop: Loop) -> Iterator[Problem]:
    """Find a name that an item further up the chain already has."""
    above = outline.chain(("fetch", loop.fetch)) if loop.fetch in outline.fetches else ()
    for parent in above or ():
        if parent.name == loop.name and parent.fetch != loop.fetch:
            what = f"`{loop.name}` is an item of `{parent.fetch}` already, which it comes from"
            yield _problem(outline, path, what, "choose another name")


def _joins(outline: Outline, owner: Path) -> Iterator[Problem]:
    above = {loop.name: loop.fetch for loop in outline.chain(owner) or ()}
    for name in outline.names(*owner, "join"):
        path = (*owner, "join", name)
        if name in above:
            what = f"`{name}` is an item of `{above[name]}` already"
        else:
            what = f"`{name}` has a meaning of its own" if name in (*OWN, *_WORDS) else ""
        if what:
            place = outline.node.place_of(*path, key=True)
            yield Problem(place, shown(path), what, "choose another name")
        fetch = outline.node.get(*path, "in")
        if fetch is not None and isinstance(fetch.data, str) and fetch.data not in outline.fetches:
            advice = did_you_mean(fetch.data, outline.fetches)
            yield _problem(outline, (*path, "in"), f"there is no fetch `{fetch.data}`", advice)


def _problem(outline: Outline, path: Path, what: str, do: str, offset: int = 0) -> Problem:
    return Problem(outline.node.place_of(*path, offset=offset), shown(path), what, do)
