"""The unified lists over a live provider, as callers see them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lms import HEAD, Lms, school
from service import Served, served

TEXT = (
    HEAD
    + """
fetch:
  courses:
    get: /courses
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
  enrollments:
    for: course in courses
    get: "/courses/{course.id}/enrollments"
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id, updated_at: enrollment.changed }
  status: { from: enrollment.state, words: { on: in_progress } }
courses:
  for: course in courses
  fields: { id: course.id, title: course.title }
"""
)


@pytest.fixture
def lms() -> Lms:
    return Lms(school(courses=[1, 2, 3], people=[1, 2, 3, 4, 5]))


@pytest.fixture
def service(tmp_path: Path, lms: Lms) -> Iterator[Served]:
    with served(tmp_path, TEXT, lms) as running:
        yield running


def ids(page: dict[str, Any]) -> list[str]:
    return [record["id"] for record in page["result"]]


def test_a_page_has_the_records_and_the_envelope(service: Served) -> None:
    answer = service.get(query="limit=2")
    assert answer.status_code == 200
    page = answer.json()
    assert ids(page) == ["101", "102"]
    assert page["result"][0]["remote_data"]["course"] == {"id": 1, "title": "Course 1"}
    rest = {name: value for name, value in page.items() if name not in ("result", "next_cursor")}
    assert rest == {"prev_cursor": None, "result_count": 2, "limit": 2, "is_partial_response": False, "errors": []}


def test_all_pages_together_have_every_record_once_and_in_order(service: Served) -> None:
    got = [found for page in service.pages(query="limit=4") for found in ids(page)]
    assert got == [str(course * 100 + person) for course in (1, 2, 3) for person in (1, 2, 3, 4, 5)]


def test_a_page_makes_only_the_requests_it_needs_also_amid_a_fan_out(service: Served, lms: Lms) -> None:
    first = service.get(query="limit=7").json()
    assert lms.asked == [
        "/courses?page=1&size=2",
        *(f"/courses/1/enrollments?page={page}&size=2" for page in (1, 2, 3)),
        "/courses/2/enrollments?page=1&size=2",
    ]
    lms.asked.clear()
    assert ids(service.get(query=f"limit=1&next_cursor={first['next_cursor']}").json()) == ["203"]
    assert lms.asked == ["/courses?page=1&size=2", "/courses/2/enrollments?page=2&size=2"]
