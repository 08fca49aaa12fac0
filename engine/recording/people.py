"""Which values of an answer the mapping itself says are people's: those that its user fields are made of."""

import html
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.client import Exchange
from engine.errors import RollbookError
from engine.jsonata import EvaluationProblem, Program, Wild
from engine.mapping import Mapping as ProviderMapping
from engine.plan import chain
from engine.recording.fields import Kind, kind_by_field
from engine.uses import Use, uses

__all__ = ["People"]


class _Field(NamedTuple):
    """A use by a field that is of a person: what of one, what computes the field, and what it calls the item."""

    use: Use
    kind: Kind
    program: Program
    name: str


class People:
    """What a mapping says of people, for every fetch."""

    def __init__(self, mapping: ProviderMapping) -> None:
        self._mapping = mapping
        self._fields: dict[str, list[_Field]] = {}
        for fetch, used in uses(mapping).items():
            self._fields[fetch] = [field for use in used for field in _fields(mapping, fetch, use)]

    def marks(self, exchange: Exchange) -> tuple[dict[tuple[int, str], Kind], list[tuple[str, Kind]]]:
        """Return the places of people's values in an answer, by object and key, and the values themselves."""
        places: dict[tuple[int, str], Kind] = {}
        values: list[tuple[str, Kind]] = []
        for item in self._items(exchange):
            for field in self._fields.get(exchange.fetch, ()):
                for holder, key in _held(item, field.use.path):
                    whole = [holder[key]] if isinstance(holder[key], str) else _texts(holder[key])
                    texts = whole if len(whole) < 2 else _coming_out(field, item, whole)
                    values += [(text, field.kind) for text in texts]
                    if len(texts) == len(whole):
                        places.setdefault((id(holder), key), field.kind)
        return places, values

    def _items(self, exchange: Exchange) -> list[Any]:
        fetch = self._mapping.fetch.get(exchange.fetch)
        if fetch is None or fetch.path is None:
            return []
        try:
            data = exchange.response.data
            items = data if fetch.items is None or fetch.items.text.strip() == "$" else fetch.items(data)
        except (RollbookError, EvaluationProblem):  # an error answer, or half a one
            return []
        return items if isinstance(items, list) else [items]


def _fields(mapping: ProviderMapping, fetch: str, use: Use) -> Iterator[_Field]:
    """Yield the field that a use is by, where that is of a person and made of what is there."""
    if not use.comes_out or use.by[1:2] != ("fields",):
        return
    kind, resource = kind_by_field(use.by[2]), mapping.resources[use.by[0]]
    if kind is not None:
        names = {loop.fetch: loop.name for loop in chain(mapping, resource.for_)}
        names |= {join.in_: name for name, join in resource.join.items()}
        yield _Field(use, kind, resource.fields[use.by[2]], names.get(fetch, ""))


def _coming_out(field: _Field, item: Any, texts: list[str]) -> list[str]:
    """Return those of several texts that come out of the field, such as one column of a row; or all."""
    alone = set(field.program.names) <= {field.name}
    try:
        found = field.program({field.name: item})
    except EvaluationProblem:
        return texts
    told = [part.casefold() for part in _texts(found if isinstance(found, list) else [found]) if part]
    if not told:
        return [] if alone else texts
    plain = {text: html.unescape(text).casefold() for text in texts}
    return [text for text in texts if text and any(plain[text] in part or part in plain[text] for part in told)]


def _texts(value: Any) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _held(value: Any, path: tuple[str | Wild, ...]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the objects, each with the key, that a path leads to; lists count for nothing."""
    if isinstance(value, list):
        for part in value:
            yield from _held(part, path)
    elif isinstance(value, Mapping) and path:
        step, rest = path[0], path[1:]
        if step is Wild.BELOW:
            yield from _held(value, rest)
            for part in value.values():
                yield from _held(part, path)
            return
        for key in value if step is Wild.CHILD else [step] if step in value else []:
            if not rest:
                yield value, str(key)
            else:
                yield from _held(value[key], rest)
