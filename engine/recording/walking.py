"""The texts of a recording, one by one: in JSON, XML, HTML and CSV, and in those within each other.

Each is given out with its key, the keys beside it and the one above, and replaced by what comes back. What does not
change stays as it was written, blanks and all.
"""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pydantic_core

from engine.recording.fields import Kind

__all__ = ["Leaf", "Visit", "Walk"]

#: The kinds of what the mapping itself says of values, by the object they are in and their key.
Marks = Mapping[tuple[int, str], Kind]

_PIECES = re.compile(r"<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(?!https?:|[^<>\s]+@)[A-Za-z/?!][^<>]*>|[^<]+|<")
_NAME = re.compile(r"</?\s*(?:[\w.-]+:)?([\w.-]+)")
_ATTRIBUTE = re.compile(r"""([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_MARKUP = re.compile(r"<(?!https?:|[^<>\s]+@)[A-Za-z/?!]")  # and no address, as in a `Link` header and in `Ada <a@b.c>`
_DEPTH = 4


class Leaf(NamedTuple):
    """One text, or a number as text, and where it stands."""

    text: str
    key: str = ""
    siblings: frozenset[str] = frozenset()
    above: str = ""
    kind: Kind | None = None
    where: str = ""
    is_number: bool = False
    is_key: bool = False


Visit = Callable[[Leaf], str]


class Walk:
    """Goes through values. `visit` is asked for the text in place of each; `first` changes whole texts before that."""

    def __init__(self, visit: Visit, marks: Marks | None = None, first: Callable[[str], str] = str) -> None:
        self._visit = visit
        self._first = first
        self._marks = marks or {}

    def data(self, value: Any, leaf: Leaf) -> Any:
        """Return JSON with its texts replaced; `leaf` says where it stands."""
        if isinstance(value, Mapping):
            return self._object(value, leaf)
        if isinstance(value, list):
            return [
                self.data(part, leaf._replace(where=f"{leaf.where}[{number}]")) for number, part in enumerate(value)
            ]
        if isinstance(value, str):
            return self.text(leaf._replace(text=value))
        if isinstance(value, int) and not isinstance(value, bool):
            written = self._visit(leaf._replace(text=str(value), is_number=True))
            return int(written) if written.lstrip("-").isdecimal() else written
        return value

    def _object(self, value: Mapping[str, Any], leaf: Leaf) -> dict[str, Any]:
        siblings = frozenset(value)
        changed: dict[str, Any] = {}
        for key, part in value.items():
            below = Leaf("", key, siblings, leaf.key, self._marks.get((id(value), key)), f"{leaf.where}.{key}")
            name = self._visit(Leaf(key, where=f"{leaf.where}, a key", is_key=True))
            changed[name] = self.data(part, below)
        return changed

    def text(self, leaf: Leaf, depth: int = _DEPTH) -> str:
        """Return a text with what is in it replaced: as a whole, or part by part where it is JSON or markup."""
        text = self._first(leaf.text) if depth == _DEPTH else leaf.text
        leaf = leaf._replace(text=text)
        if depth and text[:1] in ("{", "["):
            data = _json(text)
            if data is not None:
                changed = Walk(self._visit, first=self._first).data(data, leaf)
                return text if changed == data else json.dumps(changed, ensure_ascii=False)
        if depth and _MARKUP.search(text):
            return self._markup(leaf, depth - 1)
        return self._visit(leaf)

    def _markup(self, leaf: Leaf, depth: int) -> str:
        """Return XML or HTML with its texts and attributes replaced; the name of an element is the key of its text."""
        names = [leaf.key]
        kept: list[str] = []
        elements = frozenset(found[1] for found in map(_NAME.match, _PIECES.findall(leaf.text)) if found)
        for piece in _PIECES.findall(leaf.text):
            key, above = names[-1], names[-2] if len(names) > 1 else leaf.above
            here = leaf._replace(key=key, above=above, siblings=elements, where=f"{leaf.where}, <{key}>")
            if piece.startswith("<![CDATA["):
                inner = self.text(here._replace(text=piece[9:-3]), depth)
                kept.append(f"<![CDATA[{inner.replace(']]>', ']] >')}]]>")
            elif piece.startswith("<") and len(piece) > 1:
                kept.append(self._tag(piece, here, depth))
                self._nest(piece, names)
            else:
                kept.append(self._escaped(piece, here, depth))
        return "".join(kept)

    def _tag(self, piece: str, leaf: Leaf, depth: int) -> str:
        if piece.startswith("<!--"):
            return self._visit(leaf._replace(text=piece))
        beside = frozenset(found[1] for found in _ATTRIBUTE.finditer(piece)) | leaf.siblings
        name_of_it = _NAME.match(piece)
        above = name_of_it[1] if name_of_it else leaf.key

        def attribute(found: re.Match[str]) -> str:
            name, between, quoted = found.groups()
            at = leaf._replace(key=name, above=above, siblings=beside, where=f"{leaf.where}, {name}")
            return f"{name}{between}{quoted[0]}{self._escaped(quoted[1:-1], at, depth)}{quoted[0]}"

        return _ATTRIBUTE.sub(attribute, piece)

    @staticmethod
    def _nest(piece: str, names: list[str]) -> None:
        """Follow a tag into its element, or out of it; elements of HTML that are never closed are left behind."""
        found = _NAME.match(piece)
        if found is None or piece.startswith(("<?", "<!")) or piece.endswith("/>"):
            return
        if not piece.startswith("</"):
            names.append(found[1])
        elif found[1] in names[1:]:
            while names.pop() != found[1]:
                pass

    def _escaped(self, written: str, leaf: Leaf, depth: int) -> str:
        plain = html.unescape(written)
        changed = self.text(leaf._replace(text=plain), depth) if plain.strip() else plain
        return written if changed == plain else html.escape(changed).replace("&#x27;", "&apos;")

    def table(self, text: str, delimiter: str, where: str) -> str:
        """Return CSV with its cells replaced; the name of its column is the key of each."""
        text = self._first(text)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        head = rows[0] if rows else []
        changed = [list(head)]
        for line, row in enumerate(rows[1:], 2):
            keys = [*head, *[""] * (len(row) - len(head))]
            cells = zip(row, keys, strict=False)
            changed.append(
                [
                    self.text(Leaf(cell, key, frozenset(head), where=f"{where}, row {line}, {key}"))
                    for cell, key in cells
                ]
            )
        if changed == rows:
            return text
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(changed)
        return written.getvalue()


def _json(text: str) -> Any:
    """Return what is JSON and holds something; None for any other text."""
    try:
        data = pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError:
        return None
    return data if isinstance(data, dict | list) and data else None
