"""The unified model: its names are a contract, its values have rules, its JSON is exact."""

import json
import os
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.meanings import meanings
from engine.records import (
    COURSE_LEVELS,
    COURSE_STATUSES,
    COURSE_TYPES,
    RESOURCE_MODELS,
    STATUSES,
    USER_ROLES,
    USER_STATUSES,
    Course,
    CourseEnrollment,
    Kind,
    User,
    as_dict,
    as_json,
    element_names,
    field_kinds,
    getter,
    kind_of,
    words_of,
)
from engine.records.reference import reference

DOCS = Path(__file__).parent.parent / "docs" / "records.md"
RESOURCES = list(RESOURCE_MODELS)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_a_course_enrollment_has_the_fields_of_the_contract_in_its_order() -> None:
    assert list(CourseEnrollment.model_fields) == [
        "id", "user", "course", "status", "assigned_at", "due_at", "enrolled_at", "started_at", "last_activity_at",
        "completed_at", "progress_percent", "time_spent_seconds", "score", "is_mandatory", "assigned_by",
        "attempt_number", "attempts_count", "urls", "created_at", "updated_at", "custom_fields", "remote_data",
    ]  # fmt: skip


def test_the_words_are_those_of_the_contract() -> None:
    assert STATUSES == (
        "assigned", "enrolled", "in_progress", "completed", "passed", "failed", "withdrawn", "expired", "overdue",
        "unknown",
    )  # fmt: skip
    assert COURSE_STATUSES == ("draft", "published", "archived", "disabled", "unknown")
    assert COURSE_TYPES == ("course", "path", "curriculum", "program", "microlearning", "other")
    assert COURSE_LEVELS == ("beginner", "intermediate", "advanced", "mixed", "unknown")
    assert USER_STATUSES == ("active", "inactive", "invited", "suspended", "deleted", "unknown")
    assert USER_ROLES == ("learner", "instructor", "admin", "manager", "other")


@pytest.mark.parametrize("resource", RESOURCES)
def test_only_the_id_is_required(resource: str) -> None:
    model = RESOURCE_MODELS[resource]
    assert [name for name, info in model.model_fields.items() if info.is_required()] == ["id"]
    assert model.model_validate({"id": "1"}).id == "1"


def test_an_enrollment_always_has_a_status() -> None:
    assert CourseEnrollment(id="1").status == "unknown"
    assert User(id="1").status is None


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_field_is_described(resource: str) -> None:
    told = meanings(RESOURCE_MODELS[resource])
    assert set(told) == set(RESOURCE_MODELS[resource].model_fields)
    assert all(text.endswith(".") for text in told.values())


def test_records_are_closed_and_never_change() -> None:
    with pytest.raises(ValidationError, match="extra"):
        CourseEnrollment.model_validate({"id": "1", "grade": 5})
    with pytest.raises(ValidationError, match="frozen"):
        CourseEnrollment(id="1").id = "2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "done"},
        {"progress_percent": 100.5},
        {"progress_percent": -1},
        {"score": float("nan")},
        {"enrolled_at": datetime(2025, 1, 1)},  # noqa: DTZ001 - a time without an offset is the point
    ],
)
def test_values_beyond_the_contract_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CourseEnrollment.model_validate({"id": "1", **wrong})


def test_times_come_out_in_utc() -> None:
    there = datetime(2025, 3, 4, 11, 11, 12, tzinfo=timezone(timedelta(hours=1)))
    record = CourseEnrollment(id="1", enrolled_at=there)
    assert record.enrolled_at is not None
    assert record.enrolled_at.tzinfo is UTC
    assert as_dict(record)["enrolled_at"] == "2025-03-04T10:11:12Z"


def test_json_leaves_absent_fields_out_and_keeps_everything_else() -> None:
    record = CourseEnrollment(
        id="1", score=7, progress_percent=33.5, custom_fields={"a": None}, remote_data={"x": {"n": 2**80, "z": None}}
    )
    assert as_json(record) == (
        b'{"id":"1","status":"unknown","progress_percent":33.5,"score":7,"custom_fields":{"a":null},'
        b'"remote_data":{"x":{"n":1208925819614629174706176,"z":null}}}'
    )
    assert as_dict(record) == json.loads(as_json(record))


