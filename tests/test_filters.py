"""Filters: read, checked, applied, pushed down, never ignored."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lms import HEAD

from engine.errors import UsageError
from engine.filters import Filter, Filters
from engine.loading import LoadedMapping
from engine.records import CourseEnrollment, User

DOCS = Path(__file__).parent.parent / "docs" / "filters.md"

RECORD = CourseEnrollment.model_validate(
    {
        "id": "e1",
        "user": {"id": "7", "name": "Ada Lovelace"},
        "status": "completed",
        "updated_at": datetime(2025, 6, 1, tzinfo=UTC),
        "progress_percent": 100,
        "is_mandatory": True,
    }
)


def passes(*filters: Filter | str, record: CourseEnrollment = RECORD) -> bool:
    return Filters(filters, "course_enrollments").matches(record)


@pytest.mark.parametrize(
    ("text", "field", "op", "value"),
    [
        ("course.id=7", "course.id", "eq", "7"),
        (" status != withdrawn ", "status", "ne", "withdrawn"),
        ("updated_at>=2025-01-01", "updated_at", "gte", "2025-01-01"),
        ("updated_at<=2025-01-01", "updated_at", "lte", "2025-01-01"),
        ("score>5", "score", "gt", "5"),
        ("score<-5", "score", "lt", "-5"),
        ("user.name~*a=b*", "user.name", "like", "*a=b*"),
        ("course.title=Maths, part 1", "course.title", "eq", "Maths, part 1"),
    ],
)
def test_filters_are_written_as_in_the_docs(text: str, field: str, op: str, value: str) -> None:
    assert Filter.parse(text) == Filter(field, op, (value,))  # type: ignore[arg-type]


def test_every_filter_in_the_docs_can_be_written() -> None:
    written = re.findall(r"^\| `([^`]+)` \| `(\w+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(written) == 7
    for text, op in written:
        assert Filter.parse(text).op == op
        Filters([text], "course_enrollments")


@pytest.mark.parametrize("text", ["course.id", "=7", "7=course.id", "score=>5", "score==5", "score=<5", ""])
def test_what_is_no_filter_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a filter; write FIELD=VALUE, as in course\.id=7"):
        Filter.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "user.id=7",
        "user.id!=8",
        "status=completed",
        "updated_at>=2025-06-01",
        "updated_at=2025-06-01T02:00:00+02:00",
        "updated_at>2025-05-31",
        "updated_at<2025-06-02",
        "updated_at<=2025-06-01",
        "progress_percent=100.0",
        "is_mandatory=TRUE",
        "user.name~ada*",
        "user.name~%LOVE%",
        "user.name~ada lovelace",
        "course.id!=7",
    ],
)
def test_a_record_passes(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "user.id=07",
        "user.id!=7",
        "status=passed",
        "updated_at>2025-06-01",
        "updated_at<2025-06-01",
        "progress_percent<100",
        "is_mandatory=false",
        "user.name~lovelace",
        "user.name~ada",
        "user.name~ada*ada*",
        "user.name~*x*",
        # fields the record does not have
        "course.id=7",
        "score>1",
        "score>=1",
        "score<1",
        "score<=1",
        "course.title~*",
    ],
)
def test_a_record_does_not_pass(text: str) -> None:
    assert not passes(text)


def test_all_filters_must_hold() -> None:
    assert passes("user.id=7", "status=completed")
    assert not passes("user.id=7", "status=passed")
    assert passes()


def test_the_same_field_twice_means_either() -> None:
    assert passes("status=passed", "status=completed")
    assert not passes("status=passed", "status=failed")
    assert not passes("status!=passed", "status!=completed")


def test_lists_are_operators_of_the_library() -> None:
    assert passes(Filter("status", "in", ("passed", "completed")))
    assert not passes(Filter("status", "nin", ("passed", "completed")))
    assert passes(Filter("course.id", "nin", ("1", "2")))


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ("grade=1", r"cannot be filtered by `grade`; choose another field\. There are assigned_at, assigned_by\.id"),
        ("user.nam=x", r"did you mean `user\.name`\?"),
        ("user.emails=a@b", "cannot be filtered by `user.emails`"),
        ("custom_fields.x=1", "cannot be filtered by `custom_fields.x`"),
        ("remote_data=1", "cannot be filtered by `remote_data`"),
        ("status=complete", "there is no `complete`; did you mean `completed`"),
        ("is_mandatory=1", "there is no `1`"),
        ("updated_at=yesterday", "'yesterday' is not an RFC 3339 time"),
        ("score=high", "'high' is not a number"),
        ("user.id>7", "ids have no order"),
        ("status>=passed", "words have no order"),
        ("user.id~7", "is for texts"),
        ("user.id=", "the value is missing"),
        (Filter("score", "in", ()), "give a value"),
        (Filter("score", "gt", ("1", "2")), "give one value, or use `in`"),
        (Filter("score", "between", ("1",)), "`between` is not a filter operator"),  # type: ignore[arg-type]
    ],
)
def test_a_filter_that_cannot_be_applied_is_refused(given_: Filter | str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Filters([given_], "course_enrollments")


def test_the_fields_are_those_of_the_resource() -> None:
    users = Filters(["role=admin"], "users")
    assert users.matches(User(id="1", role="admin"))
    with pytest.raises(UsageError, match=r"users cannot be filtered by `course\.id`"):
        Filters(["course.id=7"], "users")


@given(st.text(alphabet="ab*", max_size=8), st.text(alphabet="abAB", max_size=12))
def test_like_is_what_the_pattern_says(pattern: str, name: str) -> None:
    if not pattern:
        return
    record = CourseEnrollment.model_validate({"id": "1", "user": {"name": name}})
    expected = re.fullmatch(pattern.replace("*", ".*"), name.lower()) is not None
    assert passes(Filter("user.name", "like", (pattern,)), record=record) is expected


def test_holes_see_what_a_provider_can_be_asked_for() -> None:
    filters = Filters(
        [
            "course.id=7",
            "user.id=1",
            "user.id=2",
            "due_at=2025-01-02",
            "score>5",
            "status!=failed",
            "is_mandatory=true",
        ],
        "course_enrollments",
    )
    assert filters.hole_scope() == {
        "course": {"id": "7"},
        "user": {"id": ["1", "2"]},
        "due_at": datetime(2025, 1, 2, tzinfo=UTC),
        "is_mandatory": "true",
    }
    assert filters.hole_scope(plain=True)["due_at"] == "2025-01-02"


# -- which raw items need not be followed ------------------------------------------------------------------------------

Mapped = Callable[[str], LoadedMapping]

NESTED = """
values:
  times: { format: unix, none: [0] }
  none: ["-"]
