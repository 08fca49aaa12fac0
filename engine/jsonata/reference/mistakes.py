"""What is wrong with a text that is no expression, in the words of someone who has to correct it."""

import re
from typing import Any

from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.reference.package import JException

__all__ = ["check_token", "syntax_problem"]

#: What other languages write: what JSONata writes.
_ELSEWHERE = {
    "===": "write a single `=`",
    "!==": "write `!=`",
    "==": "write a single `=`",
    "&&": "write `and`",
    "||": "write `or`",
    "<>": "write `!=`",
    "=<": "write `<=`",
    "=>": "write `>=`",
}
_STRAY = {
    "|": "`|` is not an operator between values; write `or` for conditions, `&` for texts",
    "!": "`!` is not an operator; write `$not(…)`",
    "~": "`~` is not an operator; a function is applied with `~>`",
    "?": "`?` stands where a value is expected",
    "=": "`=` compares, and needs a value on both sides",
}
#: Straight and typographic quotes, and guillemets.
_QUOTES = re.compile("[\"'\u2018-\u201f\u00ab\u00bb]")
_HOLE = re.compile(r"\{[A-Za-z_]\w*(?:\.\w+)+\}")
_TOKEN = re.compile(r"[^\W\d][\w$]*|\$\w*|\d[\w.]*|\"[^\"]*\"?|'[^']*'?|`[^`]*`?|[?:.]{2}|:=|[!<>]=|\S")


def check_token(kind: str, text: str, source: str, start: int) -> None:
    """Raise SyntaxProblem for a token that is written as in another language, or hides a mistake."""
    if kind == "operator":
        for wrong, right in _ELSEWHERE.items():
            if source.startswith(wrong, start):
                raise SyntaxProblem("S0204", f"`{wrong}` is not an operator of JSONata; {right}", start)
        if text in ("!", "~"):
            raise SyntaxProblem("S0204", _STRAY[text], start)
    elif kind == "name" and not text.startswith("`"):
        quote = _QUOTES.search(text)
        if quote:
            what = f"{quote[0]} is not expected here; texts stand between plain double quotes"
            raise SyntaxProblem("S0201", what, start + quote.start())
    elif kind == "string":
        hole = _HOLE.search(text)
        if hole:
            what = f'texts of an expression have no holes; join them: "…" & {hole[0].strip("{}")} & "…"'
            raise SyntaxProblem("S0201", what, start + hole.start())


def syntax_problem(error: Exception | None, text: str, start: int | None = None) -> SyntaxProblem:
    """Return the problem for what their parser raised; without an error, something stands where nothing should."""
    code = str(error.error) if isinstance(error, JException) else "S0201"
    if start is None:
        start = error.location if isinstance(error, JException) and isinstance(error.location, int) else 0
    end = len(text.rstrip())
    offset = min(max(start, 0), end)
    found = _TOKEN.match(text, offset)
    if not found or offset >= end:
        return SyntaxProblem(code, _what(code, error, ""), offset)
    return SyntaxProblem(code, _what(code, error, found[0]), offset)


def _what(code: str, error: Any, word: str) -> str:
    if code in ("S0202", "S0203"):
        return _missing(str(error.current), word)
    if code == "S0301" and word[:1] in ("'", '"'):
        code = "S0103"  # theirs uses one code for two things
    if code in _TEXTS:
        return _TEXTS[code].format(word=word)
    if word in _STRAY:
        return _STRAY[word]
    if not word:
        return "the expression breaks off; a value is missing at the end"
    if code in ("S0201", "S0206", "S0211"):
        before = "an operator such as `&`, `=` or `and` is missing before it" if word[0].isalnum() else "remove it"
        return f"`{word}` is not expected here; {before}"
    return str(error).replace("Object", "function")


def _missing(wanted: str, word: str) -> str:
    if wanted == ":" and word == "}":
        return "`{…}` makes an object here and lacks `: value`; a name is written plain, without braces"
    before = f"before `{word}`" if word else "at the end"
    return f"`{wanted}` is missing {before}"


_TEXTS = {
    "S0101": "the text that starts here has no closing quote",
    "S0102": "the number {word} is out of range",
    "S0103": "a backslash in this text starts no known escape; write `\\\\` for the backslash itself",
    "S0104": "`\\u` wants four hexadecimal digits",
    "S0105": "the name that starts here has no closing backquote",
    "S0207": "the expression breaks off; a value is missing at the end",
    "S0208": "the parameters of a function are variables; write `$`, then a name",
    "S0212": "only a variable can be assigned; write `$name := …`",
    "S0213": "`{word}` cannot be a step of a path; write a name after the dot",
    "S0301": "the pattern is empty",
    "S0302": "the pattern that starts here has no closing `/`",
}
