"""The mapping format: one closed, frozen tree. Schema, field reference and editor completion come from it."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from typing import Any, Literal

from pydantic import Field

from engine.mapping.auth import Assertion, Auth, Basic, OAuth1, OAuth2, Session, Token
from engine.mapping.calls import Answer, Call, Csv
from engine.mapping.connection import ConnectionField, Provider
from engine.mapping.fetch import Batch, Fetch, Join
from engine.mapping.http import ErrorClass, ErrorRule, Http, Limits, ListStyle, OwnLimits, Rate
from engine.mapping.job import Job
from engine.mapping.paging import CursorPages, OffsetPages, PageNumbers, Pages
from engine.mapping.resource import Resource, Status, Words
from engine.mapping.texts import Closed, Expression, Loop, Name, TemplateText
from engine.mapping.values import Times, Values

__all__ = [
    "RESOURCES",
    "Answer",
    "Assertion",
    "Auth",
    "Basic",
    "Batch",
    "Call",
    "Closed",
    "ConnectionField",
    "Csv",
    "CursorPages",
    "ErrorClass",
    "ErrorRule",
    "Expression",
    "Fetch",
    "Http",
    "Job",
    "Join",
    "Limits",
    "ListStyle",
    "Loop",
    "Mapping",
    "OAuth1",
    "OAuth2",
    "OffsetPages",
    "OwnLimits",
    "PageNumbers",
    "Pages",
    "Provider",
    "Rate",
    "Resource",
    "Session",
    "Status",
    "TemplateText",
    "Times",
    "Token",
    "Values",
    "Words",
]

#: The resources a mapping may give, in the order they are shown.
RESOURCES = ("course_enrollments", "courses", "users", "course_items")


class Mapping(Closed):
    """One provider, complete: who, what the customer supplies, how to call, what to call, what comes out."""

    mapping: Literal[1]
    """The version of the format."""
    provider: Provider
    """Who the provider is."""
    connection: dict[Name, ConnectionField] = Field(default={})
    """What a customer supplies."""
    http: Http
    """How every request is made."""
    values: Values = Values()
    """How the provider writes its values."""
    fetch: dict[Name, Fetch]
    """What is called."""
    course_enrollments: Resource | None = None
    """One record per enrollment."""
    courses: Resource | None = None
    """One record per course."""
    users: Resource | None = None
    """One record per user."""
    course_items: Resource | None = None
    """One record per part of a course."""

    @classmethod
    def rules(cls, given: MappingOf[str, Any]) -> Iterator[str]:
        """Refuse a mapping of which nothing comes out."""
        if not given.keys() & set(RESOURCES) and not cls.has_unknown(given):
            yield f"nothing comes out; give one of {', '.join(f'`{name}`' for name in RESOURCES)}"

    @property
    def resources(self) -> dict[str, Resource]:
        """The resources given, in order."""
        found: dict[str, Any] = {name: getattr(self, name) for name in RESOURCES}
        return {name: resource for name, resource in found.items() if resource is not None}
