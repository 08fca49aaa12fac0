"""Who changed what, and when. A line is written with its change, both or neither, and never has a secret in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.store import tables
from engine.store.database import Database

__all__ = ["Audit", "AuditLine", "note"]


@dataclass(frozen=True)
class AuditLine:
    """One change. `actor` is who made it, `subject` the id of what was changed, `details` which parts of it."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]


def note(connection: Connection, actor: str, action: str, subject: str, **details: Any) -> None:
    """Write a line in the transaction of its change. Details have names and counts, never what a customer supplied."""
    line = {"at": datetime.now(UTC), "actor": actor, "action": action, "subject": subject, "details": details}
    connection.execute(insert(tables.audit).values(line))


class Audit:
    """The lines there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, actor: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """Write a line for what changed outside of the store; the store itself writes its own."""
        with self._database.writing() as connection:
            note(connection, actor, action, subject, **details)

    def list(self, limit: int = 100, before: int | None = None, subject: str | None = None) -> list[AuditLine]:
        """Return lines, the newest first; those `before` an id, of one `subject` or of all."""
        wanted = select(tables.audit).order_by(tables.audit.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(tables.audit.c.id < before)
        if subject is not None:
            wanted = wanted.where(tables.audit.c.subject == subject)
        with self._database.reading() as connection:
            return [AuditLine(**row) for row in connection.execute(wanted).mappings()]
