"""The status of a resource, and its other fields that are words, as parts of a mapping."""

from typing import Any

from engine.holes import MARK
from engine.proposing.drafts import Listing
from engine.proposing.evidence import evidence
from engine.proposing.matching import called
from engine.proposing.paths import as_path
from engine.proposing.shapes import Path
from engine.proposing.statuses import Worded, worded
from engine.proposing.tables import STATUS
from engine.proposing.yaml import Expr, Noted
from engine.records import words_of

__all__ = ["status", "words"]

#: What a switch of this name shows, where no word does.
_SWITCHES: dict[str, dict[str, tuple[str, ...]]] = {
    "course_enrollments": {
        "passed": ("passed", "ispassed", "haspassed"),
        "failed": ("failed", "isfailed"),
        "completed": ("completed", "iscompleted", "complete", "iscomplete", "completion", "finished", "isfinished",
            "done"),
        "expired": ("expired", "isexpired"),
        "overdue": ("overdue", "isoverdue", "late", "islate"),
    },
    "courses": {"published": ("published", "ispublished"), "archived": ("archived", "isarchived")},
    "users": {
        "deleted": ("deleted", "isdeleted"), "suspended": ("suspended", "issuspended"),
        "active": ("active", "isactive", "enabled", "isenabled"),
    },
}  # fmt: skip


def status(listing: Listing) -> Noted | None:
    """Return how the status is found: by the provider's word, or else by what shows it; None where nothing does."""
    found, others = worded(listing.matches, "status")
    also = tuple(f"Called like a status as well: {other}." for other in others)
    if found:
        said = _said(found, listing)
        return Noted({"from": said, **_table(found, listing, "status")}, above=(*_whole(found), *also))
    when = _shown(listing)
    if when:
        rest = (
            {"otherwise": Noted("enrolled", "where nothing of it holds")}
            if listing.resource == "course_enrollments"
            else {}
        )
        return Noted(
            {"when": when, **rest}, above=("No word for it was found; what shows it, the first that holds:", *also)
        )
    if listing.resource != "course_enrollments":
        return None
    hole = (
        f"{MARK} the provider's own word for the status, such as {listing.loop}.state; or write `when:`, what shows it"
    )
    return Noted({"from": Expr(hole)}, above=("Nothing here is called like a status.",))


def words(listing: Listing) -> dict[str, Any]:
    """Return the other fields that are one of a set of words."""
    tables: dict[str, Any] = {}
    for field in STATUS[listing.resource]:
        if field == "status":
            continue
        found, _ = worded(listing.matches, field)
        if found:
            tables[field] = Noted(
                {"from": _said(found, listing), **_table(found, listing, field, always=True)}, above=_whole(found)
            )
    return tables


def _said(found: Worded, listing: Listing) -> Noted:
    return Noted(Expr(as_path(found.path, listing.loop)), evidence(found.shape, listing.met))


def _whole(found: Worded) -> tuple[str, ...]:
    if found.clear or found.unclear:
        return ("Words that are not in the table become `unknown`, are counted and reported.",)
    return ("No word was met: put the provider's words into `words:`, each with its meaning.",)


def _table(found: Worded, listing: Listing, field: str, *, always: bool = False) -> dict[str, Any]:
    """Return the table of words: those that are clear, and holes for the others."""
    choices = ", ".join(words_of(listing.resource, field))
    table: dict[str, Any] = {}
    for word, meaning in found.clear.items():
        table[word] = Noted(meaning, _met(found, word, listing))
    for word in found.unclear:
        table[word] = Noted(f"{MARK} one of {choices}", _met(found, word, listing))
    return {"words": table} if table or always else {}


def _met(found: Worded, word: str, listing: Listing) -> str:
    return f"{found.often(word)} of {listing.met}" if found.shape.counted else ""


def _shown(listing: Listing) -> dict[str, Any]:
    """Return conditions that show a status, in the order in which they outrank each other."""
    when: dict[str, Any] = {}
    for meaning, names in _SWITCHES[listing.resource].items():
        place = next((path for path in listing.matches.rest if _is_switch(path, listing, names)), None)
        if place:
            shape = listing.matches.rest.pop(place)
            when[meaning] = Noted(Expr(as_path(place, listing.loop)), evidence(shape, listing.met))
    if listing.resource == "course_enrollments":
        for meaning, fields in (("completed", ("completed_at",)), ("in_progress", ("started_at", "progress_percent"))):
            given = next((name for name in fields if name in listing.matches.found), None)
            if given and meaning not in when:
                path = as_path(listing.matches.found[given].path, listing.loop)
                more = given == "progress_percent"
                when[meaning] = Noted(Expr(f"$number({path}) > 0" if more else path), f"by {given}")
    return when


def _is_switch(path: Path, listing: Listing, names: tuple[str, ...]) -> bool:
    reason = listing.matches.reasons.get(path, "")
    shape = listing.matches.rest[path]
    return (
        shape.given == {"boolean"}
        and "cannot be written" not in reason
        and bool(set(called(path, listing.resource)) & set(names))
    )
