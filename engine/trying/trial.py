"""A run tried out: one page of each list, and what it shows of the mapping."""

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from engine.client import Exchange
from engine.coverage import filled
from engine.errors import RollbookError
from engine.records import Record
from engine.report import Report
from engine.running import Run
from engine.spelling import near
from engine.trying.estimate import Estimate, estimate
from engine.trying.first_pages import FirstPages, Tried
from engine.trying.unmapped import Unmapped, raw_paths, unmapped
from engine.uses import uses

__all__ = ["Empty", "Trial", "try_out"]

#: How many records are made of the first pages at most.
MOST_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class Empty:
    """A field that no record has: its expression, where it stands, and a raw path that is spelt much like its own."""

    field: str
    expression: str
    place: str
    near: str = ""


@dataclass
class Trial:
    """What came of it. `scope` is what the first record was made of: raw items by name."""

    resource: str
    exchanges: list[Exchange] = field(default_factory=list)
    tried: dict[str, list[Tried]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=dict)
    empty: list[Empty] = field(default_factory=list)
    unmapped: dict[str, list[Unmapped]] = field(default_factory=dict)
    estimate: Estimate | None = None
    report: Report = field(default_factory=Report)
    error: RollbookError | None = None


async def try_out(run: Run, exchanges: list[Exchange]) -> Trial:
    """Try a run out. `exchanges` is what its `on_exchange` fills. What ends it early is kept as `error`."""
    trial = Trial(run.resource, exchanges, report=run.report)
    made: list[FirstPages] = []

    def lists(*given: Any, **options: Any) -> FirstPages:
        made.append(FirstPages(*given, **options))
        return made[0]

    run.lists = lists
    most = 1 if _has_requests_of_rows(run) else MOST_RECORDS
    try:
        async with aclosing(run.traced()) as traced:
            async for record, _, scope in traced:
                if not trial.records:
                    trial.scope = {name: scope[name] for name in scope if name not in ("connection", "run", "filter")}
                trial.records.append(record)
                if len(trial.records) == most:
                    break
    except RollbookError as error:
        trial.error = error
    if made:
        trial.tried = made[0].tried
    _look(trial, run)
    return trial


def _has_requests_of_rows(run: Run) -> bool:
    """Whether every record has requests of its own: those of one are made, and others would lack them."""
    depth = run.plan.row_depth
    return any(
        join.depth == depth and any(run.loaded.mapping.fetch[loop.fetch].path is not None for loop in join.below)
        for join in run.plan.joins
    )


def _look(trial: Trial, run: Run) -> None:
    """See what the first pages show of the mapping."""
    mapping, tried = run.loaded.mapping, trial.tried
    trial.empty = _empty(trial, run)
    used = uses(mapping)
    for name, pages in tried.items():
        if mapping.fetch[name].path is not None:
            trial.unmapped[name] = unmapped([item for page in pages for item in page.items], used[name])
    requests = Counter(exchange.fetch for exchange in trial.exchanges)
    took = [exchange.seconds for exchange in trial.exchanges]
    trial.estimate = estimate(run.plan, tried, requests, sum(took) / len(took) if took else 0.0)


def _empty(trial: Trial, run: Run) -> list[Empty]:
    """Return the fields that no record has; a misspelt path is never an error, it finds nothing."""
    if not trial.records:
        return []
    resource = run.loaded.mapping.resources[run.resource]
    there = {name for record in trial.records for name in filled(record)}
    names = {loop.name: loop.fetch for loop in run.plan.chain} | {join.name: join.join.in_ for join in run.plan.joins}
    known = {
        name: [
            ".".join(path) for path in raw_paths([item for page in trial.tried.get(fetch, ()) for item in page.items])
        ]
        for name, fetch in names.items()
    }
    programs = {**resource.fields, **{name: words.from_ for name, words in resource.words.items()}}
    found = []
    for name, program in programs.items():
        if name not in there:
            part = ("fields", name) if name in resource.fields else ("words", name, "from")
            hint = _near(program.path or (), known)
            found.append(Empty(name, program.text, str(run.loaded.place(run.resource, *part)), hint))
    return found


def _near(path: tuple[str, ...], known: Mapping[str, list[str]]) -> str:
    """Return the raw path that is spelt much like one that is not there; empty text where none is."""
    there = known.get(path[0], []) if path else []
    rest = ".".join(path[1:])
    close = near(rest, there) if rest and rest not in there else ""
    return f"{path[0]}.{close}" if close else ""
