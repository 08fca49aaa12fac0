"""Which names an expression or a hole can see, by its path in the mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.outline import Chain, Outline
from engine.positions import Path
from engine.records import field_kinds

__all__ = ["GLOBALS", "OWN", "Scope", "visible"]

#: What is visible everywhere but in answers.
GLOBALS = ("connection", "run", "filter")
#: What the holes of a report's requests see: what it was asked for with, and how it was told to be ready.
REPORT = ("job", "ready")
#: Names with a meaning of their own, which nothing else can have.
OWN = (*GLOBALS, "page", "item", "token", "batch", *REPORT)
#: What rules for errors, and what finds a token, see of an answer.
ANSWER = ("status", "headers", "body", "text")

_RUN = ("now", "since")
_PAGE = {"page": ("number", "size"), "offset": ("offset", "size"), "cursor": ("cursor",)}


@dataclass(frozen=True)
class Scope:
    """Visible names; `parts` are the names within a name, where they are known. `whole` if there are no others."""

    names: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    whole: bool = True


def visible(outline: Outline, path: Path, *, hole: bool = False) -> Scope | None:
    """Return what is visible at a path; None where it is the answer of the provider, which may have any name."""
    scope = _visible(outline, path, hole=hole)
    if scope is None or not hole or outline.node.get("http", "auth", "token") is None:
        return scope
    if path[:2] in (("http", "auth"), ("http", "base_url")):  # before there is a token
        return scope
    return replace(scope, names=(*scope.names, "token"), parts={**scope.parts, "token": ("",)})


def _visible(outline: Outline, path: Path, *, hole: bool) -> Scope | None:
    match path:
        case ("http", "errors", *_) | ("fetch", _, "errors", *_) | ("http", "auth", "token", "value" | "expires_in"):
            return Scope(ANSWER, {})
        case ("fetch", _, "job", "ready" | "failed" | "message"):
            return Scope(ANSWER, {})
        case ("http", "pages", *_) | ("fetch", _, "pages", *_):
            return None
        case ("fetch", _, "warnings"):
            return None
        case ("fetch", str(fetch), "items") if outline.requests(fetch):
            return None
        case ("fetch", str(fetch), *rest):
            return _of_owner(outline, ("fetch", fetch), tuple(rest), hole=hole)
        case (str(resource), *rest) if resource in outline.resources:
            return _of_owner(outline, (resource,), tuple(rest), hole=hole)
    return _scope(outline, ())


def _of_owner(outline: Outline, owner: Path, rest: Path, *, hole: bool) -> Scope:
    """Return what is visible in a fetch or resource."""
    chain = outline.chain(owner)
    above = tuple(loop.name for loop in chain or ())
    joins = outline.names(*owner, "join")
    whole = chain is not None
    batched = owner[0] == "fetch" and outline.node.get(*owner, "batch") is not None
    if batched and rest not in (("when",), ("batch", "id")):  # what is said of several parents sees none of them
        above = (*above[:-1], *(("item",) if rest in (("where",), ("batch", "key")) else ("batch",)))
        return _scope(outline, above, _pages(outline, owner, hole=hole), {"batch": ("ids",)}, whole=whole)
    match rest:
        case ("join", str(join), "key"):
            shared = _shared(outline, chain, outline.joined(owner, join))
            return _scope(outline, ("item", *above[:shared]), whole=whole)
        case ("join", str(join), *_):
            return _scope(outline, (*above, *joins[: joins.index(join)]), whole=whole)
        case ("where",) if owner[0] == "fetch":
            return _scope(outline, (*above, *joins, "item"), whole=whole)
        case ("job", "poll" | "result" as step, *_):
            return _scope(outline, (*above, *joins, *REPORT[: 1 if step == "poll" else 2]), whole=whole)
    return _scope(outline, (*above, *joins), _pages(outline, owner, hole=hole), whole=whole)


def _pages(outline: Outline, owner: Path, *, hole: bool) -> tuple[str, ...]:
    """Return what holes see of the page that is asked for."""
    paging = outline.paging(str(owner[1])) if hole and owner[0] == "fetch" else None
    return _PAGE.get(paging.kind, ()) if paging else ()


def _shared(outline: Outline, chain: Chain | None, fetch: str | None) -> int:
    """Return how many levels the items of a joined fetch have in common with the row: a table belongs to all of it."""
    below = outline.chain(("fetch", fetch)) if fetch is not None else None
    shared = 0
    for row, joined in zip(chain or (), below or (), strict=False):
        if row.fetch != joined.fetch:
            break
        shared += 1
    return shared


def _scope(
    outline: Outline,
    names: tuple[str, ...],
    pages: tuple[str, ...] = (),
    own: Mapping[str, tuple[str, ...]] | None = None,
    *,
    whole: bool = True,
) -> Scope:
    fields = {name: None for resource in outline.resources for name in field_kinds(resource) if "<" not in name}
    parts = {"connection": tuple(outline.connection), "run": _RUN, "filter": tuple(fields), **(own or {})}
    if pages:
        parts["page"] = pages
    return Scope((*names, *GLOBALS, *(("page",) if pages else ())), parts, whole)