PART = st.none() | st.text()
RECORDS = st.builds(
    CourseEnrollment,
    id=st.text(min_size=1),
    user=st.none()
    | st.fixed_dictionaries({"id": PART, "emails": st.lists(st.fixed_dictionaries({"email": st.text()}))}),
    enrolled_at=st.none()
    | st.datetimes(timezones=st.timezones() | st.just(UTC)).filter(lambda time: 2 < time.year < 9998),
    progress_percent=st.none() | st.integers(0, 100) | st.floats(0, 100),
    score=st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    urls=st.none() | st.lists(st.fixed_dictionaries({"url": st.text()}, optional={"type": PART})),
    custom_fields=st.none() | st.dictionaries(st.text(), JSON),
)


@given(RECORDS, st.sets(st.sampled_from(["user", "score", "custom_fields"])))
def test_json_is_what_pydantic_would_write(record: CourseEnrollment, exclude: set[str]) -> None:
    theirs = record.model_dump_json(exclude_none=True, exclude=exclude)
    assert json.loads(as_json(record, exclude=exclude)) == json.loads(theirs)


@pytest.mark.parametrize("odd", [2**64, -(2**63) - 1, 10**400])
def test_json_is_written_for_what_only_pydantic_can_write(odd: Any) -> None:
    record = Course(id="1", updated_at=datetime(2025, 1, 2, 3, 4, 5, 678, UTC), remote_data={"odd": odd})
    assert json.loads(as_json(record)) == {
        "id": "1",
        "updated_at": "2025-01-02T03:04:05.000678Z",
        "remote_data": {"odd": odd},
    }


@given(st.dictionaries(st.text(), JSON))
def test_raw_data_comes_back_exactly_as_it_was(raw: dict[str, Any]) -> None:
    back = json.loads(as_json(Course(id="1", remote_data=raw)))["remote_data"]
    assert json.dumps(back) == json.dumps(raw)


def test_the_kinds_of_fields_follow_from_the_models() -> None:
    kinds = field_kinds("course_enrollments")
    expected: dict[str, Kind] = {
        "id": "id",
        "user.id": "id",
        "user.name": "text",
        "user.emails": "emails",
        "status": "word",
        "due_at": "time",
        "progress_percent": "percent",
        "score": "number",
        "attempts_count": "integer",
        "is_mandatory": "boolean",
        "urls": "urls",
        "urls.<type>": "urls",
        "custom_fields.<name>": "custom",
    }
    assert {name: kinds[name] for name in expected} == expected
    assert "remote_data" not in kinds
    assert "user" not in kinds


def test_every_kind_is_the_kind_of_some_field() -> None:
    assert {kind for resource in RESOURCES for kind in field_kinds(resource).values()} == set(get_args(Kind))


def test_users_have_no_links() -> None:
    assert kind_of("users", "urls.profile") is None


@pytest.mark.parametrize(
    ("field", "kind"),
    [("urls.course", "urls"), ("custom_fields.a.b", "custom"), ("custom_fields", None), ("user", None), ("x.y", None)],
)
def test_names_that_are_free_have_a_kind(field: str, kind: str | None) -> None:
    assert kind_of("course_enrollments", field) == kind


def test_fields_that_are_no_words_have_none() -> None:
    assert words_of("users", "role") == USER_ROLES
    assert words_of("course_enrollments", "status") == STATUSES
    assert words_of("users", "name") == ()
    assert words_of("users", "nothing") == ()


def test_an_element_given_as_text_is_the_last_of_its_names() -> None:
    assert element_names("courses", "tags") == ("id", "name")
    assert element_names("users", "phones")[-1] == "number"


def test_a_getter_gets_dotted_fields_and_none_where_the_parent_is_absent() -> None:
    assert getter("course.title")(CourseEnrollment.model_validate({"id": "1", "course": {"title": "T"}})) == "T"
    assert getter("course.title")(CourseEnrollment(id="1")) is None
    assert getter("score")(CourseEnrollment(id="1", score=3)) == 3


def test_the_reference_in_the_docs_is_fresh() -> None:
    text = DOCS.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- generated from .*? -->\n\n)(.*)(\n\n<!-- end of what is generated -->)", re.DOTALL)
    if os.environ.get("ROLLBOOK_WRITE"):
        DOCS.write_text(pattern.sub(lambda found: found[1] + reference() + found[3], text), encoding="utf-8")
        return
    found = pattern.search(text)
    assert found is not None
    assert found[2] == reference()
