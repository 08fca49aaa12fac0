"""Integers in decimal digits, as a picture such as `#,##0` or `000;o` lays them out.

Meaning: https://www.w3.org/TR/xpath-functions-31/#formatting-integers, as jsonata-js 2.2 does it.
"""

import re
import unicodedata
from dataclasses import dataclass

from engine.jsonata.pictures.bounds import bounded, shown
from engine.jsonata.pictures.grouping import grouped, interval, separated
from engine.jsonata.problems import EvaluationProblem

__all__ = ["Digits", "read_pattern"]

_ZERO = ord("0")
_SUFFIXES = {"1": "st", "2": "nd", "3": "rd"}
_SUFFIX = re.compile(r"(?i:st|nd|rd|th)\Z")
#: No more digits fit into 1024 bits; Python itself refuses to read thousands.
_MOST = 309


@dataclass(frozen=True, slots=True)
class Digits:
    """The layout of a decimal number."""

    zero: int
    """The code point of the zero of its family of digits."""
    least: int
    """How many digits there are at least."""
    optional: int
    """How many `#` there are."""
    leading: tuple[int, str]
    """What stands before the first digit, with the number of digits to its right."""
    separators: tuple[tuple[int, str], ...]
    """Each other separator, from the left, with the number of digits to its right."""
    marks: frozenset[str]
    """All separators there are."""
    every: int
    """The size of the groups where all separators are the same and at equal distances, else 0."""
    ordinal: bool
    width: int | None = None
    """How many digits are read from a longer text, where digits follow."""

    @property
    def pattern(self) -> str:
        """How such a number looks in a longer text, for RE2; without separators, as in the reference."""
        count = f"{{{self.width}}}" if self.width else "+"
        return f"[{chr(self.zero)}-{chr(self.zero + 9)}]{count}{'(?:th|st|nd|rd)' if self.ordinal else ''}"

    def write(self, value: int) -> str:
        """Return a number that is not negative."""
        text = str(value).rjust(self.least, "0")
        if self.zero != _ZERO:
            text = "".join(chr(ord(digit) - _ZERO + self.zero) for digit in text)
        if self.every:
            text = grouped(text, self.every, "".join(self.marks))
        elif self.marks:
            length, (position, lead) = len(text), self.leading
            between = [(length - position, mark) for position, mark in self.separators if position < length]
            text = separated(text, [(max(length - position, 0), lead), *between])
        return text + _suffix(text) if self.ordinal else text

    def read(self, text: str) -> int | None:
        """Return the number, whether its groups are separated or not, or None where the text is none; raises D1001."""
        if self.ordinal:
            if not _SUFFIX.search(text):
                return None
            text = text[:-2]
        text = "".join(sign for sign in text if sign not in self.marks)
        if not text or not all(self.zero <= ord(digit) <= self.zero + 9 for digit in text):
            return None
        text = text.lstrip(chr(self.zero))
        return bounded(int(text[: _MOST + 1] or "0"))


def _suffix(text: str) -> str:
    return "th" if text[-2:-1] == "1" else _SUFFIXES.get(text[-1], "th")


def read_pattern(pattern: str, *, ordinal: bool) -> Digits | None:
    """Return the layout a pattern of digits, `#` and separators means, or None where it has no digit.

    Raises D3131 where its digits are of several families.
    """
    zero, least, optional = None, 0, 0
    separators: list[tuple[int, str]] = []
    for sign in reversed(pattern):
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            family = ord(sign) - digit
            if zero not in (None, family):
                raise EvaluationProblem(
                    "D3131", f"the picture {shown(pattern)} has digits of several scripts; use those of one"
                )
            zero = family
            least += 1
        elif sign == "#":
            optional += 1
        else:
            separators.append((least + optional, sign))
    if zero is None:
        return None
    marks = frozenset(mark for _, mark in separators)
    every = interval([position for position, _ in separators]) if len(marks) == 1 else 0
    room = least + optional
    leading = "".join(mark for position, mark in reversed(separators) if position == room)
    between = tuple((position, mark) for position, mark in reversed(separators) if position < room)
    return Digits(zero, least, optional, (room, leading), between, marks, every, ordinal)
