"""Integers as roman numerals and as letters: `MCMLXXXIV`, `fzph`."""

import re
from dataclasses import dataclass

from engine.jsonata.pictures.bounds import bounded
from engine.jsonata.problems import EvaluationProblem

__all__ = ["Letters", "Roman"]

_SIGNS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_VALUES = {sign: value for value, sign in _SIGNS if len(sign) == 1}
#: Each thousand is one letter more: a number of twenty digits would fill the memory.
_LARGEST_ROMAN = 10_000_000
_ROMAN = re.compile(r"[mdclxvi]*")
_LETTERS = re.compile(r"[a-z]*")
#: 26 to the power of 218 has 1025 bits.
_LONGEST = 218


@dataclass(frozen=True, slots=True)
class Roman:
    """Roman numerals, `I` or `i`; zero is the empty text, and what is over a thousand is so many `m`."""

    upper: bool

    @property
    def pattern(self) -> str:
        """How such a number looks in a longer text, for RE2."""
        return "[mdclxvi]+"

    def write(self, value: int) -> str:
        """Return a number that is not negative; raises D1001 above ten million."""
        if value > _LARGEST_ROMAN:
            raise EvaluationProblem(
                "D1001", "the number is too large for roman numerals; use a picture of digits, such as '#,##0'"
            )
        pieces = []
        for worth, sign in _SIGNS:
            count, value = divmod(value, worth)
            pieces.append(sign * count)
        text = "".join(pieces)
        return text.upper() if self.upper else text

    def read(self, text: str) -> int | None:
        """Return the number in any case of letters, or None where there are others; a smaller one before is less."""
        text = text.lower()
        if not _ROMAN.fullmatch(text):
            return None
        total, largest = 0, 1
        for sign in reversed(text):
            worth = _VALUES[sign]
            total += -worth if worth < largest else worth
            largest = max(largest, worth)
        return total


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters as the columns of a spreadsheet, `A` or `a`: a, b, … z, aa, ab; zero is the empty text."""

    upper: bool

    @property
    def pattern(self) -> str:
        """How such a number looks in a longer text, for RE2."""
        return "[a-z]+"

    def write(self, value: int) -> str:
        """Return a number that is not negative."""
        letters = []
        while value > 0:
            value, letter = divmod(value - 1, 26)
            letters.append(chr(letter + ord("a")))
        text = "".join(reversed(letters))
        return text.upper() if self.upper else text

    def read(self, text: str) -> int | None:
        """Return the number in any case of letters, or None where there are other signs; raises D1001."""
        text = text.lower()
        if not _LETTERS.fullmatch(text):
            return None
        total = 0
        for letter in text[: _LONGEST + 1]:
            total = total * 26 + ord(letter) - ord("a") + 1
        return bounded(total)
