"""The field names and words of a mapping, held against the unified model.

This looks at the file itself: nothing else in it need be right.
"""

from collections.abc import Iterator
from typing import Any

from engine.errors import Place, Problem
from engine.mapping import RESOURCES
from engine.positions import Node
from engine.records import field_kinds, words_of
from engine.scopes import did_you_mean

__all__ = ["check_words"]


def check_words(node: Node) -> Iterator[Problem]:
    """Yield a problem for every field name and word that the unified model does not have."""
    for resource in RESOURCES:
        part = node.children.get(resource)
        if part is None:
            continue
        yield from _field_names(part.at("fields"), resource)
        status = part.children.get("status")
        if status is not None:
            yield from _known_words(status.children.get("words"), resource, "status", (resource, "status", "words"))
            when = status.children.get("when")
            for word, place in when.keys.items() if when else ():
                yield from _known_word(word, place, resource, "status", (resource, "status", "when", word))
            otherwise = status.children.get("otherwise")
            if otherwise is not None:
                path = (resource, "status", "otherwise")
                yield from _known_word(otherwise.data, otherwise.start, resource, "status", path)
        for field, words in part.children["words"].children.items() if "words" in part.children else ():
            path = (resource, "words", str(field))
            if not words_of(resource, str(field)):
                known = [name for name, kind in field_kinds(resource).items() if kind == "word"]
                what = f"`{field}` is not one of a set of words"
                yield Problem(
                    part.children["words"].keys[str(field)], ".".join(path), what, did_you_mean(str(field), known)
                )
            else:
                yield from _known_words(words.children.get("words"), resource, str(field), (*path, "words"))


def _known_words(words: Node | None, resource: str, field: str, path: tuple[str, ...]) -> Iterator[Problem]:
    for word, node in words.children.items() if words else ():
        yield from _known_word(node.data, node.start, resource, field, (*path, str(word)))


def _known_word(word: Any, place: Place, resource: str, field: str, path: tuple[str, ...]) -> Iterator[Problem]:
    known = words_of(resource, field)
    if word not in known:
        what = f"{word!r} is not a {field} of the unified model"
        yield Problem(place, ".".join(path), what, did_you_mean(str(word), known))


def _field_names(fields: Node, resource: str) -> Iterator[Problem]:
    kinds = field_kinds(resource)
    known = [name for name in kinds if "<" not in name]
    for name, place in fields.keys.items():
        first, _, rest = name.partition(".")
        free = bool(rest) and (f"{first}.<name>" in kinds or f"{first}.<type>" in kinds)
        if name in known or free:
            if kinds.get(name) == "word" and name == "status":
                what = "the status has a part of its own"
                yield Problem(place, f"{resource}.fields.{name}", what, "use `status:` beside `fields:`")
            continue
        parts = [part for part in known if part.startswith(f"{name}.")]
        if parts:
            advice = f"give its parts: {', '.join(f'`{part}`' for part in parts)}"
        elif first == "custom_fields":
            advice = "give it a name: `custom_fields.<name>`"
        else:
            advice = did_you_mean(name, known, "for anything else there is `custom_fields.<name>`")
        yield Problem(place, f"{resource}.fields.{name}", f"`{name}` is not a field of the unified model", advice)
