"""What engines of JSONata are known to get wrong, one test each, and what a hostile expression or payload does."""

import json
import math
import threading
import time
from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import EvaluationProblem, SyntaxProblem

THREE: dict[str, Any] = {"a": [{"b": 1}, {"b": 2}, {"b": 3}], "x": [1, [3, 4]]}


def run(text: str, scope: Any = None) -> Any:
    return jsonata.compile(text)({} if scope is None else scope)


# -- defects -------------------------------------------------------------------------------------------------------


def test_results_of_another_thread_never_come_out() -> None:
    program = jsonata.compile("$$.id & $string($map([1..20], function($i) { $$.id })[19])")
    wrong: list[Any] = []

    def work(number: int) -> None:
        wrong.extend(found for _ in range(40) if (found := program({"id": number})) != f"{number}{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_variables_do_not_survive_into_the_next_record() -> None:
    program = jsonata.compile("( $seen := a ? a; $seen )")
    assert program({"a": 1}) == 1
    assert program({}) is None


def test_another_expression_read_in_between_changes_nothing() -> None:
    first = jsonata.compile("$map(a, function($x) { $x & $$.b })")
    jsonata.compile("$sum(c)")
    assert first({"a": ["1", "2"], "b": "!"}) == ["1!", "2!"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a[1].b ?? 'none'", 2),
        ("a[-1].b ?? 'z'", 3),
        ("a[7].b ?? 'none'", "none"),
        ("x[1] ?: 0", [3, 4]),
        ("-5 ?? 99", -5),
        ("a[b > 1].b ?? 0", [2, 3]),
        ("(nothing ?? a)[0].b", 1),
        ("nothing ?? no ?? 7", 7),
        ("0 ?: 5", 5),
        ("0 ?? 5", 0),
        ("'' ?: 'none' & '!'", "none!"),
        ("$contains('abc', /b/) ?: 0", True),
        ("function($v) { $v ?? $sum([1, 2]) }(nothing)", 3),
        ("a.(b ?: 0)", [1, 2, 3]),
    ],
)
def test_either_or_evaluates_its_left_side_once(text: str, value: Any) -> None:
    assert run(text, THREE) == value


def test_a_call_on_the_left_of_either_or_is_made_once() -> None:
    from engine.jsonata import Function

    calls: list[Any] = []
    jsonata.compile("$note(1) ?? 2", functions={"note": Function(calls.append)})({})
    jsonata.compile("$note(1) ?: 2", functions={"note": Function(calls.append)})({})
    assert calls == [1, 1]


@pytest.mark.parametrize("text", ["a /* note */", "/* first */ a", "a /* one *//* two */", "a /* x */ /* y */ "])
def test_comments_may_stand_anywhere(text: str) -> None:
    assert run(text, {"a": 1}) == 1


@pytest.mark.parametrize("text", ["a{c: b}", "a{'x': b}", "{'y': a{'x': b}}"])
def test_an_empty_list_of_the_caller_stays_empty(text: str) -> None:
    scope: dict[str, Any] = {"a": [], "b": 1}
    run(text, scope)
    assert scope == {"a": [], "b": 1}


def test_whatever_python_raises_becomes_a_problem_of_the_expression() -> None:
    for text in ("$power(-8, 0.5)", "$formatInteger(5, '#;#')", "$fromMillis(1e300)", "$formatNumber(1, '')"):
        with pytest.raises(EvaluationProblem):
            run(text)


def test_type_errors_point_at_the_operator_or_the_call() -> None:
    cases = {"1 + (a * 2)": 7, "a + 1": 2, "1 < a": 2, "b ? 1 : $uppercase(1)": 8, "[1, -a]": 4, "a & $sum(a)": 4}
    for text, offset in cases.items():
        with pytest.raises(EvaluationProblem) as caught:
            run(text, {"a": ["x"] if "< a" in text else "x"})
        assert caught.value.offset == offset, text


def test_replacing_is_linear_in_the_text() -> None:
    started = time.process_time()
    assert len(run("$replace(x, 'a', 'bb')", {"x": "a" * 300_000})) == 600_000
    assert time.process_time() - started < 2


def test_payloads_cannot_hang_a_pattern() -> None:
    started = time.process_time()
    assert run(r"$contains(x, /^(a+)+$/)", {"x": "a" * 50_000 + "!"}) is False
    assert run(r"$contains(x, /(a|aa)+$/)", {"x": "a" * 50_000 + "!"}) is False
    assert time.process_time() - started < 2


def test_patterns_that_cannot_run_in_linear_time_are_refused_at_their_place() -> None:
    for text in ("$contains(a, /(?=b)/)", r"$contains(a, /(b)\1/)"):
        with pytest.raises(SyntaxProblem, match="cannot be run in linear time") as caught:
            jsonata.compile(text)
        assert caught.value.offset == text.index("/")


def test_flags_of_patterns_mean_what_they_mean_in_javascript() -> None:
    assert run("$contains('ABC', /b/i)") is True
    assert run("$contains('ABC', /b/)") is False
    assert run("$contains('a\\nb', /^b/m)") is True
    assert run("$contains('a\\nb', /^b/)") is False
    assert run(r"$contains('a/b', /a\/b/)") is True


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EvaluationProblem, match="not a function"):
        run("( $f := 1; $f(a) )", {"a": "private"})
    with pytest.raises(EvaluationProblem, match=r"argument 2 of `\$map` must be a function, not text"):
        run("$map(a, b)", {"a": [1], "b": "private"})
    with pytest.raises(EvaluationProblem, match="not a function"):
        run("a.$()", {"a": "private"})
    assert capsys.readouterr() == ("", "")


