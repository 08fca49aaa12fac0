"""The official test suite of JSONata, every case of it, and the cases that are answered differently on purpose.

The suite is found by `ROLLBOOK_JSONATA_SUITE`, or beside the repository; it is that of jsonata-js 2.2.2.
"""

import json
import math
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.jsonata import JsonataProblem, standard
from engine.jsonata.official import ABSENT

BESIDE = Path(__file__).parents[3] / "shared" / "jsonata" / "suite"
SUITE = Path(os.environ.get("ROLLBOOK_JSONATA_SUITE", BESIDE))
NOW = 1_700_000_000_000

EVAL = "expressions are known when they are read; `$eval` is in no language here"
FUEL = "a range of ten million numbers is more than an evaluation may spend"
HALF = "half a character in an expression is a fault of its text, found when it is read"
EXACT = "integers are exact and calls have room, so what overflows there has a value here"
ZERO = "1/0 is told at the division, before `$string` could refuse its result"

#: File of a case below `groups/`, its number there, and what comes instead, with the reason.
ON_PURPOSE: dict[str, tuple[str, str]] = {
    **{f"function-eval/case00{number}.json": ("T1006", EVAL) for number in (0, 2, 3, 4, 5, 6, 7, 8)},
    "function-eval/case001.json": ("T1006", EVAL),
    "range-operator/case021.json": ("U1001", FUEL),
    "range-operator/case024.json": ("U1001", FUEL),
    "function-encodeUrl/case002.json": ("S0104", HALF),
    "function-encodeUrlComponent/case002.json": ("S0104", HALF),
    "function-string/case019.json": ("D1001", ZERO),
    "tail-recursion/case002.json": ("", EXACT),
}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="the official suite is not here; name its folder in ROLLBOOK_JSONATA_SUITE"
)


def cases() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted((SUITE / "groups").glob("*/*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        for case in read if isinstance(read, list) else [read]:
            if "expr-file" in case:
                case["expr"] = (path.parent / case["expr-file"]).read_text(encoding="utf-8")
            found.append((f"{path.parent.name}/{path.name}", case))
    return found


@cache
def dataset(name: str) -> Any:
    return json.loads((SUITE / "datasets" / f"{name}.json").read_text(encoding="utf-8"))


def outcome(case: dict[str, Any]) -> Any:
    """Return the value of a case, or the code of the problem it ends with."""
    data = case["data"] if "data" in case else dataset(case["dataset"]) if case.get("dataset") else ABSENT
    try:
        return standard(case["expr"]).evaluate(data, case.get("bindings"), now=NOW)
    except JsonataProblem as problem:
        return problem


def is_right(case: dict[str, Any], found: Any) -> bool:
    if "result" in case:
        wanted = case["result"]
        if case.get("unordered"):
            return isinstance(found, list) and sorted(map(str, found)) == sorted(map(str, wanted))
        return found is not ABSENT and not isinstance(found, JsonataProblem) and same(found, wanted)
    if case.get("undefinedResult"):
        return found is ABSENT
    code = case.get("code") or case["error"]["code"]
    return isinstance(found, JsonataProblem) and found.code == code


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, numbers up to the last bit of a double, and true no number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=1e-15)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(value, right[name]) for name, value in left.items())
        )
    return bool(left == right)


def test_every_case_has_the_answer_of_the_suite_or_is_listed_with_a_reason() -> None:
    wrong = []
    count = 0
    for name, case in cases():
        count += 1
        found = outcome(case)
        instead = ON_PURPOSE.get(name)
        if instead is None:
            right = is_right(case, found)
        else:
            right = (
                not is_right(case, found) and (found.code if isinstance(found, JsonataProblem) else "") == instead[0]
            )
        if not right:
            told = f"{found.code}: {found.message}" if isinstance(found, JsonataProblem) else repr(found)
            wrong.append(f"{name}: {case['expr'][:100]!r} gives {told[:100]}")
    assert wrong == []
    assert count == 1686
