"""The values of an evaluation: marked lists, what fits, what counts as true, and how results come out."""

from typing import Any

import pytest

from engine.jsonata import EvaluationProblem
from engine.jsonata.runtime.appending import appended
from engine.jsonata.runtime.clock import millis_at
from engine.jsonata.runtime.filtering import hits, nth
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.output import plain, raw
from engine.jsonata.runtime.texts import number_text, text_of
from engine.jsonata.runtime.truth import PLAIN, holds, truth
from engine.jsonata.runtime.values import (
    NULL,
    NUMBERS,
    TEXTS,
    UNFIT,
    Function,
    Kept,
    Made,
    Outer,
    Seq,
    fitting,
    kind_of,
    present,
    single,
)

FUNCTION = Function("f", 0, lambda *_: None)


@pytest.mark.parametrize(
    ("value", "stands_for"),
    [
        (Seq(), None),
        (Seq([1]), 1),
        (Seq([1, 2]), [1, 2]),
        (Kept([1]), [1]),
        (Kept(), None),
        ([1], [1]),
        ([], []),
        (Made([1]), [1]),
        (Outer([1]), 1),
        (None, None),
        ("x", "x"),
    ],
)
def test_a_sequence_of_one_is_that_one_and_no_other_list_is(value: Any, stands_for: Any) -> None:
    assert single(value) == stands_for


@pytest.mark.parametrize(
    ("value", "types", "found"),
    [
        ([1, 2.5], NUMBERS, [1, 2.5]),
        ([], NUMBERS, []),
        (1, NUMBERS, [1]),
        (None, NUMBERS, None),
        ([True], NUMBERS, UNFIT),
        ("x", NUMBERS, UNFIT),
        (["x", None], TEXTS, UNFIT),
        ("x", TEXTS, ["x"]),
    ],
)
def test_a_list_fits_with_nothing_but_the_types_in_it(value: Any, types: Any, found: Any) -> None:
    assert fitting(value, types) == found
    assert (fitting(value, types) is UNFIT) is (found is UNFIT)


@pytest.mark.parametrize(
    ("value", "true"),
    [
        (0, False),
        (0.0, False),
        (-1, True),
        ("", False),
        ("false", True),
        (True, True),
        (None, False),
        ([], False),
        ([0], False),
        ([0, 1], True),
        ([[], [0, "x"]], True),
        ({}, False),
        ({"a": None}, False),
        ({"a": 0}, True),
        (NULL, False),
        (FUNCTION, False),
    ],
)
def test_a_value_counts_as_true_alike_wherever_it_is_asked(value: Any, true: bool) -> None:
    assert truth(value) is holds(Run({}), value) is true
    assert type(value) not in PLAIN or bool(value) is true


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (2**70, str(2**70)),
        (0.1 + 0.2, "0.3"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (-0.0, "0"),
        (123.456, "123.456"),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_are_written_as_javascript_does_but_integers_exactly(number: float, text: str) -> None:
    assert number_text(number) == text
    assert text_of(Run({}), number) == text


def test_structures_are_written_as_json_without_what_is_absent() -> None:
    run = Run({})
    assert text_of(run, {"a": [1, None, 2.0], "b": None, "c": FUNCTION}) == '{"a":[1,2],"c":""}'
    assert text_of(run, [NULL, "é"]) == '[null,"é"]'
    deep: Any = []
    for _ in range(250):
        deep = [deep]
    for value in (deep, ["x" * 10_000] * 200):
        with pytest.raises(EvaluationProblem) as caught:
            text_of(run, value)
        assert caught.value.code == "D2015"


def test_results_are_plain_and_what_is_of_the_data_is_the_same_object() -> None:
    run, inner = Run({}), {"x": [1, 2]}
    assert plain(run, inner) is inner
    assert raw(inner["x"]) is inner["x"]
    assert raw([1, None]) == [1]
    found = plain(run, Made([Seq([1, 2]), inner, "x", 2.5]))
    assert (found, type(found), type(found[0]), found[1] is inner) == ([[1, 2], inner, "x", 2.5], list, list, True)
    assert type(plain(run, 3.0)) is int
    functions: list[Any] = [FUNCTION, Made([FUNCTION, {}]), {"f": FUNCTION}]
    for value in functions:
        with pytest.raises(EvaluationProblem, match="is a function"):
            plain(run, value)


@pytest.mark.parametrize(
    ("value", "number", "found"),
    [
        ([1, 2, 3], 0, [1]),
        ([1, 2, 3], -1, [3]),
        ([1, 2, 3], 1.9, [2]),
        ([1], 5, []),
        (7, 0, [7]),
        (7, 1, []),
        (None, 0, []),
        ([[4, 5]], 0, [4, 5]),
    ],
)
def test_a_number_takes_one_result(value: Any, number: float, found: Any) -> None:
    assert nth(value, number) == found


@pytest.mark.parametrize(
    ("outcome", "times"),
    [(1, 1), (0, 0), ([1, -2, 1], 3), ("x", 1), ("", 0), (None, 0), (True, 1), ([], 0), ({"a": 1}, 1)],
)
def test_a_condition_takes_a_result_as_often_as_it_counts_it(outcome: Any, times: int) -> None:
    assert hits(Run({}), outcome, 1, 3) == times


def test_two_values_become_one_list_and_what_is_absent_adds_nothing() -> None:
    run = Run({})
    assert appended(run, 1, [2]) == [1, 2]
    assert appended(run, None, [2]) == [2]
    assert appended(run, 1, None) == 1
    assert run.left == Run({}).left - 2


@pytest.mark.parametrize(
    ("scope", "millis"),
    [
        ({"run": {"now": "1970-01-01T01:00:00.5+01:00"}}, 500),
        ({"run": {"now": "1970-01-02T00:00:00Z"}}, 86_400_000),
        ({"run": {"now": "soon"}}, None),
        ({"run": {}}, None),
        ({}, None),
        ({"run": 5}, None),
    ],
)
def test_the_clock_is_the_time_of_the_run(scope: Any, millis: Any) -> None:
    assert millis_at(scope, ("run", "now")) == millis
    assert millis_at(scope, None) is None


def test_values_are_called_by_plain_words_and_never_told() -> None:
    values: list[Any] = ["x", 1.5, True, None, NULL, Seq(), {}, FUNCTION]
    assert [kind_of(value) for value in values] == [
        "text", "a number", "true or false", "nothing", "null", "a list", "an object", "a function",
    ]  # fmt: skip
    assert present([1, None]) == [1]
    with pytest.raises(TypeError, match="is not of JSON"):
        kind_of(object())
