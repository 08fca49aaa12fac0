"""Parents: each `%` is a level up from where it stands, whatever stands between."""

from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import SyntaxProblem, nodes
from engine.jsonata.parser import parse

ORDERS = {
    "id": 9,
    "orders": [
        {"no": 1, "items": [{"n": "a", "parts": [{"p": 1}]}, {"n": "b", "parts": []}]},
        {"no": 2, "items": [{"n": "c", "parts": [{"p": 2}, {"p": 3}]}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("orders.items.(n & %.no)", ["a1", "b1", "c2"]),
        ("orders.items.parts.(p & %.n & %.%.no)", ["1a1", "2c2", "3c2"]),
        ("orders.items.parts.(%.%.%.id)", [9, 9, 9]),
        ("orders.items[%.no = 2].n", "c"),
        ("orders.items.parts[%.n = 'c' and %.%.no = 2].p", [2, 3]),
        ("orders.items[n = 'b'].%.no", 1),
        ("orders.items.n.%.%.no", [1, 1, 2]),
        ("orders.items^(%.no, >n).n", ["b", "a", "c"]),
        ("orders.(items.parts).(%.n)", ["a", "c", "c"]),
        ("orders.items.{n: %.no}", [{"a": 1}, {"b": 1}, {"c": 2}]),
        ("orders.items.[n, %.no]", ["a", 1, "b", 1, "c", 2]),  # as in jsonata-js, which flattens lists of rows
        ("orders.*.parts.(%.n)", ["a", "c", "c"]),
        ("$$.orders@$o.orders[no = $o.no].items.(n & $o.no & %.no)", ["a11", "b11", "c22"]),
    ],
)
def test_a_parent_is_what_its_step_started_from(text: str, value: Any) -> None:
    assert jsonata.compile(text)(ORDERS) == value


@pytest.mark.parametrize(("text", "offset"), [("%", 0), ("a.%.%", 4), ("1 + %.a", 4), ("$x.%", 0), ("[a].%", 0)])
def test_what_has_no_parent_is_refused_at_its_place(text: str, offset: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert (caught.value.code, caught.value.offset) == ("S0217", offset)


def test_steps_that_nobody_asks_for_keep_no_parents() -> None:
    tree = parse("a.b.c.(%.d)")
    assert isinstance(tree, nodes.Path)
    assert [step.ancestor is not None for step in tree.steps[:-1]] == [False, False, True]
    assert not any(node.rows or node.ancestor for node in nodes.walk(parse("a.b[c = 1].d")))
