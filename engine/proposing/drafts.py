"""What is known of a provider before its mapping is written: how it is called, and which lists it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.holes import MARK
from engine.proposing.matching import Matches, matched
from engine.proposing.paging import Paging
from engine.proposing.shapes import Path, Shape
from engine.proposing.yaml import Noted

__all__ = ["ITEM", "Draft", "Listing"]

#: What an item of each resource is called in a mapping.
ITEM = {"course_enrollments": "enrollment", "courses": "course", "users": "user"}


@dataclass
class Listing:
    """One list of a provider: how it is asked for, and what its items look like."""

    resource: str
    fetch: str
    get: Noted
    items: Path
    item: Shape
    answer: Shape
    paging: Paging
    parent: "Listing | None" = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What is said of it above its fetch."""
    called: str = ""
    """What its items are called, if not as usual."""
    certain: bool = True
    """Whether its items look like the resource, rather than like nothing known."""
    matches: Matches = field(init=False)

    def __post_init__(self) -> None:
        self.matches = matched(self.item, self.resource)

    def show(self, sample: "Listing") -> None:
        """Take the items of a sample for those of this list, which a document described."""
        same = sample.items == self.items
        where = (
            "" if same else f" at {'.'.join(sample.items) or 'the top'}, and not at {'.'.join(self.items) or 'the top'}"
        )
        self.items, self.item, self.answer = sample.items, sample.item, sample.answer
        self.matches = sample.matches
        self.notes += (*sample.notes, *((f"The sample has the list{where}.",) if where else ()))

    @property
    def loop(self) -> str:
        """What its items are called."""
        return self.called or ITEM[self.resource]

    @property
    def met(self) -> int:
        """How many items were met."""
        return self.item.met


def _connection() -> dict[str, Any]:
    return {
        "url": {"title": "Address", "format": "url", "example": "https://school.example"},
        "token": Noted(
            {"title": "Access token", "secret": True, "help": f"{MARK} where a customer finds it"},
            above=("Secrets are never shown, logged or recorded, and no expression sees them.",),
        ),
    }


@dataclass
class Draft:
    """A mapping to be: what is known, and for the rest what to fill in."""

    id: str
    name: str
    docs: str = ""
    notes: list[str] = field(default_factory=list)
    """What is said of the whole, at its top."""
    connection: dict[str, Any] = field(default_factory=_connection)
    base_url: Noted = field(
        default_factory=lambda: Noted(f"{MARK} what all paths begin with, such as {{connection.url}}/api/v1")
    )
    headers: dict[str, Any] = field(default_factory=dict)
    auth: Noted = field(
        default_factory=lambda: Noted(
            {"bearer": "{connection.token}"},
            above=("A guess, as most do. Other kinds, from basic to oauth2: docs/calling.md.",),
        )
    )
    check: Noted = field(
        default_factory=lambda: Noted(
            {"get": f"{MARK} a request that gives a little and proves that the connection works, such as /me"}
        )
    )
    listings: list[Listing] = field(default_factory=list)
