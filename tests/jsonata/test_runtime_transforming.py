"""Transforms: a changed copy, and nothing but the copy is changed."""

import copy
from typing import Any

import pytest

from engine import jsonata

DATA = {"a": {"b": 1}, "list": [{"b": 2}, {"c": 3}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a ~> |$|{'c': 2}|", {"b": 1, "c": 2}),
        ("a ~> |$|{'c': b + 1}, 'b'|", {"c": 2}),
        ("$$ ~> |list|{'b': 9}|", {"a": {"b": 1}, "list": [{"b": 9}, {"c": 3, "b": 9}]}),
        ("$$ ~> |list[$exists(b)]|{}, ['b', 'x']|", {"a": {"b": 1}, "list": [{}, {"c": 3}]}),
        ("$map(list, |$|{'d': 4}|)", [{"b": 2, "d": 4}, {"c": 3, "d": 4}]),
        ("nothing ~> |$|{'c': 2}|", None),
    ],
)
def test_what_the_pattern_finds_in_the_copy_gains_and_loses_fields(text: str, value: Any) -> None:
    assert jsonata.compile(text)(copy.deepcopy(DATA)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a ~> |$$|{'c': 2}|", {"b": 1}),
        ("$$ ~> |$$.a|{'c': 2}, 'b'|", DATA),
        ("( $x := a; $$ ~> |$x|{'c': 2}|; $x )", {"b": 1}),
        ("( $x := {'b': 1}; $$ ~> |$x|{'c': 2}|; $x )", {"b": 1}),
        ("( $clone := function($v) { $v }; a ~> |$|{'c': 2}| )", {"b": 1, "c": 2}),
    ],
)
def test_neither_the_data_nor_a_variable_is_changed(text: str, value: Any) -> None:
    data = copy.deepcopy(DATA)
    program = jsonata.compile(text)
    for _ in range(2):  # what is written in the expression is not changed for the next evaluation either
        assert program(data) == value
        assert data == DATA


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 ~> |$|{}|", "T0410"),
        ("a ~> |$|1|", "T2011"),
        ("a ~> |$|{}, 1|", "T2012"),
        ("( $clone := 1; a ~> |$|{}| )", "T2013"),
    ],
)
def test_what_is_no_object_is_told(text: str, code: str) -> None:
    with pytest.raises(jsonata.EvaluationProblem) as caught:
        jsonata.compile(text)(DATA)
    assert caught.value.code == code
