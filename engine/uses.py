"""What a mapping uses of the items of each fetch: which of their paths, where it says so, and what becomes of them.

What a fetch without a request finds inside its parent is used of the parent.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from engine.jsonata import Program, Steps, covers
from engine.mapping import Fetch, Mapping, Resource
from engine.plan import chain

__all__ = ["Use", "uses"]

#: The fetch that each name in scope is an item of.
Scope = MappingOf[str, str]
#: Where a mapping says something: `("users", "fields", "name")`.
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """One path below an item that is used; `deep` where everything below it is.

    `by` is where the mapping says so; `comes_out` tells whether what stands there can come out, by itself or as a part
    of what is made of it, or is only looked at.
    """

    path: Steps
    deep: bool
    by: Path
    comes_out: bool = False

    def covers(self, names: Sequence[str]) -> bool:
        """Whether what stands at these names below an item is used."""
        return covers(self.path, names, deep=self.deep)


def uses(mapping: Mapping) -> dict[str, list[Use]]:
    """Return the uses of the items of every fetch."""
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for by, scope, program in _programs(mapping):
        for fetch, use in _of(program, by, scope):
            found[fetch].append(use)
    for by, scope, steps in _holes(mapping):
        if steps[0] in scope:
            found[scope[steps[0]]].append(Use(steps[1:], True, by, True))
    for name in _inmost_first(mapping):
        _to_the_parent(mapping, name, found)
    return {name: list(dict.fromkeys(found[name])) for name in mapping.fetch}


def _of(program: Program, by: Path, scope: Scope) -> Iterator[tuple[str, Use]]:
    """Yield what an expression uses, with the fetch it is of."""
    reads = program.reads()
    passed_on = by[0] == "fetch" and by[-1] == "items"  # what of it is used further on is told below
    out = reads.made if passed_on else reads.places | reads.made
    for read in reads.read:
        if passed_on and read.deep and read.path in reads.places:
            continue
        names = list(scope) if read.path == () else [read.path[0]]
        for name in names:
            if isinstance(name, str) and name in scope:
                yield scope[name], Use(read.path[1:], read.deep, by, read.deep and read.path in out)


def _to_the_parent(mapping: Mapping, name: str, found: defaultdict[str, list[Use]]) -> None:
    """Add what is used of the items of a fetch to what is used of those they are found in."""
    fetch = mapping.fetch[name]
    if fetch.path is not None or fetch.items is None:
        return
    scope = _scope(mapping, fetch)
    for place in fetch.items.reads().places:
        if place and isinstance(place[0], str) and place[0] in scope:
            held = found[scope[place[0]]]
            held += [Use((*place[1:], *use.path), use.deep, use.by, use.comes_out) for use in found[name]]


def _inmost_first(mapping: Mapping) -> list[str]:
    depth = {name: len(chain(mapping, fetch.for_)) if fetch.for_ else 0 for name, fetch in mapping.fetch.items()}
    return sorted(mapping.fetch, key=lambda name: -depth[name])


def _scope(mapping: Mapping, owner: Fetch | Resource) -> dict[str, str]:
    loops = chain(mapping, owner.for_) if owner.for_ else ()
    joins = {name: join.in_ for name, join in owner.join.items()}
    return {**{loop.name: loop.fetch for loop in loops}, **joins}


def _programs(mapping: Mapping) -> Iterator[tuple[Path, Scope, Program]]:
    """Yield every expression over items, where it stands and what its names mean."""
    for name, resource in mapping.resources.items():
        scope = _scope(mapping, resource)
        yield from (((name, *by), scope, program) for by, program in _of_resource(resource))
        yield from _of_joins((name,), resource, scope)
    for name, fetch in mapping.fetch.items():
        scope = _scope(mapping, fetch)
        if fetch.where is not None:
            yield ("fetch", name, "where"), {**scope, "item": name}, fetch.where
        inside = fetch.items if fetch.path is None else None
        for key, program in (("when", fetch.when), ("once", fetch.once), ("items", inside)):
            if program is not None:
                yield ("fetch", name, key), scope, program
        if fetch.batch is not None:
            yield ("fetch", name, "batch", "id"), scope, fetch.batch.id
            if fetch.batch.key is not None:
                yield ("fetch", name, "batch", "key"), {**scope, "item": name}, fetch.batch.key
        yield from _of_joins(("fetch", name), fetch, scope)


def _of_resource(resource: Resource) -> Iterator[tuple[Path, Program]]:
    yield from ((("fields", name), program) for name, program in resource.fields.items())
    yield from ((("words", name, "from"), words.from_) for name, words in resource.words.items())
    if resource.where is not None:
        yield ("where",), resource.where
    if resource.status is not None:
        yield from ((("status", "when", word), program) for word, program in resource.status.when.items())
        if resource.status.from_ is not None:
            yield ("status", "from"), resource.status.from_


def _of_joins(owner: Path, holder: Fetch | Resource, scope: Scope) -> Iterator[tuple[Path, Scope, Program]]:
    for name, join in holder.join.items():
        path = (*owner, "join", name)
        if join.id is not None:
            yield (*path, "id"), scope, join.id
            key = join.key
            if key is not None:
                yield (*path, "key"), {**scope, "item": join.in_}, key


def _holes(mapping: Mapping) -> Iterator[tuple[Path, Scope, tuple[str, ...]]]:
    """Yield every hole of a request, where it stands and what its names mean; and the ids that joins look for."""
    for name, fetch in mapping.fetch.items():
        calls = [fetch, *([] if fetch.job is None else [fetch.job.poll, fetch.job.result])]
        for call in calls:
            yield from ((("fetch", name), _scope(mapping, fetch), hole.path) for hole in (call.holes() if call else ()))
    holders: list[Fetch | Resource] = [*mapping.resources.values(), *mapping.fetch.values()]
    for holder in holders:
        for name, join in holder.join.items():
            if join.id is not None and join.key is None:
                yield ("join", name), {"item": join.in_}, ("item", "id")
