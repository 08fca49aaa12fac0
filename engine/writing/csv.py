"""CSV (RFC 4180, in UTF-8): flat columns; lists and objects as JSON in their cell.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and a payload can make it call
programs or addresses (https://owasp.org/www-community/attacks/CSV_Injection). Such a text gets an apostrophe in front,
which spreadsheets take for "this is text"; a plain number such as `-5` is left alone.
"""

import csv
import re
from datetime import datetime
from typing import IO, Any

from pydantic import BaseModel

from engine.records import Record, getter
from engine.writing.columns import columns, json_text

__all__ = ["CsvWriter"]

_FORMULA = re.compile(r"[=@\t\r\n]|[+-](?![\d.]+\Z)", re.ASCII)


class CsvWriter:
    """Writes a header, and a row for each record."""

    def __init__(self, resource: str, stream: IO[str]) -> None:
        self._names = columns(resource)
        self._getters = [getter(name) for name in self._names]
        self._rows = csv.writer(stream)

    def head(self) -> None:
        """Write the header."""
        self._rows.writerow(self._names)

    def write(self, record: Record) -> None:
        """Write one record."""
        self._rows.writerow([_cell(get(record)) for get in self._getters])


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return json_text(value) if isinstance(value, dict | list | BaseModel) else value
