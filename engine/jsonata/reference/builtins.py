"""Own versions of those functions of JSONata that jsonata-python gets wrong; those on texts are in `texts`.

* `$string` shortens large integers and escapes letters; `$round`, `$floor` and `$ceil` go through floats
* `$number` takes `1_000`, `nan` and digits of other scripts
* `$sort` is not stable; `$distinct` is quadratic, and takes true for 1
* `$toMillis` takes what is no ISO 8601, and its pictures read today's date into a value

Meaning: https://docs.jsonata.org/numeric-functions, /array-functions, /date-time-functions.
"""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cmp_to_key
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.package import Functions, Utils
from engine.jsonata.reference.texts import TEXT_FUNCTIONS
from engine.jsonata.reference.writing import finite, kind, text_of

__all__ = ["BUILTINS"]


def _string(value: Any, pretty: Any = None) -> str | None:
    return None if value is None else text_of(value, indent=2 if pretty else None)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_OTHER_BASES = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")


def _number(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    if not isinstance(value, str):
        return value
    found = _NUMBER.fullmatch(value)
    if found and len(value) <= 400:
        return finite(float(value) if found[1] or found[2] else int(value))
    if _OTHER_BASES.fullmatch(value) and len(value) <= 400:
        return finite(int(value, 0))
    shown = value if len(value) <= 80 else f"{value[:80]}…"
    raise EvaluationProblem("D3030", f"{shown!r} is not a number")


def _floor(value: Any) -> Any:
    return None if value is None else math.floor(value)


def _ceil(value: Any) -> Any:
    return None if value is None else math.ceil(value)


def _round(value: Any, digits: Any = None) -> Any:
    """Round half to even, as XPath and JSONata do."""
    if value is None or (isinstance(value, int) and (digits or 0) >= 0):
        return value
    if abs(digits or 0) > 400:
        raise EvaluationProblem("D1001", f"a number has no {digits} digits")
    exponent = Decimal(1).scaleb(-int(digits or 0))
    try:
        return finite(float(Decimal(repr(value)).quantize(exponent, ROUND_HALF_EVEN)))
    except ArithmeticError:
        return value  # more digits than the number has


def _sort(values: Any, after: Any = None) -> Any:
    """Sort stably; `after($a, $b)` says whether `$a` belongs after `$b`."""
    if values is None or len(values) <= 1:
        return values
    if after is not None:
        return sorted(values, key=cmp_to_key(lambda a, b: _compared(after, a, b)))
    kinds = {kind(value) for value in values}
    if kinds not in ({"a number"}, {"text"}):
        raise EvaluationProblem("D3070", "only numbers or texts are sorted without a function that compares")
    return sorted(values)


def _compared(after: Any, left: Any, right: Any) -> int:
    """Python asks only whether `left` is less: it is, where `right` belongs after it."""
    return -1 if Functions.to_boolean(Functions.func_apply(after, [right, left])) else 0


def _distinct(values: Any) -> Any:
    if not isinstance(values, list) or len(values) <= 1:
        return values
    kept: dict[str, Any] = {}
    for value in values:
        kept.setdefault(_key(value), value)
    return Utils.create_sequence_from_iter(kept.values()) if Utils.is_sequence(values) else list(kept.values())


def _key(value: Any) -> str:
    """Return a text that is the same for equal values only."""
    if isinstance(value, str):
        return f"s{value}"
    if isinstance(value, dict):
        return "o" + json.dumps(sorted((key, _key(entry)) for key, entry in value.items()))
    if isinstance(value, list):
        return "a" + json.dumps([_key(entry) for entry in value])
    if isinstance(value, float) and not value.is_integer():
        return f"n{value!r}"
    return f"{kind(value)[0]}{int(value)}"


_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def _to_millis(text: Any) -> Any:
    if text is None:
        return None
    found = _ISO.fullmatch(text)
    if not found:
        raise EvaluationProblem("D3110", f"{text[:80]!r} is not an ISO 8601 time")
    if found[4] and not found[8]:
        raise EvaluationProblem("D3110", f"{text!r} has no offset; it could be a time of anywhere")
    year, month, day, hour, minute, second = (int(part or default) for part, default in zip(
        found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True
    ))  # fmt: skip
    micro = int((found[7] or "").ljust(6, "0")[:6])
    try:
        time = datetime(year, month, day, hour, minute, second, micro, _zone(found[8] or "Z"))
    except ValueError as error:
        raise EvaluationProblem("D3110", f"{text!r} is not a time: {error}") from None
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _clone(value: Any) -> Any:
    return None if value is None else json.loads(text_of(value))


#: Name without `$`, what it takes, and what it does.
BUILTINS: dict[str, tuple[str, Callable[..., Any]]] = {
    **TEXT_FUNCTIONS,
    "ceil": ("<n-:n>", _ceil),
    "clone": ("<(oa)-:o>", _clone),
    "distinct": ("<x:x>", _distinct),
    "floor": ("<n-:n>", _floor),
    "number": ("<(nsb)-:n>", _number),
    "round": ("<n-n?:n>", _round),
    "sort": ("<af?:a>", _sort),
    "string": ("<x-b?:s>", _string),
    "toMillis": ("<s-:n>", _to_millis),
}