def test_the_evaluation_cannot_be_reached_through_its_own_variables() -> None:
    for text in ("( $__evaluate_entry := 0; 1 )", "function($__evaluate_exit) { 1 }(1)", "( $$ := 1; 2 )"):
        with pytest.raises(SyntaxProblem, match="cannot be assigned"):
            jsonata.compile(text)


def test_characters_beyond_the_basic_plane_are_one_character() -> None:
    assert run('"\\uD83D\\uDE00"') == "\U0001f600"
    assert run('$length("\\uD83D\\uDE00")') == 1
    with pytest.raises(SyntaxProblem, match="half a character"):
        jsonata.compile('"\\uD83D"')


def test_lone_surrogates_of_a_payload_pass_through() -> None:
    half = json.loads('"\\ud83d"')
    assert run("a ?? 'none'", {"a": half}) == half
    assert run("a & '!'", {"a": half}) == half + "!"
    with pytest.raises(EvaluationProblem):
        run("$contains(a, /x/)", {"a": half})


# -- bounds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("( $f := function($n) { $f($n) }; $f(1) )", "takes more than 1,000,000 steps"),
        ("( $f := function($n) { 1 + $f($n) }; $f(1) )", "nests too deep"),
    ],
)
def test_what_never_ends_is_a_problem(text: str, message: str) -> None:
    with pytest.raises(EvaluationProblem, match=message) as caught:
        run(text)
    assert caught.value.code == "U1001"


def test_data_of_many_different_objects_is_made_distinct_in_no_time() -> None:
    started = time.process_time()
    scope = {"a": [{"k": number % 10_000} for number in range(20_000)]}
    assert len(run("$distinct(a)", scope)) == 10_000
    assert time.process_time() - started < 3


def test_work_may_grow_with_the_data() -> None:
    scope = {"a": [{"n": number, "on": number % 2 == 0} for number in range(30_000)]}
    assert run("$count(a[on and n > 100])", scope) == 14_949


def test_long_texts_of_a_payload_are_no_problem() -> None:
    scope = {"a": "x" * 3_000_000}
    assert run("$length($trim($uppercase(a)))", scope) == 3_000_000


@pytest.mark.parametrize(
    "text",
    ["1" + "+1" * 9_000, "(" * 5_000 + ")" * 5_000, "[" * 3_000, "1" + "+1" * 150, "a" + ".a" * 9_000 + "[0]"],
    ids=["sum", "parentheses", "brackets", "short sum", "path"],
)
def test_an_expression_that_nests_too_deep_is_a_syntax_problem(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="nests"):
        jsonata.compile(text)


def test_an_expression_of_twenty_thousand_terms_is_a_syntax_problem() -> None:
    with pytest.raises(SyntaxProblem, match="longer than"):
        jsonata.compile("1" + "+1" * 20_000)
    with pytest.raises(SyntaxProblem, match="nests"):
        jsonata.compile("1" + "+1" * 8_000)


def test_what_can_be_compiled_can_also_be_run() -> None:
    assert run("(" * 40 + "1" + ")" * 40) == 1
    assert run(" & ".join(["'x'"] * 95)) == "x" * 95


def test_data_that_nests_too_deep_is_a_problem_of_the_evaluation() -> None:
    deep: Any = 1
    for _ in range(20_000):
        deep = [deep]
    assert run("a ?? 0", {"a": deep}) is deep
    with pytest.raises(EvaluationProblem, match="nests too deep"):
        run("$string(a)", {"a": deep})


def test_structures_that_share_their_parts_cannot_be_blown_up_as_text() -> None:
    doubled = "( $f := function($a, $n) { $n = 0 ? $a : $f([[$a], [$a]], $n - 1) }; $f([1], 40) )"
    for text in (doubled, f"$string({doubled})"):
        with pytest.raises(EvaluationProblem, match=r"too large|more than"):
            run(text)


def test_infinity_is_no_result() -> None:
    for text in ("1 / 0", "1e308 * 10", "a * 2", "a ?? 0", "$string(a)"):
        with pytest.raises(EvaluationProblem, match="out of (the )?range|division by zero"):
            run(text, {"a": math.inf})
    with pytest.raises(EvaluationProblem, match="out of range"):
        run("a * 1", {"a": 10**400})


def test_a_picture_that_no_one_has_written_is_a_problem() -> None:
    for text in ("$toMillis('1', a)", "$fromMillis(1, a)", "$formatNumber(1, a)", "$formatInteger(1, a)"):
        with pytest.raises(EvaluationProblem, match="1,000 characters"):
            run(text, {"a": "[f1]" * 300})


def test_looking_through_a_list_again_and_again_costs_fuel() -> None:
    scope = {"a": [0] * 20_000, "b": [0] * 20_000}
    for use in ("$$.a ? 1", "$$.a = $$.b", "$count($$.a)", "$i in $$.b", "$not($$.a)", "$$.a[]", "$boolean($$.a)"):
        with pytest.raises(EvaluationProblem, match="more than"):
            run(f"$map([1..100000], function($i) {{ {use} }})", scope)


def test_the_official_language_tells_of_data_that_nests_too_deep() -> None:
    deep: Any = 1
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(EvaluationProblem, match="nests too deep"):
        jsonata.standard("a").evaluate({"a": deep})
