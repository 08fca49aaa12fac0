"""Lists of what the store has, page by page: `limit`, `next_cursor`, and filters that are equal to something."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from engine.errors import Unsealed
from engine.service.failures import Detail, Failure, bad_request
from engine.spelling import did_you_mean
from engine.store import KeyRing
from engine.telling import cut

__all__ = ["DEFAULT_LIMIT", "MOST", "Listed", "envelope", "read_query"]

DEFAULT_LIMIT = 100
#: The largest `limit`.
MOST = 1000
#: What the cursors of these lists are sealed for.
PURPOSE = "list"


@dataclass(frozen=True)
class Listed:
    """What a list is asked for: which page of it."""

    limit: int
    after: str | None
    filters: Mapping[str, str]

    def cursor(self, ring: KeyRing, last: str) -> str:
        """Return what leads to what comes after an id."""
        return ring.seal(PURPOSE, json.dumps([last, dict(self.filters)]).encode())


def read_query(query: str, filters: Collection[str], ring: KeyRing) -> Listed:
    """Read the query of a list. Raises Failure 400 with a detail for every parameter that is wrong."""
    given = _given(query, ("limit", "next_cursor", *filters))
    wanted = {name: given[name] for name in sorted(filters) if name in given}
    limit = _limit(given.get("limit", str(DEFAULT_LIMIT)))
    cursor = given.get("next_cursor")
    return Listed(limit, _after(cursor, wanted, ring) if cursor else None, wanted)


def _given(query: str, known: Collection[str]) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise Failure(400, "the query is not UTF-8, or has more than 100 parameters") from None
    given: dict[str, str] = {}
    wrong: list[Detail] = []
    for name, value in pairs:
        if name not in known:
            wrong.append(Detail(cut(name, 100), f"there is no such parameter; {did_you_mean(name, known)}"))
        elif name in given:
            wrong.append(Detail(name, "is there twice"))
        elif not value or not value.isprintable():
            wrong.append(Detail(name, "has no value that there could be; leave it out, or give one"))
        given[name] = value
    if wrong:
        raise Failure(400, "; ".join(f"{one.parameter}: {one.message}" for one in wrong), wrong)
    return given


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST):
        raise bad_request("limit", f"must be a whole number from 1 to {MOST}")
    return int(text)


def _after(cursor: str, filters: Mapping[str, str], ring: KeyRing) -> str:
    try:
        last, bound = json.loads(ring.open(PURPOSE, cursor))
    except Unsealed:
        raise bad_request("next_cursor", "this is no cursor of this list; start again without it") from None
    if bound != filters:
        raise bad_request("next_cursor", "it is of a list with other filters; start again without it")
    return str(last)


def envelope(result: list[Any], limit: int, cursor: str | None) -> dict[str, Any]:
    """Return the answer of a list."""
    return {
        "result": result,
        "next_cursor": cursor,
        "prev_cursor": None,
        "result_count": len(result),
        "limit": limit,
    }
