"""Separators between groups of digits, where a picture puts them.

A separator of groups is put only where there are digits on both of its sides, as XPath says
(https://www.w3.org/TR/xpath-functions-31/#formatting-numbers). The reference puts it before short numbers, too, or
cuts their digits off.
"""

import math
from collections.abc import Iterable, Sequence

__all__ = ["grouped", "interval", "separated"]


def interval(positions: Sequence[int]) -> int:
    """Return the size of the groups where the separators stand at equal distances, else 0.

    A position counts the digits between a separator and the end of the number.
    """
    size = math.gcd(*positions)
    there = set(positions)
    return size if all(size * count in there for count in range(1, len(positions) + 1)) else 0


def grouped(digits: str, size: int, mark: str) -> str:
    """Return digits in groups of one size, counted from the right."""
    head = len(digits) % size or size
    return mark.join([digits[:head], *(digits[at : at + size] for at in range(head, len(digits), size))])


def separated(digits: str, marks: Iterable[tuple[int, str]]) -> str:
    """Return digits with marks in between, each with the index it goes to; the indices never fall."""
    pieces: list[str] = []
    done = 0
    for at, mark in marks:
        pieces += (digits[done:at], mark)
        done = at
    return "".join([*pieces, digits[done:]])
