"""Random expressions on random records: the official language here against jsonata-js, and against jsonata-python.

    python tests/jsonata/differential.py --count 200000

jsonata-js 2.2.2 is looked for in the `node_modules` folder that ROLLBOOK_JSONATA_JS names, or else in that of the
repository and that of the home folder; `npm install jsonata@2.2.2` puts it there. An outcome is a value, nothing, or a
problem; the codes of problems are counted when they differ, and no more.
"""

import argparse
import contextlib
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from random_expressions import random_expression
from random_records import random_input

from engine.jsonata import JsonataProblem, standard
from engine.jsonata.official import ABSENT

__all__ = [
    "NOW", "RIGHT", "Case", "Outcome", "Reference", "Report", "outcomes_here", "outcomes_of_python", "package", "run",
    "same", "verdict",
]  # fmt: skip

NOW = 1_700_000_000_000
VERSION = "2.2.2"
#: How many inputs each expression is evaluated on, and how many expressions go to node at a time.
INPUTS, BATCH = 8, 100
_RUNNER = Path(__file__).with_suffix(".js")


class Outcome(NamedTuple):
    """What an evaluation came to: `value`, `nothing` or `problem`; and the value, or the code.

    `holes` tells of jsonata-js that something undefined was in a list on the way, or put into the input.
    """

    kind: str
    what: Any = None
    holes: bool = False


class Case(NamedTuple):
    """An expression on an input, and what comes of it here and there."""

    text: str
    data: Any
    here: Outcome
    there: Outcome

    @property
    def shown(self) -> str:
        """What comes of it there, as text."""
        return json.dumps(self.there.what, default=repr)


# -- the reference -------------------------------------------------------------------------------------------------


def package() -> Path | None:
    """Return the folder of jsonata-js, or None where it, or node, is not there."""
    named = os.environ.get("ROLLBOOK_JSONATA_JS")
    folders = [Path(named)] if named else [Path(__file__).parents[2] / "node_modules", Path.home() / "node_modules"]
    for folder in folders:
        found = folder if folder.name == "jsonata" else folder / "jsonata"
        with contextlib.suppress(OSError, ValueError):
            version = json.loads((found / "package.json").read_text(encoding="utf-8"))["version"]
            if version == VERSION and shutil.which("node"):
                return found.absolute()
    return None


class Reference:
    """jsonata-js in a process of node, as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._command = [
            shutil.which("node") or "node", "--max-old-space-size=1000", str(_RUNNER), str(folder), str(NOW)
        ]  # fmt: skip
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", env={**os.environ, "TZ": "UTC"},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, jobs: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Outcome]]:
        """Return the outcomes of each expression on each of its inputs."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise ValueError
        process.stdin.write(json.dumps(jobs) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if line:
            return [[_read(found) for found in outcomes] for outcomes in json.loads(line)]
        process.communicate()
        self._process = self._started()
        if len(jobs) > 1:
            return [self.ask([job])[0] for job in jobs]
        return [[Outcome("problem", "RangeError: node ran out of memory")] * len(jobs[0][1])]


def _read(found: dict[str, Any]) -> Outcome:
    if "v" in found:
        return Outcome("value", found["v"], "h" in found)
    return Outcome("nothing", None, "h" in found) if "u" in found else Outcome("problem", found["e"], "h" in found)


def outcomes_here(text: str, inputs: Sequence[Any]) -> list[Outcome]:
    """Return the outcomes of an expression on some inputs, of the compiler."""
    try:
        expression = standard(text)
    except JsonataProblem as problem:
        return [Outcome("problem", problem.code)] * len(inputs)
    found = []
    for data in inputs:
        try:
            value = expression.evaluate(data, now=NOW)
        except JsonataProblem as problem:
            found.append(Outcome("problem", problem.code))
        else:
            found.append(Outcome("nothing") if value is ABSENT else Outcome("value", value))
    return found


def outcomes_of_python(text: str, inputs: Sequence[Any]) -> list[Outcome]:
    """Return the outcomes of an expression on some inputs, of jsonata-python."""
    from engine.jsonata.reference.package import Jsonata, Utils

    found = []
    limit = sys.getrecursionlimit()
    for data in inputs:
        try:
            expression = Jsonata(text)
            expression.set_output_convert_nulls(False)
            value = expression.evaluate(json.loads(json.dumps(data)), {})
            found.append(Outcome("nothing") if value is None else Outcome("value", Utils.convert_nulls(value)))
        except Exception as error:  # noqa: BLE001 - it raises whatever Python raises
            found.append(Outcome("problem", getattr(error, "error", type(error).__name__)))
    sys.setrecursionlimit(limit)  # it raises that of the process
    return found


# -- comparing -----------------------------------------------------------------------------------------------------


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, numbers up to the last digits of a double, and true no number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or math.isclose(left, right, rel_tol=1e-14)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(value, right[name]) for name, value in left.items())
        )
    return type(left) is type(right) and bool(left == right)


