"""JSON as plain data. What is large is decoded piece by piece, so that other threads have their turn in between.

A piece is some neighbours in a list or an object. Where it ends is found by the scanner of Python; what it holds is
decoded as the whole would be, as deep in brackets as it stands in the whole. Where the pieces cannot tell what is
wrong, the whole is asked.
"""

import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import cache
from json.decoder import JSONDecoder
from typing import Any

import pydantic_core

__all__ = ["LARGE", "JsonProblem", "TooLargeNumber", "at_once", "decode"]

#: From how many bytes on a text is decoded piece by piece: a millisecond or two.
LARGE = 500_000
#: How many bytes a piece has at least, unless it is the last one.
_PIECE = 65_536
#: How many bytes are looked through at once for the end of a value; a longer value is cut itself.
_WINDOW = 262_144
#: How deep values are cut.
_DEEPEST = 100

_PLACE = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
_BLANK = re.compile(rb"[ \t\n\r]*")
_QUOTE, _COMMA, _COLON, _SPACE = b'",: '
_LIST, _OBJECT = (b"[", b"]"), (b"{", b"}")


class JsonProblem(ValueError):
    """What is not JSON, or nests deeper than 200 levels."""


class TooLargeNumber(JsonProblem):
    """A number that no double holds."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


def decode(body: bytes) -> tuple[Any, int]:
    """Return the value of a text in JSON, and how many texts in it held half a character: U+FFFD is in its place.

    Integers keep every digit, other numbers that of a double (RFC 8259 section 6). Raises JsonProblem.
    """
    body = body.removeprefix(BOM_UTF8)
    if len(body) >= LARGE:
        pieces = _Pieces(body)
        try:
            return pieces.decoded()
        except (_Odd, IndexError):
            pieces.complain()
    return at_once(body)


def at_once(body: bytes, look: Callable[[bytes], object] | None = None) -> tuple[Any, int]:
    """Decode a text as it is, whatever its size; what may hold numbers beyond a double can be looked at later."""
    try:
        found: tuple[Any, int] = pydantic_core.from_json(body, allow_inf_nan=False, cache_strings="keys"), 0
    except ValueError as error:
        mended = _mended(body) if b"\\ud" in body.lower() else None
        if mended is None:
            raise JsonProblem(str(error)) from None
        found = mended
    if _huge().search(body):
        (look or _refuse_infinity)(body)
    return found


@cache
def _huge() -> Any:
    """Return what finds numbers that may be beyond a double: the decoder would make infinities of them."""
    import re2

    return re2.compile(rb"\d[eE]\+?\d{3}|\d{300}")


def _refuse_infinity(body: bytes) -> None:
    """Raise TooLargeNumber for a number beyond a double."""

    def read(text: str) -> float:
        if math.isinf(float(text)):
            raise TooLargeNumber(text)
        return float(text)

    json.loads(body, parse_float=read, parse_int=len)  # integers have no bound, and are not what is looked for


def _mended(body: bytes) -> tuple[Any, int] | None:
    """Decode JSON with escapes of half a character, as an emoji cut in two leaves; None where it is no JSON at all."""
    mended = 0

    def whole(value: Any) -> Any:
        nonlocal mended
        if isinstance(value, str):
            text = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            mended += text != value
            return text
        if isinstance(value, list):
            return [whole(entry) for entry in value]
        if isinstance(value, dict):
            return {whole(key): whole(entry) for key, entry in value.items()}
        return value

    try:
        return whole(json.loads(body, parse_constant=_no_constant)), mended
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class _Odd(Exception):
    """Something that only the whole can tell."""


class _Pieces:
    """A text that is decoded piece by piece."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._mended = 0
        self._suspects: list[bytes] = []
        self._scan = JSONDecoder().raw_decode
        self._open: list[tuple[bytes, bytes]] = []
        self._start = 0
        self._look(0)

    def decoded(self) -> tuple[Any, int]:
        """Return what `decode` does. Raises _Odd or IndexError where something is not as it should be."""
        value, end = self._value(self._past_blanks(0), 0)
        if self._past_blanks(end) != len(self._body):
            raise _Odd
        for suspect in self._suspects:
            _refuse_infinity(suspect)
        return value, self._mended

    def complain(self) -> None:
        """Raise JsonProblem as the whole would, where that can be told from where the last piece began."""
        if not self._open or b"\\ud" in self._body.lower() or self._body[self._start : self._start + 1] in b"]}":
            return
        *outer, (opened, _) = self._open
        before = b"".join(b"[" if marks is _LIST else b'{"":' for marks in outer) + opened
        try:
            pydantic_core.from_json(before + self._body[self._start :], allow_inf_nan=False)
        except ValueError as error:
            told, line, column = _PLACE.fullmatch(str(error)).groups()  # type: ignore[union-attr]
            if line == "1":
                column = int(column) - len(before) + self._start - self._body.rfind(b"\n", 0, self._start) - 1
            above = self._body.count(b"\n", 0, self._start)
            raise JsonProblem(f"{told} at line {int(line) + above} column {column}") from None

    def _value(self, at: int, level: int) -> tuple[Any, int]:
        """Return the value that begins somewhere, and where it ends. It is as long as to be cut, if it can be."""
        if level > _DEEPEST:
            raise _Odd
        first = self._body[at : at + 1]
        if first == b"[":
            return self._container(at + 1, level, [], _LIST)
        if first == b"{":
            return self._container(at + 1, level, {}, _OBJECT)
        end = self._end(at, len(self._body))
        if end is None:
            raise _Odd
        return self._piece(at, end, level, _LIST)[0], end

    def _container(self, at: int, level: int, found: Any, marks: tuple[bytes, bytes]) -> tuple[Any, int]:
        """Return a list or an object, of which what it holds begins somewhere, and where it ends."""
        at = self._past_blanks(at)
        if self._body[at : at + 1] == marks[1]:
            return found, at + 1
        add = found.extend if marks is _LIST else found.update
        self._open.append(marks)
        between: bytes | None = b""
        while True:
            self._start = at
            end = self._guessed(at, level, marks, between, add) if between else None
            if end is None:
                between = None if between else between  # a guess that was wrong would be so again
                end = self._walked(at, level, marks, add)
            if self._body[end : end + 1] == marks[1]:
                self._open.pop()
                return found, end + 1
            if self._body[end] != _COMMA:
                raise _Odd
            at = self._past_blanks(end + 1)
            if between == b"":
                between = self._between(end, at)

    def _walked(self, at: int, level: int, marks: tuple[bytes, bytes], add: Callable[[Any], None]) -> int:
        """Add some neighbours, or one that is cut itself. Return where the comma or the bracket behind it is."""
        start, until = at, -1
        while True:
            value_at = at if marks is _LIST else self._past_key(at)
            end = self._end(value_at, _WINDOW)
            if end is None:
                break
            until = self._past_blanks(end)
            if self._body[until] != _COMMA or until - start > _PIECE:
                break
            at = self._past_blanks(until + 1)
        if until >= 0:
            add(self._piece(start, until, level, marks))
            return until
        value, end = self._value(value_at, level + 1)
        add([value] if marks is _LIST else {self._key(at, value_at, level): value})
        return self._past_blanks(end)

    def _between(self, comma: int, at: int) -> bytes:
        """Return what stands between two neighbours, with as much of both as is likely to be the same for others."""
        end = comma
        while self._body[end - 1] <= _SPACE:
            end -= 1
        begun = at + 1
        inner = self._past_blanks(begun)
        if self._body[at : at + 1] == b"{" and self._body[inner] == _QUOTE:
            begun = self._past_key(inner)
        alike = self._body[at : at + 1] in (b"{", b"[", b'"')
        return self._body[end - 1 if alike else comma : begun if alike else at]

    def _guessed(
        self, at: int, level: int, marks: tuple[bytes, bytes], between: bytes, add: Callable[[Any], None]
    ) -> int | None:
        """Add neighbours up to where they seem to end: they do, if they are whole as a list or an object."""
        found = self._body.find(between, at + _PIECE, at + _PIECE + _WINDOW)
        if found < 0:
            return None
        end = found + between.index(b",")
        try:
            add(self._piece(at, end, level, marks))
        except _Odd:
            return None
        return end

    def _key(self, at: int, until: int, level: int) -> str:
        """Return the key that stands before a value."""
        ((key, _),) = self._piece(at, until, level, _OBJECT, b"0").items()
        return str(key)

    def _piece(self, start: int, end: int, level: int, marks: tuple[bytes, bytes], more: bytes = b"") -> Any:
        """Return some neighbours as the list or object that they make, decoded as deep as they stand."""
        piece = b"".join((b"[" * level, marks[0], self._body[start:end], more, marks[1], b"]" * level))
        try:
            value, mended = at_once(piece, self._suspects.append)
        except JsonProblem:
            raise _Odd from None
        self._mended += mended
        for _ in range(level):
            value = value[0]
        return value

    def _past_key(self, at: int) -> int:
        """Return where the value begins of which the key begins somewhere."""
        end = self._end(at, len(self._body)) if self._body[at] == _QUOTE else None
        if end is None:
            raise _Odd
        colon = self._past_blanks(end)
        if self._body[colon] != _COLON:
            raise _Odd
        return self._past_blanks(colon + 1)

    def _past_blanks(self, at: int) -> int:
        if at < len(self._body) and self._body[at] > _SPACE:
            return at
        blank = _BLANK.match(self._body, at)
        return at if blank is None else blank.end()

    def _look(self, at: int, length: int = _WINDOW) -> None:
        """Look at the text from somewhere on; a byte is a character there, so that places are the same."""
        self._from = at
        self._window = self._body[at : at + length].decode("latin-1")

    def _end(self, at: int, most: int) -> int | None:
        """Return where the value ends that begins somewhere; None where it is none, or longer than `most`."""
        while True:
            until = self._from + len(self._window)
            try:
                end: int = self._scan(self._window, at - self._from)[1] + self._from
            except ValueError:
                pass
            except RecursionError:
                return None
            else:
                if end < until or until == len(self._body):  # a number may go on behind the window
                    return end
            if at > self._from:
                self._look(at)
            elif len(self._window) < most and until < len(self._body):
                self._look(at, len(self._window) * 4)
            else:
                return None
