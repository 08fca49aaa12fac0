"""The bound on work: counted, the same everywhere, and larger for large data."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import EvaluationProblem, Fields, Unfinished
from engine.jsonata.evaluating import written
from engine.jsonata.runtime.fuel import BRIEF, FUEL, LONGEST_TEXT, PER_VALUE, Run


def test_what_is_spent_is_counted_to_the_unit() -> None:
    run = Run({})
    run.spend(FUEL)
    with pytest.raises(EvaluationProblem) as caught:
        run.spend(PER_VALUE + 1)  # the data is one value
    assert caught.value.code == "U1001"


def test_large_data_gives_more_once() -> None:
    data = [[0] * 9] * 10
    run = Run(data)
    run.spend(FUEL + PER_VALUE * 101)
    assert run.left == 0
    with pytest.raises(EvaluationProblem):
        run.spend(1)


def test_long_texts_of_the_data_count_as_many_values() -> None:
    run = Run("x" * 1600)
    run.spend(FUEL + PER_VALUE * 101)
    assert run.left == 0


def test_a_text_costs_what_is_made_of_it_and_has_a_longest() -> None:
    run = Run({})
    assert run.text("x" * 80) == "x" * 80
    assert run.left == FUEL - 10
    run.read("x" * 160)
    assert run.left == FUEL - 20
    with pytest.raises(EvaluationProblem) as caught:
        run.text("x" * (LONGEST_TEXT + 1))
    assert caught.value.code == "D2015"


def test_after_a_failure_there_is_as_much_as_before() -> None:
    run = Run({})
    run.spend(FUEL)
    run.depth = 7
    run.reset()
    assert (run.left, run.depth) == (FUEL, 0)


def spent(text: str, data: object) -> int:
    """Return how many units an evaluation spends."""
    program = jsonata.compile(text)
    run = Run(data)
    written(program.parsed.tree, program.parsed.language, for_objects=type(data) is dict)(data, run)
    return FUEL - run.left


@pytest.mark.parametrize(
    ("text", "data", "units"),
    [
        ("a.b", {"a": {"b": 1}}, 0),
        ("a.b", {"a": [{"b": 1}, {"b": 2}]}, 2),
        ("a[b = 1]", {"a": [{"b": 1}] * 10}, 3 + 10),
        ("$sum(a)", {"a": [1] * 10}, 10),
        ("$map(a, function($v) { $v + 1 })", {"a": [1] * 10}, 3 * 10 + 12),  # the last is the result, copied
        ("$uppercase(a)", {"a": "x" * 32}, 0),
        ("$uppercase(a)", {"a": "x" * 400}, 400 // 4),
        ("a & a", {"a": "x" * 40}, 1 + 80 // 8),
        ("[1..100]", {}, 100 + 2 + 102),
        ("( $f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(9) )", {}, 10),
        ("a#$i.b", {"a": [{"b": 1}] * 10}, 443),
        ("$fromMillis(0)", {}, 3),
        ("$join(a)", {"a": ["x" * 8] * 10}, 10 + 80 // 8),
        ("$replace(a, /b/, 'c')", {"a": "b" * 10}, 3 * 10 + 10 // 8),
    ],
)
def test_the_same_record_spends_the_same_fuel_anywhere(text: str, data: object, units: int) -> None:
    assert [spent(text, data) for _ in range(3)] == [units] * 3


def test_what_is_to_be_brief_is_broken_off_and_nothing_else_is() -> None:
    long = jsonata.compile("$sum($map([1..10000], function($n) { $n }))")
    with pytest.raises(Unfinished):
        jsonata.briefly(long, {})
    assert long({}) == 50005000
    assert jsonata.briefly(jsonata.compile("a + 1"), {"a": 1}) == 2
    with pytest.raises(EvaluationProblem):
        jsonata.briefly(jsonata.compile('a + "x"'), {"a": 1})
    assert long({}) == 50005000


def test_what_fails_and_what_would_be_told_of_too_much_work_do_not_make_it_longer() -> None:
    fields = Fields([jsonata.compile(f'[[1..{BRIEF // 4}], "x" + 1]') for _ in range(8)], [None] * 8)
    with pytest.raises(Unfinished):
        jsonata.briefly(fields, {})
    problem = "the left side of `+` must be a number, not text; use $number(…)"
    assert [str(failure.problem) for failure in fields({})[2]] == [problem] * 8


def test_other_threads_may_take_their_time() -> None:
    long = jsonata.compile("$sum($map([1..10000], function($n) { $n }))")
    with ThreadPoolExecutor(1) as threads:
        assert jsonata.briefly(lambda: threads.submit(long, {}).result()) == 50005000


@given(st.integers(1, 60), st.integers(0, 60))
def test_what_ends_briefly_ends_as_it_would_otherwise(rounds: int, fails_at: int) -> None:
    text = f"$map([1..{rounds * 10}], function($n) {{ $n = {fails_at * 10} ? $error('here') : $n * 2 }})"
    program = jsonata.compile(text)

    def told(work: Callable[[], object]) -> object:
        try:
            return work()
        except EvaluationProblem as problem:
            return problem.code, problem.message, problem.offset

    try:
        found = told(lambda: jsonata.briefly(program, {}))
    except Unfinished:
        found = told(lambda: program({}))
        assert rounds > 10
    assert found == told(lambda: program({}))
