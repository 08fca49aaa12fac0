"""`$formatInteger` and `$parseInteger` (https://docs.jsonata.org/numeric-functions#formatinteger).

A picture is `A` or `a` (letters), `I` or `i` (roman), `W`, `w` or `Ww` (words), or a pattern of digits; `;o` at its end
asks for first, second, third. Same as jsonata-js 2.2, save that

* integers keep every digit, and floats from 1e21 on are written out
* a separator stands only between digits: the reference makes `,5` of 12345 in `#:###,##0`
* a text is read only if all of it fits the picture: the reference makes 1 of `1.234` in `#.##0`, 12 of `12x`, and
  NaN or any number of wrong letters
* any case of letters, a minus before any kind of number, and digits of every script are read
* `one thousand and one trillion` is read as it was written, not as 1000 and a trillion
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from engine.jsonata.pictures.bounds import bounded, finite, shown, whole
from engine.jsonata.pictures.digits import Digits, read_pattern
from engine.jsonata.pictures.numerals import Letters, Roman
from engine.jsonata.pictures.words import Words
from engine.jsonata.problems import EvaluationProblem

__all__ = ["IntegerPicture", "Unknown", "format_integer", "integer_picture", "parse_integer", "written"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A numbering of another kind, such as Greek letters: no number can be written or read with it."""

    token: str

    @property
    def pattern(self) -> str:
        """There is none: raises D3130."""
        raise self._problem()

    def write(self, _value: int) -> str:
        """Raise D3130."""
        raise self._problem()

    def read(self, _text: str) -> int | None:
        """Raise D3130."""
        raise self._problem()

    def _problem(self) -> EvaluationProblem:
        return EvaluationProblem(
            "D3130",
            f"integers are not written as {shown(self.token)}; use digits such as '#,##0', or A, a, I, i, W, w, Ww",
        )


IntegerPicture = Digits | Letters | Roman | Words | Unknown


@lru_cache(maxsize=256)
def integer_picture(picture: str) -> IntegerPicture:
    """Return what a picture means; raises D3131 where its digits are of several scripts."""
    primary, semicolon, modifier = picture.rpartition(";")
    if not semicolon:
        primary, modifier = modifier, ""
    ordinal = modifier.startswith("o")
    if primary in ("A", "a"):
        return Letters(upper=primary == "A")
    if primary in ("I", "i"):
        return Roman(upper=primary == "I")
    if primary in ("W", "Ww", "w"):
        return Words("upper" if primary == "W" else "title" if primary == "Ww" else "lower", ordinal)
    return read_pattern(primary, ordinal=ordinal) or Unknown(primary)


def written(value: int, picture: IntegerPicture) -> str:
    """Return an integer in a picture, with a minus before it where it is negative; raises D1001, D3130."""
    return f"-{picture.write(-value)}" if value < 0 else picture.write(value)


def format_integer(value: float, picture: str) -> str:
    """Return a number, cut down to an integer, as the picture says.

    Raises D1001 (out of range, or above ten million in roman numerals), D3130 (no such numbering), D3131 (digits of
    several scripts).
    """
    number = bounded(value) if isinstance(value, int) else whole(float(math.floor(finite(value))))
    return written(number, integer_picture(picture))


def parse_integer(text: str, picture: str) -> int:
    """Return the integer a text holds, as the picture says; space around it does not count.

    Raises D3030 (the text does not fit the picture), D1001 (out of range), D3130, D3131.
    """
    layout = integer_picture(picture)
    text = text.strip()
    number = layout.read(text[1:] if text.startswith(("+", "-")) else text)
    if number is None:
        raise EvaluationProblem(
            "D3030", f"the text is not an integer in the picture {shown(picture)}; give the picture it is written in"
        )
    return -number if text.startswith("-") else number
