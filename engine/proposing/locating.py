"""Where a list is: its path with a hole for each parameter, filled by the list it is below, or by the customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.holes import MARK
from engine.proposing.documents import Document, as_map, as_text
from engine.proposing.drafts import Listing
from engine.proposing.matching import matched
from engine.proposing.names import words
from engine.proposing.operations import Operation, size, usual
from engine.proposing.paging import Asked, paging
from engine.proposing.paths import as_hole
from engine.proposing.servers import variable
from engine.proposing.yaml import Noted

__all__ = ["LEAST", "Locating"]

#: Words of parameters that are the same for all that one customer has.
_CUSTOMER = (
    "account organization organisation org tenant company portal site school customer domain subdomain workspace "
    "instance region client business enterprise api institution"
)
_OF_CUSTOMER = frozenset(_CUSTOMER.split())
_NOT_ASKED = frozenset({"authorization", "accept", "content-type"})
_DEEPEST = 4
#: How much a list must look like a resource to be taken for it.
LEAST = 4
#: What names of items would hide.
_TAKEN = frozenset({"connection", "run", "filter", "page", "item", "token", "job", "ready"})


@dataclass
class Locating:
    """The lists of a document while they become listings, each once; `connection` is what a customer supplies."""

    document: Document
    known: Mapping[str, Operation]
    connection: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Listing] = field(default_factory=dict)

    def listing(self, operation: Operation, depth: int = 0) -> Listing:
        """Return the list of an operation, below those that its path needs."""
        if operation.path in self.made:
            return self.made[operation.path]
        resource = operation.best.resource
        get, parent = self._path(operation, depth)
        query, used = self._paging(operation)
        listing = Listing(
            resource, self._name(operation), get, operation.best.path, operation.best.item, operation.answer, used,
            parent,
            query, self._headers(operation), tuple(self._notes(operation, used.used | query.keys())),
            certain=operation.best.score >= LEAST,
        )  # fmt: skip
        listing.called = _called(listing)
        self.made[operation.path] = listing
        return listing

    def _name(self, operation: Operation) -> str:
        """Return a name for a fetch that no other has."""
        parts = [part for part in operation.path.split("/") if part and "{" not in part]
        name = (
            {"course_enrollments": "enrollments"}.get(operation.best.resource) if operation.best.score >= LEAST else ""
        )
        name = name or variable(parts[-1] if parts else operation.best.resource)
        taken = {one.fetch for one in self.made.values()}
        return next(
            each for number in range(1, 1000) if (each := name if number == 1 else f"{name}_{number}") not in taken
        )

    def _path(self, operation: Operation, depth: int) -> tuple[Noted, Listing | None]:
        """Return the path of an operation and the list that it is below, if any."""
        parts = operation.path.split("/")
        holes, parent = self._holes(parts, operation, depth)
        missing = [parts[index] for index, hole in holes.items() if hole is None]
        if missing:
            what = f"{MARK} {operation.path}, where {' and '.join(missing)}: by `for:` over another fetch, or by the"
            return Noted(f"{what} connection", operation.summary), parent
        text = "/".join(holes.get(index) or _literal(part) for index, part in enumerate(parts))
        return Noted(text if text.startswith(("/", "http")) else f"/{text}", operation.summary), parent

    def _holes(
        self, parts: list[str], operation: Operation, depth: int
    ) -> tuple[dict[int, str | None], Listing | None]:
        """Return the hole of each part of a path that is a parameter, None where nothing is known to fill it."""
        at = [index for index, part in enumerate(parts) if "{" in part]
        holes: dict[int, str | None] = {}
        parent: Listing | None = None
        for index in reversed(at):
            name = parts[index].strip("{}")
            above = self.known.get("/".join(parts[:index]))
            if (
                parent is None
                and above is not None
                and parts[index] == f"{{{name}}}"
                and depth < _DEEPEST
                and above is not operation
            ):
                listing = self.listing(above, depth + 1)
                hole = self._id(listing)
                if hole:
                    parent, holes[index] = listing, hole
                    continue
            filled = self._filled_above(index, parent)
            holes[index] = filled or self._supplied(name, parts[index], operation)
        return holes, parent

    def _id(self, listing: Listing) -> str | None:
        """Return the hole for the id of a parent's items."""
        match = listing.matches.found.get("id") or matched(listing.item, "courses").found.get("id")
        return as_hole(match.path, listing.loop) if match else None

    def _filled_above(self, index: int, parent: Listing | None) -> str | None:
        """Return the part of the parent's path at the same place: what fills it there fills it here."""
        while parent is not None:
            text = str(parent.get.value).split("/")
            if len(text) > index and "{" in text[index] and not str(parent.get.value).startswith(MARK):
                return text[index]
            parent = parent.parent
        return None

    def _supplied(self, name: str, part: str, operation: Operation) -> str | None:
        """Return the hole of a parameter that is always the same: a connection field, or what the document says."""
        parameter = next((each for each in operation.asked("path") if each.get("name") == name), {})
        default = as_map(self.document.follow(parameter.get("schema"))).get("default", parameter.get("default"))
        if not set(words(name)) & _OF_CUSTOMER or part != f"{{{name}}}":
            return _literal(default) if isinstance(default, str) and default else None
        known = {"default": default} if isinstance(default, str) and default else {}
        told = " ".join(as_text(parameter.get("description")).split())[:200]
        title = " ".join(words(name)).capitalize()
        self.connection.setdefault(
            variable(name), {"title": title, **known, "help": told or f"{MARK} where a customer finds it"}
        )
        return f"{{connection.{variable(name)}}}"

    def _paging(self, operation: Operation) -> tuple[dict[str, Any], Any]:
        """Return what must be asked for, and how the list goes on."""
        query = operation.asked("query")
        asked = [Asked(each["name"], size(each, self.document)) for each in query]
        used = paging(operation.answer, operation.best.path, asked or [Asked("")], link_header=operation.link_header)
        wanted = [each for each in query if each.get("required") is True and each["name"] not in used.used]
        return {each["name"]: self._value(each) for each in wanted}, used

    def _headers(self, operation: Operation) -> dict[str, Any]:
        wanted = [each for each in operation.asked("header") if each.get("required") is True]
        return {each["name"]: self._value(each) for each in wanted if each["name"].lower() not in _NOT_ASKED}

    def _value(self, parameter: Mapping[str, Any]) -> Noted:
        told = " ".join(as_text(parameter.get("description")).split())[:100]
        value = usual(parameter, self.document)
        if value is None:
            return Noted(f"{MARK} {told or 'what the provider wants here'}", "required")
        return Noted(_literal(value) if isinstance(value, str) else value, f"required{f': {told}' if told else ''}")

    def _notes(self, operation: Operation, used: frozenset[str]) -> list[str]:
        names = [each["name"] for each in operation.asked("query") if each["name"] not in used]
        told = f"It may also be asked with: {', '.join(names[:25])}{' …' if len(names) > 25 else ''}."
        looks = f"looks like {operation.best.resource}" if operation.best.score >= LEAST else "others are below"
        return [f"GET {operation.path}, which {looks}.", *([told] if names else [])]


def _called(listing: Listing) -> str:
    """Return what the items of a list are called: as usual, or after their list, and never as what they are below."""
    above = set(_TAKEN)
    parent = listing.parent
    while parent is not None:
        above.add(parent.loop)
        parent = parent.parent
    name = listing.loop if listing.certain else listing.fetch.removesuffix("s") or listing.fetch
    return next(each for number in range(1, 100) if (each := name if number == 1 else f"{name}_{number}") not in above)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
