"""How fast records are mapped: the compiler beside other engines and hand-written Python, in one interleaved run.

`python benchmarks/mapping.py [--rounds 15] [--records 300]`. Times are CPU time for one record, medians over rounds in
which all take turns; ratios are of these. Every engine's results are compared first. jsonatapy takes part
where it is installed (`make bench` installs it); it is no dependency of this project.
"""

import argparse
import importlib.util
import json
import math
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from by_hand import BY_HAND
from raw import RAW, records

import engine
from engine.jsonata import Fields
from engine.making import TOGETHER
from engine.records import Record, as_json
from engine.report import Report
from engine.unifying import Unifier

MAPPINGS = Path(__file__).parent / "mappings"
Mapper = Callable[[dict[str, Any]], Any]
RUN = {"now": "2026-01-01T00:00:00Z", "since": None}


def whole(fields: dict[str, str]) -> str:
    """Return one expression that makes an object of all fields, nested by their dotted names."""
    tree: dict[str, Any] = {}
    for name, text in fields.items():
        *above, last = name.split(".")
        node = tree
        for part in above:
            node = node.setdefault(part, {})
        node[last] = text

    def written(node: Any) -> str:
        if isinstance(node, str):
            return f"({node})"
        return "{" + ", ".join(f'"{name}": {written(part)}' for name, part in node.items()) + "}"

    return written(tree)


def without_nulls(value: Any) -> Any:
    """Return data as mappings see it; other engines would fail on nulls."""
    if isinstance(value, dict):
        return {name: without_nulls(entry) for name, entry in value.items() if entry is not None}
    return [without_nulls(entry) for entry in value if entry is not None] if isinstance(value, list) else value


def ours(name: str) -> tuple[Mapper, dict[str, str]]:
    """Return the compiled fields of a mapping, and their texts."""
    fields = engine.load(MAPPINGS / f"{name}.yaml").mapping.resources["course_enrollments"].fields
    compiled = Fields(list(fields.values()), [None] * len(fields))
    names = list(fields)

    def mapped(raw: dict[str, Any]) -> Any:
        return compiled({"enrollment": raw})[1]

    mapped.named = lambda raw: dict(zip(names, mapped(raw), strict=True))  # type: ignore[attr-defined]
    return mapped, {field: program.text for field, program in fields.items()}


def jsonata_python(text: str) -> Mapper:
    """Return the expression in jsonata-python."""
    from jsonata import Jsonata

    expression = Jsonata(text)
    return lambda raw: expression.evaluate({"enrollment": raw}, {})


def jsonatapy(text: str) -> Mapper:
    """Return the expression in jsonatapy."""
    import jsonatapy as package

    expression = package.compile(text)
    return lambda raw: expression.evaluate({"enrollment": raw})


def at(value: Any, name: str) -> Any:
    """Return the part of a nested result that a dotted name leads to."""
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same; what is absent, null or without anything in it is nothing."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=1e-9)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right or (left in (None, {}, []) and right in (None, {}, []))


def differences(name: str, results: dict[str, Callable[[dict[str, Any]], dict[str, Any]]], fields: list[str]) -> None:
    """Stop unless all give the same for every field of every record."""
    for raw in records(name, 100, seed=2):
        hand = BY_HAND[name](raw)
        for engine_name, result in results.items():
            found = result(raw)
            for field in fields:
                if not same(found.get(field), hand.get(field)):
                    sys.exit(f"{name}: {engine_name}: {field}: {found.get(field)!r} is not {hand.get(field)!r}")


def timed(mapper: Mapper, raws: list[Any]) -> float:
    """Return the CPU time of one record in microseconds."""
    started = time.process_time()
    for raw in raws:
        mapper(raw)
    return (time.process_time() - started) / len(raws) * 1e6


def interleaved(mappers: dict[str, tuple[Mapper, list[Any]]], rounds: int) -> dict[str, float]:
    """Return the median time of each, all taking turns."""
    times: dict[str, list[float]] = {name: [] for name in mappers}
    for _ in range(rounds):
        for name, (mapper, raws) in mappers.items():
            times[name].append(timed(mapper, raws))
    return {name: statistics.median(found) for name, found in times.items()}


def expressions(name: str, rounds: int, count: int) -> None:
    """Print what evaluating a mapping's fields costs in each engine."""
    mapped, texts = ours(name)
    text = whole(texts)
    plain = records(name, count)
    bare = without_nulls(plain)
    mappers: dict[str, tuple[Mapper, list[Any]]] = {
        "by hand": (BY_HAND[name], plain), "rollbook": (mapped, plain),
        "jsonata-python": (jsonata_python(text), bare[: max(1, count // 10)]),
    }  # fmt: skip
    results: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"rollbook": mapped.named}  # type: ignore[attr-defined]
    if importlib.util.find_spec("jsonatapy"):
        peer = jsonatapy(text)
        mappers["jsonatapy"] = (peer, bare)
        results["jsonatapy"] = lambda raw: {field: at(peer(without_nulls(raw)), field) for field in texts}
    theirs = mappers["jsonata-python"][0]
    results["jsonata-python"] = lambda raw: {field: at(theirs(without_nulls(raw)), field) for field in texts}
    differences(name, results, list(texts))
    medians = interleaved(mappers, rounds)
    print(f"{name}: {len(texts)} fields, records of {len(json.dumps(plain[0]))} bytes")
    for engine_name, median in medians.items():
        ratio = median / medians["rollbook"]
        print(f"  {engine_name:15} {median:8.1f} µs/record {ratio:7.2f} x rollbook")
    print(f"  rollbook is {medians['rollbook'] / medians['by hand']:.2f} x by hand")


def unifying(rounds: int, count: int) -> None:
    """Print what a whole record costs: evaluated, read, validated, with its raw data, written as JSON.

    Records are unified some at a time, as a run does it, and also one by one.
    """
    import orjson

    loaded = engine.load(MAPPINGS / "flat.yaml")
    unifier = Unifier(loaded, "course_enrollments", Report())
    raws = records("flat", count)
    scopes = [{"enrollment": raw, "connection": {}, "run": RUN, "filter": {}} for raw in raws]
    together = [scopes[start : start + TOGETHER] for start in range(0, count, TOGETHER)]
    lines = [json.dumps(raw).encode() for raw in raws]
    compiled, _ = ours("flat")

    def unified(some: list[dict[str, Any]]) -> list[Record]:
        evaluated = [unifier.evaluate(scope) for scope in some]
        made = (unifier.made(scope, found) for scope, found in zip(some, evaluated, strict=True))
        return [record for record in made if record is not None]

    def written(some: list[dict[str, Any]]) -> list[bytes]:
        return [as_json(record) for record in unified(some)]

    if len([line for some in together for line in written(some)]) != count:
        raise AssertionError
    mappers: dict[str, tuple[Mapper, list[Any]]] = {
        "fields evaluated": (compiled, raws),
        "unified": (unified, together),
        "unified and written": (written, together),
        "the same, one by one": (lambda scope: written([scope]), scopes),
        "orjson.loads": (orjson.loads, lines),
    }
    medians = interleaved(mappers, rounds)
    for name in ("unified", "unified and written"):
        medians[name] *= len(together) / count
    print("a whole record of the flat mapping, with its raw data")
    for name, median in medians.items():
        print(f"  {name:20} {median:8.1f} µs/record {median / medians['orjson.loads']:6.2f} x orjson.loads")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--records", type=int, default=300)
    given = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, {given.rounds} rounds, medians of CPU time")
    for name in RAW:
        expressions(name, given.rounds, given.records)
    unifying(given.rounds, given.records)


if __name__ == "__main__":
    main()
