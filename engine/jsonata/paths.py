"""Plain dotted paths, walked without the expression engine: most fields of most mappings are nothing more.

A step is a name, or anything between backquotes: ``user.`Full name` ``. The meaning is that of JSONata
(https://docs.jsonata.org/simple): a step over a list goes to each of its elements, what they have is put into one
list, one result is the value itself, and none is absent. Null is absent.
"""

import re
from datetime import UTC, datetime
from typing import Any

__all__ = ["parse_path", "rfc3339", "step_offsets", "walk"]

_STEP = r"(?:[^\W\d]\w*|`[^`]+`)"
_PATH = re.compile(rf"{_STEP}(?:\.{_STEP})*")
_ONE = re.compile(_STEP)
#: Words that are operators or values in JSONata, not names.
_RESERVED = frozenset({"and", "or", "in", "true", "false", "null", "function"})


def parse_path(text: str) -> tuple[str, ...] | None:
    """Return the steps of a plain dotted path, or None for any other expression."""
    text = text.strip(" \t\r\n")
    if not _PATH.fullmatch(text):
        return None
    steps = _ONE.findall(text)
    return None if _RESERVED.intersection(steps) else tuple(step.strip("`") for step in steps)


def step_offsets(text: str) -> tuple[int, ...]:
    """Return where in its text each step of a plain dotted path begins."""
    return tuple(step.start() for step in _ONE.finditer(text))


def walk(steps: tuple[str, ...], value: Any) -> Any:
    """Return what the path finds in plain JSON, or None. What it finds is the caller's own object."""
    for index, step in enumerate(steps):
        if type(value) is dict:
            value = value.get(step)
        elif type(value) is list:
            return _through(steps[index:], value if index else [value])
        else:
            return None
    if type(value) is list:
        return _present(value)
    return rfc3339(value) if type(value) is datetime else value


def rfc3339(time: datetime) -> str:
    """Write a time of the run as RFC 3339 text in UTC (https://www.rfc-editor.org/rfc/rfc3339)."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _present(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None] if None in values else values


def _through(steps: tuple[str, ...], contexts: list[Any]) -> Any:
    """Walk over a list of contexts, one step for all of them after the other."""
    found: list[Any] = []
    for step in steps:
        found = [value for context in contexts if (value := _look_up(step, context)) is not None]
        if not found:
            return None
        contexts = _flattened(found)
    if len(found) == 1 and type(found[0]) is list:
        return _present(found[0])  # the one list there is stays a list, even of one
    return contexts[0] if len(contexts) == 1 else contexts or None


def _flattened(values: list[Any]) -> list[Any]:
    """Put lists among the values in the place where they stand, one level deep."""
    flat: list[Any] = []
    for value in values:
        if type(value) is list:
            flat.extend(entry for entry in value if entry is not None)
        else:
            flat.append(value)
    return flat


def _look_up(step: str, context: Any) -> Any:
    """Return what one context has under a name; a list within a list gives what all its elements have."""
    if type(context) is dict:
        return context.get(step)
    if type(context) is not list:
        return None
    found = _flattened([value for entry in context if (value := _look_up(step, entry)) is not None])
    return found[0] if len(found) == 1 else found or None
