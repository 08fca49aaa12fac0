"""Positions: where a run stands after a record, as JSON that another run of the same resource goes on from.

`{"provider": "acme", "resource": "users", "at": [[state, skip], …]}` has one pair for each level of the chain from the
top: which page of the list at that level comes next, and how many of its items to pass over; levels that are not named
start anew. `"end": true` in place of `at` is the position after the last record.
"""

from dataclasses import dataclass
from typing import Any

from engine.errors import UsageError
from engine.pages import State

__all__ = ["Position", "Positions", "Step"]

Position = dict[str, Any]
#: One level of a position: the page, and how many of its items to pass over.
Step = tuple[State, int]


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of one resource of a provider, whose chain has so many levels."""

    provider: str
    resource: str
    levels: int

    @property
    def end(self) -> Position:
        """The position after the last record."""
        return {"provider": self.provider, "resource": self.resource, "end": True}

    def after(self, steps: list[Step]) -> Position:
        """Return the position that these steps lead to; without any, it is the end."""
        if not steps:
            return self.end
        return {"provider": self.provider, "resource": self.resource, "at": [list(step) for step in steps]}

    def steps(self, start: Position | None) -> list[Step] | None:
        """Return the steps to a position, none of them where a run starts anew; None where nothing follows it.

        Raises UsageError for what is no position, and for one of another resource or provider: its pages would be
        taken for those of this one, and records would be passed over.
        """
        if start is None:
            return []
        steps = _steps(start)
        if steps is not None and len(steps) > self.levels:
            raise _none(start)
        if (start["provider"], start["resource"]) != (self.provider, self.resource):
            of, wanted = f"{start['provider']} {start['resource']}", f"{self.provider} {self.resource}"
            raise UsageError(f"this position is of {of}, and the run reads {wanted}; use one that such a run gave")
        return steps


def _steps(start: Position) -> list[Step] | None:
    match start:
        case {"provider": str(), "resource": str(), "end": True}:
            return None
        case {"provider": str(), "resource": str(), "at": list(levels)} if levels and all(map(_is_step, levels)):
            return [(state, skip) for state, skip in levels]
    raise _none(start)


def _is_step(level: Any) -> bool:
    match level:
        case [dict(), int(skip)]:
            return skip >= 0
    return False


def _none(start: Any) -> UsageError:
    return UsageError(f"{start!r} is not a position of a run; use one that a run gave")
