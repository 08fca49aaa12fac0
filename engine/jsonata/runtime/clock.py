"""The clock of an evaluation: the time its scope has, so that the same run gives the same answers again."""

from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["millis_at"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def millis_at(scope: Any, path: tuple[str, ...] | None) -> int | None:
    """Return the RFC 3339 time at a path in a scope, in milliseconds since 1970; None where there is no such time."""
    if path is None:
        return None
    for step in path:
        scope = scope.get(step) if isinstance(scope, dict) else None
    if not isinstance(scope, str):
        return None
    try:
        time = datetime.fromisoformat(scope)
    except ValueError:
        return None
    return (time.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
