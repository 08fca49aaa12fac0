"""Code is written for whatever can be compiled: however deep, however many, whatever the names."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import Fields, standard
from engine.jsonata.problems import JsonataProblem

#: Expressions that grow: each is as deep as it may be.
GROWING: dict[str, Callable[[int], str]] = {
    "conditions": lambda n: "a ? " * n + "1" + " : 2" * n,
    "other conditions": lambda n: "".join(f"a = {i} ? {i} : " for i in range(n)) + "0",
    "functions": lambda n: "".join(f"function($x{i}){{ " for i in range(n)) + "1" + " }" * n + "(1)" * n,
    "filters": lambda n: "a[b" * n + "=1" + "]" * n,
    "blocks": lambda n: "(a;" * n + "1" + ")" * n,
    "lists": lambda n: "[" * n + "a" + "]" * n,
    "objects": lambda n: '{"k":' * n + "a" + "}" * n,
    "keys": lambda n: "{$string(a):" * n + "a" + "}" * n,
    "calls": lambda n: "$string(" * n + "a" + ")" * n,
    "loops": lambda n: "$map(a, function($v) {" * n + "$v" + "})" * n,
    "steps": lambda n: ".".join(["a[b]"] * n),
    "counted steps": lambda n: ".".join(f"a[b]#$i{i}" for i in range(n)),
    "bound steps": lambda n: ".".join(f"a@$x{i}" for i in range(n)),
    "orders": lambda n: "a^(" * n + "b" + ")" * n,
    "groups": lambda n: "a{$string(b): " * n + "c" + "}" * n,
    "defaults": lambda n: "a ?? (" * n + "1" + ")" * n,
    "texts": lambda n: " & ".join(["a.b"] * n),
    "questions": lambda n: " and ".join(["(a or b)"] * n),
}


@pytest.mark.parametrize("name", GROWING)
def test_code_is_written_for_expressions_as_deep_as_may_be(name: str) -> None:
    written = 0
    for depth in (1, 3, 8, 13, 21, 30, 45, 60, 90):
        program = outcome(lambda depth=depth: jsonata.compile(GROWING[name](depth)))  # type: ignore[misc]
        if isinstance(program, JsonataProblem):
            assert "nests deeper" in program.message
            break
        written = depth
        for scope in ({"a": {"b": 1}}, {"a": [{"b": 1, "a": [{"b": 2}]}]}, {}, [{"a": 1}], 5):
            value = outcome(lambda program=program, scope=scope: program(scope))  # type: ignore[misc]
            assert getattr(value, "code", "") != "D3000"
    assert written >= 30


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or the problem it raises."""
    try:
        return call()
    except JsonataProblem as problem:
        return problem


def test_a_long_path_of_filters_gives_what_each_step_gives() -> None:
    scope: Any = {"v": "end"}
    for _ in range(30):
        scope = {"a": [{"b": False}, {"b": True, **scope}]}
    assert jsonata.compile(".".join(["a[b]"] * 30) + ".v")(scope) == "end"


names = st.text(min_size=1, max_size=12).filter(lambda name: "`" not in name)


@given(name=names, other=names)
def test_any_name_can_be_a_field(name: str, other: str) -> None:
    scope = {name: {other: 1, "list": [{name: 2}, {name: 3}]}}
    assert jsonata.compile(f"`{name}`.`{other}`")(scope) == scope[name].get(other)
    assert standard(f"`{name}`.list.`{name}`").evaluate({name: {"list": [{name: 2}, {name: 3}]}}) == [2, 3]


@pytest.mark.parametrize("name", ["class", "def", "None", "run", "root", "K0", "v1", "lambda", "a b", "ä", "1"])
def test_words_of_python_are_names_like_any_other(name: str) -> None:
    assert jsonata.compile(f"( $x := `{name}`; $x & `{name}` )")({name: "y"}) == "yy"
    assert jsonata.compile(f"function(${name.replace(' ', '_')}) {{ ${name.replace(' ', '_')} }}(a)")({"a": 7}) == 7


def test_functions_made_in_a_loop_keep_the_values_of_their_round() -> None:
    text = "( $fs := $map([1..3], function($i) { function() { $i } }); $map($fs, function($f) { $f() }) )"
    assert jsonata.compile(text)({}) == [1, 2, 3]
    text = "( $fs := a.(function() { $string(b) }); $map($fs, function($f) { $f() }) )"
    assert jsonata.compile(text)({"a": [{"b": 1}, {"b": 2}]}) == ["1", "2"]


def test_variables_are_those_of_the_nearest_frame() -> None:
    assert jsonata.compile("( $x := 1; ( $x := 2; $x ) & $x )")({}) == "21"
    assert jsonata.compile("( $x := 1; $f := function() { ( $x := $x + 1; $x ) }; [$f(), $f(), $x] )")({}) == [2, 2, 1]
    assert jsonata.compile("( $x := 1; $y := a ? ($x := 5; $x) : $x; [$x, $y] )")({"a": True}) == [1, 5]
    assert (
        jsonata.compile("( $f := function($n) { $n = 0 ? 0 : $g($n - 1) }; $g := function($n) { $f($n) }; $f(9) )")({})
        == 0
    )


def test_hundreds_of_fields_are_one_function() -> None:
    programs = [jsonata.compile(f"a.b{number} & '-' & $string(c[{number % 3}])") for number in range(300)]
    scope = {"a": {f"b{number}": number for number in range(300)}, "c": [7, 8, 9]}
    _, values, failures = Fields(programs, [None] * 300)(scope)
    assert not failures
    assert list(values) == [f"{number}-{7 + number % 3}" for number in range(300)]
