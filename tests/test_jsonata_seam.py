import copy
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from examples import Example, data, examples
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import EvaluationProblem, Function, JsonataProblem, Program, SyntaxProblem


def run(text: str, scope: Any = None, **functions: Function) -> Any:
    return jsonata.compile(text, functions=functions)({} if scope is None else scope)


PAGE = examples("expressions.md")


@pytest.mark.parametrize("example", PAGE, ids=[example.expression for example in PAGE])
def test_the_examples_of_the_docs_are_true(example: Example) -> None:
    if example.problem is None:
        assert run(example.expression, data("expressions.md")) == example.value
        return
    with pytest.raises(JsonataProblem) as caught:
        run(example.expression, data("expressions.md"))
    assert caught.value.message.replace("`", "") == example.problem


def test_a_program_knows_its_text_its_names_and_where_they_are() -> None:
    program = jsonata.compile(" course.id & '-' & person.id & course.name")
    assert program.text == " course.id & '-' & person.id & course.name"
    assert dict(program.names) == {"course": 1, "person": 19}
    assert program.path is None


def test_a_plain_path_is_known_as_one() -> None:
    program = jsonata.compile("course.`Start date`")
    assert program.path == ("course", "Start date")
    assert dict(program.names) == {"course": 0}
    assert program({"course": {"Start date": "2026"}}) == "2026"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", ["a"]),
        ("a.b.c", ["a"]),
        ("a + b.c", ["a", "b"]),
        ("a[b = 1].c", ["a"]),
        ("a[b = $$.c].d", ["a", "c"]),
        ("a^(b).c", ["a"]),
        ("a^(>b, $$.c)", ["a", "c"]),
        ("a{b: c}", ["a"]),
        ('{"x": a, "y": b.c}', ["a", "b"]),
        ("[a, b]", ["a", "b"]),
        ("a.(b + $.c)", ["a"]),
        ("$.a", ["a"]),
        ("$$.a.b", ["a"]),
        ("( $x := a; $x.b + c )", ["a", "c"]),
        ("$map(a, function($v) { $v.b & c })", ["a", "c"]),
        ("a ? b : c", ["a", "b", "c"]),
        ("a ?: b", ["a", "b"]),
        ("a ?? b", ["a", "b"]),
        ("-a", ["a"]),
        ("a ~> $sum()", ["a"]),
        ("$sum(a.b)", ["a"]),
        ("a.$uppercase(b)", ["a"]),
        ("(a).b", ["a"]),
        ("a@$x.b", ["a", "b"]),
        ("a#$i.b", ["a"]),
        ("$string(a)", ["a"]),
        ("1 + 2", []),
        ('"text"', []),
        ("`odd name` & b", ["b", "odd name"]),
        ("a in [b, 1]", ["a", "b"]),
        ("a ~> |b|{'c': d}|", ["a"]),
    ],
)
def test_the_names_are_those_read_from_the_scope(text: str, names: list[str]) -> None:
    assert sorted(jsonata.compile(text).names) == names


@pytest.mark.parametrize(
    "text", ["$", "$$", "*", "**.a", "$keys()", "$string()", "$sift(function($v) {$v})", "$each(function($v) {$v})",
             "$lookup('a')", "( $x := $$; $x.a )", "$[0].a", "a.%.b", "$count($)", "a.$$"]
)  # fmt: skip
def test_a_dollar_stands_for_the_whole_scope(text: str) -> None:
    assert "$" in jsonata.compile(text).names


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        ("$.a.b", {"a": {"b": 1}}, 1),
        ("$keys()", {"a": 1, "b": 2}, ["a", "b"]),
        ("*", {"a": 1, "b": 2}, [1, 2]),
        ("$[0].a", [{"a": 1}, {"a": 2}], 1),
        ("$^(a).b", [{"a": 2, "b": "x"}, {"a": 1, "b": "y"}], ["y", "x"]),
        ("$string()", {"a": [1]}, '{"a":[1]}'),
        ("$string()", [1, 2], "[1,2]"),
        ("a.%.b", {"a": 1, "b": 2}, 2),
        ("a@$x.b", {"a": [1, 2], "b": 3}, [3, 3]),
        ("a.b[c = $$.d].e", {"a": {"b": [{"c": 1, "e": 5}, {"c": 2, "e": 6}]}, "d": 2}, 6),
        ("$sift(function($v) {$v > 1})", {"a": 1, "b": 2}, {"b": 2}),
        ("a & a.b.c & a.d", {"a": {"b": {"c": 1}, "d": 2}}, '{"b":{"c":1},"d":2}12'),
        ("a.b & a.b.c & a.b.c.d", {"a": {"b": {"c": {"d": 2}}}}, '{"c":{"d":2}}{"d":2}2'),
        (
            "( $f := function($x) { $x }; a#$i[b = 2]#$j.{'i': $i, 'j': $j} )",
            {"a": [{"c": 1}, {"b": 2}]},
            {"i": 1, "j": 0},
        ),
    ],
)
def test_everything_an_expression_reads_is_there(text: str, scope: Any, value: Any) -> None:
    assert run(text, scope) == value


