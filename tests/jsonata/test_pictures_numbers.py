"""Numbers in pictures: $formatNumber and $formatBase."""

import math
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_suite import Case, numbers_of_cases, run_case, suite_cases

from engine.jsonata.pictures.numbers import format_base, format_number
from engine.jsonata.problems import EvaluationProblem

GROUPS = ("function-formatNumber", "function-formatBase")


@pytest.mark.parametrize("case", suite_cases(*GROUPS))
def test_a_case_of_the_official_suite_gives_its_result(case: Case) -> None:
    assert run_case(case, {"formatNumber": format_number, "formatBase": format_base}) == case.result


def test_all_cases_of_the_suite_but_these_are_read() -> None:
    assert numbers_of_cases(*GROUPS) == [(42, 3), (7, 2)]


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        (12345.6, "#,###.00", "12,345.60"),
        (0, "#", "0"),
        (0, "#.#", ".0"),
        (0.5, "#.##", ".5"),
        (0.5, "0", "0"),
        (1.5, "0", "2"),
        (2.5, "0", "2"),
        (-2.5, "0", "-2"),
        (1.005, "0.00", "1.00"),
        (1.015, "0.00", "1.02"),
        (-0.001, "0.00", "-0.00"),
        (7, "000", "007"),
        (0.14, "01%", "14%"),
        (0.5, "0‰", "500‰"),
        (-5, "0;(0)", "(5)"),
        (5, "0;(0)", "5"),
        (1234, "EUR #,##0 net", "EUR 1,234 net"),
        (1234.5678, "0.000e0", "1.235e3"),
        (0.00012, "0.0e00", "1.2e-04"),
        (0, "0.0e0", "0.0e0"),
        (10, "0e0", "10e0"),
        (1e21, "#,##0", "1,000,000,000,000,000,000,000"),
        (1e300, "0", "1" + "0" * 300),
        (2.0**60, "0", "1152921504606846976"),
        (5e-324, "0.0", "0.0"),
        (1.7e308, "0.####################", "17" + "0" * 307),
    ],
)
def test_a_number_is_written_as_the_picture_says(value: float, picture: str, text: str) -> None:
    assert format_number(value, picture) == text


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        (10000000000000123, "0", "10000000000000123"),
        (10000000000000123, "#,##0%", "1,000,000,000,000,012,300%"),
        (2**64 + 1, "0.0000000000000000000e0", "1.8446744073709551617e19"),
        (-(10**300) - 7, "0", "-1" + "0" * 299 + "7"),
        (2**1024 - 1, "0.0e0", "1.8e308"),
    ],
)
def test_an_integer_keeps_every_digit(value: int, picture: str, text: str) -> None:
    assert format_number(value, picture) == text


@pytest.mark.parametrize(
    ("value", "picture", "text"),
    [
        (12, "#,##,##0", "12"),
        (1234567, "#,##,##0", "12,34,567"),
        (0.5, "0.###,###", "0.5"),
        (0.123, "0.###,###", "0.123"),
        (0.123456789, "0.000,000,000", "0.123,456,789"),
        (1234, "EUR 00.0e00", "EUR 12.3e02"),
        (0.123, "#e9", "0.1e0"),
    ],
)
def test_where_the_reference_garbles_a_number_it_is_written_as_xpath_says(
    value: float, picture: str, text: str
) -> None:
    assert format_number(value, picture) == text


