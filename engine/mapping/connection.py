"""Who the provider is and what a customer supplies."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from engine.mapping.texts import Closed

__all__ = ["ConnectionField", "Provider", "is_id"]

_ID = r"^[a-z0-9][a-z0-9_-]*$"


def is_id(text: str) -> bool:
    """Whether a text can be the id of a provider."""
    return re.search(_ID, text) is not None


class Provider(Closed):
    """Who the provider is."""

    id: str = Field(
        pattern=_ID,
        json_schema_extra={"patternErrorMessage": "write small letters, digits, `_` and `-`"},
    )
    """The name used everywhere: in commands, file names and errors."""
    name: str
    """The product's own name."""
    docs: str | None = Field(
        default=None,
        pattern=r"^https?://",
        json_schema_extra={"patternErrorMessage": "write a whole address, beginning with https://"},
    )
    """Where the vendor documents the API."""
    about: str | None = None
    """One sentence on what this mapping reads, where a provider has several."""
    gaps: list[str] = []
    """What this mapping cannot know or read, one sentence each; shown to users."""


class ConnectionField(Closed):
    """One thing a customer supplies. Prompts, forms, JSON Schema and redaction come from it."""

    title: str
    """What the field is called on the provider's pages."""
    format: Literal["text", "url", "integer", "boolean"] = "text"
    """What a value looks like; it is checked before the first request."""
    secret: bool = False
    """Never shown, logged or recorded, and never visible to expressions."""
    required: bool = True
    """Whether the provider cannot be called without it; a field with a default is never missing."""
    default: str | int | bool | None = None
    """Used when the customer leaves it out."""
    example: str | None = None
    """A made-up value in the right form."""
    help: str | None = None
    """Where a customer finds it."""
    choices: list[str] | None = None
    """The only values there are."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a default that is a secret, or that could not be given."""
        default, choices = given.get("default"), given.get("choices")
        kinds: dict[Any, tuple[type, str]] = {
            "integer": (int, "a whole number"), "boolean": (bool, "`true` or `false`"), "url": (str, "an address"),
        }  # fmt: skip
        if default is None:
            return
        if given.get("secret") is True:
            yield "a secret has no default, or it would be everybody's; leave `default` out"
        if isinstance(choices, list) and str(default) not in map(str, choices):
            yield "the default is none of `choices`; add it there, or choose another"
        wanted = kinds.get(given.get("format")) if isinstance(given.get("format"), str) else None
        if wanted and type(default) is not wanted[0]:
            yield f"the default does not fit `format: {given['format']}`; write {wanted[1]}"
