"""Many expressions over one scope: each fails on its own, values come where they belong, and threads share it all."""

import threading
from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import EvaluationProblem, Fields, Place


def fields(*texts: str, readers: dict[int, Any] | None = None, places: list[Place | None] | None = None) -> Fields:
    programs = [jsonata.compile(text) for text in texts]
    return Fields(programs, [(readers or {}).get(number) for number in range(len(texts))], places)


def test_values_come_in_the_order_of_the_programs() -> None:
    record, values, failures = fields("a.b", "a.c & '!'", "nothing", "$sum(a.d)")(
        {"a": {"b": 1, "c": "x", "d": [1, 2]}}
    )
    assert (record, list(values), list(failures)) == ({}, [1, "x!", None, 3], [])


def test_a_field_that_fails_leaves_the_others_and_says_where() -> None:
    _, values, failures = fields("a", "1 + b", "c")({"a": 1, "b": "x", "c": 3})
    assert list(values) == [1, None, 3]
    ((number, problem, found),) = failures
    assert (number, found) == (1, None)
    assert isinstance(problem, EvaluationProblem)
    assert (problem.code, problem.offset) == ("T2002", 2)


def test_what_a_reader_refuses_comes_with_the_value() -> None:
    def refuse(value: Any) -> Any:
        raise ValueError("no")

    _, values, failures = fields("a", "b", readers={0: refuse, 1: str})({"a": [1], "b": 2})
    assert list(values) == [None, "2"]
    assert [(number, str(problem), found) for number, problem, found in failures] == [(0, "no", [1])]


def test_a_reader_is_not_asked_about_nothing() -> None:
    asked: list[Any] = []
    fields("a", "b", readers={0: asked.append, 1: asked.append})({"b": 0})
    assert asked == [0]


def test_a_reader_that_is_broken_is_no_problem_of_the_data() -> None:
    def broken(value: Any) -> Any:
        raise KeyError(value)

    with pytest.raises(KeyError):
        fields("a", readers={0: broken})({"a": 1})


def test_values_go_to_their_places_and_nothing_to_none() -> None:
    places = [
        Place("id"), Place("user", "id"), Place("user", "name"), Place("urls", "a", joined=True),
        Place("urls", "b", joined=True), Place("end"), Place("empty", "x"), None,
    ]  # fmt: skip
    found = fields("i", "u", "n", "[v]", "[w, w]", "e", "x", "rest", places=places)
    record, values, _ = found({"i": 1, "u": 2, "n": "N", "v": "V", "w": "W", "rest": 9})
    assert record == {"id": 1, "user": {"id": 2, "name": "N"}, "urls": ["V", "W", "W"]}
    assert list(values) == [9]


def test_fuel_spent_by_one_field_is_not_missing_to_the_next() -> None:
    endless = "( $f := function($n) { $f($n) }; $f(1) )"
    _, values, failures = fields(endless, "$count([1..1000])", endless, "a")({"a": 1})
    assert list(values) == [None, 1000, None, 1]
    assert [failure.field for failure in failures] == [0, 2]


def test_eight_threads_share_one_program_without_mixing_records() -> None:
    program = fields(
        "$map(xs, function($x) { $x & '-' & $$.id }) ~> $join(',')",
        "( $seen := id; $reduce(xs, function($a, $b) { $a & $b & $seen }) )",
        "people[name = $$.id].age",
        "people^(age)[0].name",
    )
    wrong: list[Any] = []

    def work(number: int) -> None:
        for _ in range(200):
            people = [{"name": number, "age": number * 2}, {"name": -1, "age": 99 + number}]
            _, values, _ = program({"id": number, "xs": ["a", "b"], "people": people})
            if list(values) != [f"a-{number},b-{number}", f"ab{number}", number * 2, number]:
                wrong.append(values)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_data_that_is_no_object_of_objects_is_walked_as_well() -> None:
    found = fields("a.b.c", "a.b.d", "a.e[0].f", "$sum(a.b.c)")
    for a, expected in [
        ([{"b": {"c": 1}}, {"b": {"c": 2, "d": 3}}], [[1, 2], 3, None, 3]),
        ({"b": [{"c": 1}, None, {"c": [2, 3]}]}, [[1, 2, 3], None, None, 6]),
        ("text", [None, None, None, None]),
        ([], [None, None, None, None]),
        ({"b": None, "e": [{"f": 1}, {"f": 2}]}, [None, None, 1, None]),
    ]:
        assert list(found({"a": a})[1]) == expected