@pytest.mark.parametrize(
    ("value", "picture", "options", "text"),
    [
        (1234.5, "#.##0,00", {"decimal-separator": ",", "grouping-separator": "."}, "1.234,50"),
        (-7, "0", {"minus-sign": "\N{MINUS SIGN}"}, "\N{MINUS SIGN}7"),
        (-7, "0", {"minus-sign": ""}, "7"),
        (0.14, "###pm", {"per-mille": "pm"}, "140pm"),
        (1234.5678, "00.000E0", {"exponent-separator": "E"}, "12.346E2"),
        (2, "AAA.AAA", {"zero-digit": "A"}, "AAC.AAA"),
        (5, "x", {"digit": "x"}, "5"),
        (-5, "0|(0)", {"pattern-separator": "|"}, "(5)"),
        (5, "0", {"no-such-option": "x"}, "5"),
    ],
)
def test_options_give_other_signs(value: float, picture: str, options: dict[str, Any], text: str) -> None:
    assert format_number(value, picture, options) == text


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        ("#;#;#", "D3080"),
        ("#.0.0", "D3081"),
        ("#0%%", "D3082"),
        ("#0‰‰", "D3083"),
        ("#0%‰", "D3084"),
        (".e0", "D3085"),
        ("", "D3085"),
        ("---", "D3086"),
        ("0+.e0", "D3086"),
        ("0,.e0", "D3087"),
        ("0.,0", "D3087"),
        ("0,", "D3088"),
        ("0,,0", "D3089"),
        ("0#.e0", "D3090"),
        ("#0.#0e0", "D3091"),
        ("#0.0e0%", "D3092"),
        ("#0.0e0,0", "D3093"),
        ("0e", "D3093"),
        ("0" * 301, "D1001"),
        ("0." + "#" * 101, "D1001"),
    ],
)
def test_a_wrong_picture_is_told_with_the_code_of_the_reference(picture: str, code: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        format_number(20, picture)
    assert told.value.code == code
    assert "picture" in told.value.message
    assert "; " in told.value.message


@pytest.mark.parametrize(
    ("value", "picture", "options", "code"),
    [
        (math.inf, "0", None, "D1001"),
        (math.nan, "0", None, "D1001"),
        (1.7e308, "0%", None, "D1001"),
        (2**1024, "0", None, "D1001"),
        (1, "0", {"digit": 1}, "T0410"),
        (1, "0", {"digit": ""}, "T0410"),
        (1, "0", {"zero-digit": "\U0010fffa"}, "T0410"),
    ],
)
def test_what_cannot_be_written_is_a_problem(value: float, picture: str, options: Any, code: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        format_number(value, picture, options)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("value", "radix", "text"),
    [
        (100, None, "100"),
        (100, 2, "1100100"),
        (-100, 2, "-1100100"),
        (100, 36, "2s"),
        (99.5, 2.5, "1100100"),
        (0, 16, "0"),
        (-0.4, 10, "0"),
        (5890840712243076, None, "5890840712243076"),
        (2**64 + 1, 16, "10000000000000001"),
        (2.0**60, 10, "1152921504606847000"),
        (2.0**60, 16, "1000000000000000"),
        (1e21, None, "1" + "0" * 21),
    ],
)
def test_a_number_is_written_in_a_base(value: float, radix: float | None, text: str) -> None:
    assert format_base(value, radix) == text


@pytest.mark.parametrize(
    ("value", "radix", "code"),
    [(1, 1, "D3100"), (1, 37, "D3100"), (1, 1.5, None), (math.inf, 2, "D1001"), (2**1024, 10, "D1001")],
)
def test_there_are_bases_from_2_to_36(value: float, radix: float, code: str | None) -> None:
    if code is None:
        assert format_base(value, radix) == "1"
        return
    with pytest.raises(EvaluationProblem) as told:
        format_base(value, radix)
    assert told.value.code == code


@given(st.integers(-(2**1023), 2**1023), st.integers(2, 36))
def test_a_number_in_a_base_is_read_back_by_python(value: int, radix: int) -> None:
    assert int(format_base(value, radix), radix) == value


@given(st.integers(-(2**1023), 2**1023))
def test_an_integer_in_groups_has_the_same_digits(value: int) -> None:
    assert format_number(value, "#,##0") == f"{value:,}"


@given(st.floats(-1e8, 1e8), st.integers(1, 6))
def test_a_float_is_rounded_on_the_digits_it_shows(value: float, places: int) -> None:
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    written = format_number(value, "0." + "0" * places)
    assert float(written) == float(exact)


SIGNS = "0#,.e%‰;-9a (\N{ARABIC-INDIC DIGIT ZERO}"


@given(
    st.one_of(st.integers(-(2**1023), 2**1023), st.floats()),
    st.one_of(st.text(SIGNS, max_size=12), st.text(max_size=5)),
    st.dictionaries(
        st.sampled_from(["decimal-separator", "grouping-separator", "zero-digit", "digit", "percent"]),
        st.one_of(st.text(SIGNS, max_size=2), st.text(max_size=2)),
        max_size=2,
    ),
)
def test_whatever_the_picture_there_is_a_text_or_a_problem(value: float, picture: str, options: dict[str, Any]) -> None:
    try:
        assert isinstance(format_number(value, picture, options), str)
    except EvaluationProblem as problem:
        assert problem.code[:3] in {"D30", "D10", "T04"}  # noqa: PT017 - both are right
