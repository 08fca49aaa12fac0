"""Functions on texts (https://docs.jsonata.org/string-functions)."""

import math
import re
from collections.abc import Iterator
from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.calling import apply
from engine.jsonata.runtime.fuel import LONGEST_TEXT, PER_UNIT, Run, too_long
from engine.jsonata.runtime.patterns import Match, first_match, matches
from engine.jsonata.runtime.texts import text_of
from engine.jsonata.runtime.values import Function, Made, Seq, kind_of

__all__ = ["TEXTS"]

#: What an object costs that tells of a match, for each group of which there is more.
_PER_MATCH = 40
_SPACES = re.compile(r"[ \t\n\r]+")


def _string(run: Run, value: Any, pretty: Any = None) -> Any:
    return None if value is None else text_of(run, value, indent=2 if pretty else None)


def _substring(run: Run, text: Any, start: Any = None, length: Any = None) -> Any:
    if text is None:
        return None
    begin = max(math.trunc(start or 0), -len(text))
    if length is None:
        return run.text(text[begin:])
    if length <= 0:
        return ""
    if begin < 0:
        begin += len(text)
    return run.text(text[begin : begin + math.trunc(length)])


def _before(run: Run, text: Any, wanted: Any = None) -> Any:
    if text is None or wanted is None:
        return text
    run.read(text)
    return text.partition(wanted)[0] if wanted else ""


def _after(run: Run, text: Any, wanted: Any = None) -> Any:
    if text is None or not wanted:
        return text
    run.read(text)
    _, found, after = text.partition(wanted)
    return after if found else text


def _lowercase(run: Run, text: Any) -> Any:
    if text is None:
        return None
    run.left -= len(text) // 4
    if run.left < 0:
        run.out()
    return text.lower()


def _uppercase(run: Run, text: Any) -> Any:
    return None if text is None else _read(run, text).upper()


def _length(_: Run, text: Any) -> Any:
    return None if text is None else len(text)


def _trim(run: Run, text: Any) -> Any:
    if text is None:
        return None
    if "  " not in text and text.isprintable():  # so no tab, and no line ends either
        return _read(run, text).strip(" ")
    return _SPACES.sub(" ", _read(run, text)).strip(" ")


def _read(run: Run, text: str) -> str:
    """Spend what it costs to look through a text, and to make another as long."""
    run.left -= len(text) // 4
    if run.left < 0:
        run.out()
    return text


