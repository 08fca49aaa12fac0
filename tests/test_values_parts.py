from typing import Any

import pytest

from engine.telling import shown
from engine.values import ValueProblem, read_emails, read_objects, read_urls


def test_one_address_as_text_becomes_the_primary_one() -> None:
    assert read_emails(" ada@example.org ") == ([{"email": "ada@example.org", "is_primary": True}], [])


def test_the_first_address_is_primary_unless_one_says_it_is() -> None:
    found, dropped = read_emails(["a@x.org", "b@x.org"])
    assert found == [{"email": "a@x.org", "is_primary": True}, {"email": "b@x.org"}]
    assert dropped == []
    given = [{"email": "a@x.org", "type": "home"}, {"email": "b@x.org", "type": "work", "is_primary": True}]
    assert read_emails(given) == (given, [])


def test_addresses_come_once() -> None:
    assert read_emails(["a@x.org", "a@x.org"])[0] == [{"email": "a@x.org", "is_primary": True}]


@pytest.mark.parametrize(
    "value",
    ["ada", "@", "a@", "@b", "a@b@c", "a@x.org, b@x.org", "a@x.org;b@x.org", "Ada <a@x.org>", "a b@x.org", "a@x\0.org",
     7, True],
)  # fmt: skip
def test_what_is_no_address_is_dropped_and_named(value: Any) -> None:
    found, dropped = read_emails([value, "ok@x.org"])
    assert found == [{"email": "ok@x.org", "is_primary": True}]
    assert dropped == [shown(value)]


@pytest.mark.parametrize("value", ["miles.o'brien@example.org", "ada+tag@x.org", "müller@büro.example", "a@localhost"])
def test_unusual_addresses_are_addresses(value: str) -> None:
    assert read_emails(value)[0][0]["email"] == value


def test_nothing_is_no_address() -> None:
    assert read_emails([]) == ([], [])
    assert read_emails(["", None, {"email": None}, {"email": ""}]) == ([], [])


def test_an_object_that_is_no_address_is_a_problem() -> None:
    with pytest.raises(ValueProblem, match="an object with address is not one with email, type, is_primary"):
        read_emails([{"address": "a@x.org"}])
    with pytest.raises(ValueProblem, match="is not true or false"):
        read_emails({"email": "a@x.org", "is_primary": "maybe"})


def test_links_are_whole_addresses() -> None:
    assert read_urls("https://x.org/c?id=1", None) == [{"url": "https://x.org/c?id=1"}]
    assert read_urls(" HTTP://x.org ", "course") == [{"url": "HTTP://x.org", "type": "course"}]
    given = [{"url": "https://x.org", "type": "own"}, None, "", {"url": ""}, "https://y.org"]
    assert read_urls(given, "course") == [
        {"url": "https://x.org", "type": "own"},
        {"url": "https://y.org", "type": "course"},
    ]


@pytest.mark.parametrize("value", ["/c/1", "x.org", "ftp://x.org", "javascript:alert(1)", "https://", "https:// x", 7])
def test_what_is_no_whole_address_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not a full address"):
        read_urls(value, None)


def test_texts_and_numbers_stand_for_the_last_field_of_an_object() -> None:
    assert read_objects(["Law", 7, {"id": 3, "name": "Art"}], ("id", "name")) == [
        {"name": "Law"},
        {"name": "7"},
        {"id": "3", "name": "Art"},
    ]
    assert read_objects("+43 1 234", ("extension", "type", "number")) == [{"number": "+43 1 234"}]


def test_one_object_is_a_list_of_one_and_nothing_in_it_is_none() -> None:
    assert read_objects({"id": 10**20, "name": None}, ("id", "name")) == [{"id": str(10**20)}]
    assert read_objects([None, "", {}, {"id": None, "name": ""}], ("id", "name")) == []


def test_entities_in_objects_are_decoded_where_the_mapping_says_so() -> None:
    assert read_objects("R&amp;D", ("id", "name"), entities=True) == [{"name": "R&D"}]
    assert read_objects("R&amp;D", ("id", "name")) == [{"name": "R&amp;D"}]


def test_an_object_of_another_kind_is_a_problem() -> None:
    with pytest.raises(ValueProblem, match="an object with label is not one with id, name"):
        read_objects({"label": "Law"}, ("id", "name"))
    with pytest.raises(ValueProblem, match="is not text"):
        read_objects([["Law"]], ("id", "name"))
    with pytest.raises(ValueProblem, match="is not an id"):
        read_objects({"id": 1.5}, ("id", "name"))
