"""The words of an expression, one after the other, each with its place.

Grammar: https://docs.jsonata.org/overview, and the behaviour of jsonata-js 2.2 where that page is silent. Every
character is looked at a bounded number of times.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from engine.jsonata.mistakes import check_name, check_operator, check_string
from engine.jsonata.problems import SyntaxProblem

__all__ = ["Kind", "Token", "Tokens"]

Kind = Literal["operator", "name", "variable", "string", "number", "value", "regex", "end"]


@dataclass(slots=True, frozen=True)
class Token:
    """A word: what it is, what it means, and the characters it was written with."""

    kind: Kind
    value: Any
    start: int
    end: int


_BLANK = re.compile(r"[ \t\n\r\v]*")
_OPERATOR = re.compile(r"\.\.|:=|!=|>=|<=|\*\*|~>|\?:|\?\?|[.\[\]{}(),@#;:?+\-*/%|=<>^&!~]")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_NAME = re.compile(r"[^ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]*")
_PLAIN = {'"': re.compile(r'[^"\\]*'), "'": re.compile(r"[^'\\]*")}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "'": "'"}
#: Beyond this a number written in an expression is no double any more, nor an integer anybody needs.
_LONGEST_NUMBER = 400


class Tokens:
    """Reads one word after the other from a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def next(self, *, infix: bool) -> Token:
        """Return the next word. After a value (`infix`) a slash divides, elsewhere it starts a pattern.

        Raises SyntaxProblem.
        """
        self._pass_blanks()
        text, start = self._text, self._at
        if start == len(text):
            end = len(text.rstrip())
            return Token("end", "", end, end)
        if text[start] == "/" and not infix:
            return self._regex()
        if found := _OPERATOR.match(text, start):
            check_operator(found[0], text, start)
            return self._token("operator", found[0], found.end())
        if text[start] in "\"'":
            return self._string()
        if text[start] == "`":
            return self._quoted_name()
        if found := _NUMBER.match(text, start):
            return self._number(found)
        return self._word()

    def _token(self, kind: Kind, value: Any, end: int) -> Token:
        token = Token(kind, value, self._at, end)
        self._at = end
        return token

    def _pass_blanks(self) -> None:
        text = self._text
        while True:
            self._at = _BLANK.match(text, self._at).end()  # type: ignore[union-attr] # it matches anywhere
            if not text.startswith("/*", self._at):
                return
            end = text.find("*/", self._at + 2)
            if end < 0:
                raise SyntaxProblem("S0106", "the comment has no end; close it with `*/`", self._at)
            self._at = end + 2

    def _number(self, found: re.Match[str]) -> Token:
        text = found[0]
        if len(text) > _LONGEST_NUMBER:
            raise SyntaxProblem("S0102", "the number is too long", self._at)
        number = float(text) if found[1] or found[2] else int(text)
        if abs(number) >= 1e309 or number == float("inf"):
            raise SyntaxProblem("S0102", f"the number {text} is out of range", self._at)
        whole = isinstance(number, float) and number.is_integer() and abs(number) < 2**53
        return self._token("number", int(number) if whole else number, found.end())

    def _quoted_name(self) -> Token:
        end = self._text.find("`", self._at + 1)
        if end < 0:
            raise SyntaxProblem("S0105", "the name that starts here has no closing backquote", self._at)
        return self._token("name", self._text[self._at + 1 : end], end + 1)

    def _word(self) -> Token:
        end = _NAME.match(self._text, self._at).end()  # type: ignore[union-attr] # it matches anywhere
        word = self._text[self._at : end]
        if word.startswith("$"):
            return self._token("variable", word[1:], end)
        if word in ("and", "or", "in"):
            return self._token("operator", word, end)
        if word in _WORDS:
            return self._token("value", _WORDS[word], end)
        check_name(word, self._at)
        return self._token("name", word, end)

    def _string(self) -> Token:
        text, start = self._text, self._at
        quote, pieces, at = text[start], [], start + 1
        while True:
            found = _PLAIN[quote].match(text, at)
            pieces.append(found[0])  # type: ignore[index] # it matches anywhere
            at = found.end()  # type: ignore[union-attr]
            if at >= len(text):
                raise SyntaxProblem("S0101", "the text that starts here has no closing quote", start)
            if text[at] == quote:
                check_string(text[start : at + 1], start)
                return self._token("string", _paired("".join(pieces), start), at + 1)
            piece, at = self._escape(at + 1)
            pieces.append(piece)

    def _escape(self, at: int) -> tuple[str, int]:
        """Return the character an escape stands for, and where it ends; `at` is behind its backslash."""
        letter = self._text[at : at + 1]
        if letter == "u":
            digits = _HEX.match(self._text, at + 1)
            if digits is None:
                raise SyntaxProblem("S0104", "`\\u` wants four hexadecimal digits", self._at)
            return chr(int(digits[0], 16)), digits.end()
        if letter not in _ESCAPES:
            what = "a backslash in this text starts no known escape; write `\\\\` for the backslash itself"
            raise SyntaxProblem("S0103" if letter else "S0101", what, self._at)
        return _ESCAPES[letter], at + 1

    def _regex(self) -> Token:
        """Read a pattern: it ends at the first slash that is neither escaped nor within brackets."""
        text, start = self._text, self._at
        depth, at = 0, start + 1
        while at < len(text):
            letter = text[at]
            if letter == "\\":
                at += 1
            elif letter == "/" and depth == 0:
                break
            elif letter in "([{":
                depth += 1
            elif letter in ")]}":
                depth -= 1
            at += 1
        if at >= len(text):
            raise SyntaxProblem("S0302", "the pattern that starts here has no closing `/`", start)
        if at == start + 1:
            raise SyntaxProblem("S0301", "the pattern is empty", start)
        end = at + 1
        while text[end : end + 1] in ("i", "m"):
            end += 1
        return self._token("regex", (text[start + 1 : at], text[at + 1 : end]), end)


def _paired(text: str, start: int) -> str:
    r"""Join the halves of characters that were written as two `\u` escapes."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        what = "`\\u` with half a character; write both halves of the surrogate pair, or the character itself"
        raise SyntaxProblem("S0104", what, start) from None
