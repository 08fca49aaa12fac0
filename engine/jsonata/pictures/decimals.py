"""What a picture of `$formatNumber` means: the decimal formats of XPath, which its errors are named after.

Meaning: https://www.w3.org/TR/xpath-functions-31/#formatting-numbers, as jsonata-js 2.2 does it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.jsonata.pictures.bounds import shown
from engine.jsonata.pictures.grouping import interval
from engine.jsonata.problems import EvaluationProblem

__all__ = ["DecimalPicture", "Layout", "Symbols", "decimal_picture"]

#: Each symbol with its name in the options.
_NAMES = {
    "decimal-separator": ".",
    "grouping-separator": ",",
    "exponent-separator": "e",
    "minus-sign": "-",
    "percent": "%",
    "per-mille": "‰",
    "zero-digit": "0",
    "digit": "#",
    "pattern-separator": ";",
}
#: Floats have no power of ten beyond; JavaScript writes no more than 100 digits of a fraction.
_MOST_DIGITS, _MOST_FRACTION = 300, 100


class Symbols:
    """The signs a picture is written with, and the number, too."""

    def __init__(self, options: frozenset[tuple[str, str]]) -> None:
        """Take the options of a call; unknown names count for nothing, as in the reference. Raises T0410."""
        signs = {**_NAMES, **dict(options)}
        for name in _NAMES:
            if not signs[name] and name != "minus-sign":
                raise EvaluationProblem("T0410", f"the option {name!r} is empty; give a sign, or leave it out")
        self.decimal, self.grouping, self.exponent = (signs[name] for name in list(_NAMES)[:3])
        self.minus, self.percent, self.per_mille = (signs[name] for name in list(_NAMES)[3:6])
        self.optional, self.separator = signs["digit"], signs["pattern-separator"]
        zero = ord(signs["zero-digit"][0])
        if zero + 9 > 0x10FFFF:
            raise EvaluationProblem("T0410", "no nine digits follow the option 'zero-digit'; give the zero of a script")
        self.digits = "".join(chr(zero + digit) for digit in range(10))
        self.active = frozenset(
            [*self.digits, self.decimal, self.exponent, self.grouping, self.optional, self.separator]
        )

    def count(self, text: str) -> int:
        """Return how many digits, mandatory ones, a part of a picture asks for."""
        return sum(sign in self.digits for sign in text)

    def count_all(self, text: str) -> int:
        """Return how many digits, optional ones too, a part of a picture has room for."""
        return sum(sign in self.digits or sign == self.optional for sign in text)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a number is laid out."""

    prefix: str
    suffix: str
    factor: int
    """1, 100 or 1000."""
    least_integer: int
    marks: tuple[int, ...]
    """How many digits stand to the right of each separator, from the left."""
    every: int
    """The size of the groups where they are equal, else 0."""
    least_fraction: int
    most_fraction: int
    fraction_marks: tuple[int, ...]
    """How many digits stand to the left of each separator of the fraction."""
    scale: int
    """How many digits the mantissa has before its decimal separator."""
    least_exponent: int
    """0 where there is no exponent."""


@dataclass(frozen=True, slots=True)
class DecimalPicture:
    """How numbers are laid out, and with which symbols."""

    symbols: Symbols
    positive: Layout
    negative: Layout


class _Parts:
    """A sub-picture, taken apart (4.7.3); the exponent is None where there is none."""

    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text = text
        ends = [at for at, sign in enumerate(text) if sign in symbols.active and sign != symbols.exponent]
        start, end = (ends[0], ends[-1] + 1) if ends else (0, len(text))
        self.prefix, self.active, self.suffix = text[:start], text[start:end], text[end:]
        self.mantissa, found, exponent = self.active.partition(symbols.exponent)
        self.exponent = exponent if found else "" if self.suffix.startswith(symbols.exponent) else None
        self.integer, _, self.fraction = self.mantissa.partition(symbols.decimal)


_Check = Callable[[_Parts, Symbols], bool]


def _beside_decimal(parts: _Parts, symbols: Symbols) -> bool:
    at = parts.text.find(symbols.decimal)
    return at != -1 and symbols.grouping in (parts.text[max(at - 1, 0) : at], parts.text[at + 1 : at + 2])


def _at_the_end(parts: _Parts, symbols: Symbols) -> bool:
    return symbols.decimal not in parts.text and parts.integer[-1:] == symbols.grouping


def _scaled_twice(parts: _Parts, symbols: Symbols) -> bool:
    return symbols.percent in parts.text and symbols.per_mille in parts.text


def _scaled_with_exponent(parts: _Parts, symbols: Symbols) -> bool:
    return bool(parts.exponent) and (symbols.percent in parts.text or symbols.per_mille in parts.text)


