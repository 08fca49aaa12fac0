"""Which names are visible where in a mapping, and everything that refers to something that is not there.

Expressions see `connection` (without its secrets), `run`, `filter`, and the names of the `for:` chain and of the
joins; `where:` and a join's `key:` also see `item`. Holes see the same with secrets, and `page`. `items:` of a request,
and the expressions of `pages:`, see the answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.errors import Place, Problem
from engine.jsonata import Program
from engine.mapping import Fetch, Loop, Pages, Resource
from engine.mapping import Mapping as ProviderMapping
from engine.plan import chain
from engine.records import field_kinds
from engine.templates import Hole, Template

__all__ = ["check", "unused"]

Path = tuple[str | int, ...]
PlaceOf = Callable[..., Place]

GLOBALS = ("connection", "run", "filter")
RUN = ("now", "since")
ERROR_NAMES = ("status", "headers", "body", "text")
_CONNECTION = re.compile(r"\bconnection\.([A-Za-z_]\w*)")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the advice for a word that is not known."""
    known = list(known)
    close = get_close_matches(word, known, 1, 0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return otherwise or (f"there are {', '.join(f'`{name}`' for name in known)}" if known else "there are none")


def check(mapping: ProviderMapping, place: PlaceOf) -> list[Problem]:
    """Return every reference of a mapping that leads nowhere, each at its place."""
    broken = list(_loops(mapping, place))
    return broken or list(_Check(mapping, place).problems())


def _loops(mapping: ProviderMapping, place: PlaceOf) -> Iterator[Problem]:
    """Find fetches that do not exist, that go round in a circle, or that are called by two names."""
    names: dict[str, tuple[str, Path]] = {}
    for path, loop in _all_loops(mapping):
        shown = _shown(path)
        if loop.fetch not in mapping.fetch:
            offset = len(loop.name) + 4
            advice = did_you_mean(loop.fetch, mapping.fetch)
            yield Problem(place(*path, offset=offset), shown, f"there is no fetch `{loop.fetch}`", advice)
        elif names.setdefault(loop.fetch, (loop.name, path))[0] != loop.name:
            first, where = names[loop.fetch]
            what = f"an item of `{loop.fetch}` is called `{loop.name}` here and `{first}` in {_shown(where)}"
            yield Problem(place(*path), shown, what, f"call it `{first}` everywhere")
        elif loop.name in (*GLOBALS, "item", "page"):
            yield Problem(place(*path), shown, f"`{loop.name}` has a meaning of its own", "choose another name")
    for path, join in _all_joins(mapping):
        if join not in mapping.fetch:
            yield Problem(place(*path), _shown(path), f"there is no fetch `{join}`", did_you_mean(join, mapping.fetch))
    for name in mapping.fetch:
        circle = _circle(mapping, name)
        if circle:
            path = ("fetch", name)
            what = f"it needs itself: {' → '.join(circle)}"
            yield Problem(
                place(*path, key=True), _shown(path), what, "a fetch has one parent, and a first one has none"
            )


def _all_loops(mapping: ProviderMapping) -> Iterator[tuple[Path, Loop]]:
    for name, fetch in mapping.fetch.items():
        if fetch.for_:
            yield ("fetch", name, "for"), fetch.for_
    for name, resource in mapping.resources.items():
        yield (name, "for"), resource.for_


def _all_joins(mapping: ProviderMapping) -> Iterator[tuple[Path, str]]:
    for name, fetch in mapping.fetch.items():
        for join_name, join in fetch.join.items():
            yield ("fetch", name, "join", join_name, "in"), join.in_
    for name, resource in mapping.resources.items():
        for join_name, join in resource.join.items():
            yield (name, "join", join_name, "in"), join.in_


def _circle(mapping: ProviderMapping, start: str) -> list[str]:
    """Return the way from a fetch back to itself, over parents and joins; empty if there is none."""

    def walk(name: str, way: list[str]) -> list[str]:
        fetch = mapping.fetch.get(name)
        if fetch is None:
            return []
        needs = [fetch.for_.fetch] if fetch.for_ else []
        for needed in (*needs, *(join.in_ for join in fetch.join.values())):
            if needed == start:
                return [*way, needed]
            if needed not in way and (found := walk(needed, [*way, needed])):
                return found
        return []

    return walk(start, [start])


@dataclass
class _Check:
    mapping: ProviderMapping
    place: PlaceOf

    def problems(self) -> Iterator[Problem]:
        http = self.mapping.http
        yield from self._holes(("http",), _templates(http, ("http",), skip=("check", "pages", "limits")), ())
        yield from self._holes(("http", "check"), _templates(http.check, ("http", "check")), ())
        yield from self._errors(http.errors, ("http", "errors"))
        for name, fetch in self.mapping.fetch.items():
            yield from self._fetch(fetch, ("fetch", name))
        for name, resource in self.mapping.resources.items():
            yield from self._resource(resource, name)

    def _fetch(self, fetch: Fetch, path: Path) -> Iterator[Problem]:
        parents = [loop.name for loop in chain(self.mapping, fetch.for_)] if fetch.for_ else []
        yield from self._joins(fetch.join, path, parents)
        names = [*parents, *fetch.join]
        for key in ("when", "once"):
            yield from self._names(getattr(fetch, key), (*path, key), names)
        if fetch.path is None:
            yield from self._names(fetch.items, (*path, "items"), names)
        yield from self._names(fetch.where, (*path, "where"), [*names, "item"])
        yield from self._errors(fetch.errors, (*path, "errors"))
        pages = fetch.pages or self.mapping.http.pages
        seen = [*names, "page"] if pages.page or pages.offset else names
        templates = list(_templates(fetch, path, skip=("pages", "errors", "join")))
        yield from self._holes(path, templates, seen)
        yield from self._paging(fetch, pages, path, templates)

    def _paging(
        self, fetch: Fetch, pages: Pages, path: Path, templates: list[tuple[Path, Template]]
    ) -> Iterator[Problem]:
        """Find lists that are paged by number and never send it."""
        numbered = pages.page or pages.offset
        if fetch.path is None or numbered is None or numbered.param:
            return
        if not any(hole.path[0] == "page" for _, template in templates for hole in template.holes):
            where: Path = (*path, "pages") if fetch.pages else ("http", "pages")
            hole = "{page.number}" if pages.page else "{page.offset}"
            what = f"the page is never asked for by {_shown(path)}"
            yield Problem(self.place(*where), _shown(where), what, f"give `param`, or use the hole `{hole}`")

    def _resource(self, resource: Resource, name: str) -> Iterator[Problem]:
        path: Path = (name,)
        parents = [loop.name for loop in chain(self.mapping, resource.for_)]
        yield from self._joins(resource.join, path, parents)
        names = [*parents, *resource.join]
        yield from self._names(resource.where, (*path, "where"), names)
        for field, program in resource.fields.items():
            yield from self._names(program, (*path, "fields", field), names)
        for field, words in resource.words.items():
            yield from self._names(words.from_, (*path, "words", field, "from"), names)
        if resource.status:
            yield from self._names(resource.status.from_, (*path, "status", "from"), names)
            for word, program in resource.status.when.items():
                yield from self._names(program, (*path, "status", "when", word), names)

    def _joins(self, joins: Mapping[str, Any], path: Path, parents: list[str]) -> Iterator[Problem]:
        seen = list(parents)
        for name, join in joins.items():
            here = (*path, "join", name)
            if name in (*parents, *GLOBALS, "item", "page"):
                what = f"`{name}` already means something here"
                yield Problem(self.place(*here, key=True), _shown(here), what, "choose another name")
            yield from self._names(join.id, (*here, "id"), seen)
            yield from self._names(join.key, (*here, "key"), [*parents, "item"])
            seen.append(name)

    def _errors(self, rules: Iterable[Any], path: Path) -> Iterator[Problem]:
        for index, rule in enumerate(rules):
            for key, program in (("when", rule.when), ("message", rule.message)):
                yield from self._names(program, (*path, index, key), ERROR_NAMES, ())

    def _names(
        self, program: Program | None, path: Path, names: Iterable[str], shared: Iterable[str] = GLOBALS
    ) -> Iterator[Problem]:
        if program is None:
            return
        visible = [*names, *shared]
        for name, offset in program.names.items():
            if name not in visible and name != "$":
                what = f"there is no `{name}` here"
                yield Problem(self.place(*path, offset=offset), _shown(path), what, did_you_mean(name, visible))
        for found in _CONNECTION.finditer(program.text) if "connection" in program.names else ():
            field = self.mapping.connection.get(found[1])
            here = self.place(*path, offset=found.start(1))
            if field is None:
                yield self._no_field(found[1], here, path)
            elif field.secret:
                what = f"`connection.{found[1]}` is a secret; expressions do not see secrets, so that none can get out"
                yield Problem(here, _shown(path), what, "use it in a hole of a request")

    def _no_field(self, name: str, here: Place, path: Path) -> Problem:
        return Problem(here, _shown(path), f"`connection` has no `{name}`", did_you_mean(name, self.mapping.connection))

    def _holes(
        self, _owner: Path, templates: Iterable[tuple[Path, Template]], names: Iterable[str]
    ) -> Iterator[Problem]:
        visible = [*names, *GLOBALS]
        for path, template in templates:
            for hole in template.holes:
                yield from self._hole(hole, path, visible)

    def _hole(self, hole: Hole, path: Path, visible: list[str]) -> Iterator[Problem]:
        first, *rest = hole.path
        here = self.place(*path, offset=hole.offset)
        if first not in visible:
            advice = did_you_mean(first, visible)
            if first == "page":
                advice = "say how the list is paged: `pages`"
            yield Problem(here, _shown(path), f"there is no `{first}` here", advice)
        elif first == "connection" and (len(rest) != 1 or rest[0] not in self.mapping.connection):
            yield self._no_field(".".join(rest), here, path)
        elif first == "run" and (len(rest) != 1 or rest[0] not in RUN):
            yield Problem(here, _shown(path), f"`run` has no `{'.'.join(rest)}`", did_you_mean(".".join(rest), RUN))
        elif first == "page" and (len(rest) != 1 or rest[0] not in ("number", "offset", "size")):
            yield Problem(
                here, _shown(path), f"`page` has no `{'.'.join(rest)}`", "it has `number` or `offset`, `size`"
            )
        elif first == "filter" and not any(".".join(rest) in field_kinds(name) for name in self.mapping.resources):
            known = {field for name in self.mapping.resources for field in field_kinds(name)}
            yield Problem(
                here, _shown(path), f"there is no field `{'.'.join(rest)}`", did_you_mean(".".join(rest), known)
            )


def _templates(node: Any, path: Path, skip: tuple[str, ...] = ()) -> Iterator[tuple[Path, Template]]:
    """Yield every template below a node of the format with its path in the file."""
    if isinstance(node, Template):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _templates(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _templates(value, (*path, index))
    elif hasattr(type(node), "model_fields"):
        for name, info in type(node).model_fields.items():
            label = info.alias or name
            if label not in skip:
                yield from _templates(getattr(node, name), (*path, label))


def unused(mapping: ProviderMapping, place: PlaceOf) -> list[Problem]:
    """Return what a mapping declares and never uses: connection fields, fetches, joins."""
    read = {".".join(hole.path[1:]) for _, template in _templates(mapping, ()) for hole in template.holes}
    read |= {name for _, program in _programs(mapping) for name in _CONNECTION.findall(program.text)}
    needed = {loop.fetch for _, loop in _all_loops(mapping)} | {fetch for _, fetch in _all_joins(mapping)}
    paths: list[Path] = [("connection", name) for name in mapping.connection if name not in read]
    paths += [("fetch", name) for name in mapping.fetch if name not in needed]
    paths += [("fetch", name, "join", join) for name, fetch in mapping.fetch.items() for join in _unused_joins(fetch)]
    paths += [(name, "join", join) for name, resource in mapping.resources.items() for join in _unused_joins(resource)]
    return [Problem(place(*path, key=True), _shown(path), "is never used", "leave it out") for path in paths]


def _unused_joins(owner: Fetch | Resource) -> list[str]:
    names = {name for _, program in _programs(owner) for name in program.names}
    names |= {hole.path[0] for _, template in _templates(owner, ()) for hole in template.holes}
    return [name for name in owner.join if name not in names]


def _programs(node: Any, path: Path = ()) -> Iterator[tuple[Path, Program]]:
    """Yield every expression below a node of the format with its path in the file."""
    if isinstance(node, Program):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _programs(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _programs(value, (*path, index))
    elif hasattr(type(node), "model_fields"):
        for name, info in type(node).model_fields.items():
            yield from _programs(getattr(node, name), (*path, info.alias or name))


def _shown(path: Path) -> str:
    return ".".join(str(step) for step in path)
