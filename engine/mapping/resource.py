"""What comes out: fields, status and other words of one resource."""

from typing import Annotated, Any

from pydantic import Field

from engine.mapping.fetch import Join
from engine.mapping.texts import Closed, Expression, LoopText

__all__ = ["Resource", "Status", "Words"]


class Words(Closed):
    """The provider's words for one field, as a table."""

    from_: Annotated[Expression, Field(alias="from")]
    """The provider's own word."""
    words: dict[str, str]
    """Provider's word: unified word. Upper and lower case are the same. Words not listed become `unknown` (or
    `other`), are counted and reported."""


class Status(Closed):
    """How the status is found: evidence first, then the provider's word."""

    when: dict[str, Expression] = {}
    """Unified word: condition. The first that holds decides, before the provider's word."""
    from_: Annotated[Expression | None, Field(alias="from")] = None
    """The provider's own word; kept in `custom_fields.remote_status`."""
    words: dict[str, str] = {}
    """Provider's word: unified word. Upper and lower case are the same. Words not listed become `unknown`,
    are counted and reported."""
    otherwise: str | None = None
    """The status where no `when` holds and the provider has no word; `unknown` unless given."""


class Resource(Closed):
    """One record per item of a fetch."""

    for_: Annotated[LoopText, Field(alias="for")]
    """`name in fetch`: one record for each item."""
    join: dict[str, Join] = {}
    """Items of other fetches, by the name they get here."""
    where: Expression | None = None
    """Which items become records."""
    fields: dict[str, Expression]
    """Unified field, dotted: expression. `id` is required; `custom_fields.anything` is free."""
    status: Status | None = None
    """The status of the record."""
    words: dict[str, Words] = {}
    """Other fields that are one of a set of words, such as `type`, `level` or `role`."""

    def model_post_init(self, _context: Any) -> None:
        """Refuse a record without an id."""
        if "id" not in self.fields:
            raise ValueError("a record needs `id` among its fields")
