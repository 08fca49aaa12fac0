"""A value that cannot be read as what it should be."""

from typing import Any

__all__ = ["ValueProblem", "shown"]


class ValueProblem(ValueError):
    """Says what is wrong with which value, and what to do."""

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(what)


def shown(value: Any) -> str:
    """Return a value shortened for a message."""
    if isinstance(value, str) and len(value) > 80:
        value = value[:80]  # before it is escaped, which takes time for a text of megabytes
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
