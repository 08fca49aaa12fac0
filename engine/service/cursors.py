"""Cursors: where the next page begins, sealed, so that nobody can read them, change them, or point us elsewhere.

A cursor is bound to its account, resource, filters and mapping. It holds the clock of its first page, too: what a
mapping computes from the time, such as windows to read in, must not shift between two pages.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from engine.errors import Unsealed
from engine.filters import Filter
from engine.resuming import Position
from engine.service.failures import Failure, bad_request
from engine.store import KeyRing

__all__ = ["Bound", "Cursor", "Cursors"]

#: What cursors are sealed for: a text sealed for something else is none.
PURPOSE = "cursor"
#: How long the text of a cursor may be; servers and proxies do not take much longer addresses.
LONGEST = 6000

_ANEW = "start again without next_cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position, and the clock of the run it is of."""

    position: Position
    now: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """What a cursor holds for and for nothing else."""

    account: str
    resource: str
    version: str
    filters: Sequence[Filter]
    remote_query: dict[str, str]

    def digests(self) -> dict[str, str]:
        """Return what is bound as short texts, by what a message calls it."""
        filters = sorted((one.field, one.op, sorted(one.values)) for one in self.filters)
        return {
            "account": _digest(self.account),
            "resource": _digest(self.resource),
            "filters": _digest([filters, sorted(self.remote_query.items())]),
            "mapping": _digest(self.version),
        }


class Cursors:
    """Seals and opens cursors with the keys of the store, so that they hold over restarts and in every process."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def seal(self, cursor: Cursor, bound: Bound) -> str:
        """Return the text of a cursor. Raises Failure 502 where the provider's own cursor makes it too long to send."""
        data = {"at": cursor.position, "now": cursor.now.isoformat(), "for": bound.digests()}
        text = self._ring.seal(PURPOSE, zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9))
        if len(text) > LONGEST:
            raise Failure(502, "the provider's own cursor is too long for an address; use response_format=stream")
        return text

    def open(self, text: str, bound: Bound) -> Cursor:
        """Return what a text holds. Raises Failure 400 where it is no cursor, or one of something else."""
        try:
            data: dict[str, Any] = json.loads(zlib.decompress(self._ring.open(PURPOSE, text[: LONGEST + 1])))
        except Unsealed:
            raise bad_request("next_cursor", f"this is no cursor of this service; {_ANEW}") from None
        wanted = bound.digests()
        wrong = [name for name, digest in data["for"].items() if digest != wanted[name]]
        if "mapping" in wrong and len(wrong) == 1:
            raise bad_request("next_cursor", f"the mapping of the account has changed since; {_ANEW}")
        if wrong:
            of = " and ".join(
                "other filters" if name == "filters" else f"another {name}" for name in wrong if name != "mapping"
            )
            raise bad_request("next_cursor", f"this cursor is of {of}; {_ANEW}")
        return Cursor(data["at"], datetime.fromisoformat(data["now"]))


def _digest(data: Any) -> str:
    return blake2b(json.dumps(data).encode(), digest_size=8).hexdigest()
