"""Results in order: stably, what is absent last, and only what can be compared."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata import EvaluationProblem
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.sorting import merge_sorted, ordered
from engine.jsonata.runtime.values import Made, Seq

entries = st.lists(st.tuples(st.integers(0, 3) | st.none(), st.integers(0, 9)).map(list), max_size=12)


@given(values=entries, descending=st.booleans())
def test_order_is_stable_and_what_is_absent_is_last_either_way(values: list[Any], descending: bool) -> None:
    found = ordered(Run({}), values, [(lambda entry: entry[0], descending)])
    there = [entry for entry in values if entry[0] is not None]
    wanted = sorted(there, key=lambda entry: -entry[0] if descending else entry[0])
    assert found == [*wanted, *(entry for entry in values if entry[0] is None)]


@given(values=entries)
def test_later_keys_decide_where_earlier_ones_do_not(values: list[Any]) -> None:
    there = [entry for entry in values if entry[0] is not None]
    found = ordered(Run({}), there, [(lambda entry: entry[0], False), (lambda entry: entry[1], True)])
    assert found == sorted(there, key=lambda entry: (entry[0], -entry[1]))


@given(values=st.lists(st.integers(0, 5)))
def test_merging_sorts_by_what_comes_after_what(values: list[int]) -> None:
    assert list(merge_sorted(values, lambda left, right: left > right)) == sorted(values)


@pytest.mark.parametrize(("keys", "code"), [([1, "a"], "T2007"), ([True, 1], "T2008"), ([[1], [2]], "T2008")])
def test_keys_that_have_no_order_are_told(keys: list[Any], code: str) -> None:
    with pytest.raises(EvaluationProblem) as caught:
        ordered(Run({}), keys, [(lambda key: key, False)])
    assert caught.value.code == code


def test_one_result_is_no_list_and_its_key_is_never_asked_for() -> None:
    def never(_: Any) -> Any:
        raise AssertionError

    assert type(ordered(Run({}), [1], [(never, False)])) is Seq
    assert type(ordered(Run({}), Made([1]), [(never, False)])) is Made
    assert ordered(Run({}), None, [(never, False)]) is None
