"""JSON Lines: one record a line (https://jsonlines.org)."""

from collections.abc import Callable

from engine.records import Record, as_json

__all__ = ["LinesWriter"]


class LinesWriter:
    """Writes one line of JSON for each record."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, record: Record) -> None:
        """Write one record."""
        self._write(as_json(record) + b"\n")
