"""Random expressions on random records: against jsonata-js, and the language of mappings against the official one."""

import copy
import json
from collections import Counter
from importlib.util import find_spec
from random import Random
from typing import Any

import differential
import pytest
from random_expressions import random_expression
from random_records import random_input, random_record

from engine import jsonata
from engine.jsonata import JsonataProblem
from engine.jsonata.official import ABSENT

FOLDER = differential.package()


@pytest.mark.skipif(FOLDER is None, reason="node or jsonata 2.2.2 is not here; set ROLLBOOK_JSONATA_JS")
def test_random_expressions_have_the_answers_of_jsonata_js() -> None:
    assert FOLDER is not None
    with differential.Reference(FOLDER) as reference:
        report = differential.run(reference, seed=7, count=2_000)
        assert not report.wrong, report.told(reference=reference)
    assert report.evaluations == 2_000
    assert report.verdicts["same value"] > 800


@pytest.mark.skipif(find_spec("jsonata") is None, reason="jsonata-python is not here; install the extra `reference`")
def test_most_answers_are_those_of_jsonata_python() -> None:
    """It has defects of its own, and nothing says which they are; so only a share can be asked for."""
    rng = Random(11)  # noqa: S311 - no secret is made of it
    verdicts: Counter[str] = Counter()
    for _ in range(100):
        text, inputs = random_expression(rng, 2), [random_record(rng) for _ in range(5)]
        here, there = differential.outcomes_here(text, inputs), differential.outcomes_of_python(text, inputs)
        cases = map(differential.Case, [text] * len(inputs), inputs, here, there)
        verdicts.update(differential.verdict(case) for case in cases)
    assert sum(verdicts[right] for right in differential.RIGHT) > 0.95 * verdicts.total(), verdicts


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(entry) for name, entry in value.items() if entry is not None}
    return [without_nulls(entry) for entry in value if entry is not None] if isinstance(value, list) else value


def mapped(text: str, data: Any) -> Any:
    """Return what the language of mappings gives, or ABSENT, or None for a problem."""
    before = copy.deepcopy(data)
    try:
        value = jsonata.compile(text)(data)
    except JsonataProblem as problem:
        if "fails on this data" in problem.message:  # a mistake of the compiler, not of the expression
            raise
        return None
    finally:
        assert data == before, text
    return ABSENT if value is None else value


def official(text: str, data: Any) -> Any:
    try:
        return jsonata.standard(text).evaluate(data, now=differential.NOW)
    except JsonataProblem:
        return None


def test_null_is_absent_in_mappings_and_nothing_else_differs() -> None:
    rng = Random(3)  # noqa: S311 - no secret is made of it
    values = 0
    for _ in range(300):
        text = random_expression(rng)
        if "null" in text:
            continue
        for data in (random_input(rng) for _ in range(4)):
            here, there = mapped(text, data), official(text, without_nulls(data))
            if here is not None and there is not None:
                values += here is not ABSENT
                assert here is there or differential.same(without_nulls(here), there), f"{text} on {json.dumps(data)}"
    assert values > 300
