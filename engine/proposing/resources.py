"""A resource of a mapping, from one list and those it can be joined with."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.holes import MARK
from engine.proposing.drafts import Listing
from engine.proposing.evidence import evidence
from engine.proposing.matching import Match
from engine.proposing.paths import as_path
from engine.proposing.statements import status, words
from engine.proposing.times import Form
from engine.proposing.yaml import Expr, Noted

__all__ = ["resource", "usual_times"]

#: How many places are listed that are no field.
_MOST = 80
_WHO = {"user": "users", "course": "courses"}
_TITLE = {"user": "user.name", "course": "course.title"}


def usual_times(listings: Sequence[Listing]) -> Form | None:
    """Return how most times are written, which the mapping says once; with all that stands for never in this form."""
    forms = [
        match.fit.time
        for one in listings
        for match in one.matches.found.values()
        if match.fit.time and match.fit.time.format
    ]
    counted = Counter((form.format, form.local) for form in forms)
    if not counted:
        return None
    (form, local), _ = counted.most_common(1)[0]
    never = dict.fromkeys(value for each in forms if (each.format, each.local) == (form, local) for value in each.never)
    return Form(form, local, tuple(never))


def resource(listing: Listing, others: Mapping[str, Listing], usual: Form | None) -> Noted:
    """Return the part of the mapping for one list: loop, joins, fields, status, words, and what is not mapped."""
    writing = _Writing(listing, others, usual)
    fields = writing.fields()
    tree: dict[str, Any] = {"for": f"{listing.loop} in {listing.fetch}"}
    if writing.joins:
        tree["join"] = writing.joins
    tree["fields"] = Noted(fields, above=("By its name each, and by what it holds:",))
    tables = words(listing)
    state = status(listing)
    tree |= {"status": state} if state else {}
    tree |= {"words": Noted(tables)} if tables else {}
    return Noted(tree, after=tuple(_not_mapped(listing)))


class _Writing:
    """The fields of one resource while they are written."""

    def __init__(self, listing: Listing, others: Mapping[str, Listing], usual: Form | None) -> None:
        self.joins: dict[str, Any] = {}
        self._listing = listing
        self._others = others
        self._usual = usual

    def fields(self) -> dict[str, Any]:
        """Return the fields in the order of the model."""
        found = dict(self._found())
        if self._listing.resource == "course_enrollments":
            found |= self._related("user", found) | self._related("course", found)
        found.setdefault("id", self._id(found))
        order = ["id", *(name for name in _ORDER if name in found and name != "id")]
        return {name: found[name] for name in dict.fromkeys([*order, *found])}

    def _found(self) -> Iterator[tuple[str, Noted]]:
        for name, match in self._listing.matches.found.items():
            if name not in ("user.first_name", "user.last_name"):
                yield name, self._field(match, self._listing)
        first, last = (self._listing.matches.found.get(f"user.{name}") for name in ("first_name", "last_name"))
        if first and last and "user.name" not in self._listing.matches.found:
            parts = f"{as_path(first.path, self._listing.loop)}, {as_path(last.path, self._listing.loop)}"
            yield "user.name", Noted(Expr(f'$join([{parts}], " ")'), "of two names")

    def _field(self, match: Match, listing: Listing, name: str = "") -> Noted:
        path = as_path(match.path, name or listing.loop)
        said = evidence(match.shape, listing.met) + (f"; check: {match.fit.doubt}" if match.fit.doubt else "")
        expression = match.fit.expression.replace("{}", path)
        if match.fit.time and match.fit.time.format and self._usual and match.fit.time[:2] != self._usual[:2]:
            expression = _time(path, match.fit.time)
        return Noted(Expr(expression), said)

    def _related(self, who: str, found: Mapping[str, Noted]) -> dict[str, Noted]:
        """Return the fields of the user or the course that another list gives: the parent's, or a joined one's."""
        other = self._others.get(_WHO[who])
        parent = self._parent(_WHO[who])
        if parent:
            return self._of(parent, who, found, parent.loop)
        key = found.get(f"{who}.id")
        if key is None:
            return {} if "user.emails" in found and who == "user" else {f"{who}.id": self._missing(who)}
        if (
            other is None
            or _TITLE[who] in found
            or "id" not in other.matches.found
            or isinstance(other.parent, Listing)
        ):
            return {}
        name = self._free("person" if who == "user" else who)
        given = self._of(other, who, found, name)
        if given:
            path = other.matches.found["id"].path
            join = {
                "in": other.fetch,
                "id": key.value,
                **({} if path == ("id",) else {"key": Expr(as_path(path, "item"))}),
            }
            self.joins[name] = Noted(join, f"for its {', '.join(name.partition('.')[2] for name in given)}")
        return given

    def _parent(self, resource: str) -> Listing | None:
        parent = self._listing.parent
        while parent is not None and not (parent.certain and parent.resource == resource):
            parent = parent.parent
        return parent

    def _free(self, name: str) -> str:
        """Return a name for a join that nothing in scope has."""
        taken = {self._listing.loop}
        parent = self._listing.parent
        while parent is not None:
            taken.add(parent.loop)
            parent = parent.parent
        return f"{name}_joined" if name in taken else name

    def _of(self, other: Listing, who: str, found: Mapping[str, Noted], name: str) -> dict[str, Noted]:
        """Return what another list says of the user or course, beyond what is found already."""
        wanted = {"course": ("id", "title"), "user": ("id", "name", "emails")}[who]
        given = {
            f"{who}.{part}": self._field(other.matches.found[part], other, name)
            for part in wanted
            if part in other.matches.found and f"{who}.{part}" not in found
        }
        first, last = (other.matches.found.get(part) for part in ("first_name", "last_name"))
        if who == "user" and first and last and not {"user.name"} & (given.keys() | found.keys()):
            parts = f"{as_path(first.path, name)}, {as_path(last.path, name)}"
            given["user.name"] = Noted(Expr(f'$join([{parts}], " ")'), "of two names")
        return given

    def _missing(self, who: str) -> Noted:
        """Return the hole for the id of a user or course that the items do not name."""
        what = f"{MARK} the {who}'s id; nothing here is called like it"
        above = self._listing.parent
        if above is not None and "id" in above.matches.found:
            key = as_path(above.matches.found["id"].path, above.loop)
            return Noted(Expr(f"{what}, but each list is that of one {above.loop}: it is {key}, if that is a {who}"))
        below = f"it is {who}.id, with `for: {who} in {_WHO[who]}` of its fetch"
        return Noted(Expr(f"{what}. Where the list is that of one {who}, {below}"))

    def _id(self, found: Mapping[str, Noted]) -> Noted:
        parts = [found[name].value for name in ("user.id", "course.id") if name in found]
        if len(parts) == 2 and not any(part.startswith(MARK) for part in parts):
            return Noted(
                Expr(f"$key({parts[0]}, {parts[1]})"),
                "check: no id of its own was found; is there one enrollment for each?",
            )
        return Noted(Expr(f"{MARK} what tells these records apart; several parts are joined with $key(a, b)"))


def _time(path: str, form: Form) -> str:
    """Return the reading of a time that is not written as most are."""
    if form.local:
        return f'{MARK} $time({path}, "{form.format}", "…") with the IANA zone of these times, which have no offset'
    never = f"$not({path} in {json.dumps(list(form.never))}) ? " if form.never else ""
    return f'{never}$time({path}, "{form.format}")'


def _not_mapped(listing: Listing) -> Iterator[str]:
    matches = listing.matches
    if not matches.rest:
        return
    yield "not mapped:"
    for path, shape in list(matches.rest.items())[:_MOST]:
        reason = matches.reasons.get(path)
        about = f": {shape.about}" if shape.about and not reason else ""
        yield f"  {'.'.join(path)[:120]}: {evidence(shape, listing.met)}" + (f"; {reason}" if reason else about[:90])
    left = len(matches.rest) - _MOST
    if left > 0 or matches.more:
        yield f"  and {max(0, left)}{' or more' if matches.more else ''} others"


#: The order in which fields are written.
_ORDER = (
    "id", "user.id", "user.name", "user.emails", "course.id", "course.title", "title", "description", "code",
    "first_name",
    "last_name", "name", "username", "emails",
)  # fmt: skip
