from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.jsonata.paths import parse_path, walk
from engine.jsonata.reference import Expression


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("course", ("course",)),
        ("course.id", ("course", "id")),
        ("  course.teacher.name\n", ("course", "teacher", "name")),
        ("`Full name`", ("Full name",)),
        ("user.`e-mail`.`a.b`", ("user", "e-mail", "a.b")),
        ("_links.self", ("_links", "self")),
        ("größe.名前", ("größe", "名前")),
    ],
)
def test_a_plain_path_has_its_steps(text: str, steps: tuple[str, ...]) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    "text",
    ["", ".", "a.", ".a", "a..b", "a . b", "a-b", "a[0]", "$", "$.a", "$x", "1", "a.1", "true", "null", "a.in", "and",
     "function", "a.b()", "*", "a.*", "``", "`a", '"a"', "a b", "a/* x */"],
)  # fmt: skip
def test_anything_more_than_a_path_is_left_to_the_engine(text: str) -> None:
    assert parse_path(text) is None


@pytest.mark.parametrize(
    ("path", "scope", "found"),
    [
        ("a.b", {"a": {"b": 1}}, 1),
        ("a.b", {"a": {}}, None),
        ("a.b", {"a": 1}, None),
        ("a.b", {"a": None}, None),
        ("a", {"a": None}, None),
        ("a", {"a": False}, False),
        ("a", {"a": 0}, 0),
        ("a", {"a": ""}, ""),
        ("a", {"a": []}, []),
        ("a", {"a": [1]}, [1]),
        ("a", {"a": [None, 1, None]}, [1]),
        ("a.b", {"a": [{"b": 1}]}, 1),
        ("a.b", {"a": [{"b": 1}, {"b": 2}]}, [1, 2]),
        ("a.b", {"a": [{"b": 1}, {"c": 2}, 3, None]}, 1),
        ("a.b", {"a": [{"b": [1, 2]}, {"b": 3}]}, [1, 2, 3]),
        ("a.b", {"a": [{"b": None}, {}]}, None),
        ("a.b", {"a": [[{"b": 1}], [{"b": 2}]]}, [1, 2]),
        ("a", [{"a": 1}, {"a": 2}], [1, 2]),
        ("a", [], None),
        ("a", 7, None),
        ("a", None, None),
    ],
)
def test_a_path_finds_what_jsonata_finds(path: str, scope: Any, found: Any) -> None:
    assert walk(tuple(path.split(".")), scope) == found
    assert Expression(path, {})(scope) == found


def test_what_a_path_finds_is_the_callers_own_object_with_its_nulls() -> None:
    course = {"id": 1, "end": None, "tags": [None]}
    assert walk(("course",), {"course": course}) is course


def test_a_time_comes_out_as_text_in_utc() -> None:
    time = datetime(2026, 10, 18, 20, 58, tzinfo=timezone(timedelta(hours=2)))
    assert walk(("run", "now"), {"run": {"now": time}}) == "2026-10-18T18:58:00Z"
    assert walk(("run", "now"), {"run": {"now": datetime(2026, 1, 1, tzinfo=UTC)}}) == "2026-01-01T00:00:00Z"


def test_ids_beyond_any_float_keep_every_digit() -> None:
    assert walk(("id",), {"id": 10**30 + 7}) == 10**30 + 7


names = st.sampled_from(["a", "b", "c"])
scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "x", "7"]) | st.just(2**63 + 1)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=25
)


@settings(max_examples=1500, deadline=None)
@example(scope={"a": [{"b": [1]}]}, steps=["a", "b"])
@example(scope={"a": [{"b": [1]}, {"b": []}]}, steps=["a", "b"])
@example(scope={"a": [{"b": [None]}]}, steps=["a", "b"])
@example(scope={"a": [[{"b": [[1]]}]]}, steps=["a", "b"])
@example(scope=[{"a": [1]}], steps=["a"])
@given(scope=values, steps=st.lists(names, min_size=1, max_size=4))
def test_walking_agrees_with_the_engine_on_any_data(scope: Any, steps: list[str]) -> None:
    assert walk(tuple(steps), scope) == Expression(".".join(steps), {})(scope)