def test_a_program_never_changes() -> None:
    program = jsonata.compile("a.b")
    with pytest.raises(FrozenInstanceError):
        program.text = "c"  # type: ignore[misc]
    assert not hasattr(program.names, "update")
    assert copy.deepcopy(program) is program
    assert repr(program) == "Program('a.b')"


@pytest.mark.parametrize("text", ["a", "a ?? b", "$x(a)"])
def test_absent_and_null_are_both_none(text: str) -> None:
    def nothing(value: Any) -> None:
        assert value is None

    for scope in ({}, {"a": None}, {"a": None, "b": None}):
        assert run(text, scope, x=Function(nothing)) is None


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        ("x > 0", {"x": None}, None),
        ("x / 100", {"x": None}, None),
        ("x & '!'", {"x": None}, "!"),
        ("$max(x)", {"x": [5, None]}, 5),
        ("$count(x)", {"x": [None, None]}, 0),
        ("x ?? 1", {"x": None}, 1),
        ("$exists(x)", {"x": None}, False),
        ("x = y", {"x": None, "y": None}, False),
        ("$keys(x)", {"x": {"a": None, "b": 1}}, "b"),
        ("x.*", {"x": {"a": None, "b": 1}}, 1),
        ("x ? 1 : 2", {"x": None}, 2),
        ("null", {}, None),
        ("[1, null, 2]", {}, [1, 2]),
        ('{"a": null, "b": 1}', {}, {"b": 1}),
        ("x ? 1 : null", {}, None),
    ],
)
def test_null_means_absent_inside_an_expression(text: str, scope: Any, value: Any) -> None:
    assert run(text, scope) == value


def test_what_comes_out_as_it_is_keeps_its_nulls_and_is_the_callers_own() -> None:
    items = [{"id": 1, "end": None, "tags": [None, 1]}, {"id": 2, "end": None, "tags": []}]
    found = run("$.items[id > 0]", {"items": items})
    assert found[0] is items[0]
    assert found[1] is items[1]
    assert run("$", {"a": None}) == {"a": None}
    assert run("[1, x]", {"x": {"a": None}}) == [1, {"a": None}]


def test_the_scope_is_never_changed() -> None:
    scope = {"a": [], "b": [{"c": None}], "d": {"e": [1, None]}}
    before = json.dumps(scope)
    for text in ("a{c: b}", "b{'x': c}", "$append(a, b)", "d ~> |$|{'f': 1}, 'e'|", "$sort(d.e)", "$merge([d, d])"):
        run(text, scope)
    assert json.dumps(scope) == before


def test_a_list_of_one_is_the_one_and_square_brackets_keep_it() -> None:
    scope = {"a": [{"k": 1}, {"k": 2}]}
    assert run("a[k = 1]", scope) == {"k": 1}
    assert run("a[k = 1][]", scope) == [{"k": 1}]
    assert run("a[k = 3]", scope) is None


def test_integers_keep_every_digit() -> None:
    big = 10**40 + 1
    assert run("x ?? 0", {"x": big}) == big
    assert run("$string(x)", {"x": big}) == str(big)
    assert run("x & ''", {"x": 5890840712243076}) == "5890840712243076"
    assert run("x + 1", {"x": 2**53}) == 2**53 + 1
    assert run("-x", {"x": 2**53 + 1}) == -(2**53 + 1)
    assert run("x = 10000000000000123", {"x": 10000000000000124}) is False
    assert run("10000000000000123") == 10000000000000123
    assert run("x in [10000000000000123]", {"x": 10000000000000123}) is True
    assert run('$number("10000000000000123")') == 10000000000000123
    assert run("$round(x) = x and $floor(x) = x and $ceil(x) = x", {"x": 2**60 + 1}) is True
    assert run("$distinct(x)", {"x": [2**60, 2**60 + 1, 2**60]}) == [2**60, 2**60 + 1]