def verdict(case: Case) -> str:
    """Say how two outcomes compare."""
    here, there = case.here, case.there
    if here.kind != there.kind:
        return f"{here.kind} for {there.kind}"
    if here.kind == "problem":
        return "same problem" if here.what == there.what else "other code"
    return f"same {here.kind}" if same(here.what, there.what) else "other value"


#: What is no difference.
RIGHT = ("same value", "same nothing", "same problem", "other code")


def _has(value: Any, kind: str) -> bool:
    """Whether a value of jsonata-js has something in it that JSON does not have."""
    if isinstance(value, dict):
        return value.get("#") == kind or any(_has(entry, kind) for entry in value.values())
    return isinstance(value, list) and any(_has(entry, kind) for entry in value)


def _leaves(value: Any) -> list[Any]:
    """Return what is in a list and in its lists, or the one value; nothing is in none."""
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [] if value is None else [value]


#: Differences on purpose, or defects of jsonata-js: the reason, and what tells them.
KNOWN: list[tuple[str, Callable[[Case], bool]]] = [
    (
        "a function is no result: JSON has none",
        lambda case: case.here.what == "D3000" and _has(case.there.what, "function"),
    ),
    (
        "infinity and NaN are problems where they arise",
        lambda case: case.here.what in ("D1001", "D3061") or _has(case.there.what, "number"),
    ),
    (
        "a text that is no number in a picture is a problem, not NaN",
        lambda case: case.here.what in ("D3030", "D3137") and "$parseInteger" in case.text,
    ),
    (
        "a filter after a grouping is refused: jsonata-js filters first",
        lambda case: case.here.what == "S0209",
    ),
    (
        "jsonata-js puts what is undefined into a list",
        lambda case: case.there.holes or _has(case.there.what, "undefined"),
    ),
    (
        "jsonata-js fails with an error of JavaScript, or shows its code",
        lambda case: (
            (case.there.kind == "problem" and str(case.there.what).startswith(("TypeError", "RangeError")))
            or "async function" in case.shown
            or (case.here.what == "D3012" and case.there.kind != "problem")
        ),
    ),
    (
        "what is absent is no exponent, replaces nothing, and starts at 0",
        lambda case: (
            (case.there.what == "D3061" and "$power" in case.text)
            or ('""' in case.shown and "$substring(" in case.text)
            or ("$replace" in case.text and (case.there.what == "T1010" or "undefined" in case.shown))
        ),
    ),
    (
        "jsonata-js checks no arguments of a function that is applied in part",
        lambda case: case.here.what == "T0410" and re.search(r"\?[,)]", case.text) is not None,
    ),
    (
        "jsonata-js takes `/` after `[]` for the start of a pattern",
        lambda case: case.there.what in ("S0301", "S0302") and "[] /" in case.text,
    ),
    (
        "jsonata-js hands on a list of one or none from $lookup in the last place of a function",
        lambda case: (
            "$lookup" in case.text
            and case.here.kind != "problem"
            and case.there.kind != "problem"
            and same(_leaves(case.here.what), _leaves(case.there.what))
        ),
    ),
    (
        "jsonata-js ends a path with the empty list that an order-by left",
        lambda case: "^(" in case.text and case.here.kind == "nothing" and case.there.what == [],
    ),
    (
        "base64 is of UTF-8 here, and of Latin-1 in jsonata-js",
        lambda case: "$base64" in case.text and case.here.kind == case.there.kind == "value",
    ),
    (
        "jsonata-js orders names that are numbers before others",
        lambda case: sorted(_short(case.here.what)) == sorted(case.shown),
    ),
    (
        "jsonata-js evaluates the left side of `?:` and `??` twice, with the state of its patterns",
        lambda case: re.search(r"\?[:?]", case.text) is not None and "/" in case.text,
    ),
    (
        "jsonata-js writes 1e+21 with a picture as it is",
        lambda case: "$format" in case.text and "e+21" in case.shown,
    ),
    (
        "jsonata-js forgets the variables of rows when it sorts them",
        lambda case: re.search(r"([@#]\$|%).*\^\(", case.text) is not None,
    ),
    ("work and texts have bounds", lambda case: case.here.what in ("U1001", "D2015")),
    ("jsonata-js gave up", lambda case: case.there.what in ("D1011", "D1012", "too deep")),
]


