"""Code for filters: what is true or false of each result, what counts results, and what may be either."""

from typing import Any

import pytest

from engine import jsonata

UNITS = {"e": {"units": [{"t": "a", "n": 1}, None, {"t": "b", "n": 2}, {"t": "a", "n": 3}]}}


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("e.units[t = 'a'].n", UNITS, [1, 3]),
        ("e.units[t = 'a' and n > 1].n", UNITS, 3),
        ("e.units[n in [1, 2]].t", UNITS, ["a", "b"]),
        ("e.units[$not(t = 'a')].n", UNITS, 2),
        ("e.units[t != 'a' or n = 3].n", UNITS, [2, 3]),
        ("e.units[t = 'a'][1].n", UNITS, 3),
        ("e.units[t = 'c'].n", UNITS, None),
        ("e.units[t = 'a']", {"e": {"units": {"t": "a"}}}, {"t": "a"}),
        ("e.units[$ = 'x']", {"e": {"units": ["x", None, "y", "x"]}}, ["x", "x"]),
    ],
)
def test_a_comparison_is_asked_of_each_result_but_of_no_null(text: str, data: Any, value: Any) -> None:
    assert jsonata.compile(text)(data) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"e": [{"units": [{"t": "a", "n": 1}]}, {"units": {"t": "a", "n": 2}}, {"other": 1}, None]}, [1, 2]),
        ({"e": [{"units": [[{"t": "a", "n": 1}], [{"t": "a", "n": 2}]]}]}, [1, 2]),
        ({"e": [[{"units": [{"t": "a", "n": 1}]}]]}, 1),
        ({"e": "text"}, None),
        ({"e": []}, None),
        ({}, None),
    ],
)
def test_it_is_asked_of_what_lists_on_the_way_hold(data: Any, value: Any) -> None:
    assert jsonata.compile("e.units[t = 'a'].n")(data) == value


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("e.nothing[1 = 1].(5)", {"e": {}}, 5),
        ("e.nothing[1 = 1].(5)", {"e": [{}, {}]}, [5, 5]),
        ("e.nothing[1 = 1].(5)", {"e": [{}, {"nothing": [None]}]}, 5),
        ("e.nothing[1 = 1].(5)", {}, None),
        ("e.nothing[1 = 1].(5)", {"e": "text"}, 5),
    ],
)
def test_one_that_holds_of_anything_holds_of_what_is_absent_from_something(text: str, data: Any, value: Any) -> None:
    assert jsonata.compile(text)(data) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("e.units[n = 3 ? 2 : 7].t", ["a"]),
        ("e.units[[0, 2]].t", ["a", "a"]),
        ("e.units[[0, 0]].t", ["a", "a"]),
        ("e.units[-1].n", 3),
        ("e.units[t].n", [1, 2, 3]),
    ],
)
def test_a_number_counts_results_from_nought_and_nulls_are_none(text: str, value: Any) -> None:
    found = jsonata.compile(text)(UNITS)
    assert value in (found, [found])


@pytest.mark.parametrize(
    "data", [{"e": {"units": [{"t": "a"}] * 3000}}, {"e": [{"units": [{"t": "a"}] * 1500}] * 2}], ids=["one", "many"]
)
def test_the_rounds_are_paid_for_on_either_way(data: Any) -> None:
    text = "$map([1..400], function($i) { $count({'d': $$}.d.e.units[t = 'a']) })"
    direct = "(" + "; ".join(["$count(e.units[t = 'a'])"] * 400) + ")"
    for expression in (text, direct):
        with pytest.raises(jsonata.EvaluationProblem, match="steps"):
            jsonata.compile(expression)(data)