def test_results_are_plain_json() -> None:
    assert type(run("1.5 + 1.5")) is int
    assert type(run("a.b", {"a": [{"b": 1}, {"b": 2}]})) is list
    assert type(run("$map(a, function($x) {$x})", {"a": [1, 2]})) is list
    assert run("[1..3]") == [1, 2, 3]
    with pytest.raises(EvaluationProblem, match="the result is a function"):
        run("$sum")
    with pytest.raises(EvaluationProblem, match="the result is a function"):
        run('{"f": function($x) {$x}}')


def test_the_clock_is_that_of_the_run() -> None:
    scope = {"run": {"now": "2026-10-18T18:58:00Z"}}
    assert run("$millis()", scope) == 1792349880000
    assert run("$now()", scope) == "2026-10-18T18:58:00.000Z"
    assert run('$now("[Y]")', scope) == "2026"
    assert list(jsonata.compile("a & $now()").paths) == [("a",), ("run", "now")]
    with pytest.raises(EvaluationProblem, match="there is no clock here"):
        run("$now()", {})


def test_functions_of_the_host_are_called_by_name() -> None:
    twice = Function(lambda value, times=None: value * (times or 2), "<s-n?:s>")
    assert run('$twice("ab")', twice=twice) == "abab"
    assert run('$twice("ab", 3)', twice=twice) == "ababab"
    assert run("a.$twice()", {"a": ["x", "y"]}, twice=twice) == ["xx", "yy"]
    assert run("$map(a, $twice)", {"a": ["x", "y"]}, twice=twice) == ["xx", "yy"]
    assert run('"x" ~> $twice(3)', twice=twice) == "xxx"


def test_a_function_of_the_host_may_take_the_place_of_one_of_jsonata() -> None:
    assert run("$sum([1, 2])", sum=Function(lambda _: "ours", "<a:x>")) == "ours"
    assert run("$sum([1, 2])") == 3


def test_what_a_function_of_the_host_refuses_is_a_problem_at_its_call() -> None:
    def refuse(_: Any) -> None:
        raise ValueError("no")

    with pytest.raises(EvaluationProblem) as caught:
        run('1 + $refuse("x")', refuse=Function(refuse))
    assert (caught.value.message, caught.value.offset) == ("`$refuse`: no", 4)


def test_functions_of_the_host_get_plain_json_only() -> None:
    with pytest.raises(EvaluationProblem, match=r"`\$show` takes no functions"):
        run("$show(function($x) { $x })", show=Function(repr))


def test_functions_of_one_program_are_unknown_to_another() -> None:
    jsonata.compile("$mine(1)", functions={"mine": Function(lambda x: x)})
    with pytest.raises(SyntaxProblem, match=r"there is no function or variable `\$mine`"):
        jsonata.compile("$mine(1)")


def test_problems_are_value_errors_with_code_message_and_offset() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        jsonata.compile("a b")
    problem = caught.value
    assert problem.at(7) is problem
    assert isinstance(problem, JsonataProblem)
    assert isinstance(problem, ValueError)
    assert (problem.code, problem.offset, str(problem)) == ("S0201", 2, problem.message)


def test_one_program_serves_many_threads() -> None:
    program = jsonata.compile("$map(xs, function($x) { $x & '-' & $$.id }) ~> $join(',')")
    wrong: list[Any] = []

    def work(number: int) -> None:
        for _ in range(60):
            found = program({"id": number, "xs": ["a", "b"]})
            if found != f"a-{number},b-{number}":
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_recursion_limit_of_the_process_stays_as_it_was() -> None:
    jsonata.compile("a & b")
    assert sys.getrecursionlimit() < 10_000


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(value=values)
def test_data_passes_through_the_engine_unharmed(value: Any) -> None:
    expected = [entry for entry in value if entry is not None] if isinstance(value, list) else value
    assert run("a ?? a", {"a": value}) == expected


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or the problem it raises; anything else it raises is a failure."""
    try:
        return call()
    except JsonataProblem as problem:
        return problem


@given(text=st.text(alphabet="ab.$()[]{}'\"`1 +-*/%&=<>!?:,;|~@#^\\\n", max_size=25))
def test_any_text_is_a_program_or_a_syntax_problem_within_the_text(text: str) -> None:
    program = outcome(lambda: jsonata.compile(text))
    if isinstance(program, SyntaxProblem):
        assert program.offset is not None
        assert 0 <= program.offset <= len(text)
        assert program.message
        return
    assert isinstance(program, Program)
    value = outcome(lambda: program({"a": [{"b": 1}, {"b": [1, 2]}], "b": {"a": "x"}}))
    assert not isinstance(value, SyntaxProblem)
    json.dumps(None if isinstance(value, EvaluationProblem) else value)
