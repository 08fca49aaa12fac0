"""How a list goes on, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from engine.mapping.kinds import OneKind
from engine.mapping.texts import Closed, Expression

__all__ = ["CursorPages", "OffsetPages", "PageNumbers", "Pages"]


class Counted(Closed):
    """Pages that are counted: something tells where they end."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a list without an end."""
        ends = [key for key in ("more", "more_header", "count", "total", "until") if key in cls.model_fields]
        if not given.keys() & set(ends) and not cls.has_unknown(given):
            yield f"nothing says where the list ends; give one of {', '.join(f'`{key}`' for key in ends)}"


class PageNumbers(Counted):
    """Pages by number. The end is where `more` is false, at `count` or `total`, or as `until` says."""

    param: str | None = None
    """The query parameter for the number; without it, use the hole `{page.number}`."""
    first: Literal[0, 1] = 1
    """The number of the first page."""
    size: int = Field(gt=0)
    """How many items a page has at most, as `size_param` or the hole `{page.size}`."""
    size_param: str | None = None
    """The query parameter for the size."""
    more: Expression | None = None
    """Over the answer: whether there is another page, true or false; anything else is an error."""
    more_header: str | None = None
    """The header of the answer that says whether there is another page: `true` or `false`, 1 or 0. Where an answer
    may go without it, `until` says the end of those."""
    count: Expression | None = None
    """Over the answer: how many pages there are. The rest is then fetched in parallel."""
    total: Expression | None = None
    """Over the answer: how many items there are. The rest is then fetched in parallel."""
    most: int | None = Field(default=None, gt=0)
    """How many items of a list the provider gives at all, where it caps that: a list that goes on is an error after
    them, so that none ends early in silence."""
    until: Literal["short", "empty"] | None = None
    """Where nothing else tells: `short`, a page with fewer than `size` items, which a provider that caps its pages
    below `size` gives at once; `empty`, one without any."""


class OffsetPages(Counted):
    """Pages by the number of items to pass over. The end is as for pages by number."""

    param: str | None = None
    """The query parameter for the offset; without it, use the hole `{page.offset}`."""
    size: int = Field(gt=0)
    """How many items a page has at most, as `size_param` or the hole `{page.size}`."""
    size_param: str | None = None
    """The query parameter for the size."""
    step: Literal["came", "size"] = "came"
    """How far the offset goes on: by what `came`, or always by `size`, where the provider cuts its pages first and
    leaves out afterwards what the account may not see. Any page may then be short; use `until: empty`."""
    more: Expression | None = None
    """Over the answer: whether there is another page, true or false; anything else is an error."""
    more_header: str | None = None
    """The header of the answer that says whether there is another page: `true` or `false`, 1 or 0. Where an answer
    may go without it, `until` says the end of those."""
    total: Expression | None = None
    """Over the answer: how many items there are. The rest is then fetched in parallel."""
    most: int | None = Field(default=None, gt=0)
    """How many items of a list the provider gives at all, where it caps that: a list that goes on is an error after
    them, so that none ends early in silence."""
    until: Literal["short", "empty"] | None = None
    """Where nothing else tells: `short`, a page with fewer than `size` items, which a provider that caps its pages
    below `size` gives at once; `empty`, one without any."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse to take a short page for the last where any page may be short."""
        yield from super().rules(given)
        if given.get("step") == "size" and given.get("until") == "short":
            yield "with `step: size` any page may be short; use `until: empty`"


class CursorPages(Closed):
    """Pages by a mark that every answer gives for the next one: a cursor, a bookmark, a token."""

    param: str | None = None
    """The query parameter for the mark, which the first request goes without; or else use the hole `{page.cursor}`."""
    next: Expression | None = None
    """Over the answer: the mark of the next page; absent on the last."""
    next_header: str | None = None
    """The header of the answer that has the mark instead; absent or empty on the last."""
    more: Expression | None = None
    """Over the answer: whether there is another page, where the last one has a mark as well."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a mark from nowhere, or from two places."""
        found = given.keys() & {"next", "next_header"}
        if len(found) == 2:
            yield "there are two marks; give `next` or `next_header`, not both"
        elif not found and not cls.has_unknown(given):
            yield "nothing gives the mark of the next page; give `next` or `next_header`"


class Pages(OneKind):
    """How a list is read page by page: exactly one kind."""

    link_header: str | None = None
    """The relation to follow in the `Link` header (RFC 8288), usually `next`."""
    next_url: Expression | None = None
    """Over the answer: the address of the next page, absolute or relative; absent on the last."""
    page: PageNumbers | None = None
    """By page number."""
    offset: OffsetPages | None = None
    """By number of items to pass over."""
    cursor: CursorPages | None = None
    """By a mark that every answer gives for the next."""
    single: Literal[True] | None = None
    """Everything comes in one answer."""
