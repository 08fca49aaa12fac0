"""The cases of the official JSONata suite that are plain calls of the functions with pictures, with literal arguments.

The suite is where ROLLBOOK_JSONATA_SUITE says, or beside the repository; where there is none, its tests are skipped.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.jsonata import EvaluationProblem

SUITE = Path(
    os.environ.get("ROLLBOOK_JSONATA_SUITE") or Path(__file__).parent.parent.parent / "shared" / "jsonata" / "suite"
)
_TEXT = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')"""
_ARGUMENTS = rf"""((?:[^"'()$]|{_TEXT})*)"""
_CALL = rf"\$(\w+)\({_ARGUMENTS}\)"
_CHAIN = re.compile(rf"{_CALL}(?:\s*~>\s*{_CALL})?", re.DOTALL)
_BOUND = re.compile(rf"\(\$ts := ({_CALL}); \$fromMillis\(\$ts, {_ARGUMENTS}\) \)")


class Case(NamedTuple):
    text: str
    calls: list[tuple[str, list[Any]]]
    result: Any


class Suite(NamedTuple):
    cases: list[Case]
    left_out: int


def read(group: str) -> Suite:
    cases: list[Case] = []
    left_out = 0
    for path in sorted((SUITE / "groups" / group).glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        for entry in data if isinstance(data, list) else [data]:
            calls = read_calls(entry["expr"])
            if calls is None:
                left_out += 1
            else:
                result = entry.get("result", entry.get("code", entry.get("error", {}).get("code")))
                cases.append(Case(entry["expr"], calls, result))
    return Suite(cases, left_out)


def read_calls(text: str) -> list[tuple[str, list[Any]]] | None:
    """Return one call or two, the second one taking the result of the first."""
    found = _CHAIN.fullmatch(_BOUND.sub(r"\1 ~> $fromMillis(\4)", text).strip())
    if not found:
        return None
    try:
        return [(name, arguments(inner)) for name, inner in (found.group(1, 2), found.group(3, 4)) if name]
    except ValueError:
        return None


def arguments(text: str) -> list[Any]:
    quoted = re.sub(_TEXT, lambda found: found[0] if found[0][0] == '"' else json.dumps(found[0][1:-1]), text)
    read: list[Any] = json.loads(f"[{quoted}]", strict=False)
    return read


def suite_cases(*groups: str) -> list[Any]:
    """Return the cases as parameters, or one that is skipped."""
    if not SUITE.exists():
        return [pytest.param(None, marks=pytest.mark.skip("there is no JSONata suite; set ROLLBOOK_JSONATA_SUITE"))]
    return [pytest.param(case, id=case.text) for group in groups for case in read(group).cases]


def numbers_of_cases(*groups: str) -> list[tuple[int, int]]:
    """Return how many cases of each group are read, and how many are left out; skips where there is no suite."""
    if not SUITE.exists():
        pytest.skip("there is no JSONata suite; set ROLLBOOK_JSONATA_SUITE")
    suites = [read(group) for group in groups]
    return [(len(suite.cases), suite.left_out) for suite in suites]


def run_case(case: Case, functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Return what the calls give in the end, or the code of the problem."""
    given: list[Any] = []
    for name, rest in case.calls:
        try:
            given = [functions[name](*given, *rest)]
        except EvaluationProblem as problem:
            return problem.code
    return given[0]
