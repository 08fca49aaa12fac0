"""A draft as the file it becomes: what is known, what is guessed and why, and what is to be filled in."""

from typing import Any

from engine.holes import MARK
from engine.proposing.drafts import Draft, Listing
from engine.proposing.paths import as_path
from engine.proposing.resources import resource, usual_times
from engine.proposing.times import Form
from engine.proposing.yaml import Expr, Noted, comment, written
from engine.records import STATUSES

__all__ = ["mapping_text"]

_TOP = """\
{name}: what to call, and what comes out.
`rollbook check {id}.yaml` lists what is still to be filled in: the texts that begin with {mark}
Text with {{holes}} looks up in addresses, queries, headers and auth; expressions (docs/expressions.md) compute
everywhere else. Every key is explained in docs/format.md.
"""
_RESOURCES = ("course_enrollments", "courses", "users")


def mapping_text(draft: Draft) -> str:
    """Return a draft as the text of a mapping."""
    top = ["# yaml-language-server: $schema=schema.json", "#"]
    for text in (*_TOP.format(name=" ".join(draft.name.split()), id=draft.id, mark=MARK).splitlines(), *draft.notes):
        top += comment(text)
    return "\n".join([*top, "mapping: 1", "", written(_tree(draft))])


def _tree(draft: Draft) -> dict[str, Any]:
    usual = usual_times(draft.listings)
    tree: dict[str, Any] = {"provider": _provider(draft)}
    if draft.connection:
        tree["connection"] = Noted(draft.connection, "what a customer supplies")
    tree["http"] = Noted(_http(draft), "how every request is made")
    values = _values(usual)
    tree |= {"values": values} if values else {}
    tree["fetch"] = Noted(_fetches(draft), "what is called")
    return tree | (_resources(draft, usual) if draft.listings else _to_fill_in())


def _provider(draft: Draft) -> Noted:
    known: dict[str, Any] = {"id": draft.id, "name": draft.name, **({"docs": draft.docs} if draft.docs else {})}
    after = [] if draft.docs else ["docs: https://…  (where the vendor documents the API)"]
    after += [
        "about: …  (one sentence on what is read)",
        "gaps: […]  (what cannot be known or read, one sentence each)",
    ]
    return Noted(known, after=tuple(after))


def _http(draft: Draft) -> dict[str, Any]:
    common = _common_pages(draft)
    return {
        "base_url": draft.base_url,
        **({"headers": draft.headers} if draft.headers else {}),
        "auth": draft.auth,
        **({"pages": common} if common else {}),
        "limits": Noted(
            {"parallel": 4}, "requests at once, if the provider bears it; `rates:` says how many in a time"
        ),
        "check": draft.check,
    }


def _common_pages(draft: Draft) -> Noted | None:
    """Return how lists go on where several do so alike, which is then said once."""
    ways = [one.paging.pages for one in draft.listings]
    if len(ways) < 2 or "single" in ways[0].value or any(way.value != ways[0].value for way in ways):
        return None
    return ways[0]


def _values(usual: Form | None) -> Noted | None:
    """Return how values are written, where that is not as usual."""
    if not usual:
        return None
    times: dict[str, Any] = {} if usual.format == "rfc3339" else {"format": usual.format}
    if usual.local:
        times["zone"] = f"{MARK} the IANA zone of the times, such as Europe/Rome, for they have no offset"
    if usual.never:
        times["none"] = Noted(list(usual.never), "what stands for never")
    return Noted({"times": times}) if times else None


def _fetches(draft: Draft) -> dict[str, Any]:
    if not draft.listings:
        return {
            "courses": _fetch_to_fill_in("courses"),
            "enrollments": Noted(
                {
                    "for": "course in courses",
                    **_fetch_to_fill_in("enrollments of one course", "/courses/{course.id}/enrollments"),
                },
                above=(
                    "Once for each course, whose values are `{course.…}`; leave `for` out where one list has them all.",
                ),
            ),
        }
    done: dict[str, Any] = {}
    for listing in draft.listings:
        for one in (*_above(listing), listing):
            done.setdefault(one.fetch, _fetch(one, _common_pages(draft)))
    return done


def _above(listing: Listing) -> list[Listing]:
    above: list[Listing] = []
    while listing.parent is not None:
        listing = listing.parent
        above.insert(0, listing)
    return above


def _fetch(listing: Listing, common: Noted | None) -> Noted:
    tree: dict[str, Any] = {"for": f"{listing.parent.loop} in {listing.parent.fetch}"} if listing.parent else {}
    tree["get"] = listing.get
    query = {**listing.query, **listing.paging.query}
    tree |= {"query": query} if query else {}
    tree |= {"headers": listing.headers} if listing.headers else {}
    if listing.items or listing.answer.element is None:
        tree["items"] = Expr(as_path(listing.items))
    if common is None or common.value != listing.paging.pages.value:
        tree["pages"] = listing.paging.pages
    return Noted(tree, above=listing.notes)


def _fetch_to_fill_in(what: str, path: str = "") -> dict[str, Any]:
    return {
        "get": f"{MARK} the path of the {what}, such as {path or f'/{what}'}",
        "items": Expr(
            f"{MARK} where the list is in the answer, such as data; leave it out where the answer is the list"
        ),
        "pages": Noted({"single": True}, "or link_header, next_url, page, offset, cursor: docs/calling.md"),
    }


def _resources(draft: Draft, usual: Form | None) -> dict[str, Any]:
    others = {listing.resource: listing for listing in draft.listings}
    return {name: resource(others[name], others, usual) for name in _RESOURCES if name in others}


def _to_fill_in() -> dict[str, Any]:
    """Return the resources of a mapping of which nothing is known."""
    fields = {
        "id": Expr(
            f"{MARK} the id of the enrollment, such as enrollment.id; without one, $key(enrollment.user_id, course.id)"
        ),
        "user.id": Expr(f"{MARK} the id of the learner, such as enrollment.user_id"),
        "course.id": Expr(f"{MARK} the id of the course, such as course.id"),
        "course.title": Expr(f"{MARK} what the course is called, such as course.name"),
        "completed_at": Expr(f"{MARK} when it was completed; leave out what the provider does not give"),
    }
    choices = ", ".join(STATUSES)
    state = {
        "from": Expr(f"{MARK} the provider's own word, such as enrollment.state"),
        "words": {"active": f"{MARK} the provider's words for `active`, and for each one of {choices}"},
    }
    return {
        "course_enrollments": Noted(
            {
                "for": "enrollment in enrollments",
                "fields": Noted(fields, above=("All fields there are: docs/records.md.",)),
                "status": Noted(
                    state, above=("Words that are not in the table become `unknown`, are counted and reported.",)
                ),
            },
            after=("courses, users and course_items are written in the same form, beside this.",),
        )
    }
