"""Names looked up: objects give what they have, lists what their elements give, flattened by one level."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata.runtime import lookup
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Kept, Made, Seq, Whole

names = st.sampled_from(["a", "b"])
values = st.recursive(
    st.none() | st.integers(0, 9) | st.just("x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=2),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1}, 1), ({"b": 1}, None), ({"a": None}, None), (None, None), ("text", None), (5, None),
        ([{"a": 1}, {"b": 2}, {"a": 3}], [1, 3]), ([{"a": 1}, 5, None], 1), ([], None),
        ([[{"a": 1}], {"a": [2, 3]}], [1, 2, 3]),
        ({"a": [1, None, 2]}, [1, 2]), ([{"a": [1]}, {"a": [[2]]}], [1, [2]]), ([{"a": []}], None), ({"a": []}, []),
    ],
)  # fmt: skip
def test_a_name_gives_what_is_there(value: Any, found: Any) -> None:
    assert lookup.look(Run(value), value, "a") == found


@given(value=values)
def test_a_path_of_names_over_objects_or_over_lists_is_walked_alike(value: Any) -> None:
    data = {"a": value}
    run = Run(data)
    by_steps = lookup.chain(run, data, ("a", "b"))
    held = lookup.inside(run, data, value, "a") if type(value) is not dict else value
    found = held.get("b")
    assert (lookup.scanned(run, found) if type(found) is list else found) == by_steps


@pytest.mark.parametrize(
    ("results", "value"),
    [
        ([], None), ([1], 1), ([1, 2], [1, 2]), ([[1, None]], [1]), ([[1], [2, None]], [1, 2]), ([[[1]]], [[1]]),
        ([[]], []), ([{"a": 1}, [2]], [{"a": 1}, 2]), ([Whole([1])], [1]), ([Whole([1]), 2], [[1], 2]),
        ([Seq([5])], 5), ([Made([5])], [5]),
    ],
)  # fmt: skip
def test_the_results_of_a_last_step_stand_for_one_or_many(results: list[Any], value: Any) -> None:
    assert lookup.unwrapped(Run({}), Seq(results)) == value


def test_results_that_hold_no_lists_are_not_copied() -> None:
    results = Seq([{"a": 1}, {"a": 2}])
    assert lookup.unwrapped(Run({}), results) is results
    assert lookup.flat_last(Run({}), results) is results


@pytest.mark.parametrize(
    ("results", "value"), [(Seq([1]), [1]), (Seq(), None), (Kept(), None), (1, 1), (Made([1]), [1])]
)
def test_what_is_kept_stays_a_list_of_one(results: Any, value: Any) -> None:
    assert lookup.kept(Run({}), results) == value


def test_everything_under_a_name_comes_in_one_and_absent_parts_are_seen() -> None:
    data = {"a": [{"b": [1, None]}, {"b": 2}, {}, {"b": [[3]]}]}
    run = Run(data)
    holder = lookup.inside(run, data, data["a"], "a")
    assert lookup.all_under(run, holder, data, ("a",), "b") == [1, 2, None, [3]]
    assert lookup.all_under(run, lookup.NOTHING, {}, ("a",), "b") == []


def test_all_values_below_are_descendants_but_no_lists() -> None:
    data = {"a": [{"b": 1}, [2, None]]}
    assert lookup.descendants(Run(data), data) == [data, {"b": 1}, 1, 2]
    assert lookup.wildcard(Run(data), data) == [{"b": 1}, 2]
    assert lookup.wildcard(Run({}), {"a": 1, "b": None}) == [1]


def test_lists_cost_what_is_looked_through() -> None:
    data = [{"a": [0] * 50}] * 100
    run = Run(data)
    before = run.left
    lookup.look(run, data, "a")
    assert before - run.left >= 5000
