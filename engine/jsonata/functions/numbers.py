"""Functions on numbers (https://docs.jsonata.org/numeric-functions, /aggregation-functions)."""

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.pictures.bounds import short
from engine.jsonata.pictures.integers import format_integer, parse_integer
from engine.jsonata.pictures.numbers import format_base, format_number
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.numbers import EXACT, settled

__all__ = ["NUMBERS"]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_OTHER_BASES = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
#: Longer texts are no number that JSON has.
_LONGEST = 400
#: By the number of digits.
_TENS = tuple(10.0**digits for digits in range(9))
#: Digits enough for any double, and any integer there may be.
_PRECISE = Context(prec=1500)


def _number(_: Run, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    if not isinstance(value, str):
        return value
    number = _parsed(value) if len(value) <= _LONGEST else None
    if number is not None and math.isfinite(number):
        return settled(number)
    raise EvaluationProblem("D3030", "the text is not a number; test it first, or use $percent, $seconds or $match")


def _parsed(text: str) -> int | float | None:
    found = _NUMBER.fullmatch(text)
    if found:
        return float(text) if found[1] or found[2] else int(text)
    return int(text, 0) if _OTHER_BASES.fullmatch(text) else None


def _floor(_: Run, value: Any) -> Any:
    return None if value is None else math.floor(value)


def _ceil(_: Run, value: Any) -> Any:
    return None if value is None else math.ceil(value)


def _abs(_: Run, value: Any) -> Any:
    return None if value is None else abs(value)


def _round(_: Run, value: Any, digits: Any = None) -> Any:
    """Round half to even, as XPath and JSONata do."""
    places = math.trunc(digits or 0)
    if value is None or (isinstance(value, int) and places >= 0):
        return value
    if abs(places) > _LONGEST:
        raise EvaluationProblem("D1001", f"a number has no {digits} digits")
    if isinstance(value, float) and 0 <= places < len(_TENS) and abs(value) < 1e6:
        beyond = abs(value) * _TENS[places] % 1
        if beyond < 0.4 or beyond > 0.6:  # far from a tie
            rounded = round(value, places)
            return int(rounded) if rounded.is_integer() else rounded
    if isinstance(value, float) and 0 <= places <= 15 and abs(value) < 1e15:
        written = repr(value)
        if "e" not in written and (written[-1] != "5" or len(written.partition(".")[2]) != places + 1):
            return settled(round(value, places) or 0.0)  # no tie, so the nearest is the nearest
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _PRECISE)
    return settled(int(rounded) if isinstance(value, int) else float(rounded) or 0.0)


def _sqrt(_: Run, value: Any) -> Any:
    if value is None:
        return None
    if value < 0:
        raise EvaluationProblem("D3060", "a negative number has no square root")
    return settled(math.sqrt(value))


def _power(_: Run, value: Any, exponent: Any = None) -> Any:
    if value is None or exponent is None:
        return None
    try:
        if isinstance(value, int) and isinstance(exponent, int) and exponent >= 0:
            if value.bit_length() * exponent > 2048 and abs(value) > 1:
                raise OverflowError
            return settled(value**exponent if abs(value) > 1 else value ** (exponent % 2 or min(exponent, 2)))
        result = float(value) ** float(exponent)
        if isinstance(result, complex):
            raise OverflowError
        return settled(result)
    except (ArithmeticError, EvaluationProblem):
        raise EvaluationProblem("D3061", "the power is out of range") from None


def _sum(run: Run, values: Any) -> Any:
    if values is None:
        return None
    run.left -= len(values)
    if run.left < 0:
        run.out()
    total = 0
    for value in values:
        total += value
    return total if type(total) is int and -EXACT < total < EXACT else settled(total)


def _total(values: list[Any]) -> Any:
    """Add numbers from left to right: integers exactly, floats as JavaScript does."""
    total: Any = 0
    for value in values:
        total += value
    return total


def _count(_: Run, values: Any) -> Any:
    return 0 if values is None else len(values)


def _max(run: Run, values: Any) -> Any:
    return _of(run, max, values)


def _min(run: Run, values: Any) -> Any:
    return _of(run, min, values)


def _of(run: Run, choose: Callable[[list[Any]], Any], values: Any) -> Any:
    if not values:
        return None
    run.spend(len(values))
    return choose(values)


def _average(run: Run, values: Any) -> Any:
    if not values:
        return None
    run.spend(len(values))
    return settled(_total(values) / len(values))


def _format_number(run: Run, value: Any, picture: Any = None, options: Any = None) -> Any:
    return None if value is None or picture is None else run.text(format_number(value, short(picture), options))


def _format_base(_: Run, value: Any, radix: Any = None) -> Any:
    return None if value is None else format_base(value, 10 if radix is None else radix)


def _format_integer(run: Run, value: Any, picture: Any = None) -> Any:
    return None if value is None or picture is None else run.text(format_integer(value, short(picture)))


def _parse_integer(run: Run, text: Any, picture: Any = None) -> Any:
    if text is None or picture is None:
        return None
    run.read(text)
    return parse_integer(text, short(picture))


NUMBERS = (
    Builtin("number", "<(nsb)-:n>", _number),
    Builtin("floor", "<n-:n>", _floor),
    Builtin("ceil", "<n-:n>", _ceil),
    Builtin("round", "<n-n?:n>", _round),
    Builtin("abs", "<n-:n>", _abs),
    Builtin("sqrt", "<n-:n>", _sqrt),
    Builtin("power", "<n-n:n>", _power),
    Builtin("sum", "<a<n>:n>", _sum),
    Builtin("count", "<a:n>", _count),
    Builtin("max", "<a<n>:n>", _max),
    Builtin("min", "<a<n>:n>", _min),
    Builtin("average", "<a<n>:n>", _average),
    Builtin("formatNumber", "<n-so?:s>", _format_number),
    Builtin("formatBase", "<n-n?:s>", _format_base),
    Builtin("formatInteger", "<n-s:s>", _format_integer),
    Builtin("parseInteger", "<s-s:n>", _parse_integer),
)
