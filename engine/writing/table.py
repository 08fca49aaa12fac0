"""A table for people: rows appear as they come, so columns have a fixed width and long values are cut."""

from datetime import datetime
from typing import IO, Any

from engine.escaping import escaped
from engine.records import Email, Record, getter

__all__ = ["TableWriter"]

#: Heading, field and least width.
Column = tuple[str, str, int]
#: The wider ones share what is left of the terminal; those on the right are left out where it is narrow.
_SHOWN: dict[str, list[Column]] = {
    "course_enrollments": [
        ("id", "id", 12), ("user", "user.name", 16), ("course", "course.title", 16), ("status", "status", 11),
        ("progress", "progress_percent", 8), ("score", "score", 7), ("completed", "completed_at", 10),
        ("last activity", "last_activity_at", 13),
    ],
    "courses": [
        ("id", "id", 12), ("code", "code", 12), ("title", "title", 24), ("type", "type", 13), ("status", "status", 9),
    ],
    "users": [
        ("id", "id", 12), ("name", "name", 20), ("username", "username", 14), ("e-mail", "emails", 24),
        ("status", "status", 9), ("role", "role", 10),
    ],
    "course_items": [
        ("id", "id", 12), ("course", "course.title", 20), ("type", "type", 14), ("title", "title", 24),
    ],
}  # fmt: skip
_STRETCHED = 16


class TableWriter:
    """Writes a heading, and a row for each record."""

    def __init__(self, resource: str, stream: IO[str]) -> None:
        from rich.console import Console

        console = Console(file=stream, highlight=False, soft_wrap=True)
        shown = _fitting(_SHOWN[resource], console.width) if console.is_terminal else _SHOWN[resource]
        left = console.width - sum(width + 1 for _, _, width in shown) + 1
        share = max(left, 0) // sum(width >= _STRETCHED for _, _, width in shown)
        self._widths = [width + (share if width >= _STRETCHED else 0) for _, _, width in shown]
        self._getters = [getter(field) for _, field, _ in shown]
        self._headings = [heading for heading, _, _ in shown]
        self._stream, self._console = stream, console

    def head(self) -> None:
        """Write the heading."""
        from rich.text import Text

        with self._console.capture() as styled:  # it would end the program itself where the reader has gone
            self._console.print(Text(self._line(self._headings), style="bold"))
        self._stream.write(styled.get())

    def write(self, record: Record) -> None:
        """Write one record."""
        self._stream.write(self._line([_short(get(record)) for get in self._getters]) + "\n")

    def _line(self, cells: list[str]) -> str:
        return " ".join(_fitted(cell, width) for cell, width in zip(cells, self._widths, strict=True)).rstrip()


def _fitting(shown: list[Column], width: int) -> list[Column]:
    """Return the columns that have room, at least the first three."""
    return [column for index, column in enumerate(shown)
            if index < 3 or sum(least + 1 for _, _, least in shown[: index + 1]) <= width + 1]  # fmt: skip


def _fitted(cell: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(cell, width) if cell_len(cell) <= width else set_cell_size(cell, width - 1) + "…"


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return _short(value[0]) if value else ""
    if isinstance(value, Email):
        return _short(value.email)
    return escaped(" ".join(str(value).split()))
