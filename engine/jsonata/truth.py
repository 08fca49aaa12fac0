"""Whether a value counts as true, as JSONata's `$boolean` says (https://docs.jsonata.org/boolean-functions#boolean)."""

from typing import Any

__all__ = ["truth"]


def truth(value: Any) -> bool:
    """Return whether a result counts as true: a list does when anything in it does, so `[0]` does not."""
    if isinstance(value, list):
        return any(truth(element) for element in value)
    return bool(value)
