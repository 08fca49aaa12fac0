"""Text with `{dotted.name}` holes: lookups, never computation.

`{name}` is replaced by the value at that path of the scope; `{name:format}` writes a time the provider's way
(`unix`, `unix_ms`, or a strftime pattern). `{{` and `}}` are literal braces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

__all__ = ["Hole", "Template", "TemplateProblem"]

_PIECE = re.compile(r"(\{\{|\}\}|\{[^{}]*\}|[{}])")
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_0-9][\w-]*)*")


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
        """Return the value at the path, or None where it is absent or null."""
        found: Any = scope
        for step in self.path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found


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
                name, _, form = piece[1:-1].partition(":")
                if not _NAME.fullmatch(name):
                    message = f"`{piece}` is not a dotted name; holes look up, they do not compute"
                    raise TemplateProblem(message, offset)
                pieces.append(Hole(tuple(name.split(".")), form, offset + 1))
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

        None when a hole is absent: the parameter, field or header is then left out.
        """
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Hole) and not self.pieces[0].format:
            return self.pieces[0].value(scope)
        return self.fill(scope)

    def fill(self, scope: Mapping[str, Any], *, in_path: bool = False) -> str | None:
        """Return the filled text, or None when a hole is absent. `in_path` percent-encodes the values."""
        filled: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                filled.append(piece)
                continue
            value = piece.value(scope)
            if value is None:
                return None
            text = _write(value, piece)
            filled.append(quote(text, safe="") if in_path else text)
        return "".join(filled)

    def absent(self, scope: Mapping[str, Any]) -> list[str]:
        """Return the names of the holes that have no value."""
        return [".".join(hole.path) for hole in self.holes if hole.value(scope) is None]


def _write(value: Any, hole: Hole) -> str:
    if isinstance(value, datetime):
        return _write_time(value.astimezone(UTC), hole.format)
    if hole.format:
        raise TemplateProblem(f"`:{hole.format}` is for times, `{'.'.join(hole.path)}` is none", hole.offset)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    kind = "a list" if isinstance(value, list | tuple) else "an object"
    raise TemplateProblem(f"`{'.'.join(hole.path)}` is {kind}, text wants a single value", hole.offset)


def _write_time(time: datetime, form: str) -> str:
    if form == "unix":
        return str(int(time.timestamp()))
    if form == "unix_ms":
        return str(int(time.timestamp() * 1000))
    if form:
        return time.strftime(form)
    return time.isoformat().replace("+00:00", "Z")
