import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import ValueProblem, read_boolean, read_integer, read_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        (7.5, 7.5),
        (0, 0),
        ("42.5", 42.5),
        (" 42 ", 42),
        ("-1", -1),
        ("+3", 3),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
        ("10000000000000000000001", 10000000000000000000001),
        ("007", 7),
        ("", None),
        ("  ", None),
    ],
)
def test_numbers_are_read_also_in_text(value: Any, number: Any) -> None:
    assert read_number(value) == number
    assert type(read_number(value)) is type(number)


@pytest.mark.parametrize(
    "value",
    [True, False, None, [], {}, "one", "1,5", "1,234.5", "1 000", "1_000", "0x10", "٣", "nan", "inf", "--1", "1e",
     "1e9999", "4" * 500, math.nan, math.inf, -math.inf, "1e999"],
)  # fmt: skip
def test_what_is_no_number_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not a (finite )?number"):
        read_number(value)


def test_a_problem_says_what_to_do_about_percent_signs_and_commas() -> None:
    with pytest.raises(ValueProblem) as caught:
        read_number("47.1%")
    assert caught.value.do == "read it with $percent(…)"
    with pytest.raises(ValueProblem) as caught:
        read_number("1,234")
    assert "comma" in caught.value.do


def test_a_long_value_is_shortened_in_a_problem() -> None:
    with pytest.raises(ValueProblem) as caught:
        read_number("x" * 1_000_000)
    assert len(caught.value.what) < 120


@pytest.mark.parametrize(("value", "number"), [(42.0, 42), ("42.0", 42), (42, 42), ("", None), (2**70, 2**70)])
def test_whole_numbers_are_integers(value: Any, number: Any) -> None:
    assert read_integer(value) == number
    assert isinstance(read_integer(value), int | None)


@pytest.mark.parametrize("value", [42.5, "42.5", "0.1", 1e-9])
def test_a_fraction_is_not_rounded_in_silence(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not a whole number") as caught:
        read_integer(value)
    assert "$round" in caught.value.do


def test_switches_are_true_or_false_or_what_the_mapping_says() -> None:
    assert read_boolean(True, {}) is True
    assert read_boolean(False, {"False": True}) is False
    table = {"1": True, "0": False, "Yes": True, "no": False}
    assert [read_boolean(value, table) for value in (1, "1", 1.0, "yes", " YES ")] == [True] * 5
    assert [read_boolean(value, table) for value in (0, "0", 0.0, "No")] == [False] * 4


def test_empty_text_is_no_switch_unless_the_mapping_says_so() -> None:
    assert read_boolean("", {}) is None
    assert read_boolean("", {"": False}) is False


@pytest.mark.parametrize("value", [0, 1, "true", "1", "yes", None, [], 0.5])
def test_other_switches_are_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not true or false") as caught:
        read_boolean(value, {"on": True})
    assert "values.booleans" in caught.value.do


@given(number=st.integers(min_value=-(10**390), max_value=10**390))
def test_integers_of_any_size_keep_every_digit(number: int) -> None:
    assert read_number(str(number)) == number
    assert read_integer(number) == number


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back(number: float) -> None:
    assert read_number(repr(number)) == number
