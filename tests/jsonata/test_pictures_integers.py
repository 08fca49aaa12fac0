"""Integers in pictures: $formatInteger and $parseInteger."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_suite import Case, numbers_of_cases, run_case, suite_cases

from engine.jsonata.pictures.integers import format_integer, parse_integer
from engine.jsonata.problems import EvaluationProblem

GROUPS = ("function-formatInteger", "function-parseInteger")
FUNCTIONS: dict[str, Callable[..., Any]] = {"formatInteger": format_integer, "parseInteger": parse_integer}
ARABIC, WIDE, ADLAM = "\N{ARABIC-INDIC DIGIT ZERO}", "\N{FULLWIDTH DIGIT ZERO}", "\N{ADLAM DIGIT ZERO}"


@pytest.mark.parametrize("case", suite_cases(*GROUPS))
def test_a_case_of_the_official_suite_gives_its_result(case: Case) -> None:
    found = run_case(case, FUNCTIONS)
    assert (float(found) if isinstance(case.result, float) else found) == case.result


def test_all_cases_of_the_suite_but_these_are_read() -> None:
    assert numbers_of_cases(*GROUPS) == [(64, 1), (60, 1)]


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        (123, "0000", "0123"),
        (-3, "0000", "-0003"),
        (12.9, "0", "12"),
        (-12.1, "0", "-13"),
        (1234567, "#,##0", "1,234,567"),
        (1234567890, "#:###,##0", "1234:567,890"),
        (1, "0;o", "1st"),
        (2, "0;o", "2nd"),
        (3, "0;o", "3rd"),
        (11, "0;o", "11th"),
        (112, "0;o", "112th"),
        (1001, "#,##0;o", "1,001st"),
        (5, "0;c", "5"),
        (5, "0%", "5%"),
        (7, "DOC-0000", "DOC-0007"),
        (0, "I", ""),
        (1984, "I", "MCMLXXXIV"),
        (-4, "i", "-iv"),
        (27, "a", "aa"),
        (703, "A", "AAA"),
        (0, "w", "zero"),
        (0, "w;o", "zeroth"),
        (-5, "Ww", "-Five"),
        (101, "w", "one hundred and one"),
        (1100, "w", "one thousand, one hundred"),
        (1000000, "W;o", "ONE MILLIONTH"),
        (10**24, "w", "one trillion trillion"),
        (1234, f"#{ARABIC}", "".join(chr(ord(ARABIC) + digit) for digit in (1, 2, 3, 4))),
        (10, WIDE, chr(ord(WIDE) + 1) + WIDE),
        (10, ADLAM, chr(ord(ADLAM) + 1) + ADLAM),
    ],
)
def test_an_integer_is_written_as_the_picture_says(value: float, picture: str, text: str) -> None:
    assert format_integer(value, picture) == text
    assert parse_integer(text, picture) == math.floor(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10000000000000123, "10000000000000123"),
        (-(2**1023), str(-(2**1023))),
        (2.0**60, "1152921504606847000"),
        (1e21, "1" + "0" * 21),
        (1e300, "1" + "0" * 300),
    ],
)
def test_integers_keep_every_digit_and_large_floats_are_written_out(value: float, text: str) -> None:
    assert format_integer(value, "0") == text


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        (12345, "#:###,##0", "12,345"),
        (12, "#:###,##0", "12"),
        (123, "#:###,##0", "123"),
        (12, "##,##,##0", "12"),
        (8, "$#,##0", "$8"),
    ],
)
def test_where_the_reference_garbles_an_integer_no_digit_is_lost(value: int, picture: str, text: str) -> None:
    assert format_integer(value, picture) == text


@pytest.mark.parametrize(
    ("text", "picture", "value"),
    [
        (" 12 ", "0", 12),
        ("+12", "0", 12),
        ("1234", "#,##0", 1234),
        ("1.234", "#.##0", 1234),
        ("1ST", "0;o", 1),
        ("mcm", "I", 1900),
        ("IIX", "I", 8),
        ("C", "a", 3),
        ("-five", "w", -5),
        ("nineteen hundred and eighty-four", "w", 1984),
        ("One Million, Two Thousand", "w", 1002000),
        ("one thousand, two hundred and thirty-four trillion", "w", 1234 * 10**12),
        ("one trillion, one million trillion and one", "w", (10**12 + 10**6) * 10**12 + 1),
        ("two thousand and first", "w;o", 2001),
    ],
)
def test_a_text_is_read_as_the_picture_says(text: str, picture: str, value: int) -> None:
    assert parse_integer(text, picture) == value


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("", "0"),
        ("-", "0"),
        ("twelve", "0"),
        ("12x", "0"),
        ("1,234", "0"),
        ("1.5", "#,##0"),
        ("12", "0;o"),
        ("1_000", "0"),
        ("12", ARABIC),
        (ARABIC, "0"),
        ("MCMA", "I"),
        ("a1", "a"),
        ("\N{KELVIN SIGN}1", "a"),
        ("", "w"),
        ("one  two", "w"),
        ("dozen", "w"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_and_not_told(text: str, picture: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        parse_integer(text, picture)
    assert told.value.code == "D3030"
    assert told.value.message.startswith(f"the text is not an integer in the picture {picture!r}; ")


@pytest.mark.parametrize(
    ("picture", "code"),
    [("#", "D3130"), ("", "D3130"), ("\N{GREEK SMALL LETTER ALPHA}", "D3130"), (f"0{WIDE}", "D3131")],
)
def test_a_wrong_picture_is_told_with_the_code_of_the_reference(picture: str, code: str) -> None:
    for call in (lambda: format_integer(1, picture), lambda: parse_integer("1", picture)):
        with pytest.raises(EvaluationProblem) as told:
            call()
        assert told.value.code == code
        assert repr(picture) in told.value.message
        assert "; " in told.value.message


@pytest.mark.parametrize(
    ("value", "picture"), [(10_000_001, "I"), (-(10**30), "i"), (math.inf, "0"), (math.nan, "w"), (2**1024, "0")]
)
def test_a_number_out_of_range_is_a_problem(value: float, picture: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        format_integer(value, picture)
    assert told.value.code == "D1001"


def test_ten_million_is_the_largest_roman_number() -> None:
    assert format_integer(10_000_000, "I") == "M" * 10_000


@pytest.mark.parametrize(
    ("text", "picture"),
    [("9" * 400, "0"), ("z" * 100_000, "a"), ("one" + " trillion" * 100_000, "w"), ("9" * 309, "0")],
)
def test_a_text_with_too_large_a_number_is_a_problem(text: str, picture: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        parse_integer(text, picture)
    assert told.value.code == "D1001"


def test_zeros_before_a_number_do_not_make_it_large() -> None:
    assert parse_integer("0" * 100_000 + "7", "0") == 7


def test_words_of_the_largest_number_are_few() -> None:
    assert len(format_integer(2**1024 - 1, "w")) < 10_000


def test_a_long_picture_takes_time_as_it_is_long() -> None:
    assert len(format_integer(5, "0,." * 100_000 + "0")) == 300_001


PICTURES = ["0", "0000", "#,##0", "#.##0;o", "0;o", "##,##,##0", "#:###,##0", "A", "a", "w", "W;o", "Ww", ARABIC]


@given(st.integers(-(2**1000), 2**1000), st.sampled_from(PICTURES))
def test_what_is_written_is_read_back(value: int, picture: str) -> None:
    assert parse_integer(format_integer(value, picture), picture) == value


@given(st.integers(-20_000, 20_000), st.sampled_from(["I", "i"]))
def test_what_is_written_in_roman_numerals_is_read_back(value: int, picture: str) -> None:
    assert parse_integer(format_integer(value, picture), picture) == value


PIECES = st.one_of(st.text("0#,.;oAaIiWw -", max_size=8), st.text(max_size=5), st.sampled_from(PICTURES))


@given(st.one_of(st.integers(-(2**1023), 2**1023), st.floats()), PIECES)
def test_whatever_the_picture_there_is_a_text_or_a_problem(value: float, picture: str) -> None:
    try:
        assert isinstance(format_integer(value, picture), str)
    except EvaluationProblem as problem:
        assert problem.code in {"D1001", "D3130", "D3131"}  # noqa: PT017 - both are right


@given(st.one_of(st.text("0123456789,.-thstndIVXone hundred", max_size=12), st.text(max_size=8)), PIECES)
def test_whatever_the_text_there_is_an_integer_or_a_problem(text: str, picture: str) -> None:
    found: Any
    try:
        found = parse_integer(text, picture)
    except EvaluationProblem as problem:
        assert problem.code in {"D1001", "D3030", "D3130", "D3131"}  # noqa: PT017 - both are right
    else:
        assert type(found) is int
