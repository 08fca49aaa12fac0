"""What comes out: fields, status and other words of one resource."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from engine.mapping.fetch import Join
from engine.mapping.texts import Closed, Expression, LoopText, Name

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

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse words that nothing is looked up in."""
        if "words" in given and "from" not in given and not cls.has_unknown(given):
            yield "`words` needs `from`, which finds the provider's word; give `from`, or leave `words` out"


class Resource(Closed):
    """One record per item of a fetch."""

    for_: Annotated[LoopText, Field(alias="for")]
    """`name in fetch`: one record for each item."""
    join: dict[Name, Join] = {}
    """Items of other fetches, by the name they get here."""
    where: Expression | None = None
    """Which items become records."""
    fields: dict[str, Expression]
    """Unified field, dotted: expression. `id` is required; `custom_fields.anything` is free."""
    status: Status | None = None
    """The status of the record."""
    words: dict[str, Words] = {}
    """Other fields that are one of a set of words, such as `type`, `level` or `role`."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse records without an id."""
        if isinstance(given.get("fields"), dict) and "id" not in given["fields"]:
            yield "a record needs an id; give `id` among its `fields`"
