"""Functions called: with what they take, without end in last place, and not too deep elsewhere."""

from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import EvaluationProblem
from engine.jsonata.runtime.calling import apply, call, caller, composed, function, partial
from engine.jsonata.runtime.fuel import DEEPEST_CALLS, FUEL, Run
from engine.jsonata.runtime.values import Function


def listing(arity: int) -> Function:
    """Return a function that gives its arguments as a list."""
    return function("f", lambda *arguments: list(arguments), arity)


def test_missing_arguments_are_absent_and_further_ones_ignored() -> None:
    run = Run({})
    assert call(run, listing(2), (1,), None) == [1, None]
    assert call(run, listing(2), (1, 2, 3), None) == [1, 2]
    assert apply(run, listing(1), 1, 2) == [1]


@pytest.mark.parametrize(("arity", "given"), [(0, []), (1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [1, 2, 3, None])])
def test_a_function_gets_as_many_as_it_cares_for(arity: int, given: list[Any]) -> None:
    assert caller(Run({}), listing(arity), 3)(1, 2, 3) == given


def test_a_call_costs_a_unit_and_what_is_no_function_is_told() -> None:
    run = Run({})
    call(run, listing(1), (1,), None)
    assert run.left == FUEL - 1
    for callee, code in ((5, "T1006"), (None, "T1006")):
        with pytest.raises(EvaluationProblem) as caught:
            call(run, callee, (), None)
        assert caught.value.code == code


def test_holes_are_filled_in_turn() -> None:
    run = Run({})
    filled = partial(run, listing(3), (None, 2, None), [0, 2])
    assert (filled.arity, apply(run, filled, "a", "b")) == (2, ["a", 2, "b"])
    with pytest.raises(EvaluationProblem, match="no|not"):
        partial(run, 5, (), [])


def test_what_is_composed_of_functions_is_one() -> None:
    run = Run({})
    once, twice = function("once", lambda value: value + 1, 1), function("twice", lambda value: value * 2, 1)
    assert apply(run, composed(run, once, twice), 5) == 12
    assert composed(run, 5, twice) == 10
    with pytest.raises(EvaluationProblem) as caught:
        composed(run, once, 5)
    assert caught.value.code == "T2006"


def test_calls_in_last_place_do_not_nest_and_others_do_so_only_so_far() -> None:
    last = jsonata.compile("( $f := function($n) { $n = 0 ? 'end' : $f($n - 1) }; $f(n) )")
    within = jsonata.compile("( $f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(n) )")
    assert last({"n": 100_000}) == "end"
    assert within({"n": DEEPEST_CALLS - 1}) == DEEPEST_CALLS - 1
    with pytest.raises(EvaluationProblem, match="too deep"):
        within({"n": DEEPEST_CALLS + 1})


def test_a_loop_of_calls_without_end_ends_by_fuel() -> None:
    for text in (
        "( $f := function() { $f() }; $f() )",
        "( $f := function() { $g() }; $g := function() { $f() }; $f() )",
    ):
        with pytest.raises(EvaluationProblem) as caught:
            jsonata.compile(text)({})
        assert caught.value.code == "U1001"
