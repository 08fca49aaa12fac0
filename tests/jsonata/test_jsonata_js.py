"""Lists that are one value, and lists that are many: what random expressions showed to differ from jsonata-js.

Every answer here is that of jsonata-js 2.2.2.
"""

from typing import Any

import pytest

from engine.jsonata import EvaluationProblem, standard
from engine.jsonata.official import ABSENT

ONE = [{"done": 1}]
ALL = "function($v) { true }"


def run(text: str, data: Any = None) -> Any:
    return standard(text).evaluate({} if data is None else data)


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("$^(a).a", {"a": 5}, 5),
        ("$^(>a)", {"a": 5}, {"a": 5}),
        ("($x := 5; $x^($))", {}, 5),
        ("$$^(done)", ONE, {"done": 1}),
        ("items^(done)", {"items": ONE}, {"done": 1}),
        ("items^(done)", {"items": [ONE]}, ONE),
        ("[5]^($)", {}, 5),
        ("($x := [5]; $x^($))", {}, [5]),
    ],
)
def test_one_value_in_order_is_that_value(text: str, data: Any, value: Any) -> None:
    assert run(text, data) == value


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("*", {"a": [1]}, [1]),
        ("*", {"a": 1}, 1),
        ("x.*", {"x": {"a": []}}, []),
        ("x.*", {"x": {"a": [[1], [[2]]]}}, [1, 2]),
        ("x.*.b", {"x": {"a": []}}, ABSENT),
        ("*", [[]], []),
        ("** [] ", ["quiz"], "quiz"),
        ("$spread([[]])", {}, []),
        ("$spread([])", {}, ABSENT),
    ],
)
def test_a_list_among_all_fields_makes_one_list_of_them(text: str, data: Any, value: Any) -> None:
    found = run(text, data)
    assert found is value if value is ABSENT else found == value


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("[].id", {}, []),
        ("[a, b].id", {}, []),
        ("[a].id", {"a": {}}, ABSENT),
        ("[].id[$ < 1]", {}, []),
        ("(1; []).id", {}, ABSENT),
        ("($x := []; $x.id)", {}, ABSENT),
        ("[].id[]", {}, [[]]),
        ("[].id^(id)[]", {}, []),
    ],
)
def test_a_path_from_an_empty_list_that_stands_there_ends_with_it(text: str, data: Any, value: Any) -> None:
    found = run(text, data)
    assert found is value if value is ABSENT else found == value


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("items[]", [{"items": []}], ABSENT),
        ("items[] & ''", [{"items": [[]]}], "[[]]"),
        ("items[$ > 'a']", [{"items": [[]]}], ABSENT),
        ("items.parts@$v", {"items": [[{"parts": [[1]]}], [{"parts": [2]}]]}, [[{"parts": [[1]]}], [{"parts": [2]}]]),
        ("items.parts@$v.$v", {"items": [[{"parts": [[1]]}], [{"parts": [[[2]]]}]]}, [1, 2]),
        ("items.'id'@$v", {"items": {"id": [1]}}, {"id": [1]}),
        ("items.(id[])", {"items": {"id": 1}}, 1),
        ("items.(id[])", {"items": [{"id": 1}, {"id": 2}]}, [1, 2]),
        ("items[-1]", {"items": [[3]]}, [3]),
        ("items[1]", {"items": [[], []]}, []),
        ("items[0][]", {"items": [[3]]}, [3]),
        ("items[$ = 3]", {"items": [[3]]}, ABSENT),
        ("items.'id'#$i.$i", {"items": {"id": [5, 6]}}, [0, 1]),
    ],
)
def test_a_step_gives_what_the_elements_of_a_list_have(text: str, data: Any, value: Any) -> None:
    found = run(text, data)
    assert found is value if value is ABSENT else found == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"$map([[1], [2]], function($x) {{ $filter($x, {ALL}) }})", [[1], [2]]),
        ("$map([[1], []], function($x) { $map($x, $string) })", [["1"], []]),
        ("$map([[1], []], function($x) { ($found := $map($x, $string); $found) })", "1"),
        ("$map([1], $keys)", []),
        ("($f := function($x) { $keys($x) }; $f({'a': 1}))", "a"),
        ("true ~> ($keys ~> $merge)", ABSENT),
    ],
)
def test_functions_hand_on_what_other_functions_end_with(text: str, value: Any) -> None:
    found = run(text)
    assert found is value if value is ABSENT else found == value


@pytest.mark.parametrize("text", ["$clone()", "$$ ~> $clone()", "$clone($)"])
def test_a_whole_input_that_is_a_list_is_copied_as_it_is(text: str) -> None:
    assert run(text, []) == []
    assert run(text, [{"a": [1]}]) == [{"a": [1]}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b#$i{'n': $i, 'all': 1}", {"all": 1}),
        ("a#$i{'n': $i, 'all': 1}", {}),
        ("c.a[%.x]{'all': 1}", {"all": 1}),
    ],
)
def test_of_nothing_there_is_one_group_before_there_are_rows(text: str, value: Any) -> None:
    assert run(text) == value


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("(a.b{'k': c}).%", {"a": {"x": 1, "b": {"c": 1}}}, ABSENT),
        ("(a.b{'k': c}).(%.x)", {"a": {"x": 1, "b": {"c": 1}}}, ABSENT),
        ("(a.b{'k': c}).k", {"a": {"x": 1, "b": {"c": 1}}}, 1),
        ("(a.b).(%.x)", {"a": {"x": 1, "b": {"c": 1}}}, 1),
        ("a.(m[[0]])#$j[$ < 1]", {"a": {"m": [[]]}}, ABSENT),
        ("a.(m[[0]])#$j.($j)", {"a": {"m": [[5, 6]]}}, [0, 1]),
        ("a.$each(b, $keys)@$v{$v: 1}", {"a": {"b": {"x": 1, "y": 2}}}, {}),
        ("a.$each(b, $keys)@$v.($v)", {"a": {"b": {"x": {"k": 1}, "y": 2}}}, "k"),
    ],
)
def test_rows_end_where_something_is_made_of_them_and_sequences_in_them_are_unwrapped(
    text: str, data: Any, value: Any
) -> None:
    found = run(text, data)
    assert found is value if value is ABSENT else found == value


def test_a_function_in_a_list_is_no_result() -> None:
    for text in ("$sort(function($a, $b) { true })", "[function($a) { $a }]", "{'f': $sum}"):
        with pytest.raises(EvaluationProblem, match="is a function"):
            run(text)


def test_a_negative_limit_is_a_problem_even_where_nothing_is_replaced() -> None:
    with pytest.raises(EvaluationProblem) as caught:
        run("$replace('a', 'a', nothing, -1)")
    assert caught.value.code == "D3011"
