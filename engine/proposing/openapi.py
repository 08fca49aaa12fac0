"""A draft from an OpenAPI document: address, auth, connection fields, and the lists that look like what is wanted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.proposing.documents import Document, as_map, as_text, read_document
from engine.proposing.drafts import Draft, Listing
from engine.proposing.locating import LEAST, Locating
from engine.proposing.operations import Operation, operations
from engine.proposing.security import security
from engine.proposing.servers import servers
from engine.proposing.yaml import Noted
from engine.spelling import counted

__all__ = ["fill_from_openapi"]

_PROOFS = ("me", "whoami", "self", "ping")


def fill_from_openapi(draft: Draft, path: Path) -> None:
    """Fill a draft with what a document says. Raises UsageError where it cannot be read."""
    document = read_document(path)
    info = as_map(document.data.get("info"))
    title = " ".join(as_text(info.get("title")).split())
    link = as_text(as_map(document.data.get("externalDocs")).get("url"))
    draft.docs = link if link.startswith(("http://", "https://")) and link.isprintable() else ""
    address = servers(document)
    draft.base_url, draft.connection = address.base_url, dict(address.connection)
    _prove(draft, document)
    known = operations(document)
    locating = Locating(document, known, draft.connection)
    chosen = _chosen(known)
    draft.listings = [
        locating.listing(chosen[name]) for name in ("courses", "users", "course_enrollments") if name in chosen
    ]
    draft.notes = [f"From {path.name}{f' ({title})' if title else ''}.", *_told(known, chosen, document)]
    draft.check = _check(document, draft.listings, draft.check)


def _prove(draft: Draft, document: Document) -> None:
    found = security(document)
    if found is None:
        draft.auth = Noted(
            {"none": True}, above=("The document has no security scheme that can be used; is nothing to prove?",)
        )
        return
    draft.auth = found.auth
    for name, given in found.connection.items():
        draft.connection.setdefault(name, given)


def _chosen(known: Mapping[str, Operation]) -> dict[str, Operation]:
    """Return the list that looks most like each resource."""
    chosen: dict[str, Operation] = {}
    for operation in known.values():
        name = operation.best.resource
        if operation.best.score >= LEAST and (name not in chosen or operation.score > chosen[name].score):
            chosen[name] = operation
    return chosen


def _told(known: Mapping[str, Operation], chosen: Mapping[str, Operation], document: Document) -> list[str]:
    """Return what is to be said of the lists that were not chosen, and of references that lead nowhere."""
    told = (
        []
        if "course_enrollments" in chosen
        else ["No list of it looks like enrollments; --from FILE shows one by a sample."]
    )
    for name, operation in chosen.items():
        others = [
            one.path
            for one in known.values()
            if one.best.resource == name and one is not operation and one.best.score >= LEAST
        ]
        if others:
            told.append(f"Other lists that look like {name}: {', '.join(others[:8])}{' …' if len(others) > 8 else ''}.")
    if document.unfollowed:
        what = counted(len(document.unfollowed), "reference")
        told.append(f"{what} could not be followed, such as {next(iter(document.unfollowed))[:100]}.")
    return told


def _check(document: Document, listings: Sequence[Listing], otherwise: Noted) -> Noted:
    """Return the request that proves a connection: one about who asks, or else a list with little of it."""
    for path in as_map(document.data.get("paths")):
        last = str(path).rstrip("/").rpartition("/")[2].lower()
        if last in _PROOFS and "{" not in str(path) and "get" in as_map(document.at("paths", path)):
            return Noted({"get": path})
    plain = [one for one in listings if one.parent is None and "FILL" not in str(one.get.value)]
    if not plain:
        return otherwise
    return Noted(_little(plain[0]), f"a little of {plain[0].fetch}")


def _little(listing: Listing) -> dict[str, Any]:
    pages = next((kind for kind in listing.paging.pages.value.values() if isinstance(kind, dict)), {})
    query = {**listing.query, **dict.fromkeys(listing.paging.query, 1)}
    if isinstance(pages.get("size_param"), str):
        query[pages["size_param"]] = 1
    return {
        "get": listing.get.value,
        **({"query": query} if query else {}),
        **({"headers": listing.headers} if listing.headers else {}),
    }
