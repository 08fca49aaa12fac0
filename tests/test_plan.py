"""The chain of fetches behind a resource, and its joins."""

from collections.abc import Callable

import pytest
from lms import HEAD

from engine.loading import LoadedMapping
from engine.plan import plan

Mapped = Callable[[str], LoadedMapping]
TEXT = (
    HEAD
    + """
fetch:
  schools: { get: /schools }
  courses: { for: school in schools, get: "/schools/{school.id}/courses" }
  people: { for: course in courses, get: "/courses/{course.id}/people" }
  notes: { for: person in people, get: "/people/{person.id}/notes" }
  all_users: { get: /users }
  rooms: { for: school in schools, get: "/schools/{school.id}/rooms" }
  desks: { for: room in rooms, get: "/rooms/{room.id}/desks" }
  unneeded: { get: /unneeded }
course_enrollments:
  for: person in people
  join:
    note: { in: notes }
    user: { in: all_users, id: person.id }
    desk: { in: desks, id: person.desk }
    peer: { in: people, id: person.peer }
  fields:
    { id: person.id, user.name: user.name, custom_fields.n: note.n, custom_fields.d: desk.n, custom_fields.p: peer.n }
courses:
  for: course in courses
  fields: { id: course.id }
users:
  for: user in unneeded
  fields: { id: user.id }
"""
)


def test_the_chain_leads_from_the_first_parent_to_the_item(mapped: Mapped) -> None:
    made = plan(mapped(TEXT).mapping, "course_enrollments")
    assert [(loop.name, loop.fetch) for loop in made.chain] == [
        ("school", "schools"),
        ("course", "courses"),
        ("person", "people"),
    ]


@pytest.mark.parametrize(
    ("join", "depth", "below"),
    [
        ("note", 3, ["notes"]),  # for each person
        ("user", 0, ["all_users"]),  # over the whole run
        ("desk", 1, ["rooms", "desks"]),  # within the same school, through its rooms
        ("peer", 2, ["people"]),  # within the same course
    ],
)
def test_a_join_reaches_as_far_as_the_chains_agree(mapped: Mapped, join: str, depth: int, below: list[str]) -> None:
    made = plan(mapped(TEXT).mapping, "course_enrollments")
    (found,) = [planned for planned in made.joins if planned.name == join]
    assert (found.depth, [loop.fetch for loop in found.below]) == (depth, below)


def test_a_plan_needs_only_its_own_fetches(mapped: Mapped) -> None:
    mapping = mapped(TEXT).mapping
    assert [name for name, _ in plan(mapping, "courses").fetches()] == ["schools", "courses"]
    needed = {name for name, _ in plan(mapping, "course_enrollments").fetches()}
    assert needed == {"schools", "courses", "people", "notes", "all_users", "rooms", "desks"}


def test_a_plan_knows_what_its_lists_depend_on(mapped: Callable[[str], LoadedMapping]) -> None:
    text = """
fetch:
  windows: { items: '{ "from": run.since ?? run.now }' }
  rows: { for: window in windows, get: /rows, query: { from: "{window.from}" } }
  people: { get: /people, query: { since: "{run.since}" } }
  terms: { get: /terms }
course_enrollments: { for: row in rows, fields: { id: row.id } }
users: { for: person in people, fields: { id: person.id } }
courses: { for: term in terms, fields: { id: term.id } }
"""
    mapping = mapped(HEAD + text).mapping
    depends = {name: plan(mapping, name).reads("run", "since") for name in mapping.resources}
    assert depends == {"course_enrollments": True, "users": True, "courses": False}
