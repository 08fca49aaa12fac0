"""Groups, rows and patterns: what belongs together, what is bound on the way, and what RE2 finds."""

from typing import Any

import pytest

from engine.jsonata import EvaluationProblem, SyntaxProblem
from engine.jsonata.runtime.fuel import PER_ROW, Run
from engine.jsonata.runtime.grouping import extend, grouped, made, one, without_key
from engine.jsonata.runtime.patterns import compiled, first_match, matches, pattern_function
from engine.jsonata.runtime.rows import counted, merged, nth_row, rows_of, rows_where, spread, values_of
from engine.jsonata.runtime.values import Made, Rows


def test_values_with_one_key_are_put_together() -> None:
    run, data = Run({}), [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "a", "v": 3}, {"v": 4}]

    def value_of(group: Any) -> Any:
        return [entry["v"] for entry in group] if isinstance(group, list) else group["v"]

    assert grouped(run, data, [(lambda entry: entry.get("k"), value_of)]) == {"a": [1, 3], "b": 2}


def test_two_keys_that_are_the_same_and_keys_that_are_no_text_are_told() -> None:
    same = [(lambda _: "k", lambda _: 1), (lambda _: "k", lambda _: 2)]
    with pytest.raises(EvaluationProblem) as caught:
        grouped(Run({}), [{}], same)
    assert caught.value.code == "D1009"
    with pytest.raises(EvaluationProblem) as caught:
        without_key(5)
    assert caught.value.code == "T1003"
    assert without_key(None) == {}


def test_objects_are_made_without_what_is_absent() -> None:
    run = Run({})
    assert made(run, {"a": 1, "b": None}) == {"a": 1}
    assert one(run, [[1], 2]) == [1, 2]
    assert one(run, []) is None
    into = Made([0])
    extend(run, into, [1, None])
    assert into == [0, 1]


def test_a_row_has_its_result_and_what_was_bound_before() -> None:
    run = Run({})
    rows = rows_of(run, [{"a": [5, 6]}])
    results = Rows()
    for row in rows:
        spread(run, results, row, row["@"]["a"], None, "i", "!0")
    assert values_of(results) == [5, 6]
    assert [row["i"] for row in results] == [0, 1]
    assert all(row["!0"] == {"a": [5, 6]} for row in results)
    assert Run({}).left - run.left == 3 * PER_ROW
    assert nth_row(results, -1) == [results[1]]
    assert nth_row(results, 7) == []
    assert rows_where(run, results, lambda row: row["@"] == 6) == [results[1]]
    assert rows_where(run, results, lambda _: 0) == [results[0]]
    assert [row["j"] for row in counted(run, results, "j")] == [0, 1]
    assert merged(run, list(results))["@"] == [5, 6]


def test_a_variable_of_a_row_leaves_its_context_where_it_was() -> None:
    run, results = Run({}), Rows()
    spread(run, results, {"@": "start"}, ["x"], "v", None, None)
    assert results == [{"@": "start", "v": "x"}]


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("b+", "", "abbcb", [("bb", 1, 3), ("b", 4, 5)]),
        ("B", "i", "abB", [("b", 1, 2), ("B", 2, 3)]),
        ("^b", "m", "a\nb", [("b", 2, 3)]),
        (r"\u00e9", "", "né", [("é", 1, 2)]),
        (r"[\s]+", "", "a\u00a0\u2003b", [("\u00a0\u2003", 1, 3)]),
        (r"\S+", "", "a\u00a0b", [("a", 0, 1), ("b", 2, 3)]),
        ("x", "", "😀x", [("x", 1, 2)]),
    ],
)
def test_patterns_find_what_those_of_javascript_find(pattern: str, flags: str, text: str, found: Any) -> None:
    run, function = Run({}), pattern_function(pattern, flags, 0)
    assert [match[:3] for match in matches(run, function, text)] == found
    assert first_match(run, function, text) is bool(found)
    first = function.call(run, (text,), None)
    assert (first["match"], first["start"], first["end"]) == found[0]
    assert (first["next"].call(run, (), None) is None) is (len(found) == 1)


@pytest.mark.parametrize("pattern", ["(?=a)", "(?<!a)b", r"(a)\1", "a{2000}", "(a"])
def test_patterns_that_would_not_be_linear_are_refused_at_their_place(pattern: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        pattern_function(pattern, "", 7)
    assert (caught.value.code, caught.value.offset) == ("S0302", 7)


def test_a_pattern_is_compiled_once_and_one_of_no_length_is_told() -> None:
    assert compiled("a+", "i") is compiled("a+", "i")
    with pytest.raises(EvaluationProblem) as caught:
        list(matches(Run({}), pattern_function("x*", "", 0), "abc"))
    assert caught.value.code == "D1004"