@dataclass
class Report:
    """Counts of verdicts and of known differences, and the cases that differ without a reason."""

    evaluations: int = 0
    expressions: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    python: Counter[str] = field(default_factory=Counter)
    wrong: dict[tuple[str, str], list[Case]] = field(default_factory=lambda: defaultdict(list))

    def add(self, case: Case) -> None:
        """Compare the outcomes of a case."""
        self.evaluations += 1
        found = verdict(case)
        if found not in RIGHT:
            reason = next((reason for reason, tells in KNOWN if tells(case)), None)
            if reason is not None:
                self.known[reason] += 1
                return
            self.wrong[found, case.text].append(case)
        if found == "other code":
            self.codes[str(case.here.what), str(case.there.what)] += 1
        self.verdicts[found] += 1

    def add_python(self, case: Case, python: Outcome) -> None:
        """Compare the outcome of jsonata-python with ours, and where they differ say whose jsonata-js has."""
        found = verdict(case._replace(there=python))
        if found not in RIGHT:
            sides = "as here" if verdict(case) in RIGHT else "otherwise"
            found = f"{found}; jsonata-js answers {sides}"
        self.python[found] += 1

    def told(self, most: int = 20, reference: Reference | None = None) -> str:
        """Return the report as text, with the shortest of the cases that differ, each on as little data as will do."""
        lines = [f"{self.evaluations:,} evaluations of {self.expressions:,} expressions"]
        lines += [f"{count:9,}  {found}" for found, count in self.verdicts.most_common()]
        lines += [f"{count:9,}  known: {reason}" for reason, count in self.known.most_common()]
        lines += [f"{count:9,}  jsonata-python: {found}" for found, count in self.python.most_common()]
        lines += [f"{count:9,}  code {here} for {there}" for (here, there), count in self.codes.most_common(10)]
        for (found, text), of_it in sorted(self.wrong.items(), key=lambda entry: len(entry[0][1]))[:most]:
            case = min(of_it, key=lambda case: len(json.dumps(case.data)))
            case = case if reference is None else _reduced(reference, case)
            lines += [
                f"\n{found}: {text}",
                f"  on    {_short(case.data)}",
                f"  here  {_short(case.here.what)}",
                f"  there {_short(case.there.what)}",
            ]
        return "\n".join(lines)


def _reduced(reference: Reference, case: Case) -> Case:
    """Return a case on less data that differs in the same way."""
    wanted = verdict(case)
    smaller = True
    while smaller:
        smaller = False
        candidates = list(_smaller(case.data))
        told = reference.ask([(case.text, candidates)])[0]
        for data, here, there in zip(candidates, outcomes_here(case.text, candidates), told, strict=True):
            found = Case(case.text, data, here, there)
            if verdict(found) == wanted and not any(tells(found) for _, tells in KNOWN):
                case, smaller = found, True
                break
    return case


def _smaller(data: Any) -> Iterator[Any]:
    """Yield data from which one part is missing, the larger parts first."""
    if isinstance(data, dict):
        for name in data:
            yield {other: entry for other, entry in data.items() if other != name}
        for name, entry in data.items():
            yield from ({**data, name: less} for less in _smaller(entry))
    elif isinstance(data, list):
        for at in range(len(data)):
            yield [*data[:at], *data[at + 1 :]]
        for at, entry in enumerate(data):
            yield from ([*data[:at], less, *data[at + 1 :]] for less in _smaller(entry))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 2000 else f"{text[:2000]}…"


# -- running -------------------------------------------------------------------------------------------------------


def jobs(rng: random.Random, count: int, depth: int = 3) -> Iterator[list[tuple[str, list[Any]]]]:
    """Yield batches of expressions, each with its inputs, until there are so many evaluations."""
    while count > 0:
        batch: list[tuple[str, list[Any]]] = []
        while len(batch) < BATCH and count > 0:
            inputs = [random_input(rng) for _ in range(min(INPUTS, count))]
            batch.append((random_expression(rng, rng.choice((1, 2, depth, depth))), inputs))
            count -= len(inputs)
        yield batch


def run(reference: Reference, seed: int, count: int, *, depth: int = 3, python: bool = False) -> Report:
    """Return a report of so many evaluations against jsonata-js, and against jsonata-python where it is asked."""
    report = Report()
    rng = random.Random(seed)  # noqa: S311 - no secret is made of it
    for batch in jobs(rng, count, depth):
        for (text, inputs), there in zip(batch, reference.ask(batch), strict=True):
            report.expressions += 1
            here = outcomes_here(text, inputs)
            cases = list(map(Case, [text] * len(inputs), inputs, here, there))
            for case in cases:
                report.add(case)
            if python and "$now" not in text and "$millis" not in text:
                for case, other in zip(cases, outcomes_of_python(text, inputs), strict=True):
                    report.add_python(case, other)
    return report


def main() -> int:
    """Run the differential test at length; the exit status tells whether there are differences."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=200_000, help="how many evaluations")
    options.add_argument("--seed", type=int, default=random.randrange(10**6), help="to run the same again")  # noqa: S311
    options.add_argument("--depth", type=int, default=3, help="how deep expressions nest")
    options.add_argument("--show", type=int, default=20, help="how many differences are shown")
    options.add_argument("--python", action="store_true", help="also count differences from jsonata-python")
    given = options.parse_args()
    folder = package()
    if folder is None:
        sys.stdout.write(f"node or jsonata {VERSION} is not here; name its node_modules in ROLLBOOK_JSONATA_JS\n")
        return 2
    sys.stdout.write(f"seed {given.seed}\n")
    started = time.monotonic()
    with Reference(folder) as reference:
        report = run(reference, given.seed, given.count, depth=given.depth, python=given.python)
        told = report.told(given.show, reference)
    sys.stdout.write(f"{told}\n{time.monotonic() - started:.0f} seconds\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
