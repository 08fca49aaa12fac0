"""A mapping's own tests, `<id>.test.yaml`: replays of whole runs, and examples of single records.

They run through the whole pipeline, offline. Beyond what each expects, together they must show the mapping at work:
every field it gives has a value somewhere, every word of its tables is seen, every join finds something - or the file
says under `allow:` why not.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field

from engine.complaints import validated
from engine.coverage import Coverage
from engine.errors import MappingError, ProviderError, RollbookError
from engine.holes import told_once, unfilled
from engine.loading import LoadedMapping, shown_path
from engine.mapping.texts import Closed
from engine.playing import Player
from engine.positions import read_yaml
from engine.records import Record, as_dict
from engine.replaying import cassette_files, replay
from engine.report import Report
from engine.unifying import Unifier
from engine.values import ValueProblem, read_time

__all__ = ["TESTS", "Case", "Outcome", "Tests", "mapping_of", "path_of_tests", "read_tests", "run_tests"]

#: How the name of a test file ends.
TESTS = ".test.yaml"

Evidence = Literal["live", "recorded", "documented"]
Resource = Literal["course_enrollments", "courses", "users", "course_items"]


class Expected(Closed):
    """What must come out of a replay."""

    records: int | None = None
    """How many records."""
    by_status: dict[str, int] | None = None
    """How many of each status."""
    contains: list[dict[str, Any]] = []
    """Records, each by the fields that matter; one must be there that has them all."""
    notes: dict[str, int] = {}
    """How many notes of a kind the report has; kinds not named here must not be there."""
    error: str | None = None
    """The class of the error the run ends with, by its word: `refused`, `unreadable` …"""
    message: str | None = None
    """What the error's message holds."""
    complete: bool | None = None
    """Whether the run could read everything."""
    requests: int | None = None
    """How many requests it took."""


class Case(Closed):
    """What all cases have."""

    name: str
    """What the case shows."""
    source: str = Field(
        pattern=r"^(live|recorded|documented)\b",
        json_schema_extra={
            "patternErrorMessage": "write `live …`, `recorded <date, product version>` or `documented <where>`"
        },
    )
    """Where its data come from: `live …`, `recorded <date, product version>` or `documented <where>`."""
    resource: Resource = "course_enrollments"
    """The resource read."""

    @property
    def evidence(self) -> Evidence:
        """The evidence level of the source."""
        return next(level for level in get_args(Evidence) if self.source.startswith(level))


class Replay(Case):
    """A whole run against cassettes."""

    cassettes: list[str]
    """The cassettes, as files or patterns below `cassettes/`."""
    connection: dict[str, Any] = {}
    """Replaces or adds to the cassettes' connection."""
    filters: list[str] = []
    """Filters of the run."""
    since: str | None = None
    """Only what changed since this time."""
    limit: int | None = None
    """The limit of the run."""
    expect: Expected
    """What must come out."""


class Example(Case):
    """One record, without HTTP."""

    given: dict[str, Any]
    """The names in scope."""
    expect: dict[str, Any] = Field(min_length=1)
    """The fields that must come out; `null` for one that must not be there."""
    notes: dict[str, int] = {}
    """How many notes of a kind there must be; kinds not named here must not be there."""


class Tests(Closed):
    """The tests of one mapping."""

    replays: list[Replay] = []
    """Whole runs."""
    examples: list[Example] = []
    """Single records."""
    allow: dict[str, str] = {}
    """What no case shows, by its path such as `users.fields.locale`, and why."""

    @property
    def evidence(self) -> Evidence:
        """The best evidence there is."""
        found = {case.evidence for case in (*self.replays, *self.examples)}
        return "live" if "live" in found else "recorded" if "recorded" in found else "documented"


@dataclass
class Outcome:
    """How one case went; no faults is good."""

    name: str
    faults: list[str] = field(default_factory=list)


def path_of_tests(mapping: Path) -> Path:
    """Return where the tests of a mapping are."""
    return mapping.with_name(mapping.stem + TESTS)


def mapping_of(given: str) -> str:
    """Return the mapping that is meant: of a test file, that beside it."""
    return given.removesuffix(TESTS) + ".yaml" if given.endswith(TESTS) else given


def read_tests(path: Path) -> Tests:
    """Read a test file. Raises MappingError with all that is wrong with it."""
    node = read_yaml(path, shown_path(path))
    tests, problems = validated(Tests, node)
    problems = told_once(problems, unfilled(node))
    if problems or tests is None:
        raise MappingError(problems)
    return tests


