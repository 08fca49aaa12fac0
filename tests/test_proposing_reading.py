"""A value is a field only if its values are of the kind; how it is read follows from them."""

from typing import Any

import pytest

from engine.proposing.documents import Document
from engine.proposing.reading import Fit, fit
from engine.proposing.schemas import shape_of_schema
from engine.proposing.shapes import shape_of


def read(name: str, key: str, *values: Any, resource: str = "course_enrollments") -> Fit | str:
    return fit(resource, name, (key,), shape_of(*values))


@pytest.mark.parametrize(
    ("name", "key", "values", "expression"),
    [
        ("id", "id", [7, "8"], "{}"),
        ("progress_percent", "progress", [0, 42.5, 100], "{}"),
        ("progress_percent", "progress", ["85%", "7 %"], "$percent({})"),
        ("progress_percent", "progress", [0, 0.25, 1], "$percent({})"),
        ("time_spent_seconds", "minutes_spent", [5], '$seconds({}, "minutes")'),
        ("time_spent_seconds", "timeSpentMs", [5], '$seconds({}, "milliseconds")'),
        ("time_spent_seconds", "seconds_spent", [5], "{}"),
        ("time_spent_seconds", "time_spent", ["1h 20m"], "$seconds({})"),
        ("score", "score", ["42.5", None], "{}"),
        ("user.emails", "emails", [["a@b.example"]], "{}"),
        ("user.emails", "emails", [[{"email": "a@b.example"}]], "{}"),
        ("urls.course", "url", ["https://acme.example/1"], "{}"),
        ("is_mandatory", "required", [True], "{}"),
    ],
)
def test_a_value_of_the_kind_is_read(name: str, key: str, values: list[Any], expression: str) -> None:
    found = read(name, key, *values)
    assert isinstance(found, Fit), found
    assert found.expression == expression


@pytest.mark.parametrize(
    ("name", "key", "values", "reason"),
    [
        ("id", "id", [7.5], "it is a number"),
        ("completed_at", "completed", [True], "true is no time that is known"),
        ("completed_at", "completed", ["Ada"], "the text is no time that is known"),
        ("progress_percent", "progress", [120], "it is not between 0 and 100"),
        ("progress_percent", "progress", ["half"], "it is text"),
        ("user.emails", "email", ["Ada"], "there is a text without @"),
        ("user.emails", "emails", [[{"mail": "x"}]], "its elements have no `email`"),
        ("urls.course", "url", ["/1"], "it is no whole address"),
        ("is_mandatory", "required", ["yes"], "it is text"),
        ("time_spent_seconds", "time_spent", ["long"], "the text is no duration that is known"),
    ],
)
def test_a_value_of_another_kind_is_not_and_no_text_is_quoted(
    name: str, key: str, values: list[Any], reason: str
) -> None:
    assert read(name, key, *values) == reason


@pytest.mark.parametrize(
    ("name", "key", "values", "doubt"),
    [
        ("time_spent_seconds", "time_spent", [5], "its unit is told nowhere; seconds are taken"),
        ("progress_percent", "progress", [0, 1], "of 100, or of 1, which is $percent(…)?"),
        ("started_at", "start_date", ["2026-01-05"], "the learner's, or that of the course?"),
        ("started_at", "course_begin_date", [None], "the learner's, or that of the course?; no value was met"),
        ("user.name", "username", ["jane.doe"], "a name, or what the user logs in with?"),
        ("user.name", "user_name", [None], "a name, or what the user logs in with?"),
        ("user.name", "user_name", ["Jane Doe"], ""),
        ("user.name", "name", ["Cher"], ""),
        ("completed_at", "completed_at", [None], "no value was met"),
        ("score", "score", [None], "no value was met"),
    ],
)
def test_what_is_doubtful_says_so(name: str, key: str, values: list[Any], doubt: str) -> None:
    found = read(name, key, *values)
    assert isinstance(found, Fit)
    assert found.doubt == doubt


@pytest.mark.parametrize(
    ("told", "expression", "doubt"),
    [
        ({"type": "number", "minimum": 0, "maximum": 1}, "$percent({})", ""),
        ({"type": "number", "maximum": 100}, "{}", ""),
        ({"type": "number", "example": 42.5}, "{}", ""),
        ({"type": "number", "description": "0-100"}, "{}", ""),
        ({"type": "number"}, "{}", "of 100, or of 1, which is $percent(…)?"),
        ({"allOf": [{"type": "number"}, {"maximum": 1.0}]}, "$percent({})", ""),
        ({"type": "number", "maximum": "1"}, "{}", "of 100, or of 1, which is $percent(…)?"),
        ({"type": "number", "maximum": True}, "{}", "of 100, or of 1, which is $percent(…)?"),
    ],
)
def test_a_share_in_a_schema_is_one_by_its_largest_value(told: dict[str, Any], expression: str, doubt: str) -> None:
    shape = shape_of_schema(Document({}, 3), told)
    found = fit("course_enrollments", "progress_percent", ("progress",), shape)
    assert isinstance(found, Fit)
    assert (found.expression, found.doubt) == (expression, doubt)
