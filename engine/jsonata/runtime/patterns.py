"""Regular expressions, run by RE2 in linear time whatever the payload (https://github.com/google/re2/wiki/Syntax).

A pattern is a function: called with a text it returns its first match, an object with `match`, `start`, `end`,
`groups` and a function `next` (https://docs.jsonata.org/regex). Built-in functions take a shorter way to all matches.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2

from engine.jsonata.problems import EvaluationProblem, SyntaxProblem
from engine.jsonata.runtime.calling import apply
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Function, Made

__all__ = ["Match", "compiled", "first_match", "matches", "pattern_function"]

#: What JavaScript takes for white space, written for within brackets; RE2 knows only what is of ASCII.
_SPACES = r"\t\n\v\f\r\x20\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
#: What a compiled pattern may take of memory, in bytes.
_LARGEST = 1 << 20

#: The text of a match, where it starts and ends, and its groups.
Match = tuple[str, int, int, Sequence[str | None]]


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> Any:
    """Return a pattern compiled by RE2; raises SyntaxProblem, whose offset is not known."""
    options = re2.Options()
    options.case_sensitive = "i" not in flags
    options.log_errors = False
    options.max_mem = _LARGEST
    written = _written(pattern)
    try:
        return re2.compile(f"(?m){written}" if "m" in flags else written, options)
    except re2.error as error:
        reason = error.args[0]
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        what = f"the pattern /{pattern}/ cannot be run in linear time: {shown}; look-arounds and back-references cannot"
        raise SyntaxProblem("S0302", what) from None


def _written(pattern: str) -> str:
    """Return a pattern of JavaScript as RE2 writes it: other escapes, and more white space."""
    written: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter != "\\":
            in_class = (in_class or letter == "[") and letter != "]"
            written.append(letter)
            at += 1
            continue
        escape = pattern[at : at + 2]
        at += 2
        if escape == r"\u" and len(pattern) >= at + 4:
            written.append(rf"\x{{{pattern[at : at + 4]}}}")
            at += 4
        elif escape == r"\s":
            written.append(_SPACES if in_class else f"[{_SPACES}]")
        elif escape == r"\S" and not in_class:
            written.append(f"[^{_SPACES}]")
        else:
            written.append(escape)
    return "".join(written)


def pattern_function(pattern: str, flags: str, start: int) -> Function:
    """Return the function that a pattern is; raises SyntaxProblem at `start`."""
    try:
        engine = compiled(pattern, flags)
    except SyntaxProblem as problem:
        raise SyntaxProblem(problem.code, problem.message, start) from None

    def match(run: Run, arguments: Sequence[Any], _: Any) -> Any:
        text = arguments[0] if arguments else None
        if not isinstance(text, str):
            return None
        return _chained(run, _found(run, engine, text))

    return Function("pattern", 1, match, pattern=engine)


def _chained(run: Run, found: Iterator[Match]) -> Any:
    """Return the next match as an object that gives the one after it."""
    match = next(found, None)
    if match is None:
        return None
    text, start, end, groups = match
    follow = Function("next", 0, lambda run, _arguments, _context: _chained(run, found))
    run.spend(1)
    return {"match": text, "start": start, "end": end, "groups": Made(groups), "next": follow}


def _found(run: Run, engine: Any, text: str) -> Iterator[Match]:
    """Yield the matches of a pattern. Raises EvaluationProblem for one of no length, but for the first."""
    run.read(text)
    last: int | None = None
    try:
        for found in engine.finditer(text):
            run.spend(3)
            start, end = found.span()
            if last is not None and last >= len(text):
                return
            if last is not None and (start == end or start < last):
                raise EvaluationProblem("D1004", "the pattern matches a text of no length")
            yield found.group(), start, end, found.groups()
            if start == end and end < len(text):
                raise EvaluationProblem("D1004", "the pattern matches a text of no length")
            last = end
    except UnicodeEncodeError:
        what = "the text has half a character in it, which no pattern can look at"
        raise EvaluationProblem("D3000", what) from None


def first_match(run: Run, matcher: Function, text: str) -> bool:
    """Whether a pattern, or a function in its place, finds anything."""
    if matcher.pattern is None:
        return next(matches(run, matcher, text), None) is not None
    run.read(text)
    try:
        return matcher.pattern.search(text) is not None
    except UnicodeEncodeError:
        what = "the text has half a character in it, which no pattern can look at"
        raise EvaluationProblem("D3000", what) from None


def matches(run: Run, matcher: Function, text: str) -> Iterator[Match]:
    """Yield what a pattern finds, or a function in its place that returns such objects. Raises EvaluationProblem."""
    if matcher.pattern is not None:
        yield from _found(run, matcher.pattern, text)
        return
    found = apply(run, matcher, text)
    while found is not None:
        if not isinstance(found, dict) or not {"start", "end", "groups", "next"} & found.keys():
            what = "the function given for a pattern must return an object with match, start, end, groups and next"
            raise EvaluationProblem("T1010", what)
        groups = found.get("groups", ())
        yield found.get("match", ""), found.get("start", 0), found.get("end", 0), groups
        follow = found.get("next")
        found = apply(run, follow) if type(follow) is Function else None
