"""Signatures: which arguments fit, what the context stands in for, and what is said of those that do not fit."""

from typing import Any

import pytest

from engine.jsonata import EvaluationProblem, SyntaxProblem
from engine.jsonata.signatures import parse_signature


@pytest.mark.parametrize(
    ("signature", "given", "context", "bound"),
    [
        ("<s-n?:s>", ["a"], None, ["a", None]),
        ("<s-n?:s>", ["a", 2], None, ["a", 2]),
        ("<s-n?:s>", [], "here", ["here", None]),
        ("<s-n:s>", [2], "here", ["here", 2]),
        ("<a:n>", [1], None, [[1]]),
        ("<a<n>:n>", [[1, 2]], None, [[1, 2]]),
        ("<a<n>:n>", [None], None, [None]),
        ("<(sf)b:x>", ["a", True], None, ["a", True]),
        ("<x+:x>", [1, "a", None], None, [1, "a", None]),
        ("<s-(sf)(sf)n?:s>", ["a", "b", "c"], None, ["a", "b", "c", None]),
    ],
)
def test_arguments_that_fit_are_bound_to_parameters(
    signature: str, given: list[Any], context: Any, bound: list[Any]
) -> None:
    assert parse_signature(signature).bound("f", given, context) == bound


@pytest.mark.parametrize(
    ("signature", "given", "context", "code", "message"),
    [
        ("<s:s>", [1], None, "T0410", "argument 1 of `$f` must be text, not a number; use $string(…)"),
        ("<n:n>", ["1"], None, "T0410", "argument 1 of `$f` must be a number, not text; use $number(…)"),
        ("<sn:n>", ["a"], None, "T0410", "`$f` lacks argument 2, a number"),
        ("<s:n>", ["a", "b"], None, "T0410", "`$f` takes fewer arguments than 2"),
        ("<s-:n>", [], 5, "T0411", "`$f` lacks argument 1, text, and the context is a number"),
        ("<a<n>:n>", [["a"]], None, "T0412", "argument 1 of `$f` must be a list of numbers"),
        ("<(sb):n>", [[]], None, "T0410", "argument 1 of `$f` must be text or true or false, not a list"),
    ],
)
def test_arguments_that_do_not_fit_are_told_by_their_kinds(
    signature: str, given: list[Any], context: Any, code: str, message: str
) -> None:
    with pytest.raises(EvaluationProblem) as caught:
        parse_signature(signature).bound("f", given, context)
    assert (caught.value.code, caught.value.message) == (code, message)


@pytest.mark.parametrize(
    ("signature", "least", "most"), [("<s-n?:s>", 0, 2), ("<nn:n>", 2, 2), ("<x+:x>", 1, None), ("<:n>", 0, 0)]
)
def test_a_signature_says_how_many_arguments_there_may_be(signature: str, least: int, most: int | None) -> None:
    parsed = parse_signature(signature)
    assert (parsed.least, parsed.most) == (least, most)


@pytest.mark.parametrize(
    ("signature", "code", "offset"), [("<s<n>:n>", "S0401", 13), ("<(a<n>):n>", "S0402", 12), ("<z:n>", "S0401", 12)]
)
def test_a_wrong_signature_is_a_problem_at_its_place(signature: str, code: str, offset: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_signature(signature, 10)
    assert (caught.value.code, caught.value.offset) == (code, offset)
