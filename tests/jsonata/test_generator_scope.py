"""What names mean: frames within each other, rows among them, and functions of the library behind all of them."""

from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import EvaluationProblem

SCOPE = {"a": [{"b": 1}, {"b": 2}], "o": {"l": [1, 2, 3]}, "none": []}


def run(text: str) -> Any:
    return jsonata.compile(text)(SCOPE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[a@$count.o.($count.b), o#$i.($count(l))]", [1, 2, 3]),
        ("[a@$sum.o.($sum.b), a.b.%.($sum(b))]", [1, 2, 1, 2]),
        ("a#$i.($count($$.o.l) + $i)", [3, 4]),
    ],
)
def test_a_variable_of_rows_hides_no_function_elsewhere(text: str, value: Any) -> None:
    assert run(text) == value


def test_a_variable_of_one_field_hides_no_function_of_another() -> None:
    programs = [jsonata.compile("a@$count.b"), jsonata.compile("o#$i.($count(l))")]
    _, values, failures = jsonata.Fields(programs, [None, None])(SCOPE)
    assert failures == []
    assert list(values) == [None, 3]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("( $x := $sum(a.b); $sum := 1; $x + $sum )", 4),
        ("( $f := function() {( $y := $sum(a.b); $sum := 1; $y )}; $f() )", 3),
        ("( $total := $count; $count := function($x) { 7 }; [$total(a), $count(a)] )", [2, 7]),
    ],
)
def test_a_function_is_there_until_a_variable_takes_its_name(text: str, value: Any) -> None:
    assert run(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("( a[$f := function() { b }]; $f() )", 2),
        ("( a[b = 1][$f := function() { $$.o.l[0] }]; $f() )", 1),
        ("( $x := ($f := function($n) { $n > 3 ? $n : $f($n + 1) }); $x(0) )", 4),
        ("( $f := function($n) { $n > 3 ? $n : 1 + $f($n + 1) }; $f(0) )", 8),
    ],
)
def test_a_function_may_be_bound_anywhere(text: str, value: Any) -> None:
    assert run(text) == value


@pytest.mark.parametrize(
    "text", ["[false ? $f := function() { 1 } : 0, $f()]", "( none[$f := function() { 1 }]; $f() )"]
)
def test_a_function_that_was_never_bound_is_nothing(text: str) -> None:
    with pytest.raises(EvaluationProblem, match="not a function, but nothing"):
        run(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("( $k := 1; [1, 2].( $k := $ ); $k )", 1),
        ("( $k := 1; a[$k := b]; $k )", 2),
        ("( $k := 1; $map([5], function($v) { $k := $v }); $k )", 1),
        ("[$k := 5, $k]", [5, 5]),
        ("( true ? $k := 5 : 0; $k )", 5),
        ("( $k := 1; $k := $k + 1; $k )", 2),
        ("( $k := 1; $f := function() { $k }; $k := 2; $f() )", 2),
        ("( $fs := [1..3].( $i := $; function() { $i } ); $map($fs, function($f) { $f() }) )", [1, 2, 3]),
        ("( $fs := $map([1..3], function($i) { function() { $i } }); $map($fs, function($f) { $f() }) )", [1, 2, 3]),
    ],
)
def test_variables_belong_to_the_block_or_function_they_are_bound_in(text: str, value: Any) -> None:
    assert run(text) == value
