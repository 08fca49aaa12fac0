"""Which fields the provider gives, and which are derived."""

from collections.abc import Callable

import pytest
from lms import HEAD

from engine.jsonata import compile as compiled
from engine.loading import LoadedMapping
from engine.origins import origin, origins
from engine.values import FUNCTIONS

Mapped = Callable[[str], LoadedMapping]


@pytest.mark.parametrize(
    "text",
    [
        "row.id",
        "row.name ?? row.title",
        "row.lang ? row.lang",
        '$seconds(row.time, "minutes")',
        "$percent(row.share)",
        "$round(row.milliseconds / 1000)",
        "$plain(row.text ?: row.html)",
        'row.grades[type = "final"].points',
        "(own ?: shared).grades[0].points",
        "row.(uuid ?? id)",
        '{"id": row.category_id, "name": row.category}',
        "[row.email, row.other_email]",
        '($made := row.made ?? row.created; $type($made) = "number" ? $time($made, "unix"))',
        "row.course.connection",
    ],
)
def test_a_path_and_one_reading_of_it_are_given(text: str) -> None:
    assert origin(compiled(text, functions=FUNCTIONS), frozenset({"connection"})) == "given"


@pytest.mark.parametrize(
    "text",
    [
        "$key(row.a, row.b)",
        'row.first & " " & row.last',
        "$percent(row.done, row.all)",
        "$max(row.attempts.at)",
        "$sort(row.attempts.at)[-1]",
        "row.done - 1",
        'row.type = "mandatory"',
        '"course"',
        "row.admin ? 'admin' : row.role",
        "connection.url",
        'connection.url & "/" & row.id',
        "($made := row.a & row.b; $made)",
        "row.(a & b)",
    ],
)
def test_what_is_made_of_several_or_by_the_mapping_is_derived(text: str) -> None:
    assert origin(compiled(text, functions=FUNCTIONS), frozenset({"connection"})) == "derived"


def test_what_a_computed_list_says_is_the_mappings_own(mapped: Mapped) -> None:
    loaded = mapped(
        HEAD
        + """
fetch:
  kinds: { items: '[{"of": "courses"}, {"of": "paths"}]' }
  courses: { for: kind in kinds, get: "/{kind.of}" }
courses:
  for: course in courses
  fields: { id: course.id, description: kind.of }
  words: { type: { from: kind.of, words: { courses: course } }, level: { from: course.level, words: { a: beginner } } }
"""
    )
    given = origins(loaded.mapping, loaded.mapping.resources["courses"])
    assert given == {"id": "given", "description": "derived", "type": "derived", "level": "given"}
