"""Paths below a name as expressions, and which paths can be one."""

import re
from collections.abc import Iterable

from engine.proposing.shapes import Path

__all__ = ["as_hole", "as_path", "is_plain", "writable"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Words that mean something else to JSONata where a name could stand.
_TAKEN = frozenset({"and", "or", "in", "true", "false", "null", "function"})
#: No longer key is written into a mapping.
_LONGEST = 120


def writable(path: Iterable[str]) -> bool:
    """Whether every key of a path can be written as a name between back quotes, which know no escapes."""
    return all(key and len(key) <= _LONGEST and "`" not in key and key.isprintable() for key in path)


def as_path(path: Path, name: str = "") -> str:
    """Return a path as an expression, below a name if one is given; `$` for no path at all."""
    steps = [key if is_plain(key) else f"`{key}`" for key in path]
    return ".".join([name, *steps] if name else steps) or "$"


def is_plain(key: str) -> bool:
    """Whether a key needs no quotes in an expression."""
    return bool(_NAME.fullmatch(key)) and key not in _TAKEN


def as_hole(path: Path, name: str) -> str | None:
    """Return a path below a name as the hole of an address, or None where a hole cannot say it."""
    steps = [name, *path]
    return (
        "{" + ".".join(steps) + "}" if all(re.fullmatch(r"[A-Za-z_][\w-]*", key, re.ASCII) for key in steps) else None
    )
