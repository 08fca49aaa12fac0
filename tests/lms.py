"""A fake LMS: a function from request to response, over lists that a test gives it.

Every list is at its path. How it is paged depends on what is asked: `page` and `size`, `offset` and `size`, or
`per_page` with a `Link` header. Answers are `{"items": […], "total": n, "pages": n, "more": bool}`, or the bare list
for `per_page`.
"""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

import httpx2

from engine.blocking import SyncRun
from engine.loading import LoadedMapping
from engine.records import Record
from engine.running import Run

Handler = Callable[[httpx2.Request], httpx2.Response]

HEAD = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
http:
  base_url: "{connection.url}"
  auth: { none: true }
  check: { get: /me }
"""

URL = "https://acme.example"

#: Courses in pages of two, and the enrollments of each in one answer.
TEXT = (
    HEAD
    + """
fetch:
  courses:
    get: /courses
    items: items
    query: { state: "{filter.status}" }
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id, updated_at: enrollment.changed }
  status: { from: enrollment.state, words: { on: in_progress } }
courses:
  for: course in courses
  fields: { id: course.id, title: course.title }
"""
)


class Lms:
    """The fake LMS. `asked` is what was asked for, in order, as path with query."""

    def __init__(self, lists: dict[str, Any]) -> None:
        self.lists = lists
        self.asked: list[str] = []
        self.answers: dict[str, list[httpx2.Response]] = {}

    def answer_once(self, path: str, *responses: httpx2.Response) -> None:
        """Answer the next requests for a path, with or without its query, otherwise than usual."""
        self.answers.setdefault(path, []).extend(responses)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        path = request.url.path
        whole = request.url.raw_path.decode()
        self.asked.append(whole)
        for key in (whole, path):
            if self.answers.get(key):
                return self.answers[key].pop(0)
        if path not in self.lists:
            return httpx2.Response(404, json={"error": f"no {path}"})
        items = self.lists[path]
        if not isinstance(items, list):
            return httpx2.Response(200, json=items)
        return self._page(items, request)

    def _page(self, items: list[Any], request: httpx2.Request) -> httpx2.Response:
        query = request.url.params
        if "per_page" in query:
            size, start = int(query["per_page"]), int(query.get("from", "0"))
            headers = {}
            if start + size < len(items):
                url = request.url.copy_merge_params({"from": str(start + size)})
                headers["Link"] = f'<{url}>; rel="next"'
            return httpx2.Response(200, json=items[start : start + size], headers=headers)
        size = int(query.get("size", "1000"))
        start = int(query["offset"]) if "offset" in query else (int(query.get("page", "1")) - 1) * size
        body = {
            "items": items[start : start + size],
            "total": len(items),
            "pages": math.ceil(len(items) / size),
            "more": start + size < len(items),
        }
        return httpx2.Response(200, content=json.dumps(body))

    def run(self, mapping: LoadedMapping, **options: Any) -> Run:
        """Return a run of a mapping against this LMS."""
        connection = {"url": URL, **options.pop("connection", {})}
        return Run(mapping, connection, transport=httpx2.MockTransport(self), backoff=0.0, **options)

    async def records(self, mapping: LoadedMapping, **options: Any) -> list[Record]:
        """Return all records of a run."""
        return [record async for record in self.run(mapping, **options)]


def school(courses: Iterable[int], people: Iterable[int] = (1, 2, 3)) -> dict[str, Any]:
    """Return the lists of a school: courses, each with all people as learners, and the people's details."""
    people = list(people)
    lists: dict[str, Any] = {
        "/courses": [{"id": course, "title": f"Course {course}"} for course in courses],
        "/users": [{"id": person, "name": f"Person {person}"} for person in people],
    }
    for course in courses:
        learners = [{"id": course * 100 + person, "user_id": str(person), "state": "on"} for person in people]
        lists[f"/courses/{course}/enrollments"] = learners
        lists[f"/courses/{course}/people"] = [{"id": person, "email": f"p{person}@x.example"} for person in people]
    for person in people:
        lists[f"/users/{person}"] = {"id": person, "courses": [{"id": course, "done": True} for course in courses]}
    return lists


def sync(lms: Lms, mapping: LoadedMapping, **options: Any) -> SyncRun:
    """Return a run that is iterated over without an event loop."""
    return SyncRun(lms.run(mapping, **options))
