"""Code for arguments: what fits is seen on the spot, and everything else is told as by the function itself."""

from typing import Any

import pytest

from engine import jsonata


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("$sum(a)", {"a": [1, None, 2]}, 3),
        ("$sum(a)", {"a": 4}, 4),
        ("$sum(a)", {}, None),
        ("$sum(a)", {"a": []}, 0),
        ("$average(a)", {"a": [1, 2]}, 1.5),
        ("$max(a)", {"a": [None, 2.0, 1]}, 2),
        ("$merge(a)", {"a": [{"x": 1, "y": 2}, {"x": None}, {"y": 3}]}, {"x": 1, "y": 3}),
        ("$join(a, '-')", {"a": ["x", None, "y"]}, "x-y"),
        ("$join(a)", {"a": "x"}, "x"),
        ("$count(a)", {"a": [None, 1]}, 1),
        ("$round(a, 2)", {"a": 2.675}, 2.68),
        ("$round(a, 2)", {"a": 71.999}, 72),
        ("$round(a)", {"a": 2.5}, 2),
        ("$lowercase(a) & '!'", {}, "!"),
        ("$trim(a)", {"a": "  x \t y\n"}, "x y"),
        ("$trim(a)", {"a": " x y "}, "x y"),
    ],
)
def test_lists_lose_their_nulls_and_one_value_is_a_list(text: str, data: Any, value: Any) -> None:
    assert jsonata.compile(text)(data) == value


@pytest.mark.parametrize(
    ("text", "data", "code"),
    [
        ("$sum(a)", {"a": [1, "2"]}, "T0412"),
        ("$sum(a)", {"a": [1, True]}, "T0412"),
        ("$sum(a)", {"a": "2"}, "T0412"),
        ("$merge(a)", {"a": [1]}, "T0412"),
        ("$lowercase(a)", {"a": 1}, "T0410"),
        ("$lowercase(a)", {"a": ["X"]}, "T0410"),
        ("$replace(a, 'x', 'y')", {"a": [None]}, "T0410"),
        ("$round(a, 2)", {"a": "1"}, "T0410"),
    ],
)
def test_what_does_not_fit_is_told(text: str, data: Any, code: str) -> None:
    with pytest.raises(jsonata.EvaluationProblem) as caught:
        jsonata.compile(text)(data)
    assert (caught.value.code, caught.value.offset) == (code, 0)


@pytest.mark.parametrize("length", [0, 31, 32, 33, 3000])
@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        ("$lowercase(a)", str.lower),
        ("$uppercase(a)", str.upper),
        ("$replace(a, 'X ', '_')", lambda text: text.replace("X ", "_")),
        ("$replace(a, 'X', 'long')", lambda text: text.replace("X", "long")),
        ("$replace($lowercase(a), 'x', '')", lambda text: text.lower().replace("x", "")),
    ],
)
def test_short_texts_and_long_ones_are_changed_alike(text: str, mapped: Any, length: int) -> None:
    given = ("X y" * length)[:length]
    assert jsonata.compile(text)({"a": given}) == mapped(given)


@pytest.mark.parametrize("other", ["'a'", "''"])
def test_an_empty_text_is_never_looked_for(other: str) -> None:
    with pytest.raises(jsonata.EvaluationProblem, match="empty"):
        jsonata.compile(f"$replace(a, '', {other})")({"a": "abc"})


@pytest.mark.parametrize("number", [0, 1, -7, 2**53 // 60, 2**53 // 60 + 1, 2**62, -(2**62), 0.1, 1.5, None])
@pytest.mark.parametrize("factor", ["60", "0", "1", "1.5", "-3"])
def test_products_with_a_known_number_are_those_of_any(number: Any, factor: str) -> None:
    by_literal = jsonata.compile(f"a * {factor}")({"a": number})
    by_field = jsonata.compile("a * b")({"a": number, "b": float(factor) if "." in factor else int(factor)})
    assert by_literal == by_field
    assert type(by_literal) is type(by_field)
