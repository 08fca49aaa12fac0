"""What a mapping declares and never uses; references that lead nowhere are in tests/broken."""

from collections.abc import Callable

from lms import HEAD

from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]


def test_what_is_never_used_is_warned_of_at_its_place(mapped: Mapped) -> None:
    text = (
        HEAD.replace("  url:", "  spare: { title: Spare, required: false }\n  url:")
        + """
fetch:
  courses: { get: /courses }
  people: { get: /people }
  forgotten: { get: /forgotten }
courses:
  for: course in courses
  join: { person: { in: people, id: course.owner } }
  fields: { id: course.id }
"""
    )
    told = [str(warning).rpartition("acme.yaml")[2] for warning in mapped(text).warnings]
    assert told == [
        ":5:3: connection.spare: is never used; leave it out",
        ":15:3: fetch.forgotten: is never used; leave it out",
        ":18:11: courses.join.person: is never used; leave it out",
    ]


def test_a_connection_field_used_in_an_expression_only_is_used(mapped: Mapped) -> None:
    text = (
        HEAD.replace("  url:", "  site: { title: Site }\n  url:")
        + """
fetch:
  courses: { get: /courses, where: 'item.site = connection.site' }
courses:
  for: course in courses
  fields: { id: course.id }
"""
    )
    assert mapped(text).warnings == ()
