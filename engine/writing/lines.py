"""JSON Lines: one record a line (https://jsonlines.org)."""

from typing import IO

from engine.records import Record, as_json

__all__ = ["LinesWriter"]


class LinesWriter:
    """Writes one line of JSON for each record."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        """Write one record."""
        self._stream.write(as_json(record).decode() + "\n")
