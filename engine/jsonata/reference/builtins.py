"""Own versions of those functions of JSONata that jsonata-python gets wrong, or that a payload can blow up.

* `$string` shortens large integers and escapes letters; `$round`, `$floor` and `$ceil` go through floats
* `$number` takes `1_000`, `nan` and digits of other scripts; `$base64decode` is silent about what it cannot read
* `$contains` fails where what to look for is absent
* `$replace` is quadratic in its text, and does not know RE2; `$split` gives the groups of a pattern, too
* `$sort` is not stable; `$distinct` is quadratic, and takes true for 1
* `$toMillis` takes what is no ISO 8601, and its pictures read today's date into a value
* `$pad`, `$join`, `$replace` build texts of any size

Meaning: https://docs.jsonata.org/string-functions, /numeric-functions, /array-functions, /date-time-functions.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cmp_to_key
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.operators import LONGEST_TEXT, finite, kind, text_of
from engine.jsonata.reference.package import Functions, Utils

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


def _built(pieces: Iterator[str] | list[str]) -> str:
    """Join pieces while they fit into a text."""
    kept: list[str] = []
    left = LONGEST_TEXT
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise EvaluationProblem("D2015", f"the text grows beyond {LONGEST_TEXT:,} characters")
        kept.append(piece)
    return "".join(kept)


def _pad(text: Any, width: Any = None, mark: Any = None) -> Any:
    if text is None or width is None:
        return text
    missing = abs(int(width)) - len(text)
    if missing <= 0:
        return text
    if missing + len(text) > LONGEST_TEXT:
        raise EvaluationProblem("D2015", f"the text grows beyond {LONGEST_TEXT:,} characters")
    mark = mark or " "
    padding = (mark * (missing // len(mark) + 1))[:missing]
    return text + padding if width > 0 else padding + text


def _join(texts: Any, separator: Any = None) -> Any:
    if texts is None:
        return None
    between = separator or ""
    return _built(between + text if index else text for index, text in enumerate(texts))


def _lowercase(text: Any) -> Any:
    return None if text is None else text.lower()


def _contains(text: Any, wanted: Any = None) -> Any:
    if text is None or wanted is None:
        return None
    return wanted in text if isinstance(wanted, str) else wanted.search(text) is not None


def _matches(pattern: Any, text: str) -> Iterator[Any]:
    for found in pattern.finditer(text):
        if found.end() == found.start():
            raise EvaluationProblem("D1004", "the pattern matches a text of no length")
        yield found


def _limit(limit: Any, code: str) -> int | None:
    if limit is not None and limit < 0:
        raise EvaluationProblem(code, "the limit must not be negative")
    return None if limit is None else math.floor(limit)


def _split(text: Any, separator: Any = None, limit: Any = None) -> Any:
    if text is None:
        return None
    most = _limit(limit, "D3020")
    if separator is None:
        return [text][:most]
    if isinstance(separator, str):
        pieces = text.split(separator) if separator else list(text[:LONGEST_TEXT])
        return pieces[:most]
    pieces, at = [], 0
    for found in _matches(separator, text):
        pieces.append(text[at : found.start()])
        at = found.end()
    return [*pieces, text[at:]][:most]


def _replace(text: Any, pattern: Any = None, replacement: Any = None, limit: Any = None) -> Any:
    if text is None:
        return None
    most = _limit(limit, "D3011")
    if isinstance(pattern, str) and isinstance(replacement, str):
        if not pattern:
            raise EvaluationProblem("D3010", "the text to look for is empty")
        pieces = text.split(pattern, -1 if most is None else most)
        return _join(pieces, replacement)
    if isinstance(pattern, str):
        raise EvaluationProblem("D3012", "a function can only replace what a pattern finds")
    return _built(_replaced(text, pattern, replacement, most))


def _replaced(text: str, pattern: Any, replacement: Any, most: int | None) -> Iterator[str]:
    at = 0
    for count, found in enumerate(_matches(pattern, text)):
        if most is not None and count >= most:
            break
        yield text[at : found.start()]
        yield _filled(replacement, found) if isinstance(replacement, str) else _computed(replacement, found)
        at = found.end()
    yield text[at:]


_REFERENCE = re.compile(r"\$(\$|[0-9]+)")


def _filled(replacement: str, found: Any) -> str:
    """Put the groups of a match into `$1`, `$2` …; of `$12`, as many digits count as there are groups for."""
    groups = found.groups()

    def group(reference: re.Match[str]) -> str:
        digits = reference[1]
        if digits == "$":
            return "$"
        if digits[0] == "0":
            return str(found.group()) + digits[1:]
        for length in range(min(len(digits), len(str(max(len(groups), 1)))), 0, -1):
            number = int(digits[:length])
            if number <= len(groups):
                return (found.group(number) or "") + digits[length:]
        return digits[1:]

    return _REFERENCE.sub(group, replacement)


def _computed(function: Any, found: Any) -> str:
    match = {"match": found.group(), "start": found.start(), "end": found.end(), "groups": list(found.groups())}
    text = Functions.func_apply(function, [match])
    if not isinstance(text, str):
        raise EvaluationProblem("D3012", f"a match is replaced by text, not by {kind(text)}")
    return text


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


def _base64decode(text: Any) -> Any:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        raise EvaluationProblem("D3030", "the text is not Base64 of UTF-8") from None


def _clone(value: Any) -> Any:
    return None if value is None else json.loads(text_of(value))


#: Name without `$`, what it takes, and what it does.
BUILTINS: dict[str, tuple[str, Callable[..., Any]]] = {
    "base64decode": ("<s-:s>", _base64decode),
    "ceil": ("<n-:n>", _ceil),
    "clone": ("<(oa)-:o>", _clone),
    "contains": ("<s-(sf):b>", _contains),
    "distinct": ("<x:x>", _distinct),
    "floor": ("<n-:n>", _floor),
    "join": ("<a<s>s?:s>", _join),
    "lowercase": ("<s-:s>", _lowercase),
    "number": ("<(nsb)-:n>", _number),
    "pad": ("<s-ns?:s>", _pad),
    "replace": ("<s-(sf)(sf)n?:s>", _replace),
    "round": ("<n-n?:n>", _round),
    "sort": ("<af?:a>", _sort),
    "split": ("<s-(sf)n?:a<s>>", _split),
    "string": ("<x-b?:s>", _string),
    "toMillis": ("<s-:n>", _to_millis),
}
