"""How the value of a field is read: by its kind, and by the mapping's `values:`."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.mapping import Times, Values
from engine.reading import Nothing, reader
from engine.records import field_kinds
from engine.values import ValueProblem

ENROLLMENTS = "course_enrollments"


def read(field: str, value: Any, values: Values | None = None, resource: str = ENROLLMENTS) -> Any:
    return reader(resource, field, values or Values())(value)


def test_ids_become_text_with_every_digit() -> None:
    assert read("user.id", 10**30) == "1" + "0" * 30


def test_texts_are_decoded_only_where_the_mapping_says_so() -> None:
    assert read("user.name", "Ada &amp; Bob") == "Ada &amp; Bob"
    assert read("user.name", "Ada &amp; Bob", Values(html=True)) == "Ada & Bob"


def test_times_are_read_as_the_mapping_says() -> None:
    unix = Values(times=Times(format="unix"))
    assert read("due_at", 86400, unix) == datetime(1970, 1, 2, tzinfo=UTC)
    assert read("due_at", "2025-01-02", Values(times=Times(zone="Europe/Rome"))) == datetime(2025, 1, 1, 23, tzinfo=UTC)
    assert read("due_at", "2025-01-02T03:04:05Z") == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_sentinels_of_times_are_for_times_only() -> None:
    values = Values(times=Times(format="unix", none=[0]), none=["-"])
    assert read("due_at", 0, values) is None
    assert read("due_at", "-", values) is None
    assert read("score", 0, values) == 0
    assert read("user.name", "-", values) is None


def test_numbers_keep_what_they_are() -> None:
    assert read("score", "42.5") == 42.5
    assert type(read("score", 7)) is int
    assert read("time_spent_seconds", 42.0) == 42


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("score", 10**400, "308 digits"),
        ("time_spent_seconds", 2**63, "64 bits"),
        ("time_spent_seconds", 1.5, "whole number"),
        ("progress_percent", 100.1, "0 to 100"),
        ("is_mandatory", "yes", "true or false"),
        ("due_at", "tomorrow", "RFC 3339"),
        ("user.id", [], "not an id"),
        ("urls.course", "/relative", "full address"),
    ],
)
def test_what_breaks_a_rule_is_a_problem(field: str, value: Any, message: str) -> None:
    with pytest.raises(ValueProblem, match=message):
        read(field, value)


def test_empty_numbers_are_absent() -> None:
    for field in ("score", "time_spent_seconds", "progress_percent"):
        assert read(field, "") is None


def test_percentages_are_cut_off_only_where_the_mapping_says_so() -> None:
    values = Values(clamp_percent=True)
    assert [read("progress_percent", value, values) for value in (-3, 55.5, 140)] == [0, 55.5, 100]


def test_switches_are_what_the_mapping_lists() -> None:
    values = Values(booleans={"1": True, "no": False})
    assert [read("is_mandatory", value, values) for value in (True, 1, "1", "no")] == [True, True, True, False]


def test_addresses_without_an_at_are_dropped_aloud() -> None:
    dropped: list[str] = []
    read_emails = reader(ENROLLMENTS, "user.emails", Values(), dropped.append)
    assert read_emails(["nobody", "a@b.example"]) == [{"email": "a@b.example", "is_primary": True}]
    assert dropped == ["'nobody' is not an e-mail address"]
    assert read("user.emails", "nobody") is None


def test_links_have_the_type_of_their_field() -> None:
    assert read("urls.course", "https://a.example") == [{"url": "https://a.example", "type": "course"}]
    assert read("urls", "https://a.example") == [{"url": "https://a.example"}]
    assert read("urls", []) is None


def test_objects_may_be_given_as_text() -> None:
    assert read("tags", ["a", {"id": 7, "name": "b"}], resource="courses") == [{"name": "a"}, {"id": "7", "name": "b"}]
    assert read("phones", "+39 1", resource="users") == [{"number": "+39 1"}]
    assert read("tags", [], resource="courses") is None


def test_words_must_be_words() -> None:
    assert read("role", "admin", resource="users") == "admin"
    with pytest.raises(ValueProblem, match="is not one of learner, instructor"):
        read("role", "boss", resource="users")


def test_custom_fields_are_taken_as_they_are() -> None:
    value = {"a": [None, 1]}
    assert read("custom_fields.x", value) is value


def test_a_field_that_does_not_exist_has_no_reader() -> None:
    with pytest.raises(KeyError):
        read("grade", 1)


@pytest.mark.parametrize("value", [0, 0.0, "0", " 0 ", "-", ""])
def test_these_stand_for_nothing(value: Any) -> None:
    assert value in Nothing([0, "-", ""])


@pytest.mark.parametrize("value", [False, 1, "00", " - ", None, [], {}])
def test_these_do_not(value: Any) -> None:
    assert value not in Nothing([0, "-", ""])


def test_the_text_zero_stands_only_for_itself() -> None:
    assert 0 not in Nothing(["0"])
    assert not Nothing([])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**320)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.from_regex(r"[0-9:.TZ+-]{1,30}", fullmatch=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "url", "email"]), inner),
    max_leaves=8,
)


@given(
    value=JSON.filter(lambda value: value is not None),
    form=st.sampled_from(["rfc3339", "unix", "unix_ms", "%d/%m/%Y %H:%M"]),
    field=st.sampled_from([name for name in field_kinds("users") if "<" not in name] + ["custom_fields.x"])
    | st.sampled_from([name for name in field_kinds(ENROLLMENTS) if "<" not in name]),
)
def test_whatever_comes_is_read_or_is_a_problem(value: Any, form: str, field: str) -> None:
    resource = "users" if field in field_kinds("users") else ENROLLMENTS
    values = Values(times=Times(format=form, zone="Europe/Rome"), html=True)
    with contextlib.suppress(ValueProblem):
        read(field, value, values, resource)