def _no_exponent(parts: _Parts, symbols: Symbols) -> bool:
    exponent = parts.exponent
    return exponent is not None and not (exponent and symbols.count(exponent) == len(exponent))


#: What must not be (4.7.3): code, what it is, and what to do. Where there is more than one, the last is told.
_CHECKS: tuple[tuple[str, _Check, str], ...] = (
    ("D3081", lambda p, s: p.text.count(s.decimal) > 1, "has more than one decimal separator; leave one"),
    ("D3082", lambda p, s: p.text.count(s.percent) > 1, "has more than one percent sign; leave one"),
    ("D3083", lambda p, s: p.text.count(s.per_mille) > 1, "has more than one per-mille sign; leave one"),
    ("D3084", _scaled_twice, "has both a percent and a per-mille sign; leave one"),
    ("D3085", lambda p, s: not s.count_all(p.mantissa), "has no digit; write it with 0 and #, such as '#,##0.00'"),
    ("D3086", lambda p, s: not s.active.issuperset(p.active), "has other signs among its digits; put them outside"),
    ("D3087", _beside_decimal, "has a grouping separator beside the decimal separator; take it away"),
    ("D3088", _at_the_end, "has a grouping separator at the end of the integer part; take it away"),
    ("D3089", lambda p, s: s.grouping * 2 in p.text, "has two grouping separators in a row; take one away"),
    (
        "D3090",
        lambda p, s: s.optional in p.integer and s.count(p.integer.partition(s.optional)[0]) > 0,
        "has a digit before an optional one in the integer part; write the optional ones first",
    ),
    (
        "D3091",
        lambda p, s: s.optional in p.fraction and s.count(p.fraction.rpartition(s.optional)[2]) > 0,
        "has a digit after an optional one in the fraction; write the optional ones last",
    ),
    ("D3092", _scaled_with_exponent, "has both an exponent and a percent or per-mille sign; leave one"),
    ("D3093", _no_exponent, "has an exponent that is not all digits; write it as in '0.0e0'"),
)


def _checked(parts: _Parts, symbols: Symbols) -> None:
    for code, wrong, message in reversed(_CHECKS):
        if wrong(parts, symbols):
            raise EvaluationProblem(code, f"the picture {shown(parts.text)} {message}")
    if symbols.count(parts.integer) > _MOST_DIGITS or symbols.count_all(parts.fraction) > _MOST_FRACTION:
        raise EvaluationProblem(
            "D1001",
            f"the picture {shown(parts.text)} is too long; {_MOST_DIGITS} digits and {_MOST_FRACTION} after the"
            " decimal separator are enough",
        )


def _marks(signs: Iterable[str], symbols: Symbols) -> list[int]:
    """Return how many digits stand before each grouping separator."""
    marks, count = [], 0
    for sign in signs:
        if sign == symbols.grouping:
            marks.append(count)
        else:
            count += sign in symbols.digits or sign == symbols.optional
    return marks


def _layout(parts: _Parts, symbols: Symbols) -> Layout:
    """Return what a sub-picture means (4.7.4)."""
    scale = least = symbols.count(parts.integer)
    least_fraction, most_fraction = symbols.count(parts.fraction), symbols.count_all(parts.fraction)
    if not least and not most_fraction:
        if parts.exponent:
            least_fraction = most_fraction = 1
        else:
            least = 1
    if not least and parts.exponent and symbols.optional in parts.integer:
        least = 1
    if not least and not least_fraction:
        least_fraction = 1
    marks = tuple(reversed(_marks(reversed(parts.integer), symbols)))
    percent, per_mille = symbols.percent in parts.text, symbols.per_mille in parts.text
    return Layout(
        prefix=parts.prefix,
        suffix=parts.suffix,
        factor=100 if percent else 1000 if per_mille else 1,
        least_integer=least,
        marks=marks,
        every=interval(marks),
        least_fraction=least_fraction,
        most_fraction=most_fraction,
        fraction_marks=tuple(_marks(parts.fraction, symbols)),
        scale=scale,
        least_exponent=len(parts.exponent or ""),
    )


@lru_cache(maxsize=256)
def decimal_picture(picture: str, options: frozenset[tuple[str, str]]) -> DecimalPicture:
    """Return what a picture means with these options; raises D3080 to D3093, D1001, T0410."""
    symbols = Symbols(options)
    pieces = picture.split(symbols.separator)
    if len(pieces) > 2:
        raise EvaluationProblem(
            "D3080", f"the picture {shown(picture)} has more than two parts; one for negative numbers may follow ';'"
        )
    parts = [_Parts(piece, symbols) for piece in pieces]
    for part in parts:
        _checked(part, symbols)
    positive, *negative = (_layout(part, symbols) for part in parts)
    minus = replace(positive, prefix=symbols.minus + positive.prefix)
    return DecimalPicture(symbols, positive, negative[0] if negative else minus)
