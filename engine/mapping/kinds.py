"""Nodes of the format that are one of several kinds."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ConfigDict

from engine.mapping.texts import Closed

__all__ = ["OneKind"]


class OneKind(Closed):
    """A node that is exactly one of several kinds, each a key."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse anything but exactly one kind."""
        kinds = ", ".join(f"`{info.alias or name}`" for name, info in cls.model_fields.items())
        if len(given) > 1:
            yield f"there are {len(given)} kinds where one is wanted; give exactly one of {kinds}"
        elif not given:
            yield f"no kind is given; give exactly one of {kinds}"

    @property
    def kind(self) -> str:
        """The name of the kind given."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        """The settings of the kind given."""
        return getattr(self, self.kind)
