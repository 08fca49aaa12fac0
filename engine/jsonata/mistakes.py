"""What is wrong with a text that is no expression, in the words of someone who has to correct it."""

import re

from engine.jsonata.problems import SyntaxProblem

__all__ = ["check_name", "check_operator", "check_string", "missing", "unexpected"]

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


def check_operator(operator: str, text: str, start: int) -> None:
    """Raise SyntaxProblem for an operator that is written as in another language."""
    for wrong, right in _ELSEWHERE.items():
        if text.startswith(wrong, start):
            raise SyntaxProblem("S0211", f"`{wrong}` is not an operator of JSONata; {right}", start)
    if operator in ("!", "~"):
        raise SyntaxProblem("S0204", _STRAY[operator], start)


def check_name(name: str, start: int) -> None:
    """Raise SyntaxProblem for a name with a quote in it: somebody's editor has changed the quotes of a text."""
    quote = _QUOTES.search(name)
    if quote:
        what = f"{quote[0]} is not expected here; texts stand between plain double quotes"
        raise SyntaxProblem("S0202", what, start + quote.start())


def check_string(written: str, start: int) -> None:
    """Raise SyntaxProblem for a text with a hole in it, as templates have them."""
    hole = _HOLE.search(written)
    if hole:
        what = f'texts of an expression have no holes; join them: "…" & {hole[0].strip("{}")} & "…"'
        raise SyntaxProblem("S0201", what, start + hole.start())


def unexpected(word: str, start: int, code: str = "S0201") -> SyntaxProblem:
    """Return the problem for a word where it cannot stand; the empty word is the end of the text."""
    if not word:
        return SyntaxProblem("S0207", "the expression breaks off; a value is missing at the end", start)
    if word in _STRAY:
        return SyntaxProblem(code, _STRAY[word], start)
    do = "an operator such as `&`, `=` or `and` is missing before it" if word[0].isalnum() else "remove it"
    return SyntaxProblem(code, f"`{word}` is not expected here; {do}", start)


def missing(wanted: str, word: str, start: int) -> SyntaxProblem:
    """Return the problem for a word that must stand before another one."""
    if wanted == ":" and word == "}":
        what = "`{…}` makes an object here and lacks `: value`; a name is written plain, without braces"
        return SyntaxProblem("S0202", what, start)
    before = f"before `{word}`" if word else "at the end"
    return SyntaxProblem("S0202" if word else "S0203", f"`{wanted}` is missing {before}", start)
