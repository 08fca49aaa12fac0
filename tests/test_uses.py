"""What a mapping uses of the items of each fetch."""

from collections.abc import Callable

from lms import HEAD

from engine.loading import LoadedMapping
from engine.uses import Use, uses

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  courses: { get: /courses, items: items, where: 'item.kind = "course"' }
  enrollments: { for: course in courses, get: "/courses/{course.slug}/enrollments", items: items }
  people: { for: course in courses, get: "/courses/{course.id}/people", items: items }
  modules: { for: course in courses, items: 'course.parts[visible].modules' }
  steps: { for: module in modules, when: module.open, get: "/modules/{module.id}", items: items }
course_enrollments:
  for: enrollment in enrollments
  join:
    person: { in: people, id: enrollment.user_id }
    badge: { in: people, id: enrollment.badge, key: item.badge.number }
  fields:
    id: enrollment.id
    user.name: 'person.first & " " & person.last'
    user.emails: 'person.kind = "guest" ? person.contact : person.email'
  status: { from: enrollment.state, words: { on: enrolled } }
course_items:
  for: module in modules
  fields: { id: module.id, title: module.name }
"""
)


def told(found: list[Use]) -> set[str]:
    """Return uses as `path by place`, with `!` for those that come out."""
    return {
        f"{'.'.join(map(str, use.path))} {'.'.join(use.by)}{' !' if use.comes_out else ''}" for use in found if use.path
    }


def test_every_expression_and_hole_is_a_use_of_the_fetch_its_names_stand_for(mapped: Mapped) -> None:
    found = uses(mapped(TEXT).mapping)
    assert told(found["enrollments"]) == {
        "user_id course_enrollments.join.person.id !",
        "badge course_enrollments.join.badge.id !",
        "id course_enrollments.fields.id !",
        "state course_enrollments.status.from !",
    }
    assert {"kind fetch.courses.where", "slug fetch.enrollments !", "id fetch.people !"} <= told(found["courses"])


def test_what_comes_out_is_told_from_what_is_looked_at(mapped: Mapped) -> None:
    names = "course_enrollments.fields.user.name"
    emails = "course_enrollments.fields.user.emails"
    assert told(uses(mapped(TEXT).mapping)["people"]) == {
        f"first {names} !",
        f"last {names} !",
        f"kind {emails}",
        f"contact {emails} !",
        f"email {emails} !",
        "id join.person !",
        "badge.number course_enrollments.join.badge.key !",
    }


def test_what_is_found_inside_a_parent_is_used_of_the_parent(mapped: Mapped) -> None:
    found = uses(mapped(TEXT).mapping)
    courses = told(found["courses"])
    assert {
        "parts.visible fetch.modules.items",
        "parts.modules.id course_items.fields.id !",
        "parts.modules.name course_items.fields.title !",
        "parts.modules.open fetch.steps.when !",
        "parts.modules.id fetch.steps !",
    } <= courses
    used = [use for use in found["courses"] if use.covers(("parts", "modules", "name"))]
    assert used
    assert not any(use.covers(("parts", "modules", "secret")) for use in found["courses"])


def test_the_whole_scope_is_everything_in_it(mapped: Mapped) -> None:
    text = TEXT.replace("title: module.name", "title: '$string($)'")
    found = uses(mapped(text).mapping)
    assert any(use.covers(("anything", "at", "all")) for use in found["courses"])
