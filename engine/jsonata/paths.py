"""Plain dotted paths, walked without the expression engine: most fields of most mappings are nothing more.

The meaning is that of JSONata (https://docs.jsonata.org/simple): a step over a list goes to each of its elements,
results are flattened, one result is the value itself, none is absent. Null is absent.
"""

import re
from typing import Any

__all__ = ["parse_path", "walk"]

_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
#: Words that are operators or literals in JSONata, not names.
_RESERVED = frozenset({"and", "or", "in", "true", "false", "null", "function"})


def parse_path(text: str) -> tuple[str, ...] | None:
    """Return the steps of a plain dotted path, or None for any other expression."""
    text = text.strip()
    if not _PATH.fullmatch(text):
        return None
    steps = tuple(text.split("."))
    return None if _RESERVED.intersection(steps) else steps


def walk(steps: tuple[str, ...], value: Any) -> Any:
    """Return what the path finds, or None."""
    for index, step in enumerate(steps):
        if type(value) is dict:
            value = value.get(step)
        elif type(value) is list:
            return _each(steps[index:], value)
        else:
            return None
    return [element for element in value if element is not None] if type(value) is list and None in value else value


def _each(steps: tuple[str, ...], elements: list[Any]) -> Any:
    """Walk one step over every element, then the rest over what that found."""
    found: list[Any] = []
    for element in elements:
        value = walk(steps[:1], element)
        if type(value) is list:
            found.extend(value)
        elif value is not None:
            found.append(value)
    if len(steps) > 1 and found:
        return _each(steps[1:], found)
    return found[0] if len(found) == 1 else found or None
