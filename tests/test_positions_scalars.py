"""What plain scalars mean: what JSON would make of them, and text otherwise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.positions.scalars import TooLarge, meaning


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("~", None), ("null", None), ("true", True), ("false", False), ("0", 0), ("-7", -7), ("1.50", 1.5),
     ("-0.5", -0.5), ("1e3", 1000.0), ("2E-1", 0.2), ("12345678901234567890123", 12345678901234567890123)],
)  # fmt: skip
def test_what_json_has_is_read_as_json_would(text: str, value: object) -> None:
    assert meaning(text) == value
    assert type(meaning(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "off", "y", "Null", "NULL", "True", "FALSE", "12:30", "1:2:3", "2025-01-31", "007", "0x1F",
     "0o17", "0b1", "1_000", "+5", ".5", "5.", ".inf", ".nan", "1.2.3", "1,5", "-", "=", "e5", "١٢"],
)  # fmt: skip
def test_everything_else_is_text(text: str) -> None:
    assert meaning(text) == text


@pytest.mark.parametrize("text", ["9" * 1001, "1e999", "-1e400"])
def test_numbers_that_no_computer_holds_are_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        meaning(text)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none())
def test_whatever_json_writes_comes_back(value: object) -> None:
    assert meaning(json.dumps(value)) == value


@given(st.text(st.characters(exclude_categories=["Nd"])))
def test_text_without_digits_is_itself_or_one_of_five_words(text: str) -> None:
    assert meaning(text) == text or text in ("", "~", "null", "true", "false")
