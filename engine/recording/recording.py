"""A run recorded: what was asked and answered, without secrets and people, held against the run itself."""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.calls import fill
from engine.cassettes import read
from engine.client import Exchange
from engine.errors import RollbookError, UsageError
from engine.loading import LoadedMapping
from engine.recording.case import case_of
from engine.recording.connection import MadeUp, make_up
from engine.recording.exchanges import look_through, without_people
from engine.recording.leftovers import Leftovers
from engine.recording.scrubbing import Scrubber
from engine.recording.secrets import Secrets
from engine.recording.taking import headers_that_count, taken
from engine.recording.writing import cassette_text
from engine.records import Record
from engine.redaction import Redaction
from engine.replaying import replay
from engine.report import Report
from engine.running import Run
from engine.spelling import counted
from engine.values import read_time

__all__ = ["Recorded", "RecordingError", "record"]

#: How many of the places where something is left are told.
TOLD = 20
#: Is told what is being done; an empty text says that the run goes on.
Step = Callable[[str], None]


class RecordingError(RollbookError):
    """A recording that may not be written, or that does not show what the run showed."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that may be written: the text of the cassette, and the case for the tests."""

    cassette: str
    case: dict[str, Any]
    records: int
    exchanges: int


async def record(
    run: Run,
    exchanges: list[Exchange],
    now: datetime,
    cassette: str,
    asked: dict[str, Any],
    step: Step = lambda _: None,
) -> Recorded:
    """Make a run and return it as a recording. `exchanges` is what its `on_exchange` fills, `now` its clock.

    `cassette` is where it will be, below the folder of cassettes; `asked` is what of `resource`, `filters`, `since` (as
    text) and `limit` differs from the usual. `step` is told of each record, and of the work after the run.
    Raises RecordingError, and whatever ends the run.
    """
    secrets = Secrets()
    made_up = make_up(run.loaded.mapping, run.connection.values, secrets)
    records: list[Record] = []
    async with aclosing(run.records()) as given:
        async for made in given:
            records.append(made)
            step("")
    step(f"taking people and secrets out of {counted(len(exchanges), 'exchange')}")
    source = f"recorded {now:%Y-%m-%d}"
    scrubbed, filters = _scrubbed(run, exchanges, now, asked.get("filters", []), made_up, secrets)
    data = {"source": source, **scrubbed}
    if filters:
        asked = {**asked, "filters": filters}
    kinds = run.resource.replace("_", " ")
    text = cassette_text(data, f"{len(records)} {kinds} of a real site; people, addresses and secrets are made up.")
    if not run.limited:
        asked = {name: value for name, value in asked.items() if name != "limit"}
    step("playing the recording")
    replayed, report = await _replayed(run.loaded, text, asked)
    _hold_against(run.report, report)
    name = Path(cassette).stem.replace("-", " ").replace("_", " ")
    return Recorded(text, case_of(name, source, cassette, replayed, report, asked), len(records), len(exchanges))


def _scrubbed(
    run: Run, exchanges: list[Exchange], now: datetime, filters: list[str], made_up: MadeUp, secrets: Secrets
) -> tuple[dict[str, Any], list[str]]:
    """Return connection, clock and exchanges of a cassette, and the filters of the run.

    Raises RecordingError for what is left in them.
    """
    mapping = run.loaded.mapping
    if isinstance(run.report.redact, Redaction):
        for secret in sorted(run.report.redact.secrets):
            secrets.add(secret, "token")
    scrubber = Scrubber(mapping, secrets, made_up.hosts)
    base = fill(mapping.http.base_url, {"connection": run.connection.values})
    headers = headers_that_count(run.loaded)
    given = [(exchange, taken(exchange, base, headers)) for exchange in exchanges]
    for name in made_up.open:
        scrubber.looking.look(made_up.values[name], "", key=name)
    marks = look_through(mapping, given, scrubber)
    scrubber.settle()
    data = {
        "connection": _connection(made_up, scrubber),
        "now": now.isoformat().replace("+00:00", "Z"),
        "exchanges": list(without_people(mapping, given, marks, scrubber)),
    }
    filters = [scrubber.scrubbed_filter(text) for text in filters]
    _refuse({**data, "filters": filters}, scrubber, secrets, made_up)
    return data, filters


def _connection(made_up: MadeUp, scrubber: Scrubber) -> dict[str, Any]:
    return {
        name: scrubber.scrubbed(value, f"connection.{name}", key=name) if name in made_up.open else value
        for name, value in made_up.values.items()
    }


def _refuse(data: dict[str, Any], scrubber: Scrubber, secrets: Secrets, made_up: MadeUp) -> None:
    """Raise RecordingError where something is left that may not be."""
    hosts = {*scrubber.named, *(host.partition(":")[0] for host in made_up.hosts.values())}
    leftovers = Leftovers(secrets, scrubber.looking.people, hosts)
    left: list[str] = []
    for where, value in (
        ("connection", data["connection"]),
        ("filters", data["filters"]),
        *((f"exchange {number}", given) for number, given in enumerate(data["exchanges"], 1)),
    ):
        left += leftovers.of(value, where)
    if left:
        told = [f"\n  {what}" for what in left[:TOLD]] + ([f"\n  … and {len(left) - TOLD} more"] * (len(left) > TOLD))
        what = "nothing is written, for the recording still holds what it may not:"
        raise RecordingError(what + "".join(told))


async def _replayed(loaded: LoadedMapping, text: str, asked: dict[str, Any]) -> tuple[list[Record], Report]:
    """Replay a recording as the tests will."""
    options = dict(asked)
    if "since" in options:
        options["since"] = read_time(options["since"], zone="UTC")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cassette.yaml"
        path.write_text(text, encoding="utf-8")
        cassette = read(path)
    run = replay(loaded, cassette, **options)
    try:
        async with aclosing(run.records()) as given:
            return [made async for made in given], run.report
    except UsageError as error:
        raise RecordingError(f"nothing is written, for the recording cannot be replayed: {error}") from None


def _hold_against(lived: Report, replayed: Report) -> None:
    """Raise RecordingError where a replay shows something else than the run: made-up values must change nothing."""
    differs = [
        f"{name}: {now} and not {was}"
        for name, was, now in (
            ("records", lived.records, replayed.records),
            ("by status", dict(lived.by_status), dict(replayed.by_status)),
            ("notes", _noted(lived.counts), _noted(replayed.counts)),
        )
        if was != now
    ]
    if differs:
        what = "nothing is written, for the recording, replayed, gives something else than the run"
        raise RecordingError(f"{what}: {'; '.join(differs)}")


def _noted(counts: Counter[Any]) -> dict[str, int]:
    return {str(kind): number for kind, number in counts.items() if number and kind != "token_replaced"}
