"""Where in an answer the items of a list are (engine/items.py)."""

from typing import Any

import pytest

from engine import jsonata
from engine.errors import Unreadable
from engine.items import listed, warned


@pytest.mark.parametrize(
    ("items", "data", "found"),
    [
        (None, [1, 2], [1, 2]),
        ("$", [1, 2], [1, 2]),
        ("data", {"data": [1, 2]}, [1, 2]),
        ("data.list", {"data": {"list": []}}, []),
        ("data", {"data": {"id": 7}}, [{"id": 7}]),
        ("data", {"data": None}, []),
        ("data.list", {"data": []}, []),
        ("data[id > 1]", {"data": [{"id": 1}, {"id": 2}]}, [{"id": 2}]),
    ],
)
def test_items_are_found_one_is_a_list_of_one_and_null_is_none(items: str | None, data: Any, found: list[Any]) -> None:
    assert listed(jsonata.compile(items) if items else None, data, "the answer", "people") == found


@pytest.mark.parametrize(
    ("items", "data", "message"),
    [
        (None, {"data": []}, "the answer is not a list; there are the keys data"),
        (None, "<html>", "the answer is not a list: it is text"),
        (
            "items",
            {"data": [], "total": 3},
            "`items: items` found nothing in the answer; there are the keys data, total",
        ),
        (
            "data.list",
            {"data": {"rows": []}},
            "`items: data.list` found nothing in the answer; `data` has the keys rows",
        ),
        ("data.list", {"data": {}}, "`items: data.list` found nothing in the answer: `data` is an empty object"),
        ("$number(data)", {"data": "x"}, "`items: $number(data)` failed: "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(items: str | None, data: Any, message: str) -> None:
    with pytest.raises(Unreadable) as raised:
        listed(jsonata.compile(items) if items else None, data, "the answer", "people")
    assert message in str(raised.value)
    assert "people" in str(raised.value)


def test_a_message_speaks_of_what_may_be_seen_of_the_data() -> None:
    scope = {"connection": {"token": "s3cret"}, "course": {"id": 1}}
    with pytest.raises(Unreadable, match="`course` has the keys id") as raised:
        listed(jsonata.compile("course.parts"), scope, "what is in scope", "parts", {"course": {"id": 1}})
    assert "token" not in str(raised.value)


def test_what_the_provider_warns_of_is_found_or_the_expression_is_told() -> None:
    assert warned(jsonata.compile("warnings.message"), {"warnings": [{"message": "old"}]}, "people") == "old"
    with pytest.raises(Unreadable, match="`warnings:") as raised:
        warned(jsonata.compile("$number(warnings)"), {"warnings": "x"}, "people")
    assert "correct the expression" in str(raised.value)
