"""One request of a provider."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from engine.mapping.texts import Closed, TemplateText, Written
from engine.templates import Hole, Template

__all__ = ["Call", "CheckCall"]


class Call(Closed):
    """One request."""

    get: TemplateText | None = None
    """The path of a GET, after `base_url`; or a whole address."""
    post: TemplateText | None = None
    """The path of a POST."""
    query: dict[str, Written] = {}
    """Query parameters; one whose hole is absent is left out."""
    headers: dict[str, TemplateText] = {}
    """Headers."""
    form: dict[str, Written] | None = None
    """Form fields of a POST; lists and objects are written in the style of `lists`."""
    json_: Annotated[Written | None, Field(alias="json")] = None
    """The JSON body of a POST; a value that is one bare hole keeps its type."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse two requests, and two bodies."""
        if {"get", "post"} <= given.keys():
            yield "there are two requests; give `get` or `post`, not both"
        elif "get" in given and given.keys() & {"form", "json"}:
            yield "a `get` has no body; use `query`, or `post`"
        if {"form", "json"} <= given.keys():
            yield "there are two bodies; give `form` or `json`, not both"

    @property
    def path(self) -> Template | None:
        """The path's template, or None where there is no request."""
        return self.get if self.get is not None else self.post

    def holes(self) -> Iterator[Hole]:
        """Yield every hole of the request."""
        for part in (self.path, self.query, self.headers, self.form, self.json_):
            yield from _holes(part)


def _holes(written: Any) -> Iterator[Hole]:
    if isinstance(written, Template):
        yield from written.holes
    elif isinstance(written, dict | list):
        for part in written.values() if isinstance(written, dict) else written:
            yield from _holes(part)


class CheckCall(Call):
    """A request that gives a little and proves that the connection works."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a check that asks nothing."""
        yield from super().rules(given)
        if not given.keys() & {"get", "post"} and not cls.has_unknown(given):
            yield "there is no request; give `get` or `post`"
