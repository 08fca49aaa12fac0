from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import ValueProblem, read_seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (90, 90),
        (1.5, 1.5),
        ("90", 90),
        ("1.5", 1.5),
        ("", None),
        (" ", None),
        ("1h 20m", 4800),
        ("1h20m", 4800),
        ("1 hour and 20 minutes", 4800),
        ("2 days, 3 hours", 183600),
        ("1w 1d", 691200),
        ("90 min", 5400),
        ("1,5 Hrs.", 5400),
        ("45s", 45),
        ("01:20:00", 4800),
        ("1:20", 4800),
        ("100:00:30.5", 360030.5),
        ("2.01:20:00", 177600),
        ("2 01:20:00", 177600),
        ("00:00:00", 0),
        ("-1:30:00", -5400),
        ("PT1H20M", 4800),
        ("P2DT30M", 174600),
        ("P1W", 604800),
        ("PT0.5S", 0.5),
        ("pt1m", 60),
        ("-PT1M", -60),
        ("PT0S", 0),
    ],
)
def test_durations_are_read_as_providers_write_them(value: Any, seconds: Any) -> None:
    assert read_seconds(value) == seconds
    assert type(read_seconds(value)) is type(seconds)


@pytest.mark.parametrize(
    ("value", "unit", "seconds"),
    [
        (1500, "milliseconds", 1.5),
        (90, "minutes", 5400),
        ("1.5", "hours", 5400),
        (2, "days", 172800),
        (1, "weeks", 604800),
        (36000000000, "ticks", 3600),
        (5, "seconds", 5),
        ("05:30", "minutes", 330),
        ("1:05:30", "minutes", 3930),
        ("1h", "minutes", 3600),
    ],
)
def test_a_unit_says_what_a_number_counts(value: Any, unit: str, seconds: Any) -> None:
    assert read_seconds(value, unit) == seconds


@pytest.mark.parametrize(
    "value",
    ["soon", "1x", "1h 1h", "20m 1h", "1:99", "1:2:99", "P", "PT", "P1Y", "P1M", "PT1.2.3H", "h", "1h foo", "1 2",
     "--1", True, None, [], "1h " * 100, "٣h"],
)  # fmt: skip
def test_what_is_no_duration_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem):
        read_seconds(value)


def test_an_unknown_unit_is_a_problem_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueProblem, match="'fortnights' is not a unit of time") as caught:
        read_seconds(1, "fortnights")
    assert "minutes" in caught.value.do


@given(hours=st.integers(0, 10_000), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_all_spellings_of_a_duration_agree(hours: int, minutes: int, seconds: int) -> None:
    expected = hours * 3600 + minutes * 60 + seconds
    for text in (
        f"{hours}:{minutes:02}:{seconds:02}",
        f"PT{hours}H{minutes}M{seconds}S",
        f"{hours}h {minutes}m {seconds}s",
        f"{hours} hours, {minutes} minutes and {seconds} seconds",
    ):
        assert read_seconds(text) == expected
