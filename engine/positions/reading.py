"""From a file to nodes; everything wrong with it as YAML at once, as far as it can be read."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import yaml

from engine.errors import MappingError, Place, Problem
from engine.positions.mistakes import COMMENT, QUOTE, Mistake, comment_in, mistake
from engine.positions.nodes import Node, Path, shown
from engine.positions.scalars import TooLarge, meaning

__all__ = ["DEEPEST", "LARGEST", "read_yaml"]

#: How many bytes a file may have.
LARGEST = 1_000_000
#: How many levels may be inside each other.
DEEPEST = 64

_QUOTED = "put an expression in single quotes; write anything else out"


def read_yaml(path: File, name: str | None = None) -> Node:
    """Read a YAML file. Raises MappingError with all that is wrong with it; `name` is what it is called there."""
    called = name or str(path)
    text = _text(path, Place(called, 1, 1))
    reading = _Reading(text, called)
    node = reading.document()
    if reading.problems or node is None:
        raise MappingError(reading.problems)
    return node


def _text(path: File, top: Place) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        do = "check the name and its rights"
        raise MappingError([Problem(top, "", f"the file cannot be read: {error.strerror or error}", do)]) from None
    if len(raw) > LARGEST:
        raise MappingError([Problem(top, "", f"the file is larger than {LARGEST:,} bytes", "one file is one mapping")])
    lines = raw.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return lines.decode()
    except UnicodeDecodeError as error:
        before = lines[: error.start].decode()
        place = Place(top.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        what = f"the byte {lines[error.start]:#04x} is not UTF-8"
        raise MappingError([Problem(place, "", what, "save the file as UTF-8")]) from None


class _Stop(Exception):
    """Reading on is no use."""


class _Reading:
    """One file being read: its events become nodes, its faults problems."""

    def __init__(self, text: str, name: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._name = name
        self._depth = 0

    def document(self) -> Node | None:
        """Return the node of the one document there is, or None where there is no use in it."""
        try:
            for at, what, do in _unprintable(self._text):
                self._problem(self._place_at(at), (), what, do)
            if self.problems:
                return None
            self._events: Any = yaml.parse(self._text, Loader=yaml.SafeLoader)
            return self._only_document()
        except yaml.MarkedYAMLError as error:
            at, what, do = mistake(error, self._text)
            if self._place_at(at) not in {problem.place for problem in self.problems}:
                self._problem(self._place_at(at), (), what, do)
        except _Stop:
            pass
        return None

    def _only_document(self) -> Node | None:
        next(self._events)  # the start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            self._problem(Place(self._name, 1, 1), (), "the file is empty", "docs/mapping-language.md shows the shape")
            return None
        node = self._node(next(self._events), ())
        next(self._events)  # the end of the document
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._problem(self._place(event), (), "a second document begins here", "one file is one mapping")
        return node

    def _node(self, event: Any, path: Path) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._problem(self._place(event), path, f"`*{event.anchor}` is an alias to YAML", _QUOTED)
            return Node(None, self._place(event))
        if event.anchor is not None:
            self._problem(self._place(event), path, f"`&{event.anchor}` is an anchor to YAML", _QUOTED)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._problem(self._place(event), path, f"`{tag}` is a tag to YAML", "put the value in single quotes")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        self._depth += 1
        if self._depth > DEEPEST:
            what, do = f"this is nested deeper than {DEEPEST} levels", "put an expression in single quotes"
            self._problem(self._place(event), (), what, do)
            raise _Stop
        node = self._list(event, path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(event, path)
        self._depth -= 1
        return node

    def _scalar(self, event: Any, path: Path) -> Node:
        place = self._place(event)
        start, end = event.start_mark.index, event.end_mark.index
        if event.style:  # quoted or block: always text
            self._check_halves(event, path)
            return Node(event.value, place, raw=self._text[start:end], style=event.style)
        comment = comment_in(self._text, end)
        if comment is not None:
            self._problem(self._place_at(comment), path, COMMENT, QUOTE)
        try:
            return Node(meaning(event.value), place, raw=self._text[start:end])
        except TooLarge:
            self._problem(place, path, "this number is too large", "put it in quotes, if it is text")
            return Node(None, place)

    def _list(self, event: Any, path: Path) -> Node:
        node = Node([], self._place(event))
        while not isinstance(entry := next(self._events), yaml.SequenceEndEvent):
            child = self._node(entry, (*path, len(node.data)))
            node.children[len(node.data)] = child
            node.data.append(child.data)
        return node

    def _mapping(self, event: Any, path: Path) -> Node:
        node = Node({}, self._place(event))
        while not isinstance(entry := next(self._events), yaml.MappingEndEvent):
            place = self._place(entry)
            key = self._key(entry, path)
            child = self._node(next(self._events), (*path, key))
            if key in node.keys:
                what = f"`{key}` is there twice, first in line {node.keys[key].line}"
                self._problem(place, (*path, key), what, "keep one")
                continue
            node.children[key], node.keys[key], node.data[key] = child, place, child.data
        return node

    def _key(self, event: Any, path: Path) -> str:
        """Return a key, which is text whatever it looks like."""
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(self._place(event), path, "a key must be text", "put it in quotes")
            self._node(event, path)
            return ""
        if event.value == "<<" and not event.style:
            self._problem(self._place(event), path, "`<<` merges mappings in YAML", "write it out")
        elif event.anchor is not None or event.tag is not None:
            self._problem(self._place(event), path, "a key has no anchor and no tag", "put it in quotes")
        self._check_halves(event, path)
        return str(event.value)

    def _check_halves(self, event: Any, path: Path) -> None:
        """Refuse halves of characters, which escapes can write and no file can hold."""
        if any("\ud800" <= character <= "\udfff" for character in event.value):
            self._problem(self._place(event), path, "an escape here is half a character", "write the character itself")

    def _place(self, event: Any) -> Place:
        return Place(self._name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _place_at(self, index: int) -> Place:
        before = self._text[:index]
        return Place(self._name, before.count("\n") + 1, index - before.rfind("\n"))

    def _problem(self, place: Place, path: Path, what: str, do: str) -> None:
        self.problems.append(Problem(place, shown(path), what, do))


def _unprintable(text: str) -> Iterator[Mistake]:
    """Find characters that YAML refuses (https://yaml.org/spec/1.2.2/#51-character-set), or takes for line breaks."""
    for found in yaml.reader.Reader.NON_PRINTABLE.finditer(text):
        yield Mistake(found.start(), f"the character U+{ord(found[0]):04X} cannot be in a file", "remove it")
    for character in "\x85\u2028\u2029":
        if character in text:
            what = f"the character U+{ord(character):04X} is a line break to some and none to others"
            yield Mistake(text.index(character), what, "write a blank or a line break")
