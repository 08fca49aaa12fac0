"""CSV (RFC 4180) as plain data: an object for each row, by the names in the first.

Values are text, as they stand. Nothing is guessed: a table that lacks a column, or a row that does not fit it, is a
problem, since half a table looks like one.
"""

import csv
import io
from collections.abc import Sequence

__all__ = ["TableProblem", "read"]


class TableProblem(ValueError):
    """What is not such a table; `what` and what to `do`."""

    def __init__(self, what: str, do: str) -> None:
        self.what, self.do = what, do
        super().__init__(f"{what}; {do}")


def read(document: bytes, columns: Sequence[str], delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a table that has these columns, and perhaps more. Raises TableProblem."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableProblem("it is not encoded as UTF-8", "ask for UTF-8, or tell the vendor") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        head = next(reader, [])
        _check(head, columns)
        return [_row(head, values, reader.line_num) for values in reader if values]
    except csv.Error as error:
        raise TableProblem(f"line {reader.line_num} is not CSV: {error}", "tell the vendor") from None


def _check(head: Sequence[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in head:
            there = ", ".join(f"`{name}`" for name in head[:30]) or "none"
            raise TableProblem(f"it has no column `{column}`; there are {there}", "correct `columns` or `delimiter`")
    for column in head:
        if head.count(column) > 1:
            raise TableProblem(f"it has more than one column `{column}`", "ask for each column once")


def _row(head: Sequence[str], values: Sequence[str], line: int) -> dict[str, str]:
    if len(values) != len(head):
        what = f"the row that ends in line {line} has {len(values)} values for {len(head)} columns"
        raise TableProblem(what, "try again; if it stays so, tell the vendor")
    return dict(zip(head, values, strict=True))
