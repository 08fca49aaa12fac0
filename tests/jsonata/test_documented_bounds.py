"""The bounds that docs/jsonata.md promises: each holds at the number that stands there, and not before."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import jsonata
from engine.jsonata import JsonataProblem

_PAGE = Path(__file__).parents[2] / "docs" / "jsonata.md"


def documented() -> dict[str, tuple[int, str]]:
    """Return the number and the code of each bound by its first words."""
    table = _PAGE.read_text(encoding="utf-8").partition("## Bounds")[2].partition("## How")[0]
    rows = re.findall(r"^\| ([a-z][^|]*) \| ([\d,]+)( MiB)?[^|]*\| `(\w+)`", table, re.MULTILINE)
    return {what: (int(number.replace(",", "")) << 20 * bool(mega), code) for what, number, mega, code in rows}


BOUNDS = documented()


def code_of(text: str, data: Any) -> str:
    """Return the code of the problem that an expression has on some data, or an empty text."""
    try:
        jsonata.compile(text)(data)
    except JsonataProblem as problem:
        return problem.code or ""
    return ""


#: For each bound, an expression and data that come to a number, or go beyond it.
REACHED: dict[str, Callable[[int], tuple[str, Any]]] = {
    # `[a..b]` spends a unit for each number, two for the list, and as many again where it is given out; the data, an
    # object and what is in it, gives forty more.
    "units for one evaluation": lambda number: ("[1..n]", {"n": (number + 2 * 20 - 4) // 2}),
    "open calls within a call": lambda number: (
        "( $f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(n) )",
        {"n": number},
    ),
    "characters of a text that is made": lambda number: ("a & b", {"a": "x" * (number - 1), "b": "x"}),
    "characters of a picture string": lambda number: ("$formatInteger(1, p)", {"p": "0" * number}),
    "levels of a structure written as text": lambda number: ("$string(a)", {"a": nested(number)}),
    "numbers of a range": lambda number: ("$count([1..n])", {"n": number, "room": [0] * 2_000_000}),
    "bits of an integer that is computed": lambda number: ("a * b", {"a": 2 ** (number - 2), "b": 2}),
    "characters of an expression": lambda number: ("a" + " " * (number - 1), {}),
    "levels of an expression": lambda number: ("(" * (number - 1) + "a" + ")" * (number - 1), {"a": 1}),
    "memory of a compiled pattern": lambda _: ("$match(a, /a{900}/)", {"a": "b"}),
}


def nested(levels: int) -> Any:
    """Return a list in a list, so many levels deep."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("what", BOUNDS)
def test_a_bound_is_where_the_page_says(what: str) -> None:
    number, code = BOUNDS[what]
    assert code_of(*REACHED[what](number)) == ""
    if what == "memory of a compiled pattern":
        assert code_of("$match(a, /((a{100}){9}b){9}/)", {}) == code
    else:
        assert code_of(*REACHED[what](number + (2 if "units" in what else 1))) == code


def test_every_bound_is_tried() -> None:
    assert BOUNDS.keys() == REACHED.keys()
