from typing import Any

import pytest
from examples import DOCS, Example, examples

from engine import jsonata
from engine.jsonata import EvaluationProblem
from engine.values import FUNCTIONS

EXAMPLES = examples("values.md")


def run(text: str, scope: Any = None) -> Any:
    return jsonata.compile(text, functions=FUNCTIONS)({} if scope is None else scope)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.expression for example in EXAMPLES])
def test_the_examples_of_the_docs_are_true(example: Example) -> None:
    if example.problem is None:
        assert run(example.expression) == example.value
        return
    with pytest.raises(EvaluationProblem) as caught:
        run(example.expression)
    assert caught.value.message.partition(": ")[2] == example.problem


def test_every_function_is_in_the_docs_with_examples() -> None:
    page = (DOCS / "values.md").read_text(encoding="utf-8")
    for name in FUNCTIONS:
        assert f"### `${name}(" in page
        assert sum(f"${name}(" in example.expression for example in EXAMPLES) >= 4


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_gives_nothing(name: str) -> None:
    for text in (f"${name}(nothing)", f'${name}("")', f"${name}(a)"):
        assert run(text, {"a": None}) is None


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"key"}))
def test_functions_take_the_context_and_map_over_lists(name: str) -> None:
    value, result = {
        "time": ("2025-01-01", "2025-01-01T00:00:00Z"),
        "seconds": ("1m", 60),
        "percent": ("5%", 5),
        "plain": ("<b>x</b>", "x"),
        "xml": ("<b>x</b>", {"b": "x"}),
        "json": ('{"b": "x"}', {"b": "x"}),
    }[name]
    assert run(f"a.${name}()", {"a": value}) == result
    assert run(f"$map(a, ${name})", {"a": [value, value]}) == [result, result]


def test_a_problem_names_the_function_and_points_at_it() -> None:
    with pytest.raises(EvaluationProblem) as caught:
        run('a & $seconds("x")')
    assert caught.value.message.startswith("`$seconds`: 'x' is not a duration")
    assert caught.value.offset == 4
    with pytest.raises(EvaluationProblem, match=r"`\$plain`: 7 is not text"):
        run("$plain(7)")


def test_thirds_lose_the_noise_of_their_division() -> None:
    assert run("$percent(1, 3)") == pytest.approx(100 / 3)
    assert run("$percent(29, 100)") == 29
    assert run("$percent(7, 0.1)") == 7000
