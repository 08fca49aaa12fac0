"""How values are told in messages, and how much of a text: its beginning, and that there was more."""

from typing import Any

__all__ = ["LINE", "PART", "cut", "cut_lines", "shown"]

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
    if isinstance(value, str) and len(value) > most:
        value = value[:most]  # before it is escaped, which takes time for a text of megabytes
    text = repr(value)
    return text if len(text) <= most else text[: most - 1] + "…"
