"""A tap of the Singer SDK: a class for each stream, `record.py` as its `post_process`.

    python singer.py JOB URL OUT

Its output is Singer messages; those of type RECORD hold the records.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import requests
from record import Item, unified
from singer_sdk import RESTStream, Tap
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.pagination import PageNumberPaginator

OPEN = {"type": ["object", "null"], "additionalProperties": True}
TEXT, NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
TIMES = ("due_at", "enrolled_at", "started_at", "last_activity_at", "completed_at", "updated_at")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "status": {"type": "string"},
        "is_mandatory": {"type": ["boolean", "null"]},
        "urls": {"type": ["array", "null"], "items": OPEN},
        "time_spent_seconds": {"type": ["integer", "null"]},
        **dict.fromkeys(("user", "course", "custom_fields", "remote_data"), OPEN),
        **dict.fromkeys(("progress_percent", "score"), NUMBER),
        **dict.fromkeys(TIMES, TEXT),
    },
}


class Pages(PageNumberPaginator):
    """Pages by number, as many as the answer says."""

    def has_more(self, response: requests.Response) -> bool:
        """Say whether there is a page after this one."""
        meta = response.json()["meta"]
        return bool(meta["page"] < meta["pages"])


class SchoolStream(RESTStream[int]):
    """What all lists of the school have in common."""

    records_jsonpath = "$.data[*]"
    primary_keys = ("id",)
    #: What is inside `remote_data` is in no schema.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.ROOT_ONLY

    @property
    def url_base(self) -> str:
        """The address of the school."""
        return str(self.config["url"])

    def get_new_paginator(self) -> Pages:
        """Begin with page 1."""
        return Pages(1)

    def get_url_params(self, context: Mapping[str, Any] | None, next_page_token: int | None) -> dict[str, Any]:  # noqa: ARG002 - the SDK's signature
        """Ask for a page."""
        return {"page": next_page_token, "per_page": 100}


class Enrollments(SchoolStream):
    """The one list."""

    name = "enrollments"
    path = "/enrollments"
    schema: ClassVar[dict[str, Any]] = SCHEMA

    def post_process(self, row: Item, context: Mapping[str, Any] | None = None) -> Item:  # noqa: ARG002
        """Map one item."""
        return unified(row, row["course"], row["user"], {"enrollment": row})


class Courses(SchoolStream):
    """The parents; their own records are not asked for."""

    name = "courses"
    path = "/courses"
    selected_by_default = False
    schema: ClassVar[dict[str, Any]] = {"type": "object", "properties": {"id": {"type": "integer"}}}

    def get_child_context(self, record: Item, context: Mapping[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002
        """Hand the course to its enrollments."""
        return {"course_id": record["id"], "course": record}


class OfCourse(SchoolStream):
    """The list of each course."""

    name = "enrollments"
    path = "/courses/{course_id}/enrollments"
    parent_stream_type = Courses
    state_partitioning_keys: ClassVar[list[str]] = []
    schema: ClassVar[dict[str, Any]] = SCHEMA

    def post_process(self, row: Item, context: Mapping[str, Any] | None = None) -> Item:
        """Map one item."""
        assert context is not None
        course = dict(context["course"])
        return unified(row, course, row["user"], {"course": course, "enrollment": row})


class SchoolTap(Tap):
    """The tap of one job."""

    name = "tap-school"
    config_jsonschema: ClassVar[dict[str, Any]] = {"properties": {"url": {"type": "string"}, "job": {"type": "string"}}}

    def discover_streams(self) -> Iterable[SchoolStream]:
        """Return the streams of the job."""
        return [Courses(self), OfCourse(self)] if self.config["job"] == "courses" else [Enrollments(self)]


def main(job: str, url: str, out: str) -> None:
    if job == "join":
        print("streams of the SDK cannot be joined", file=sys.stderr)
        sys.exit(4)
    with Path(out).open("w", encoding="utf-8") as sys.stdout:
        SchoolTap(config={"url": url, "job": job}).sync_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
