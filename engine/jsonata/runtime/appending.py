"""Two values put into one list (https://docs.jsonata.org/array-functions#append)."""

from typing import Any

from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Made

__all__ = ["appended"]


def appended(run: Run, left: Any, right: Any) -> Any:
    """Return two values as one list; what is absent adds nothing."""
    if left is None:
        return right
    if right is None:
        return left
    first = left if isinstance(left, list) else (left,)
    second = right if isinstance(right, list) else (right,)
    run.spend(len(first) + len(second))
    return Made((*first, *second))
