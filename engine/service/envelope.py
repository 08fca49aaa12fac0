"""The answer of a list, as bytes: records are written one by one as they come, and never as a whole.

`{"result", "next_cursor", "prev_cursor", "result_count", "limit", "is_partial_response", "errors"}`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pydantic_core

from engine.records import as_json
from engine.report import Kind, Note, Report
from engine.service.failures import bad_request
from engine.service.live import Called, Item
from engine.service.parameters import Asked

__all__ = ["Envelope", "errors", "exchanges", "line"]

#: The notes that say that something is missing from what was read.
_PARTIAL: frozenset[Kind] = frozenset({"parent_failed", "short_list", "set_aside", "field_failed", "tolerated"})


@dataclass
class Envelope:
    """Collects the records of one answer."""

    asked: Asked
    count: int = 0
    _result: bytearray = field(default_factory=bytearray)
    _keys: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Add a record. Raises Failure 400 where it cannot be told apart by the field it is to be found by."""
        if self.count:
            self._result += b","
        if self.asked.key_by:
            self._result += pydantic_core.to_json(self._key(item)) + b":"
        self._result += line(item, self.asked)
        self.count += 1

    def _key(self, item: Item) -> str:
        name = self.asked.key_by
        try:
            key = attrgetter(name)(item.record)
        except AttributeError:
            key = None
        if key is None:
            raise bad_request("key_by", f"record {item.record.id} has no {name}; choose another field, such as `id`")
        if key in self._keys:
            raise bad_request("key_by", f"{name} is the same for several records; choose another field, such as `id`")
        self._keys.add(key)
        return str(key)

    @property
    def size(self) -> int:
        """How many bytes the records have by now."""
        return len(self._result)

    def body(self, report: Report, cursor: str | None, debug: Iterable[Called] | None = None) -> bytes:
        """Return the whole answer."""
        told = errors(report)
        rest: dict[str, Any] = {
            "next_cursor": cursor,
            "prev_cursor": None,
            "result_count": self.count,
            "limit": self.asked.limit,
            "is_partial_response": bool(told),
            "errors": told,
        }
        if debug is not None:
            rest["debug"] = exchanges(debug)
        opened, closed = (b"{", b"}") if self.asked.key_by else (b"[", b"]")
        return b"".join((b'{"result":', opened, self._result, closed, b",", pydantic_core.to_json(rest)[1:]))


def line(item: Item, asked: Asked) -> bytes:
    """Return one record, or its raw item, as JSON."""
    if asked.form == "raw":
        return pydantic_core.to_json(item.raw)
    return as_json(item.record, exclude=asked.exclude)


def errors(report: Report) -> list[dict[str, Any]]:
    """Return what could not be read, set aside or left out, and how often where not all of it is told."""
    told = [_told(note) for note in report.notes if note.kind in _PARTIAL]
    for kind in sorted(_PARTIAL):
        kept = sum(note.kind == kind for note in report.notes)
        if report.counts[kind] > kept:
            told.append({"kind": kind, "message": f"{report.counts[kind] - kept} more like these"})
    return told


def _told(note: Note) -> dict[str, Any]:
    named = {"record": note.record, "field": note.field, "where": note.where, "do": note.do}
    return {"kind": note.kind, "message": note.what, **{name: value for name, value in named.items() if value}}


def exchanges(made: Iterable[Called]) -> list[dict[str, Any]]:
    """Return what was asked of the provider, without secrets."""
    return [
        {
            "request": one.request,
            "status": one.status,
            "milliseconds": round(one.seconds * 1000, 1),
            "bytes": one.bytes,
        }
        for one in made
    ]
