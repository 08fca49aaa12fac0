"""Equality, order and membership: no type is taken for another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata import EvaluationProblem
from engine.jsonata.runtime import comparing
from engine.jsonata.runtime.fuel import Run

values = st.recursive(
    st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5, "", "1", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@given(left=values, right=values)
def test_values_have_the_same_key_just_where_they_are_the_same(left: Any, right: Any) -> None:
    run = Run({})
    same = comparing.same(run, left, right)
    assert same is (comparing.key_of(run, left) == comparing.key_of(run, right))
    assert same is comparing.same(run, right, left)
    assert comparing.same(run, left, left)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True), (1, True, False), (0, False, False), ("1", 1, False), ([1], [1], True), ([1, None], [1], True),
        ({"a": None}, {}, True), ({"a": 1}, {"a": 1.0}, True), ([1], 1, False), ({}, [], False), (2**70, 2**70, True),
    ],
)  # fmt: skip
def test_nulls_count_for_nothing_and_types_for_all(left: Any, right: Any, same: bool) -> None:
    assert comparing.same(Run({}), left, right) is same


def test_what_is_absent_equals_nothing_and_differs_from_nothing() -> None:
    run = Run({})
    assert not comparing.equal(run, None, None)
    assert not comparing.unequal(run, None, 1)
    assert comparing.less(run, None, 1) is None
    assert not comparing.among(run, None, [None])


@pytest.mark.parametrize(
    ("left", "right", "code"), [(1, "1", "T2009"), (True, 1, "T2010"), ([], 1, "T2010"), ({}, None, "T2010")]
)
def test_only_numbers_or_only_texts_have_an_order(left: Any, right: Any, code: str) -> None:
    for compare in (comparing.less, comparing.at_most, comparing.more, comparing.at_least):
        with pytest.raises(EvaluationProblem) as caught:
            compare(Run({}), left, right)
        assert caught.value.code == code


def test_a_structure_is_in_a_list_only_as_itself() -> None:
    run, one = Run({}), {"a": 1}
    assert comparing.among(run, one, [one])
    assert not comparing.among(run, {"a": 1}, [one])
    assert comparing.among(run, 1, [2, 1.0])
    assert comparing.among(run, "x", "x")
    assert not comparing.among(run, 1, ["1", True])
