"""Data on its way into an evaluation and out of it: null is absent, and the caller's data stays the caller's.

The engine works on a copy without nulls, because it has been seen to change its input. What comes out unchanged is
the caller's own object again, nulls and all, so raw data stays raw.
"""

import math
from typing import Any

from engine.jsonata.problems import EvaluationProblem

__all__ = ["Input"]

#: How many values a result may have.
_MOST_VALUES = 1_000_000


class Input:
    """The copy of a scope an evaluation works on. `size` counts its values and the characters of its texts."""

    def __init__(self, scope: Any) -> None:
        self.size = 0
        self._originals: dict[int, Any] = {}
        self.data = self._copied(scope)

    def _copied(self, value: Any) -> Any:
        self.size += 1
        if isinstance(value, dict):
            copy = {key: self._copied(entry) for key, entry in value.items() if entry is not None}
            self._originals[id(copy)] = value
            return copy
        if isinstance(value, list):
            entries = [self._copied(entry) for entry in value if entry is not None]
            self._originals[id(entries)] = value
            return entries
        if isinstance(value, str):
            self.size += len(value)
        return value

    def returned(self, result: Any) -> Any:
        """Return a result as plain JSON, or None. Raises EvaluationProblem for what is no JSON."""
        value = self._plain(result, [_MOST_VALUES])
        return _without_nulls(value) if isinstance(value, list) else value

    def _plain(self, value: Any, left: list[int]) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise EvaluationProblem("D2015", f"the result has more than {_MOST_VALUES:,} values")
        if value is None or isinstance(value, str | bool | int):
            return value
        if isinstance(value, float):
            return _number(value)
        if isinstance(value, dict):
            original = self._originals.get(id(value))
            if original is not None:
                return original
            return {key: plain for key, entry in value.items() if (plain := self._plain(entry, left)) is not None}
        if isinstance(value, list):
            original = self._originals.get(id(value))
            if original is not None:
                return original
            return [plain for entry in value if (plain := self._plain(entry, left)) is not None]
        raise EvaluationProblem("D3000", "the result is a function; call it")


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise EvaluationProblem("D1001", "the result is out of the range of numbers")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _without_nulls(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None] if None in values else values
