"""The plan of a resource: the chain of fetches its records come from, and the joins along the way.

A *chain* is read from the `for:` of a resource upwards: `enrollment in enrollments`, whose fetch is
`for: course in courses`, gives `course in courses`, `enrollment in enrollments`. Parents chain, they never
multiply: a fetch has one parent, and each item knows its ancestors by name.

A join looks its items up among those that have the same ancestors as the row, as far as the two chains agree:
`people` of `course in courses` for an enrollment of the same course; a fetch without a parent, over the whole run.
"""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from engine.mapping import Fetch, Join, Loop, Mapping, Resource

__all__ = ["Plan", "PlannedJoin", "chain", "computed", "plan"]

Chain = tuple[Loop, ...]


def chain(mapping: Mapping, loop: Loop) -> Chain:
    """Return the chain that ends in `loop`, topmost parent first. The mapping is known to have no cycles."""
    parent = mapping.fetch[loop.fetch].for_
    return (*chain(mapping, parent), loop) if parent else (loop,)


def computed(mapping: Mapping, name: str) -> bool:
    """Whether the items of a fetch are the mapping's own: no request gave them, nor anything they are made of."""
    whole = [mapping.fetch[loop.fetch] for loop in chain(mapping, Loop("item", name))]
    return all(fetch.path is None and not fetch.join for fetch in whole)


@dataclass(frozen=True, slots=True)
class PlannedJoin:
    """A join and where its items are: below the first `depth` bindings of the row, at the end of `below`."""

    name: str
    join: Join
    depth: int
    below: Chain


@dataclass(frozen=True)
class Plan:
    """What a resource needs: its chain, the joins of its rows, and the joins of every fetch involved."""

    mapping: Mapping
    resource: Resource
    chain: Chain
    joins: tuple[PlannedJoin, ...]
    fetch_joins: MappingOf[str, tuple[PlannedJoin, ...]]

    def fetches(self) -> Iterator[tuple[str, Fetch]]:
        """All fetches of the plan by name: the chain first, then what is joined, each once."""
        seen: dict[str, None] = dict.fromkeys(loop.fetch for loop in self.chain)
        for joins in (self.joins, *self.fetch_joins.values()):
            for planned in joins:
                seen.update(dict.fromkeys(loop.fetch for loop in planned.below))
        return ((name, self.mapping.fetch[name]) for name in seen)

    def reads(self, *path: str) -> bool:
        """Whether what is asked for depends on a name such as `run`, `since`: a request, or a list that is computed."""
        for _, fetch in self.fetches():
            programs = [program for program in (fetch.items, fetch.where, fetch.when) if program is not None]
            if any(hole.path == path for hole in fetch.holes()) or any(path in program.paths for program in programs):
                return True
        return False

    @property
    def requested(self) -> str:
        """The fetch that the rows come from: the last of the chain that makes requests, or the last of all."""
        asked = [loop.fetch for loop in self.chain if self.mapping.fetch[loop.fetch].path is not None]
        return (asked or [self.chain[-1].fetch])[-1]

    @property
    def row_depth(self) -> int:
        """How many bindings a row has."""
        return len(self.chain)


def plan(mapping: Mapping, resource: str) -> Plan:
    """Return the plan of a resource that the mapping gives; raises KeyError for another."""
    wanted = mapping.resources[resource]
    spine = chain(mapping, wanted.for_)
    joins = _joins(mapping, wanted.join, spine)
    fetch_joins: dict[str, tuple[PlannedJoin, ...]] = {}
    waiting = [loop.fetch for loop in spine] + [loop.fetch for join in joins for loop in join.below]
    while waiting:
        name = waiting.pop()
        if name in fetch_joins:
            continue
        fetch = mapping.fetch[name]
        above = chain(mapping, fetch.for_) if fetch.for_ else ()
        fetch_joins[name] = _joins(mapping, fetch.join, above)
        waiting += [loop.fetch for join in fetch_joins[name] for loop in join.below]
    return Plan(mapping, wanted, spine, joins, fetch_joins)


def _joins(mapping: Mapping, joins: MappingOf[str, Join], row: Chain) -> tuple[PlannedJoin, ...]:
    return tuple(_planned(mapping, name, join, row) for name, join in joins.items())


def _planned(mapping: Mapping, name: str, join: Join, row: Chain) -> PlannedJoin:
    """Find how far the chain of the joined fetch agrees with that of the row."""
    whole = chain(mapping, Loop("item", join.in_))
    depth = 0
    while depth < min(len(row), len(whole) - 1) and row[depth].fetch == whole[depth].fetch:
        depth += 1
    return PlannedJoin(name, join, depth, whole[depth:])
