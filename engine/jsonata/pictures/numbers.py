"""`$formatNumber` and `$formatBase` (https://docs.jsonata.org/numeric-functions#formatnumber).

Same as jsonata-js 2.2, save that

* integers keep every digit, and floats from 1e21 on are written out
* a separator stands only between digits (the reference makes `,,12` of 12 in `#,##,##0`, and `0.5,` of 0.5 in
  `0.###,###`), and every separator of a fraction counts, not only the first
* an exponent is found behind a prefix, too, as in `EUR 0.0e00`
"""

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, TypeVar

from engine.jsonata.pictures.bounds import bounded, finite, whole
from engine.jsonata.pictures.decimals import Layout, Symbols, decimal_picture
from engine.jsonata.pictures.grouping import grouped, separated
from engine.jsonata.problems import EvaluationProblem

__all__ = ["format_base", "format_number"]

#: Holds 1024 bits and the longest fraction exactly.
_EXACT = Context(prec=1000)
#: From here on JavaScript writes numbers with an exponent, also where a picture asks for none.
_WRITTEN_OUT = 1e21
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def format_number(value: float, picture: str, options: dict[str, Any] | None = None) -> str:
    """Return a number as an XPath decimal format says; `options` may name other signs, such as `decimal-separator`.

    Halves are rounded to the even digit. Raises D3080 to D3093 (what is wrong with the picture), D1001 (out of range)
    and T0410 (an option that is no text, or empty).
    """
    for name, sign in (options or {}).items():
        if not isinstance(sign, str):
            raise EvaluationProblem("T0410", f"the option {name!r} is no text; give a sign in quotes")
    meaning = decimal_picture(picture, frozenset((options or {}).items()))
    layout = meaning.positive if value >= 0 else meaning.negative
    number = bounded(value * layout.factor) if isinstance(value, int) else finite(value * layout.factor)
    if not layout.least_exponent:
        return _laid_out(number, layout, meaning.symbols)
    if isinstance(number, float):
        mantissa, exponent = _normalised(number, 10.0, layout.scale)
        return _laid_out(mantissa, layout, meaning.symbols, exponent)
    with localcontext(_EXACT):
        digits, exponent = _normalised(Decimal(number), Decimal(10), layout.scale)
    return _laid_out(digits, layout, meaning.symbols, exponent)


_N = TypeVar("_N", float, Decimal)


def _normalised(number: _N, ten: _N, scale: int) -> tuple[_N, int]:
    """Return a mantissa with so many digits before its decimal separator, and its exponent.

    As in the reference, 10 is 10e0 with one digit, and floats are multiplied step by step.
    """
    least, most, exponent = ten ** (scale - 1), ten**scale, 0
    while number and abs(number) < least:
        number, exponent = number * ten, exponent - 1
    while abs(number) > most:
        number, exponent = number / ten, exponent + 1
    return number, exponent


def _exponent(exponent: int, least: int, symbols: Symbols) -> str:
    digits = _in_family(str(abs(exponent)).rjust(least, "0"), symbols)
    return f"{symbols.exponent}{symbols.minus if exponent < 0 else ''}{digits}"


def _laid_out(number: float | Decimal, layout: Layout, symbols: Symbols, exponent: int = 0) -> str:
    """Return a number with its separators, prefix and suffix (4.7.5)."""
    integer, _, fraction = _rounded(number, layout.most_fraction).partition(".")
    integer = integer.lstrip("0").rjust(layout.least_integer, "0")
    fraction = fraction.rstrip("0").ljust(layout.least_fraction, "0")
    integer, fraction = _in_family(integer, symbols), _in_family(fraction, symbols)
    if layout.every:
        integer = grouped(integer, layout.every, symbols.grouping)
    elif layout.marks:
        length = len(integer)
        integer = separated(integer, [(length - mark, symbols.grouping) for mark in layout.marks if mark < length])
    if layout.fraction_marks:
        length = len(fraction)
        fraction = separated(fraction, [(mark, symbols.grouping) for mark in layout.fraction_marks if mark < length])
    point = symbols.decimal if fraction else ""
    power = _exponent(exponent, layout.least_exponent, symbols) if layout.least_exponent else ""
    return f"{layout.prefix}{integer}{point}{fraction}{power}{layout.suffix}"


def _rounded(number: float | Decimal, places: int) -> str:
    """Return a number without its sign, in digits, with so many of them after the point, or none."""
    if isinstance(number, int):
        return str(abs(number))
    step = Decimal((0, (1,), -places))
    if isinstance(number, Decimal):
        return f"{number.quantize(step, ROUND_HALF_EVEN, _EXACT).copy_abs():f}"
    number = abs(_half_even(number, places))
    if number >= _WRITTEN_OUT:
        return str(whole(number))
    return f"{Decimal(number).quantize(step, ROUND_HALF_UP, _EXACT):f}"


def _half_even(number: float, places: int) -> float:
    """Round as `$round` does: on the digits JavaScript shows, https://docs.jsonata.org/numeric-functions#round."""
    shifted = _shifted(number, places)
    return _shifted(float(round(shifted)), -places) if math.isfinite(shifted) else number


def _shifted(number: float, places: int) -> float:
    if not places:
        return number
    digits, _, exponent = repr(number).partition("e")
    return float(f"{digits}e{int(exponent or 0) + places}")


def _in_family(digits: str, symbols: Symbols) -> str:
    """Return digits in the picture's own script."""
    return digits if symbols.digits[0] == "0" else "".join(symbols.digits[ord(digit) - ord("0")] for digit in digits)


def format_base(value: float, radix: float | None = None) -> str:
    """Return a number, rounded half to even, in a base of 2 to 36, or in decimal.

    Raises D3100 (no such base), D1001 (out of range).
    """
    base = 10 if radix is None else round(finite(radix))
    if not 2 <= base <= 36:
        raise EvaluationProblem("D3100", "there is no such base; give one from 2 to 36")
    if isinstance(value, int):
        number = bounded(value)
    else:
        number = whole(float(round(finite(value)))) if base == 10 else round(finite(value))
    if base == 10:
        return str(number)
    digits, rest = [], abs(number)
    while rest:
        rest, digit = divmod(rest, base)
        digits.append(_DIGITS[digit])
    return ("-" if number < 0 else "") + ("".join(reversed(digits)) or "0")
