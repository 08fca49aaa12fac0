"""How values are told in messages, and how much of a text: its beginning, and that there was more."""

import json
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

__all__ = ["LINE", "PART", "cut", "cut_lines", "kind_of", "shown"]

#: How many characters are told of one part of a message, such as an address or what a provider says.
PART = 1000
#: How many characters a line of a message has at most, and how many lines there are.
LINE = 4000
LINES = 500


def cut(text: str, most: int = PART) -> str:
    """Return a text with no more than so many of its characters; where there are more, it says so."""
    return text if len(text) <= most else f"{text[:most]}… (cut: {len(text):,} characters in all)"


def cut_lines(text: str) -> str:
    """Return a message none of whose lines is too long, and that has not too many."""
    if len(text) <= LINE:
        return text
    lines = text.split("\n")
    told = [cut(line, LINE) for line in lines[:LINES]]
    return "\n".join(told if len(lines) <= LINES else [*told, f"… (cut: {len(lines):,} lines in all)"])


def shown(value: Any, most: int = 80) -> str:
    """Return a value of JSON as it is told within a sentence; only the beginning of what is long."""
    if isinstance(value, str):  # cut before it is escaped, which takes time for a text of megabytes
        return _beginning(repr(value[: most + 1]), most)
    if value is None or isinstance(value, bool):
        return kind_of(value)
    try:
        return _beginning(json.dumps(value, ensure_ascii=False, default=str), most)
    except ValueError:  # an integer of thousands of digits
        return kind_of(value)


def _beginning(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def kind_of(value: object) -> str:
    """Return what kind of thing a value is, in plain words that show nothing of it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "text" if value else "empty text"
    words = next((words for kinds, words in _KINDS if isinstance(value, kinds)), "")
    return words or ("a function" if callable(value) else "something else")


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((int, float, Decimal), "a number"),
    ((bytes, bytearray, memoryview), "bytes"),
    ((Mapping,), "an object"),
    ((list, tuple, deque), "a list"),
    ((set, frozenset), "a set"),
    ((PurePath,), "a path"),
    ((datetime,), "a time"),
    ((date,), "a date"),
    ((timedelta,), "a duration"),
    ((type,), "a class"),
)
