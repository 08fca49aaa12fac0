"""Who the provider is and what a customer supplies."""

from typing import Literal

from pydantic import Field, model_validator

from engine.mapping.texts import Closed

__all__ = ["ConnectionField", "Provider"]


class Provider(Closed):
    """Who the provider is."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    """The name used everywhere: in commands, file names and errors."""
    name: str
    """The product's own name."""
    docs: str | None = Field(default=None, pattern=r"^https?://")
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

    @model_validator(mode="after")
    def _no_default_secret(self) -> "ConnectionField":
        if self.secret and self.default is not None:
            raise ValueError("a secret has no default: it would be everybody's")
        return self
