"""Whether a contender delivered what it should: every id once, and the same records as by hand.

Outputs are JSON Lines of records, or of the messages of Singer and Airbyte that hold one each.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: What each field of each record was, by id.
Contents = dict[str, dict[str, int]]


class Wrong(Exception):
    """An output that has not every id once: how fast it came does not count."""


class Different(Exception):
    """An output with other records than by hand."""


def records(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of an output."""
    with out.open("rb") as lines:
        for line in lines:
            message = json.loads(line)
            if "type" not in message:
                yield message
            elif message["type"] == "RECORD":
                yield message["record"].get("data", message["record"])


def check_ids(out: Path, expected: set[str]) -> None:
    """Raise Wrong unless an output has every id once."""
    seen = Counter(record["id"] for record in records(out))
    if missing := len(expected - seen.keys()):
        raise Wrong(f"wrong: {missing} of {len(expected)} records are missing")
    if strange := len(seen.keys() - expected):
        raise Wrong(f"wrong: {strange} records are of no enrollment")
    if doubled := seen.total() - len(seen):
        raise Wrong(f"wrong: {doubled} records came again")


def contents(out: Path) -> Contents:
    """Return what the fields of all records are; a field that is null is as good as absent."""
    return {
        record["id"]: {name: hash(_frozen(value)) for name, value in record.items() if value is not None}
        for record in records(out)
    }


def check_contents(out: Path, reference: Contents) -> None:
    """Raise Different if the fields of some record are not those of the reference."""
    fields: set[str] = set()
    count = 0
    for record_id, found in contents(out).items():
        expected = reference[record_id]
        if found != expected:
            count += 1
            fields |= {name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)}
    if count:
        raise Different(f"{count} records differ from those by hand, in {', '.join(sorted(fields))}")


def _frozen(value: Any) -> Any:
    """Return a value that can be hashed: equal for equal JSON, whatever the order of keys; 40 equals 40.0."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return (value, True) if isinstance(value, bool) else value