def run_tests(loaded: LoadedMapping, tests: Tests) -> Iterator[Outcome]:
    """Run every case, then look at what they show together."""
    seen = Coverage(loaded)
    for case in tests.replays:
        yield _replayed(loaded, case, seen)
    for example in tests.examples:
        yield _exampled(loaded, example, seen)
    yield Outcome("the cases show every field, word and join", list(seen.faults(tests.allow)))


def _replayed(loaded: LoadedMapping, case: Replay, seen: Coverage) -> Outcome:
    outcome = Outcome(case.name)
    records: list[Record] = []
    error: RollbookError | None = None
    try:
        provider, path = loaded.mapping.provider.id, loaded.path
        files = [file for pattern in case.cassettes for file in cassette_files(pattern, provider, path)]
        since = None if case.since is None else read_time(case.since, zone="UTC")
        options = {"resource": case.resource, "filters": case.filters, "since": since, "limit": case.limit}
        run = replay(loaded, files, case.connection, **options)
    except (RollbookError, ValueProblem) as failure:
        return Outcome(case.name, [str(failure)])

    async def collect() -> None:
        async for record in run:
            records.append(record)  # noqa: PERF401 - what came before an error counts

    try:
        asyncio.run(collect())
    except RollbookError as failure:
        error = failure
    seen.add(case.resource, records, run.report)
    outcome.faults += _error_faults(case.expect, error)
    if not outcome.faults:
        outcome.faults += _result_faults(case.expect, records, run.report)
    if error is None:
        player: Player = run.transport
        if case.limit is None and not case.filters and not case.expect.notes.get("parent_failed"):
            outcome.faults += [f"recorded and never asked for: {exchange}" for exchange in player.unused()[:3]]
    return outcome


def _error_faults(expected: Expected, error: RollbookError | None) -> Iterator[str]:
    word = error.word if isinstance(error, ProviderError) else type(error).__name__ if error else None
    if word != expected.error:
        told = f": {error}" if error else ""
        yield f"it ends with {word or 'no error'} and not {expected.error or 'without an error'}{told}"
    elif expected.message and error is None:
        yield f"an error is wanted, and there is none; give `error` beside `message: {expected.message}`"
    elif expected.message and expected.message not in str(error):
        yield f"the error does not say {expected.message!r}: {error}"


def _result_faults(expected: Expected, records: list[Record], report: Report) -> Iterator[str]:
    data = [as_dict(record) for record in records]
    counts = {"records": len(records), "by_status": dict(report.by_status), "complete": report.complete,
              "requests": report.requests}  # fmt: skip
    for name, got in counts.items():
        want = getattr(expected, name)
        if want is not None and want != got:
            yield f"{name}: {got} and not {want}"
    yield from _note_faults(expected.notes, report)
    for wanted in expected.contains:
        if not any(_matches(wanted, record) for record in data):
            near = next((record for record in data if record.get("id") == wanted.get("id")), None)
            differences = "; ".join(_differences(wanted, near)) if near else "no record has this id"
            yield f"no record matches {wanted}: {differences}"


def _note_faults(expected: Mapping[str, int], report: Report) -> Iterator[str]:
    notes = {str(kind): number for kind, number in report.counts.items() if number}
    if notes != expected:
        shown = "; ".join(str(note) for note in report.notes[:3])
        yield f"notes: {notes} and not {dict(expected)}" + (f": {shown}" if shown else "")


def _exampled(loaded: LoadedMapping, example: Example, seen: Coverage) -> Outcome:
    report = Report()
    if example.resource not in loaded.mapping.resources:
        return Outcome(example.name, [f"the mapping gives no {example.resource}"])
    unifier = Unifier(loaded, example.resource, report)
    record = unifier.unify({"connection": {}, "run": {}, "filter": {}, **example.given})
    if record is None:
        return Outcome(example.name, [str(note) for note in report.notes])
    seen.add(example.resource, [record], report)
    faults = [*_differences(example.expect, as_dict(record)), *_note_faults(example.notes, report)]
    return Outcome(example.name, faults)


def _matches(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(_matches(value, got.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and len(wanted) == len(got) and all(map(_matches, wanted, got))
    return bool(wanted == got) and isinstance(wanted, bool) == isinstance(got, bool)


def _differences(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        if not _matches(value, got.get(key)):
            yield f"{key} is {got.get(key)!r} and not {value!r}"