fetch:
  courses: { get: /courses }
  people: { for: course in courses, get: "/courses/{course.id}/people" }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments" }
course_enrollments:
  for: enrollment in enrollments
  join:
    person: { in: people, id: enrollment.user_id }
  fields:
    id: enrollment.id
    course.id: course.ref.id
    course.title: 'course.name & "!"'
    user.id: person.id
    updated_at: enrollment.changed
"""


def prunes(mapped: Mapped, *filters: str, text: str = NESTED) -> dict[str, Callable[[Any], bool]]:
    return Filters(filters, "course_enrollments").prunes(mapped(HEAD + text).mapping, "course_enrollments")


def test_parents_that_cannot_lead_to_a_record_are_not_followed(mapped: Mapped) -> None:
    keeps = prunes(mapped, "course.id=7", "course.id=8")
    assert list(keeps) == ["courses"]
    assert [keeps["courses"]({"ref": {"id": value}}) for value in (7, "8", 9, "07")] == [True, True, False, False]
    assert not keeps["courses"]({"ref": {"id": "-"}})
    assert not keeps["courses"]({})


def test_times_are_compared_as_the_mapping_reads_them(mapped: Mapped) -> None:
    keeps = prunes(mapped, "updated_at>=1970-01-02", "updated_at<1970-01-03")["enrollments"]
    assert [keeps({"changed": value}) for value in (86399, 86400, "86400", 172800)] == [False, True, True, False]
    assert not keeps({"changed": 0})


def test_an_item_that_cannot_be_read_is_followed_so_that_the_report_can_tell(mapped: Mapped) -> None:
    assert prunes(mapped, "updated_at>=2025-01-01")["enrollments"]({"changed": "soon"})
    assert prunes(mapped, "course.id=7")["courses"]({"ref": {"id": [1]}})


@pytest.mark.parametrize("text", ["course.title=x", "user.id=7", "status=completed", "score=1"])
def test_what_is_no_plain_path_into_the_chain_prunes_nothing(mapped: Mapped, text: str) -> None:
    assert prunes(mapped, text) == {}


def test_a_fetch_that_is_also_joined_is_read_whole(mapped: Mapped) -> None:
    text = """
fetch:
  courses: { get: /courses }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments" }
course_enrollments:
  for: enrollment in enrollments
  join:
    needed: { in: courses, id: enrollment.needs }
  fields:
    id: enrollment.id
    course.id: course.id
    user.id: enrollment.user
    custom_fields.needs: needed.name
"""
    assert prunes(mapped, "course.id=7", text=text) == {}
    assert list(prunes(mapped, "course.id=7", "user.id=1", text=text)) == ["enrollments"]
