"""Large bodies are paid for as such: a round that does two hundred things costs more than one that does one."""

import pytest

from engine import jsonata
from engine.jsonata import EvaluationProblem
from engine.jsonata.generator.weighing import Weights
from engine.jsonata.parser import parse

LOOPS = {
    "map": "$count($map([1..100000], function($i) { (BODY) }))",
    "map with a function": "( $f := function($i) { (BODY) }; $count($map([1..100000], $f)) )",
    "filter": "$count($filter([1..100000], function($i) { (BODY) }))",
    "reduce": "$reduce([1..100000], function($p, $i) { (BODY) })",
    "step": "$count([1..100000].(BODY))",
    "condition": "$count([1..100000][(BODY)])",
    "two conditions": "$count([1..100000][$ > 0][(BODY)])",
    "step after a condition": "$count([1..100000][$ > 0].(BODY))",
    "calls in last place": "( $f := function($n) { ((BODY); $n = 0) ? 0 : $f($n - 1) }; $f(50000) )",
    "order": "$count([1..10000]^(((BODY); $)))",
    "groups": "$count($keys([1..20000]{((BODY); $string($)): 1}))",
    "rows": "$count([1..10000]#$i[(BODY)])",
    "bound rows": "$count({'l': [1..8000]}.l@$i.(BODY))",
    "transform": "{'l': [1..20000].{'a': 1}} ~> |l|{'b': (BODY)}|",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_ends_by_fuel_the_sooner_the_more_each_round_does(loop: str) -> None:
    small = LOOPS[loop].replace("BODY", "a = 1")
    jsonata.compile(small)({"a": 1})
    large = LOOPS[loop].replace("BODY", "; ".join(["a = 1"] * 400))
    with pytest.raises(EvaluationProblem) as caught:
        jsonata.compile(large)({"a": 1})
    assert caught.value.code == "U1001"


@pytest.mark.parametrize(("text", "units"), [("a", 0), ("a.b & c.d", 0), ("[" + "a, " * 100 + "a]", 24)])
def test_a_body_weighs_what_it_has_in_nodes(text: str, units: int) -> None:
    assert Weights().of(parse(text)) == units
