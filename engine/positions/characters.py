"""Where each character of a YAML text is in its source, for every style of scalar.

A text and its source differ: quotes and escapes, indentation, folded lines. So the source is read again here, as the
specification says (https://yaml.org/spec/1.2.2/, chapters 7.3 and 8.1), and each character remembers where it was.
"""

import re
from collections.abc import Generator, Iterator
from typing import Literal

__all__ = ["Style", "characters", "source_index"]

#: How a scalar is written; the empty text is plain.
Style = Literal["", "'", '"', "|", ">"]
#: A character of the text, and its index in the source.
Placed = tuple[str, int]

_FOLD = re.compile(r"[ \t]*(?:\n[ \t]*)+")
_HEX = {"x": 2, "u": 4, "U": 8}
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def source_index(raw: str, style: Style, text: str, offset: int) -> int:
    """Return where in its source the character at an offset of a text is; behind the last, where it would be."""
    index = 0
    for count, (_, index) in enumerate(characters(raw, style, text)):
        if count == offset:
            return index
    return min(index + 1, len(raw)) if text else 0


def characters(raw: str, style: Style, text: str) -> Iterator[Placed]:
    """Yield the characters of a text with their indices in its source, where every line break is a line feed."""
    if style in ("|", ">"):
        yield from _block(raw, style == ">", _indentation(raw, text))
    else:
        yield from _flow(raw, style)


def _flow(raw: str, style: Style) -> Iterator[Placed]:
    """Read a plain or quoted text, whose lines fold."""
    index, end = (1, len(raw) - 1) if style else (0, len(raw))
    while index < end:
        fold = _FOLD.match(raw, index, end)
        if fold:
            yield from _folded(raw, fold.start(), fold.end())
            index = fold.end()
        elif style == '"' and raw[index] == "\\":
            index = yield from _escape(raw, index, end)
        else:
            yield raw[index], index
            index += 2 if style == "'" and raw[index] == "'" else 1


def _folded(raw: str, start: int, end: int) -> Iterator[Placed]:
    """Read line breaks: one is a blank, of several the first is nothing."""
    breaks = [index for index in range(start, end) if raw[index] == "\n"]
    if len(breaks) == 1:
        yield " ", breaks[0]
    yield from (("\n", index) for index in breaks[1:])


def _escape(raw: str, index: int, end: int) -> Generator[Placed, None, int]:
    """Read an escape in double quotes; returns the index behind it."""
    letter = raw[index + 1]
    fold = _FOLD.match(raw, index + 1, end)
    if letter == "\n" and fold:  # an escaped line break is nothing, blank lines after it are line breaks
        yield from (("\n", at) for at in range(index + 2, fold.end()) if raw[at] == "\n")
        return fold.end()
    behind = index + 2 + _HEX.get(letter, 0)
    yield (chr(int(raw[index + 2 : behind], 16)) if letter in _HEX else _ESCAPED.get(letter, letter)), index
    return behind


def _indentation(raw: str, text: str) -> int:
    """Return how far a block is indented: what its first line with something on it has more than the text has."""
    lines, wanted = raw.split("\n")[1:], text.split("\n")
    if text.strip(" \n"):
        return _blanks(_first_filled(lines)) - _blanks(_first_filled(wanted))
    longest = max(map(len, wanted))  # nothing but blanks, which only an indentation given by number can leave over
    return max(map(len, lines), default=0) - longest if longest else len(raw)


def _first_filled(lines: list[str]) -> str:
    return next(line for line in lines if line.strip(" "))


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block(raw: str, folds: bool, indent: int) -> Iterator[Placed]:
    """Read a block text: line breaks stay in `|`; in `>` one between two lines that start at its margin is a blank."""
    start = raw.index("\n") + 1 if "\n" in raw else len(raw)
    header = raw[:start].partition("#")[0]
    breaks: list[int] = []
    before = ""
    while start < len(raw):
        end = raw.find("\n", start)
        end = len(raw) if end < 0 else end
        line = raw[start + indent : end]
        if line and not raw[start : start + indent].strip(" "):
            yield from _between(breaks, folds=folds and bool(before) and _at_margin(before) and _at_margin(line))
            yield from zip(line, range(start + indent, end), strict=True)
            before, breaks = line, []
        if end < len(raw):
            breaks.append(end)
        start = end + 1
    kept = 0 if "-" in header else len(breaks) if "+" in header else min(len(breaks), bool(before))
    yield from (("\n", index) for index in breaks[:kept])


def _between(breaks: list[int], *, folds: bool) -> Iterator[Placed]:
    """Read the line breaks before a line of a block."""
    if folds and len(breaks) == 1:
        yield " ", breaks[0]
    else:
        yield from (("\n", index) for index in breaks[folds:])


def _at_margin(line: str) -> bool:
    return line[0] not in " \t"
