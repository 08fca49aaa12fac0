import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import ValueProblem, read_id, read_text

HALF = json.loads('"\\ud83d"')


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", "Ada"),
        (" Ada ", " Ada "),
        ("", None),
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (10**30, "1" + "0" * 30),
        ("\U0001f600 שלום", "\U0001f600 שלום"),
        ("a &amp; b", "a &amp; b"),
    ],
)
def test_text_passes_unharmed_and_numbers_become_text(value: Any, text: str | None) -> None:
    assert read_text(value) == text


def test_entities_are_decoded_where_the_mapping_says_so() -> None:
    assert read_text("O&#039;Brien &amp; S&ouml;hne &lt;3", entities=True) == "O'Brien & Söhne <3"
    assert read_text("&nbsp;", entities=True) == "\xa0"
    assert read_text("&unknown; & more", entities=True) == "&unknown; & more"


@pytest.mark.parametrize("value", [True, False, None, [], {}, ["a"]])
def test_what_is_no_text_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not text"):
        read_text(value)


def test_text_that_no_database_takes_is_a_problem() -> None:
    with pytest.raises(ValueProblem, match="holds a NUL character"):
        read_text("a\0b")
    with pytest.raises(ValueProblem, match="holds a NUL character"):
        read_text("é\0")
    with pytest.raises(ValueProblem, match="holds half a character"):
        read_text(f"a{HALF}")
    with pytest.raises(ValueProblem, match="is not a finite number"):
        read_text(float("nan"))


@pytest.mark.parametrize(
    ("value", "text"), [("a-1", "a-1"), (7, "7"), (2**63 + 1, str(2**63 + 1)), (7.0, "7"), (0, "0"), ("007", "007")]
)
def test_ids_are_text_with_every_digit(value: Any, text: str) -> None:
    assert read_id(value) == text


@pytest.mark.parametrize("value", ["", "  ", True, False, None, 7.5, 2.0**60, float("nan"), [], {}, [7]])
def test_what_is_no_id_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not an id"):
        read_id(value)


def test_an_id_holds_no_nul() -> None:
    with pytest.raises(ValueProblem, match="NUL"):
        read_id("7\0")


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_unicode_passes_unharmed(text: str) -> None:
    assert read_text(text) == text
