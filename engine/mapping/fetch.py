"""What is called, and how its items hang together."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from engine.mapping.calls import Call
from engine.mapping.http import ErrorRule, OwnLimits, Tolerable
from engine.mapping.job import Job
from engine.mapping.paging import Pages
from engine.mapping.texts import Closed, Expression, LoopText, Name

__all__ = ["Batch", "Fetch", "Join"]


#: What is said of a request.
_OF_REQUESTS = (
    *("query", "headers", "form", "json", "xml", "text", "timeout"),
    *("answer", "warnings", "pages", "job", "limits", "errors"),
)


class Join(Closed):
    """A left join: the items of another fetch with a given id."""

    in_: Annotated[str, Field(alias="in")]
    """The fetch whose items are looked up: those of the same parent, where it has one in common."""
    id: Expression | None = None
    """The id looked for. Without it, the one item the fetch has for this parent."""
    key: Expression | None = None
    """Where the items keep their id, over `item`; `item.id` unless given. Ids are compared as text."""
    all: bool = False
    """Take every match, as a list; otherwise the first, and more than one is reported."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a key that is held against nothing."""
        if "key" in given and "id" not in given:
            yield "`key` needs `id`, which it is compared with; give `id`, or leave `key` out"


class Batch(Closed):
    """Parents that are asked for together: those that follow each other in one page. Each gets the items of its id."""

    id: Expression
    """The id of a parent; all of them are the list `{batch.ids}` in the request."""
    key: Expression | None = None
    """Where an item keeps the id of its parent, over `item`; `item.id` unless given. Ids are compared as text."""
    size: int = Field(gt=0, le=10_000)
    """How many are asked for at once, at most."""
    every: bool = True
    """Whether every id must have an item; one that has none is `missing`."""


class Fetch(Call):
    """A list of items: requested, for each parent if any; or, without a request, found in the parent or computed."""

    for_: Annotated[LoopText | None, Field(alias="for")] = None
    """`name in fetch`: once for each item of another fetch, which is then called `name`."""
    join: dict[Name, Join] = {}
    """Items of other fetches, by the name they get here."""
    when: Expression | None = None
    """Only for the parents for which this holds; for the others there are no items."""
    once: Expression | None = None
    """A key: parents with the same key share one answer, remembered for the run."""
    batch: Batch | None = None
    """For a request that takes several parents at once. It sees `batch.ids`, and what is above its parents."""
    items: Expression | None = None
    """Over the answer: where its items are. Not given: the answer itself is the list. `$` is the whole answer,
    as one item. Without a request: over what is in scope, parents and joins and all; without a parent, too, it
    is a list that the mapping computes, such as the time windows to ask for."""
    warnings: Expression | None = None
    """Over the answer: what the provider warns of beside its items, one text or several; the report tells each."""
    where: Expression | None = None
    """Over `item` and what is in scope: which items to keep."""
    pages: Pages | None = None
    """How this list is read, if not as `http.pages` says."""
    job: Job | None = None
    """For a request that only asks for a report: how to wait for it. It comes in one answer."""
    limits: OwnLimits | None = None
    """What this endpoint can bear, where it bears less than the others. The requests of its job count, too."""
    errors: list[ErrorRule] = []
    """How to tell error answers of this fetch, before the rules of `http.errors`."""
    tolerate: list[Tolerable] = []
    """Errors that mean "there is none here": no items, and a line in the report."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse items from nowhere, and what is said of a request that is not made."""
        yield from super().rules(given)
        if not given.keys() & {"get", "post"}:
            if "items" not in given and not cls.has_unknown(given):
                yield "no items come from here; give `get` or `post`, or `items` that are inside a parent or computed"
            for key in _OF_REQUESTS:
                if key in given and "items" in given:
                    yield f"`{key}` means nothing without a request; give `get` or `post`, or leave it out"
        if "job" in given and "pages" in given:
            yield "a report comes in one answer; leave `pages` out, or `job`"
        for key in ("once", "join", "job"):
            if "batch" in given and key in given:
                yield f"a batch is of several parents, `{key}` of one; leave one of them out"
        if "batch" in given and ("for" not in given or not given.keys() & {"get", "post"}):
            yield "`batch` needs `for`, whose items are asked for together, and a request; give them, or leave it out"
        if "once" in given and "for" not in given:
            yield "`once` needs `for`, since without a parent there is only one answer; leave it out"
