"""The bound on the work of one evaluation: it is counted, not timed, so the same data ends at the same place anywhere.

Loops, calls and everything that makes values spend fuel: one unit for a round, a call or an element, one for so many
characters. An expression gets a fixed amount, and more on large data: its size is counted when the fixed amount is
spent, which is never, for most.

Whoever cannot wait evaluates `briefly`: an evaluation that needs more than a little is broken off, to be begun anew
where it keeps nobody waiting.
"""

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from engine.jsonata.problems import EvaluationProblem

__all__ = [
    "BRIEF",
    "DEEPEST_CALLS",
    "FUEL",
    "LONGEST_TEXT",
    "PER_ROW",
    "PER_UNIT",
    "PER_VALUE",
    "ROUND",
    "SHORT",
    "Run",
    "Unfinished",
    "briefly",
]

T = TypeVar("T")

#: How many units an evaluation may spend on small data.
FUEL: Final = 1_000_000
#: How many it may spend where it is to be brief: most take less than a fifth of a microsecond, and few three.
BRIEF: Final = 2_000
#: How many more it may spend for each value of large data.
PER_VALUE: Final = 20
#: How many characters a text may have that an expression makes.
LONGEST_TEXT: Final = 1_000_000
#: How many calls may be open at a time; calls in last place end the one they stand in, and do not count.
DEEPEST_CALLS: Final = 200
#: What a round of a loop costs whose values are kept; it also pays for a number or a short text.
ROUND: Final = 3
#: How many characters a text has at most that is short.
SHORT: Final = 32
#: What a row costs: an object of all that is bound so far.
PER_ROW: Final = 20
#: So many characters cost as much as one element: to look through, and to make.
PER_UNIT: Final = 16
_PER_UNIT_MADE: Final = 8


class Unfinished(BaseException):
    """An evaluation that was to be brief is not finished. No error: nothing that catches those shall catch it."""


class _Allowed(threading.local):
    """What evaluations of this thread may spend."""

    units = FUEL


_ALLOWED = _Allowed()


def briefly(work: Callable[..., T], *arguments: Any) -> T:
    """Do some work in which every evaluation is to be brief. Raises Unfinished where one is not."""
    _ALLOWED.units = BRIEF
    try:
        return work(*arguments)
    finally:
        _ALLOWED.units = FUEL


class Run:
    """One evaluation: what it may still spend, how deep its calls are, and its clock."""

    __slots__ = ("_data", "depth", "left", "now")

    def __init__(self, data: Any, now: int | None = None) -> None:
        self._data = data
        self.left = _ALLOWED.units
        self.depth = 0
        self.now = now
        """Milliseconds since 1970, for `$now` and `$millis`."""

    def reset(self) -> None:
        """Begin anew: what failed shall not be at the cost of what comes after it, except where all is to be brief."""
        if _ALLOWED.units != BRIEF:
            self.left = FUEL
        self.depth = 0

    def spend(self, units: int) -> None:
        """Spend so many units; raises EvaluationProblem when there is no more."""
        self.left -= units
        if self.left < 0:
            self.out()

    def out(self) -> None:
        """Do what is to be done when all is spent: count the data, once, and give more for it."""
        if _ALLOWED.units == BRIEF:
            raise Unfinished
        data, self._data = self._data, None
        if data is not None:
            self.left += PER_VALUE * _size(data)
        if self.left < 0:
            what = f"the expression takes more than {FUEL:,} steps on this data; simplify it"
            raise EvaluationProblem("U1001", what)

    def text(self, text: str) -> str:
        """Spend what a text costs that was made, and return it; raises EvaluationProblem."""
        length = len(text)
        if length > LONGEST_TEXT:
            raise too_long()
        self.left -= length // _PER_UNIT_MADE
        if self.left < 0:
            self.out()
        return text

    def read(self, text: str) -> None:
        """Spend what it costs to look through a text; raises EvaluationProblem."""
        self.left -= len(text) // PER_UNIT
        if self.left < 0:
            self.out()


def too_long() -> EvaluationProblem:
    """Return the problem for a text that grows without end."""
    return EvaluationProblem("D2015", f"the text grows beyond {LONGEST_TEXT:,} characters")


def _size(data: Any) -> int:
    """Count the values of data, and the characters of its texts by the unit."""
    count, waiting = 0, [data]
    while waiting:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            count += len(value) // PER_UNIT
    return count
