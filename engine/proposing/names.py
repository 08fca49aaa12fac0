"""The words that keys are made of, whatever way they are joined: `completedAt`, `date_completed`, `Completion-Date`."""

import re
from collections.abc import Iterable

__all__ = ["joined", "moments", "words"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
#: No key that means something is longer.
LONGEST = 120
#: What stands beside a word to say that it is a time.
_TIMES = ("at", "on", "date", "time", "datetime", "timestamp", "dt", "ts", "dateutc", "utc", "timestamputc")


def words(key: str) -> tuple[str, ...]:
    """Return the words of a key, in small letters."""
    return tuple(found.lower() for found in _WORD.findall(key[:LONGEST]))


def joined(path: Iterable[str]) -> str:
    """Return the words of keys, one after another, without anything in between."""
    return "".join(word for key in path for word in words(key))


def moments(*names: str) -> tuple[str, ...]:
    """Return the names of a time: `completed` is `completed_at`, `date_completed`, and `completed` alone."""
    around = [name + end for end in _TIMES for name in names]
    before = [begin + name for begin in ("date", "time", "timestamp") for name in names]
    return (*around, *before, *names)
