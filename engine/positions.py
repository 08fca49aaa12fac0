"""YAML with the place of every key, every value, and every character of every text.

Scalars are read as JSON would: `true`, `false`, `null`, `~` and numbers; everything else is text - `no`, `on`, `12:30`
and dates included, which YAML 1.1 would turn into something else. Keys are always text. What a mapping does not need
is refused: anchors, tags, several documents, the same key twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.errors import MappingError, Place, Problem

__all__ = ["Node", "read_yaml"]

LARGEST = 1_000_000
DEEPEST = 64

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_STR, _SEQ, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"


@dataclass
class Node:
    """A value with its place; mappings and lists have children, mappings also the places of their keys."""

    data: Any
    start: Place
    children: dict[str | int, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    raw: str = ""  # the source of a text, with its quotes
    style: str = ""

    def at(self, *path: str | int) -> "Node":
        """Return the node at a path, or the nearest one above it."""
        node = self
        for step in path:
            if step not in node.children:
                break
            node = node.children[step]
        return node

    def place_of(self, *path: str | int, offset: int = 0, key: bool = False) -> Place:
        """Return the place of a node below, of a character of its text, or of its key; of the nearest if absent."""
        found = self
        for index, step in enumerate(path):
            if step not in found.children:
                return found.start
            if key and index == len(path) - 1 and step in found.keys:
                return found.keys[str(step)]
            found = found.children[step]
        return found.place(offset)

    def place(self, offset: int = 0) -> Place:
        """Return the place of a character of the text this node holds."""
        if not self.raw or not isinstance(self.data, str):
            return self.start
        at = _source_index(self.raw, self.style, offset)
        before = self.raw[:at]
        line = before.count("\n")
        column = len(before) - before.rfind("\n") if line else self.start.column + at
        return Place(self.start.file, self.start.line + line, column)


class _Loader(yaml.SafeLoader):
    """A loader whose plain scalars are all text: what they mean is decided here."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as in the class it replaces it of

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            kind = "aliases" if isinstance(event, yaml.AliasEvent) else "anchors"
            raise yaml.MarkedYAMLError(problem=f"{kind} are not used in mappings", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def read_yaml(path: Path, shown: str | None = None) -> Node:
    """Read a YAML file. Raises MappingError with all that is wrong with it; `shown` is its name in messages."""
    name = shown or str(path)
    top = Place(name, 1, 1)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise MappingError([Problem(top, "", f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        raise MappingError([Problem(top, "", f"is not UTF-8 (byte {error.start})", "save it as UTF-8")]) from None
    if len(raw) > LARGEST:
        raise MappingError([Problem(top, "", f"is larger than {LARGEST} bytes", "a mapping is one provider")])
    return _parse(text, name)


def _parse(text: str, name: str) -> Node:
    try:
        loader = _Loader(text)
        document = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise MappingError([_yaml_problem(error, text, name)]) from None
    except yaml.YAMLError as error:
        raise MappingError([Problem(Place(name, 1, 1), "", f"is not YAML: {error}")]) from None
    except RecursionError:
        raise MappingError([Problem(Place(name, 1, 1), "", "nests too deep")]) from None
    if document is None:
        raise MappingError([Problem(Place(name, 1, 1), "", "is empty", "see docs/mapping-language.md for the shape")])
    problems: list[Problem] = []
    node = _node(document, text, name, problems, 0)
    problems.extend(_comments(text, name))
    if problems:
        raise MappingError(problems)
    return node


def _node(node: Any, text: str, name: str, problems: list[Problem], depth: int) -> Node:
    mark = node.start_mark
    place = Place(name, mark.line + 1, mark.column + 1)
    if node.tag not in (_STR, _SEQ, _MAP):
        problems.append(Problem(place, "", f"the tag {node.tag!r} is not used in mappings", "leave it out"))
    if depth > DEEPEST:
        problems.append(Problem(place, "", "nests too deep"))
        return Node(None, place)
    if isinstance(node, yaml.ScalarNode):
        raw = text[mark.index : node.end_mark.index]
        return Node(_scalar(node), place, raw=raw, style=node.style or "")
    if isinstance(node, yaml.SequenceNode):
        entries = [_node(entry, text, name, problems, depth + 1) for entry in node.value]
        return Node([entry.data for entry in entries], place, dict(enumerate(entries)))
    return _mapping(node, place, text, name, problems, depth)


def _mapping(node: Any, place: Place, text: str, name: str, problems: list[Problem], depth: int) -> Node:
    found = Node({}, place)
    for key_node, value_node in node.value:
        key_place = Place(name, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem(key_place, "", "a key must be text", "put it in quotes"))
            continue
        key = key_node.value
        if key == "<<" and not key_node.style:
            problems.append(Problem(key_place, "", "merge keys are not used in mappings", "write it out"))
        elif key in found.children:
            first = found.keys[key]
            problems.append(Problem(key_place, key, f"is there twice, first in line {first.line}", "keep one"))
        else:
            child = _node(value_node, text, name, problems, depth + 1)
            found.children[key] = child
            found.keys[key] = key_place
            found.data[key] = child.data
    return found


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style:  # quoted or block: always text
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _comments(text: str, name: str) -> Iterator[Problem]:
    """Find expressions that YAML cuts off at ` #`: `items #$i` means `items` to it."""
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(r"^\s*(?:- )?[\w.\"']+:\s+[^'\"|>#\s][^'\"#]*\s(#\$\w)", line)
        if found:
            what = "everything from ` #` on is a comment to YAML"
            yield Problem(Place(name, number, found.start(1) + 1), "", what, "put the expression in single quotes")


_QUOTE = "an expression that is more than a dotted path goes in single quotes: 'a ? b : c'"
_HINTS = (
    ("mapping values are not allowed here", "`: ` in a plain value", _QUOTE),
    ("found character '%' that cannot start any token", "a plain value cannot start with `%`", _QUOTE),
    ("found character '@' that cannot start any token", "a plain value cannot start with `@`", _QUOTE),
    ("found character '`' that cannot start any token", "a plain value cannot start with a backquote", _QUOTE),
    ("found character '\\t' that cannot start any token", "a tab", "indent with blanks"),
    ("expected <block end>, but found '<scalar>'", "something follows a quoted value", _QUOTE),
    ("expected <block end>", "the indentation does not fit", "line it up with its siblings"),
    ("expected alphabetic or numeric character, but found", "a plain value cannot start with `*` or `&`", _QUOTE),
    ("aliases are not used", "aliases are not used in mappings", f"write it out; {_QUOTE}"),
    ("anchors are not used", "anchors are not used in mappings", f"write it out; {_QUOTE}"),
    ("could not find expected ':'", "a key without `:`", "write `key: value`"),
    ("expected a single document", "there is more than one document", "one file is one mapping"),
    ("found unexpected end of stream", "a quote is not closed", "close it"),
    ("expected ',' or ']'", "a list in brackets is not closed", "close it; " + _QUOTE),
    ("expected ',' or '}'", "a mapping in braces is not closed", "close it; " + _QUOTE),
    ("could not determine a constructor", "a tag is not used in mappings", "leave it out"),
)


def _yaml_problem(error: Any, text: str, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
    said = f"{error.problem or ''} {error.context or ''}"
    for words, what, do in _HINTS:
        if words in said:
            return Problem(place, "", f"is not YAML: {what}", do)
    del text
    return Problem(place, "", f"is not YAML: {error.problem or error.context}")


_ESCAPES = {"x": 2, "u": 4, "U": 8}


def _source_index(raw: str, style: str, offset: int) -> int:
    """Return where in its source the character at an offset of a text is."""
    steps = _block(raw, style) if style in ("|", ">") else _flow(raw, style)
    last = 0
    for count, index in enumerate(steps):
        if count == offset:
            return index
        last = index
    return min(last + 1, len(raw))


def _flow(raw: str, style: str) -> Iterator[int]:
    """Yield the source index of each character of a plain or quoted text; line breaks fold."""
    index, end = (1, len(raw) - 1) if style else (0, len(raw))
    while index < end:
        fold = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+").match(raw, index, end)
        if fold and "\n" in fold[0]:
            yield from [index] * max(fold[0].count("\n") - 1, 1)
            index = fold.end()
        elif style == '"' and raw[index] == "\\":
            if raw[index + 1] == "\n":  # an escaped line break is nothing
                index = re.compile(r"[ \t]*").match(raw, index + 2).end()  # type: ignore[union-attr]
                continue
            yield index
            index += 2 + _ESCAPES.get(raw[index + 1], 0)
        else:
            yield index
            index += 2 if style == "'" and raw[index : index + 2] == "''" else 1


def _block(raw: str, style: str) -> Iterator[int]:
    """Yield the source index of each character of a block text; its indentation is none of it."""
    start = raw.find("\n") + 1
    lines = raw[start:].split("\n")
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    given = re.search(r"[1-9]", raw[:start])
    if given:
        indent = len(lines[0]) - len(lines[0].lstrip(" ")) if not lines[0].strip() else indent
    index = start
    for number, line in enumerate(lines):
        yield from range(index + indent, index + len(line))
        following = lines[number + 1] if number + 1 < len(lines) else ""
        folds = style == ">" and line.strip() and following.strip() == "" and number + 1 < len(lines) - 1
        if not folds:  # in a folded text the break before blank lines is one of theirs
            yield index + len(line)
        index += len(line) + 1
