"""Text with `{dotted.name}` holes: lookups, never computation.

`{name}` is replaced by the value at that path of the scope; `{name:format}` writes a time the provider's way
(`unix`, `unix_ms`, or a pattern as of strftime), `{name:one}` is absent where there are several values, and
`{name:json}` writes any value as JSON, for a body or a field that is a text of JSON. `{{` and `}}` are literal braces.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from engine import elements

__all__ = ["Hole", "Template", "TemplateProblem"]

_PIECE = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|[{}])")
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_0-9][\w-]*)*")
#: The letters of strftime that mean the same on every machine and in every locale.
_LETTERS = "YymdHMSfzj%"
#: The format of a hole that takes one value only.
_ONE = "one"
#: The format of a hole that is written as JSON.
_JSON = "json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TemplateProblem(ValueError):
    """A template that cannot be read, or a value that cannot be written; `offset` counts from 0."""

    def __init__(self, message: str, offset: int = 0) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Hole:
    """One `{name:format}` of a template; `offset` is where its name starts."""

    path: tuple[str, ...]
    format: str
    offset: int

    def value(self, scope: Mapping[str, Any]) -> Any:
        """Return the value at the path, or None where it is absent or null, or one is wanted and there are several."""
        found: Any = scope
        for step in self.path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if self.format == _ONE and isinstance(found, list | tuple):
            return found[0] if len(found) == 1 else None
        return found

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template."""

    text: str
    pieces: tuple[str | Hole, ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Parse; raises TemplateProblem with the offset of the fault."""
        pieces: list[str | Hole] = []
        offset = 0
        for piece in _PIECE.split(text):
            if piece in ("{{", "}}"):
                pieces.append(piece[0])
            elif piece in ("{", "}"):
                raise TemplateProblem(f"a lone `{piece}`; write `{piece * 2}` for a literal brace", offset)
            elif piece.startswith("{"):
                pieces.append(_hole(piece, offset))
            elif piece:
                pieces.append(piece)
            offset += len(piece)
        return cls(text, tuple(pieces))

    @property
    def holes(self) -> tuple[Hole, ...]:
        """All holes, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Hole))

    def value(self, scope: Mapping[str, Any]) -> Any:
        """Return the filled text; a template that is one bare hole gives its value as it is, lists included.

        None when a hole is absent: the parameter, field or header is then left out. Raises TemplateProblem.
        """
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Hole) and not self.pieces[0].format:
            value = self.pieces[0].value(scope)
            return _write(value, self.pieces[0]) if isinstance(value, datetime) else value
        return self.fill(scope)

    def fill(self, scope: Mapping[str, Any], *, in_path: bool = False, in_xml: bool = False) -> str | None:
        """Return the filled text, or None when a hole is absent. Raises TemplateProblem.

        `in_path` percent-encodes the values, and refuses those that would lead to another address than the one
        that is written: an empty part, `.` and `..`. `in_xml` writes them as they stand in XML.
        """
        filled: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                filled.append(piece)
                continue
            value = piece.value(scope)
            if value is None:
                return None
            text = _write(value, piece)
            if in_path and not text and (not filled or filled[-1].endswith("/")):
                raise TemplateProblem(f"`{piece}` is empty, and would leave a part out of the address", piece.offset)
            filled.append(_encoded(text, piece) if in_path else _escaped(text, piece) if in_xml else text)
        if in_path and self.holes:
            _check_path("".join(filled))
        return "".join(filled)

    def absent(self, scope: Mapping[str, Any]) -> list[str]:
        """Return the names of the holes that have no value."""
        return [str(hole) for hole in self.holes if hole.value(scope) is None]


def _hole(piece: str, offset: int) -> Hole:
    name, colon, form = piece[1:-1].partition(":")
    if not _NAME.fullmatch(name):
        raise TemplateProblem(f"`{piece}` is not a dotted name; holes look up, they do not compute", offset)
    if colon:
        _check_format(form, offset + len(name) + 2)
    return Hole(tuple(name.split(".")), form, offset + 1)


def _check_format(form: str, offset: int) -> None:
    if form in ("unix", "unix_ms", _ONE, _JSON):
        return
    letters = re.findall(r"%(.?)", form, re.DOTALL)
    wrong = [letter for letter in letters if not letter or letter not in _LETTERS]
    if wrong or not letters:
        what = f"`%{wrong[0]}` is not known" if wrong else f"`{form}` is not a format for times"
        known = " ".join(f"%{letter}" for letter in _LETTERS)
        raise TemplateProblem(f"{what}; use unix, unix_ms, one, json, or a pattern of {known}", offset)


def _encoded(text: str, hole: Hole) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise TemplateProblem(f"`{hole}` holds half a character", hole.offset) from None


def _escaped(text: str, hole: Hole) -> str:
    try:
        return elements.escaped(text)
    except elements.XmlProblem as problem:
        raise TemplateProblem(f"`{hole}`: {problem.what}", hole.offset) from None


def _check_path(text: str) -> None:
    for part in text.partition("?")[0].split("/"):
        if part in (".", ".."):
            raise TemplateProblem(f"the part `{part}` would lead to another address")


def _write(value: Any, hole: Hole) -> str:
    if hole.format == _JSON:
        return json.dumps(value, ensure_ascii=False, default=lambda time: _write_time(time, replace(hole, format="")))
    if isinstance(value, datetime):
        return _write_time(value, hole)
    if hole.format not in ("", _ONE):
        raise TemplateProblem(f"`:{hole.format}` is for times, `{hole}` is none", hole.offset)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    kind = "a list" if isinstance(value, list | tuple) else "an object"
    raise TemplateProblem(f"`{hole}` is {kind}, text wants a single value", hole.offset)


def _write_time(value: datetime, hole: Hole) -> str:
    if value.tzinfo is None:
        raise TemplateProblem(f"`{hole}` is a time without an offset", hole.offset)
    time = value.astimezone(UTC)
    if hole.format in ("unix", "unix_ms"):
        return str((time - _EPOCH) // timedelta(**{"seconds" if hole.format == "unix" else "milliseconds": 1}))
    if hole.format not in ("", _ONE):
        return time.strftime(hole.format)
    return time.isoformat().replace("+00:00", "Z")
