"""Names that expressions and holes refer to, and that are not there."""

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from engine.errors import Problem
from engine.outline import Outline
from engine.positions import Path, shown
from engine.scopes.visible import Scope, visible
from engine.spelling import did_you_mean

__all__ = ["references"]


class Reference(NamedTuple):
    """A dotted name in a text: its steps, and the offset of each."""

    path: Path
    steps: tuple[str, ...]
    offsets: tuple[int, ...]
    hole: bool


def references(outline: Outline) -> Iterator[Problem]:
    """Yield a problem for every name that leads nowhere; of one unknown name in a text only the first."""
    told: set[tuple[Path, tuple[str, ...]]] = set()
    for reference in _all(outline):
        scope = visible(outline, reference.path, hole=reference.hole)
        problem, name = _check(outline, reference, scope) if scope is not None else (None, ())
        if problem is not None and (reference.path, name) not in told:
            told.add((reference.path, name))
            yield problem


def _all(outline: Outline) -> Iterator[Reference]:
    for path, program in outline.programs.items():
        for steps, offsets in sorted(program.paths.items(), key=lambda item: item[1]):
            yield Reference(path, steps, offsets, hole=False)
    for path, template in outline.templates.items():
        for hole in template.holes:
            lengths = (len(step) + 1 for step in hole.path[:-1])
            yield Reference(path, hole.path, tuple(accumulate(lengths, initial=hole.offset)), hole=True)


def _check(outline: Outline, reference: Reference, scope: Scope) -> tuple[Problem | None, tuple[str, ...]]:
    """Return what is wrong with a reference, and the name that is."""
    name, *rest = reference.steps
    if name not in scope.names:
        return (_unknown(outline, reference, scope) if scope.whole else None), (name,)
    parts = scope.parts.get(name)
    if parts is None:
        return None, ()
    part = ".".join(rest)
    if name != "filter" and not reference.hole:
        part = part.partition(".")[0]  # a name within text is nothing, and found so by its data
    if part == "" and not reference.hole:
        return None, ()
    if part not in parts and not (name == "filter" and not reference.hole and _begins(part, parts)):
        return _no_part(outline, reference, name, part, parts), (name, part)
    if name == "connection" and not reference.hole and outline.connection[part]:
        what = f"`connection.{part}` is a secret, and expressions do not see secrets, so that none can get out"
        return _problem(outline, reference, 1, what, "use it in a hole of a request"), (name, part)
    return None, ()


def _begins(part: str, parts: tuple[str, ...]) -> bool:
    return any(known.startswith(f"{part}.") for known in parts)


def _unknown(outline: Outline, reference: Reference, scope: Scope) -> Problem:
    name = reference.steps[0]
    advice = did_you_mean(name, scope.names)
    if name == "page":
        advice = "only holes of a fetch see it, where `pages` are by `page`, `offset` or `cursor`"
    elif name == "token":
        advice = "only holes of requests see it, where `http.auth` is `token`"
    elif name == "item":
        advice = "only `where` of a fetch and `key` of a join see it; elsewhere an item has the name `for` gives it"
    return _problem(outline, reference, 0, f"there is no `{name}` here", advice)


def _no_part(outline: Outline, reference: Reference, name: str, part: str, parts: tuple[str, ...]) -> Problem:
    if not part:
        advice = f"name a part of it, as in `{name}.{parts[0]}`" if parts else "there are none"
        return _problem(outline, reference, 0, f"`{name}` is not a single value", advice)
    what = f"`{name}` has no `{part}`"
    otherwise = "name a field of the unified model" if name == "filter" else ""
    return _problem(outline, reference, 1, what, did_you_mean(part, parts, otherwise))


def _problem(outline: Outline, reference: Reference, step: int, what: str, do: str) -> Problem:
    place = outline.node.place_of(*reference.path, offset=reference.offsets[step])
    return Problem(place, shown(reference.path), what, do)
