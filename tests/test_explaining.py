"""One record, field by field."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from lms import HEAD, Lms, school

from engine.errors import Missing
from engine.explaining import explain
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD.replace("  url:", "  token: { title: Token, secret: true }\n  url:").replace(
        "{ none: true }", '{ bearer: "{connection.token}" }'
    )
    + """
fetch:
  courses: { get: /courses, items: items }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrollments
  fields:
    id: enrollment.id
    course.title: course.title
    score: enrollment.score
    progress_percent: 'enrollment.state * 2'
    urls.course: 'connection.url & "/c/" & course.id'
    custom_fields.long: enrollment.long
    last_activity_at: enrollment.seen
  status:
    when: { completed: enrollment.done }
    from: enrollment.state
    words: { on: in_progress }
courses:
  for: course in courses
  fields: { id: course.id }
  words: { level: { from: course.level, words: { one: beginner } } }
"""
)


def explained(mapping: LoadedMapping, record_id: str, **options: Any) -> Any:
    lists = school([1, 2], [1, 2])
    lists["/courses"][0]["level"] = "ONE"
    lists["/courses/2/enrollments"][0].update(long="x" * 1000, score="12.5", seen="yesterday")
    run = Lms(lists).run(mapping, connection={"token": "hush-hush"}, **options)
    return asyncio.run(explain(run, record_id))


def test_each_field_tells_its_expression_what_it_read_what_came_out_and_where_it_is_said(mapped: Mapped) -> None:
    found = explained(mapped(TEXT), "201")
    fields = {field["field"]: field for field in found["fields"]}
    assert (found["id"], found["status"]) == ("201", "in_progress")
    assert fields["score"]["read"] == {"enrollment": fields["score"]["read"]["enrollment"]}
    assert (fields["score"]["value"], fields["score"]["came_out"]) == ("12.5", 12.5)
    assert fields["course.title"]["came_out"] == "Course 2"
    assert fields["urls.course"]["came_out"] == "https://acme.example/c/2"
    assert fields["status"]["value"] == "on"
    assert fields["status"]["came_out"] == "in_progress"
    assert (fields["status: completed?"]["value"], fields["status: completed?"]["came_out"]) == (None, False)
    assert fields["status: completed?"]["value"] is None
    assert fields["custom_fields.long"]["came_out"] == "x" * 1000
    lines = mapped(TEXT).path.read_text().splitlines()
    line, column = map(int, fields["score"]["place"].rsplit(":", 2)[1:])
    assert lines[line - 1][column - 1 :] == "enrollment.score"


def test_a_field_that_fails_says_why_and_the_notes_of_the_record_come_along(mapped: Mapped) -> None:
    found = explained(mapped(TEXT), "201")
    fields = {field["field"]: field for field in found["fields"]}
    assert fields["progress_percent"]["value"].startswith("failed: ")
    assert fields["progress_percent"]["came_out"] is None
    assert (fields["last_activity_at"]["value"], fields["last_activity_at"]["came_out"]) == ("yesterday", None)
    assert any("last_activity_at" in note for note in found["notes"])
    assert all("201" in note for note in found["notes"])


def test_long_raw_data_are_shown_by_their_beginning_and_secrets_not_at_all(mapped: Mapped) -> None:
    found = explained(mapped(TEXT), "201")
    read = next(field["read"]["enrollment"] for field in found["fields"] if field["field"] == "id")
    assert len(read) == 401
    assert "hush" not in json.dumps(found)
    assert not any("connection" in field["read"] for field in found["fields"])


def test_words_of_other_fields_are_explained(mapped: Mapped) -> None:
    found = explained(mapped(TEXT), "1", resource="courses")
    level = next(field for field in found["fields"] if field["field"] == "level")
    assert (level["expression"], level["value"], level["came_out"]) == ("course.level", "ONE", "beginner")
    assert found["status"] is None


def test_a_record_that_is_not_there_is_none(mapped: Mapped) -> None:
    assert explained(mapped(TEXT), "999") is None


def test_what_stops_the_run_is_raised(mapped: Mapped) -> None:
    with pytest.raises(Missing):
        asyncio.run(explain(Lms({}).run(mapped(TEXT), connection={"token": "hush-hush"}), "1"))
