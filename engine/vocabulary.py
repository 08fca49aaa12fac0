"""The field names and words of a mapping, held against the unified model.

This looks at the file itself: nothing else in it need be right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import Place, Problem
from engine.mapping import RESOURCES
from engine.positions import Node, Path, shown
from engine.records import field_kinds, kind_of, words_of
from engine.spelling import did_you_mean

__all__ = ["check_words"]


def check_words(node: Node) -> Iterator[Problem]:
    """Yield a problem for every field name and word that the unified model does not have."""
    for resource in RESOURCES:
        if resource in node.children:
            yield from _Resource(node, resource).problems()


@dataclass(frozen=True)
class _Resource:
    """The part of a file about one resource."""

    node: Node
    name: str

    def problems(self) -> Iterator[Problem]:
        for field, place in self._keys("fields"):
            yield from self._field(field, place)
        for field, place in self._keys("words"):
            yield from self._worded(field, place)
        for place in (place for key, place in self._keys() if key == "status"):
            yield from self._status(place)

    def _field(self, field: str, place: Place) -> Iterator[Problem]:
        path = (self.name, "fields", field)
        if field == "status" and words_of(self.name, "status"):
            yield Problem(place, shown(path), "the status has a part of its own", "use `status:` beside `fields:`")
        elif field == "custom_fields.remote_status":
            what = "this is the provider's own word for the status, as it was received"
            yield Problem(place, shown(path), what, "give it as `from` of `status`")
        elif kind_of(self.name, field) is None:
            yield Problem(place, shown(path), f"`{field}` is not a field of the unified model", self._advice(field))

    def _advice(self, field: str) -> str:
        """Say what to write for a field that does not exist."""
        known = [name for name in field_kinds(self.name) if "<" not in name]
        parts = [name for name in known if name.startswith(f"{field}.")]
        if parts:
            return f"give its parts: {', '.join(f'`{part}`' for part in parts)}"
        if field.partition(".")[0] == "custom_fields":
            return "give it a name: `custom_fields.<name>`"
        if field == "remote_data":
            return "leave it out: the engine keeps the raw data"
        return did_you_mean(field, known, "for anything else there is `custom_fields.<name>`")

    def _worded(self, field: str, place: Place) -> Iterator[Problem]:
        path: Path = (self.name, "words", field)
        if field == "status":
            yield Problem(place, shown(path), "the status has a part of its own", "use `status:` beside `words:`")
        elif not words_of(self.name, field):
            known = [name for name, kind in field_kinds(self.name).items() if kind == "word" and name != "status"]
            yield Problem(place, shown(path), f"`{field}` is not one of a set of words", did_you_mean(field, known))
        else:
            if any(field == given for given, _ in self._keys("fields")):
                what = f"`{field}` is given by `fields`, too"
                yield Problem(place, shown(path), what, "leave one of them out")
            yield from self._table(field, (*path, "words"))

    def _status(self, place: Place) -> Iterator[Problem]:
        path: Path = (self.name, "status")
        if not words_of(self.name, "status"):
            yield Problem(place, shown(path), f"{self.name} have no status in the unified model", "leave it out")
            return
        for word, where in self._keys("status", "when"):
            yield from self._word("status", word, where, (*path, "when", word))
        yield from self._table("status", (*path, "words"))
        otherwise = self.node.get(*path, "otherwise")
        if otherwise is not None:
            yield from self._word("status", otherwise.data, otherwise.start, (*path, "otherwise"))

    def _table(self, field: str, path: Path) -> Iterator[Problem]:
        """Look at a table of the provider's words; upper and lower case are the same in it."""
        seen: dict[str, str] = {}
        for word, place in self._keys(*path[1:]):
            first = seen.setdefault(word.strip().casefold(), word)
            if first != word:
                what = f"`{word}` is the same word as `{first}`, for upper and lower case are the same"
                yield Problem(place, shown((*path, word)), what, "keep one")
            node = self.node.at(*path, word)
            yield from self._word(field, node.data, node.start, (*path, word))

    def _word(self, field: str, word: object, place: Place, path: Path) -> Iterator[Problem]:
        known = words_of(self.name, field)
        if isinstance(word, str) and word not in known:  # what is no text is a problem of its own
            what = f"'{word}' is not a {field} of the unified model"
            yield Problem(place, shown(path), what, did_you_mean(word, known))

    def _keys(self, *path: str | int) -> Iterator[tuple[str, Place]]:
        node = self.node.get(self.name, *path)
        yield from node.keys.items() if node is not None else ()
