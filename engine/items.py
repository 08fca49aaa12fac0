"""Where in an answer the items of a list are, and what stands there instead."""

from collections.abc import Mapping
from typing import Any

from engine.errors import Unreadable, Where
from engine.jsonata import EvaluationProblem, Program
from engine.telling import cut, kind_of

__all__ = ["listed", "warned"]


def listed(items: Program | None, data: Any, what: str, fetch: str, seen: Mapping[str, Any] | None = None) -> list[Any]:
    """Return the items found in an answer or a parent; one is a list of one, null is none, nothing is an error.

    Without `items` the answer is the list. Raises Unreadable with what is there instead; `what` names the data, and
    `seen` is what of the data a message speaks of, where that is not all.
    """
    if items is None:
        if isinstance(data, list):
            return data
        raise _not_there(f"{what} is not a list", data, fetch)
    found = data if items.text.strip() == "$" else _found(items, data, fetch)
    if found is None and not _is_null(items.path, data):
        raise _not_there(f"`items: {items.text}` found nothing in {what}", data if seen is None else seen, fetch, items)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _found(items: Program, data: Any, fetch: str) -> Any:
    try:
        return items(data)
    except EvaluationProblem as problem:
        raise Unreadable(f"`items: {items.text}` failed: {problem.message}", Where(fetch=fetch)) from None


def warned(warnings: Program, data: Any, fetch: str) -> Any:
    """Return what an answer warns of. Raises Unreadable."""
    try:
        return warnings(data)
    except EvaluationProblem as problem:
        what = f"`warnings: {warnings.text}` failed: {problem.message}"
        raise Unreadable(what, Where(fetch=fetch), "correct the expression") from None


def _is_null(path: tuple[str, ...] | None, data: Any) -> bool:
    """Whether a plain path ends at a key that is there and null, or at a list that is there and empty."""
    for step in path or ("",):
        if not isinstance(data, Mapping) or step not in data:
            return isinstance(data, list) and not data
        data = data[step]
    return data is None or data == []


def _not_there(what: str, data: Any, fetch: str, items: Program | None = None) -> Unreadable:
    """Return the error of a list that is not where it is looked for, with what is there as far as its path leads."""
    path = min(items.paths, key=lambda path: items.paths[path][0], default=()) if items else ()
    led = 0
    while led < len(path) and isinstance(data, Mapping) and path[led] in data:
        data, led = data[path[led]], led + 1
    place = f"`{'.'.join(path[:led])}`" if led else ""
    if isinstance(data, Mapping) and data:
        keys = ", ".join(cut(str(key), 100) for key in list(data)[:20])
        there = f"{place} has the keys {keys}" if place else f"there are the keys {keys}"
        return Unreadable(f"{what}; {there}", Where(fetch=fetch), "correct `items`")
    kind = "an empty object" if data == {} else kind_of(data)
    return Unreadable(f"{what}: {place or 'it'} is {kind}", Where(fetch=fetch), "correct `items`")
