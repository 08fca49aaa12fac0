"""Code for paths: any number of steps that loop, whatever each does, over data as deep."""

from typing import Any

import pytest

from engine import jsonata


def nest(levels: int) -> Any:
    """Return an object of a list of objects, so many levels deep."""
    data: Any = {"b": 1}
    for _ in range(levels):
        data = {"a": [data, {"b": 0}], "b": 1}
    return data


@pytest.mark.parametrize(
    "step", ["a[$exists(b)]", "a[b = 1]", "a[0]", "(a)", "a.[$][0]", "a.$map($, function($v) { $v })"]
)
@pytest.mark.parametrize("count", [7, 8, 9, 20, 21, 40])
def test_a_path_has_as_many_steps_that_loop_as_it_likes(step: str, count: int) -> None:
    text = ".".join([step] * count)
    found = jsonata.compile(f"$count({text}[b = 1])")(nest(count))
    assert found == 1


def test_fields_may_have_such_paths_too() -> None:
    program = jsonata.compile(".".join(["a[b = 1]"] * 30) + ".b")
    _, values, failures = jsonata.Fields([program, program], [None, None])(nest(30))
    assert (list(values), failures) == ([1, 1], [])


def test_functions_made_at_the_end_of_a_long_path_keep_their_own_value() -> None:
    text = f"( $all := {'.'.join(['a[b = 1]'] * 12)}.a.(function() {{ b }}); $map($all, function($f) {{ $f() }}) )"
    found = jsonata.compile(text)(nest(13))
    assert found == [1, 0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[{'b': 1}, {'b': 2}]#$i.b", [1, 2]),
        ("[{'b': 1}, {'b': 2}]#$i.{'b': b}", [{"b": 1}, {"b": 2}]),
        ("[{'b': 1}, {'b': 2}]@$x.b", 5),
        ("[{'b': 1}, {'b': 2}]@$x.{'b': $x.b}", {}),
    ],
)
def test_a_list_written_at_the_start_of_a_path_binds_nothing(text: str, value: Any) -> None:
    assert jsonata.compile(text)({"b": 5}) == value
