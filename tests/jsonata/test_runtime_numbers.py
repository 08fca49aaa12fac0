"""Numbers: integers keep every digit, what is out of range is a problem, absent sides make the result absent."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata import EvaluationProblem
from engine.jsonata.functions.numbers import NUMBERS
from engine.jsonata.runtime import numbers
from engine.jsonata.runtime.fuel import Run

exact = st.integers(-(2**80), 2**80)
floats = st.floats(allow_nan=False, allow_infinity=False)


@given(left=exact, right=exact)
def test_integers_are_computed_exactly(left: int, right: int) -> None:
    assert numbers.add(left, right) == left + right
    assert numbers.subtract(left, right) == left - right
    assert numbers.multiply(left, right) == left * right
    if right:
        assert numbers.divide(left * right, right) == left
        rest = numbers.remainder(left, right)
        assert abs(rest) < abs(right)
        assert (left - rest) % right == 0
        assert rest == 0 or (rest < 0) is (left < 0)


@given(value=floats)
def test_a_whole_float_is_the_integer_as_far_as_it_is_exact(value: float) -> None:
    settled = numbers.settled(value)
    assert settled == value
    assert (type(settled) is int) is (value.is_integer() and abs(value) < numbers.EXACT)


@pytest.mark.parametrize(
    "compute", [numbers.add, numbers.subtract, numbers.multiply, numbers.divide, numbers.remainder]
)
def test_absent_sides_make_the_result_absent_and_others_are_told(compute: Any) -> None:
    assert compute(None, 1) is None
    assert compute(1, None) is None
    for left, right, code in (("1", 1, "T2001"), (1, [2], "T2002"), (True, 1, "T2001"), (None, "x", "T2002")):
        with pytest.raises(EvaluationProblem) as caught:
            compute(left, right)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("compute", "left", "right"),
    [
        (numbers.divide, 1, 0), (numbers.remainder, 1, 0.0), (numbers.multiply, 1e308, 10), (numbers.add, 1e308, 1e308),
        (numbers.multiply, 2**1000, 2**1000), (numbers.divide, 10**400, 3), (numbers.add, float("inf"), 1),
    ],
)  # fmt: skip
def test_what_is_out_of_range_is_a_problem(compute: Any, left: Any, right: Any) -> None:
    with pytest.raises((EvaluationProblem, OverflowError)):
        compute(left, right)


def test_ranges_have_bounds() -> None:
    assert numbers.span(1, 3) == range(1, 4)
    assert numbers.span(3, 1) is None
    assert numbers.span(None, 1) is None
    for first, last, code in ((1, 1 + numbers.LONGEST_RANGE, "D2014"), (1.5, 2, "T2003"), (1, "2", "T2004")):
        with pytest.raises(EvaluationProblem) as caught:
            numbers.span(first, last)
        assert caught.value.code == code


ROUND = next(builtin for builtin in NUMBERS if builtin.name == "round").call


ties = st.builds(
    lambda units, places: float(f"{units}5e-{places + 1}"), st.integers(-(10**8), 10**8), st.integers(0, 8)
)


@given(value=ties | st.floats(-1e7, 1e7), places=st.integers(-2, 12))
def test_rounding_is_the_nearest_as_decimals_have_it_and_even_between_two(value: float, places: int) -> None:
    wanted = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    assert ROUND(Run({}), value, places) == float(wanted)
