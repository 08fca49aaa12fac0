"""What a resource costs, in words."""

from collections.abc import Callable

from lms import HEAD

from engine.costs import costs, how_often
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  courses: { get: /courses, pages: { page: { param: page, size: 50, until: short } } }
  all_rows: { for: course in courses, get: /rows, query: { per_page: 100 }, pages: { link_header: next } }
  parts: { for: row in all_rows, items: row.parts }
  people: { for: row in all_rows, once: row.user, when: row.on, get: "/users/{row.user}", items: $ }
  notes: { for: row in all_rows, post: /notes, json: { page: { limit: "20" } }, pages: { next_url: next } }
  marks: { for: row in all_rows, once: row.user, get: /marks, pages: { next_url: next } }
  grades: { for: course in courses, get: "/courses/{course.id}/grades" }
  badges: { for: course in courses, get: "/courses/{course.id}/badges" }
  terms: { get: /terms }
  details: { for: part in parts, get: "/parts/{part.id}", items: $ }
  tags: { for: row in all_rows, batch: { id: row.id, size: 50 }, get: /tags, query: { ids: "{batch.ids}" } }
  owners: { for: course in courses, batch: { id: course.owner, size: 10 }, get: /owners, query: { ids: "{batch.ids}" } }
course_enrollments:
  for: part in parts
  join:
    person: { in: people }
    note: { in: notes }
    mark: { in: marks }
    grade: { in: grades, id: part.id }
    badge: { in: badges, id: part.id }
    term: { in: terms, id: part.term }
    detail: { in: details }
  fields: { id: part.id, user.name: person.name, custom_fields.x: '[note, mark, grade, badge, term, detail].name' }
"""
)


def test_costs_are_told_by_what_comes_with_one_request(mapped: Mapped) -> None:
    assert costs(mapped(TEXT), "course_enrollments") == [
        "once per 50 courses",
        "once per 100 all rows of each course",
        "at most once per distinct row.user",
        "once per 20 notes of each row",
        "once per page of marks of each distinct row.user",
        "twice per course",
        "once for all terms",
        "once per part of each row",
    ]


def test_a_list_inside_its_parent_costs_nothing(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    assert not any("parts" in phrase for phrase in costs(loaded, "course_enrollments"))
    assert how_often(loaded, "grades") == "once per course"


def test_a_batch_costs_one_request_for_so_many_parents(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    assert how_often(loaded, "tags") == "once per 50 all rows of each course"
    assert how_often(loaded, "owners") == "once per 10 courses"
