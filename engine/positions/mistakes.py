"""What a mistake in YAML looks like to YAML, and what it most often is: an expression that is not in quotes.

YAML reads `a ? b : c`, `*.name` or `"x" & y` as its own language and stops somewhere near with words of its own. Here
the words become what the author of a mapping can do.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml

__all__ = ["COMMENT", "QUOTE", "Mistake", "comment_in", "mistake"]

COMMENT = "everything from ` #` on is a comment to YAML"
QUOTE = "put the expression in single quotes: '…'"


class Mistake(NamedTuple):
    """Where it is, as an index into the text; what is wrong; what to do."""

    at: int
    what: str
    do: str


def comment_in(text: str, end: int) -> int | None:
    """Return where ` #$` cuts off a plain value that ends there: `items #$i` is `items` to YAML."""
    found = re.compile(r"[ \t]+(?=#\$)").match(text, end)
    return found.end() if found else None


def mistake(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    """Return what a syntax error of YAML means."""
    end = _index(error.problem_mark, 0)
    start = _index(error.context_mark, end)
    said = f"{error.context or ''}: {error.problem or ''}"
    for words, told in _MISTAKES:
        if words in said:
            return told(text, start, end)
    return Mistake(end, f"YAML cannot read this: {error.problem or error.context}", QUOTE)


def _index(mark: yaml.Mark | None, otherwise: int) -> int:
    return otherwise if mark is None else mark.index


# Each takes the text, where YAML began with what it could not read, and where it gave up.


def _colon(text: str, _start: int, end: int) -> Mistake:
    """`: ` where no key can be: inside a value, or after a key that is not lined up."""
    line = text.rfind("\n", 0, end) + 1
    before = text[line:end]
    if not re.fullmatch(r"""\s*(?:- +)?["']?[\w.<>-]+["']?\s*""", before):
        return Mistake(end, "`: ` in a plain value would begin a mapping", "an expression with `: ` " + _MUST)
    above = text[:line].rstrip().rpartition("\n")[2]
    if not re.search(r":(?:\s|$)", above):
        index = text[:line].rstrip().rfind("\n") + 1 + len(above) - len(above.lstrip())
        return Mistake(index, "this line has no `: `", _COLON)
    index = line + len(before) - len(before.lstrip())
    what = "this line is further in than its siblings above"
    return Mistake(index, what, f"let it begin where they do, or {QUOTE}")


_MUST = "must be in single quotes"
_COLON = "write `key: value`, with a blank after the colon"


def _first(text: str, start: int, _end: int) -> Mistake:
    """Find a character that cannot begin a plain value, or cannot follow a text in quotes."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if re.search(r"""["']\s*$""", line) and not re.search(r"""[:\-{\[,]\s*["']\s*$""", line):
        return _after_quotes(text, start, start)
    what = {"*": "begins an alias in YAML", "&": "begins an anchor in YAML"}.get(text[start], "cannot begin a value")
    shown = "a backquote" if text[start] == "`" else f"`{text[start]}`"
    return Mistake(start, f"{shown} {what}", f"an expression that begins with it {_MUST}")


def _tab(_text: str, _start: int, end: int) -> Mistake:
    return Mistake(end, "there is a tab", "use blanks: YAML does not indent or separate with tabs")


def _after_quotes(text: str, _start: int, end: int) -> Mistake:
    """Something follows a value that is already complete."""
    last = text[:end].rstrip(" ")[-1:]
    if text[end - 1 : end] == "'" and text[end : end + 1].isalnum():
        return Mistake(end, "a quote ends the text here", "write a single quote inside of single quotes twice: ''")
    if last and last in "\"'":
        return Mistake(end, "something follows a text in quotes", f"the whole expression {_MUST}: '\"x\" & name'")
    if last and last in "]}":
        return Mistake(end, f"something follows `{last}`", f"an expression that begins with a bracket {_MUST}")
    return _indented(text, end, end)


def _indented(_text: str, _start: int, end: int) -> Mistake:
    return Mistake(end, "this line does not line up with those above", "let it begin where its siblings do")


def _brackets(text: str, start: int, end: int) -> Mistake:
    """Find what is wrong inside `{…}` or `[…]`: a comment that swallows the end, an expression, or the end itself."""
    comment = re.compile(r"(?<=[ \t])#\$").search(text, start, end)
    if comment:
        return Mistake(comment.start(), COMMENT, QUOTE)
    line = text[text.rfind("\n", 0, end) + 1 : end]
    if end >= len(text.rstrip()) or "\n" in text[start:end]:
        closing = {"{": "}", "[": "]"}.get(text[start], "}")
        return Mistake(start, f"`{text[start]}` is not closed", f"close it with `{closing}`, or {QUOTE}")
    if re.search(r"""["']\s*$""", line):
        return _after_quotes(text, start, end)
    what = f"`{text[end]}` cannot stand in a plain value between {'braces' if text[start] == '{' else 'brackets'}"
    return Mistake(end, what, QUOTE)


def _missing(text: str, _start: int, end: int) -> Mistake:
    """Find a value that is not there, or the end of the brackets that it would be in."""
    opened = max(text.rfind(bracket) for bracket in "{[")
    if end >= len(text.rstrip()) and opened >= 0:
        return _brackets(text, opened, end)
    return Mistake(end, "a value is missing", f"write it, or {QUOTE}")


def _told(what: str, do: str, *, at_start: bool = False) -> Callable[[str, int, int], Mistake]:
    """Return a mistake that is the same wherever it is made."""
    return lambda _text, start, end: Mistake(start if at_start else end, what, do)


#: What YAML says, and what it means; the first that fits counts.
_MISTAKES: tuple[tuple[str, Callable[[str, int, int], Mistake]], ...] = (
    ("mapping values are not allowed", _colon),
    ("while scanning an alias", _first),
    ("while scanning an anchor", _first),
    ("found character '\\t'", _tab),
    ("that cannot start any token", _first),
    ("mapping keys are not allowed", _told("`? ` begins a key in YAML", f"an expression with `? ` {_MUST}")),
    ("sequence entries are not allowed", _told("`- ` begins a list in YAML", f"begin it in a new line, or {QUOTE}")),
    ("found unexpected end of stream", _told("a quote is not closed", "close it", at_start=True)),
    ("found unexpected document separator", _told("a quote is not closed", "close it", at_start=True)),
    ("unknown escape character", _told("`\\` begins an escape in double quotes", "use single quotes")),
    ("expected escape sequence", _told("this escape is not complete", "use single quotes, or complete it")),
    ("while scanning a block scalar",
     _told("a text that begins with `|` or `>` starts in the next line", f"break the line, or {QUOTE}")),
    ("expected ',' or", _brackets),
    ("expected the node content", _missing),
    ("found undefined tag handle", _told("`!` begins a tag in YAML", f"an expression that begins with it {_MUST}")),
    ("expected URI", _told("`!` begins a tag in YAML", f"an expression that begins with it {_MUST}")),
    ("expected <block end>, but found '}'", _told("nothing is open that `}` could close", "remove it")),
    ("expected <block end>, but found ']'", _told("nothing is open that `]` could close", "remove it")),
    ("expected <block end>", _after_quotes),
    ("could not find expected ':'", _told("this line has no `: `", _COLON, at_start=True)),
    ("expected '<document start>'", _indented),
    ("incompatible YAML document", _told("this is not YAML 1", "remove the line")),
)  # fmt: skip
