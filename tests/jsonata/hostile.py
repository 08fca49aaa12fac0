"""Evaluates hostile expressions on hostile payloads, each in a process of its own; tells what each took.

A case is a line of JSON, `[text, name of the payload, language]`; so is what is told of it: how it ended, the seconds
of CPU, and the MiB of memory beyond what the process had with the payload read.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from engine.jsonata import JsonataProblem, compile, standard  # noqa: A004 - the seam's name

__all__ = ["PAYLOADS"]

_MIB = 1 << 20
_MOST_SECONDS = 30


def _nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = wrap(value)
    return value


#: Payloads by name: small ones, deep ones, wide ones and long ones.
PAYLOADS: dict[str, Callable[[], Any]] = {
    "": dict,
    "lists": lambda: {"a": _nested(20_000, lambda value: [value]), "b": _nested(20_000, lambda value: [value])},
    "objects": lambda: {"a": _nested(20_000, lambda value: {"a": value}), "b": _nested(20_000, lambda v: {"a": v})},
    "records": lambda: {"a": [{"id": number, "tags": ["x", None]} for number in range(10_000)]},
    "numbers": lambda: {"a": list(range(30_000)), "b": list(range(30_000))},
    "zeros": lambda: {"a": [0] * 30_000, "b": {"c": [None] * 30_000}},
    "names": lambda: {"a": {f"name {number}": number for number in range(20_000)}},
    "long": lambda: {"a": "x" * 1_500_000, "b": "x" * 1_499_999 + "y"},
    "words": lambda: {"a": "one two " * 100_000, "b": "one, " * 100_000},
    "wide": lambda: {"a": "😀" * 400_000},
    "picture": lambda: {"a": "[f1]" * 100_000, "b": "#" * 100_000 + "0", "c": "9" * 100_000},
}


def _evaluated(text: str, data: Any, language: str) -> str:
    try:
        if language == "official":
            standard(text).evaluate(data)
        else:
            compile(text)(data)
    except JsonataProblem as problem:
        return problem.code
    return "value"


def _peak() -> int:
    """Return the most memory this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _tell(text: str, data: Any, language: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    before, started = _peak(), time.process_time()
    outcome = _evaluated(text, data, language)
    told = [outcome, round(time.process_time() - started, 2), round((_peak() - before) / _MIB, 1)]
    sys.stdout.write(f"{json.dumps(told)}\n")


def main() -> None:
    """Read cases, and fork for each of them."""
    _evaluated("a & b", {}, "official")
    name, data = "", {}
    for line in sys.stdin:
        text, payload, language = json.loads(line)
        if payload != name:
            name, data = payload, PAYLOADS[payload]()
        child = os.fork()
        if child == 0:
            try:
                _tell(text, data, language)
                sys.stdout.flush()
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write(f"{json.dumps([f'killed by {status}', _MOST_SECONDS, 0])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