def _pad(run: Run, text: Any, width: Any = None, mark: Any = None) -> Any:
    if text is None or width is None:
        return text
    missing = abs(math.trunc(width)) - len(text)
    if missing <= 0:
        return text
    if missing + len(text) > LONGEST_TEXT:
        raise too_long()
    mark = mark or " "
    padding = (mark * (missing // len(mark) + 1))[:missing]
    return run.text(text + padding if width > 0 else padding + text)


def _contains(run: Run, text: Any, wanted: Any = None) -> Any:
    if text is None or wanted is None:
        return None
    if type(wanted) is Function:
        return first_match(run, wanted, text)
    run.read(text)
    return wanted in text


def _limit(limit: Any, code: str) -> int | None:
    if limit is not None and limit < 0:
        raise EvaluationProblem(code, "the limit must not be negative")
    return None if limit is None else math.ceil(limit)


def _match(run: Run, text: Any, pattern: Any = None, limit: Any = None) -> Any:
    if text is None or pattern is None:
        return None
    most = _limit(limit, "D3040")
    found = Seq()
    if most != 0:
        for match, start, _, groups in matches(run, pattern, text):
            run.spend(_PER_MATCH + 4 * len(groups))
            found.append({"match": match, "index": start, "groups": Made(groups)})
            if len(found) == most:
                break
    return found


def _split(run: Run, text: Any, separator: Any = None, limit: Any = None) -> Any:
    if text is None:
        return None
    most = _limit(limit, "D3020")
    if separator is None:
        pieces = [text]
    elif isinstance(separator, str):
        run.spend(3 * (text.count(separator) if separator else len(text)))
        pieces = (text.split(separator) if separator else list(text))[: None if limit is None else math.floor(limit)]
    else:
        pieces, at = [], 0
        for _, start, end, _ in matches(run, separator, text):
            if most is not None and len(pieces) >= most:
                break
            pieces.append(text[at:start])
            at = end
        pieces.append(text[at:])
    run.spend(len(pieces))
    return Made(pieces[:most])


def _join(run: Run, texts: Any, separator: Any = None) -> Any:
    if texts is None:
        return None
    between = separator or ""
    run.spend(len(texts))
    if sum(map(len, texts)) + len(between) * len(texts) > LONGEST_TEXT + len(between):
        raise too_long()
    return run.text(between.join(texts))


def _replace(run: Run, text: Any, pattern: Any = None, replacement: Any = None, limit: Any = None) -> Any:
    if text is None:
        return None
    if pattern == "":
        raise EvaluationProblem("D3010", "the text to look for is empty")
    most = None if limit is None else _limit(limit, "D3011")
    if most == 0 or pattern is None or replacement is None:
        return text
    if isinstance(pattern, str):
        if not isinstance(replacement, str):
            raise EvaluationProblem("D3012", "a function can only replace what a pattern finds")
        run.left -= len(text) // PER_UNIT
        if run.left < 0:
            run.out()
        if most is None and len(text) * (len(replacement) + 1) <= LONGEST_TEXT:
            return text.replace(pattern, replacement)
        return _join(run, text.split(pattern, -1 if most is None else most), replacement)
    return _built(run, _replaced(run, text, pattern, replacement, most))


def _built(run: Run, pieces: Iterator[str]) -> str:
    """Join pieces while they fit into a text."""
    kept: list[str] = []
    left = LONGEST_TEXT
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise too_long()
        kept.append(piece)
    return run.text("".join(kept))


def _replaced(run: Run, text: str, pattern: Function, replacement: Any, most: int | None) -> Iterator[str]:
    at = 0
    for count, found in enumerate(matches(run, pattern, text)):
        if most is not None and count >= most:
            break
        match, start, _, groups = found
        yield text[at:start]
        yield (
            _filled(replacement, match, groups) if isinstance(replacement, str) else _computed(run, replacement, found)
        )
        at = start + len(match)
    yield text[at:]


_REFERENCE = re.compile(r"\$(\$|[0-9]+)")


def _filled(replacement: str, match: str, groups: Any) -> str:
    """Put the groups of a match into `$1`, `$2` …; of `$12`, as many digits count as there are groups for."""

    def group(reference: re.Match[str]) -> str:
        digits = reference[1]
        if digits == "$":
            return "$"
        if digits[0] == "0":
            return match + digits[1:]
        for length in range(min(len(digits), len(str(max(len(groups), 1)))), 0, -1):
            number = int(digits[:length])
            if number <= len(groups):
                return (groups[number - 1] or "") + digits[length:]
        return digits[1:]

    return _REFERENCE.sub(group, replacement)


def _computed(run: Run, function: Function, found: Match) -> str:
    match, start, end, groups = found
    text = apply(run, function, {"match": match, "start": start, "end": end, "groups": Made(groups)})
    if not isinstance(text, str):
        raise EvaluationProblem("D3012", f"a match is replaced by text, not by {kind_of(text)}")
    return text


TEXTS = (
    Builtin("string", "<x-b?:s>", _string, arity=1),
    Builtin("substring", "<s-nn?:s>", _substring),
    Builtin("substringBefore", "<s-s:s>", _before),
    Builtin("substringAfter", "<s-s:s>", _after),
    Builtin("lowercase", "<s-:s>", _lowercase),
    Builtin("uppercase", "<s-:s>", _uppercase),
    Builtin("length", "<s-:n>", _length),
    Builtin("trim", "<s-:s>", _trim),
    Builtin("pad", "<s-ns?:s>", _pad),
    Builtin("match", "<s-f<s:o>n?:a<o>>", _match, gives_lists=True),
    Builtin("contains", "<s-(sf):b>", _contains),
    Builtin("replace", "<s-(sf)(sf)n?:s>", _replace),
    Builtin("split", "<s-(sf)n?:a<s>>", _split),
    Builtin("join", "<a<s>s?:s>", _join),
)
