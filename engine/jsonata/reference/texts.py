"""Own versions of functions on texts that jsonata-python gets wrong, or that a payload can blow up.

* `$replace` is quadratic in its text, and does not know RE2; `$split` gives the groups of a pattern, too
* `$pad`, `$join`, `$replace` build texts of any size
* `$contains` fails where what to look for is absent; `$lowercase` folds ß into ss
* `$base64decode` is silent about what it cannot read

Meaning: https://docs.jsonata.org/string-functions.
"""

import base64
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.reference.package import Functions
from engine.jsonata.reference.writing import LONGEST_TEXT, kind

__all__ = ["TEXT_FUNCTIONS"]


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


def _base64decode(text: Any) -> Any:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        raise EvaluationProblem("D3030", "the text is not Base64 of UTF-8") from None


#: Name without `$`, what it takes, and what it does.
TEXT_FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "base64decode": ("<s-:s>", _base64decode),
    "contains": ("<s-(sf):b>", _contains),
    "join": ("<a<s>s?:s>", _join),
    "lowercase": ("<s-:s>", _lowercase),
    "pad": ("<s-ns?:s>", _pad),
    "replace": ("<s-(sf)(sf)n?:s>", _replace),
    "split": ("<s-(sf)n?:a<s>>", _split),
}
