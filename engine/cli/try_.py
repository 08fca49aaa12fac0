"""`rollbook try`: one page of each fetch, and what it shows of the mapping."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import exits, options, signals, stored
from engine.cli.run import prepared
from engine.cli.telling import tell
from engine.escaping import escaped
from engine.spelling import counted

if TYPE_CHECKING:
    from engine.client import Exchange
    from engine.trying import Estimate, Trial

__all__ = ["try_"]

#: How many raw paths that nobody maps are shown for each fetch, and how long a line of raw data may be.
SHOWN = 40
WIDE = 300


def try_(
    provider: Annotated[str, typer.Argument(help="A provider's id, a mapping file, or a stored account.")],
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    resource: options.Resource = "course_enrollments",
    replay: options.Replay = None,
    filters: Annotated[
        list[str], typer.Option("--filter", metavar="FIELD=VALUE", help="Only records for which this holds.")
    ] = [],  # noqa: B006
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Try a mapping: one page of each fetch, the first raw item beside its record, and what nobody maps."""
    from engine.trying import try_out

    loaded, account = stored.chosen(provider, overrides, folders, settings)
    exchanges: list[Exchange] = []
    choices = {"resource": resource, "filters": filters, "on_exchange": exchanges.append}
    with prepared(loaded, account, settings, replay, choices) as (run, outcome):
        trial = signals.cancellable(try_out(run, exchanges))
        outcome(trial.error)
    if as_json:
        typer.echo(json.dumps(_as_json(trial), ensure_ascii=False, indent=2, default=str))
    else:
        _show(trial)
    if trial.error is not None:
        raise typer.Exit(options.failed(trial.error))
    if trial.report.missing:
        raise typer.Exit(exits.INCOMPLETE)


def _show(trial: "Trial") -> None:
    _show_requests(trial)
    _show_first(trial)
    _show_empty(trial)
    _show_words(trial)
    _show_unmapped(trial)
    for note in trial.report.notes:
        if note.kind != "unknown_word":
            tell(f"note: {escaped(str(note))}")
    if trial.estimate is not None and trial.error is None:
        _show_estimate(trial.estimate)


def _heading(text: str) -> None:
    tell(f"\n{text}")


def _show_requests(trial: "Trial") -> None:
    """Show what was asked for, in order, and how many items there were."""
    asked: dict[str, list[Exchange]] = {}
    for exchange in trial.exchanges:
        asked.setdefault(exchange.fetch, []).append(exchange)
    for fetch, exchanges in asked.items():
        tell(fetch)
        for exchange in exchanges:
            tell(f"  {escaped(exchange.request)} → {exchange.response.status}, {exchange.seconds * 1000:.0f} ms")
        for page in trial.tried.get(fetch, ()):
            tell(f"  {_items(page)}")


def _items(page: Any) -> str:
    kept = "" if page.kept == len(page.items) else f", {page.kept} of them kept"
    total = "" if page.total is None else f"; the provider counts {page.total}"
    more = "" if page.total is not None or not page.following else "; more pages follow"
    number = len(page.items)
    doubt = f"; {page.short_of} were asked for: if a page never has more than {number}, write `size: {number}`"
    return f"{counted(number, 'item')}{kept}{total}{more}{doubt if page.short_of else ''}"


def _show_first(trial: "Trial") -> None:
    """Show the raw items of the first record beside it."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not trial.records:
        _heading("no record came of these items" if trial.tried else "nothing could be read")
        return
    _heading(f"the first of {counted(len(trial.records), 'record')}, with what it was made of")
    record = trial.records[0].model_dump(mode="json", exclude_none=True, exclude={"remote_data"})
    console = Console(width=None if options.is_terminal() else 160, highlight=False, soft_wrap=False)
    table = Table("raw", "unified", box=box.SIMPLE_HEAD, expand=False, padding=(0, 1))
    redact = trial.report.redact
    table.add_row(Text(_pretty(trial.scope, redact)), Text(_pretty(record, redact)))
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())


def _pretty(value: Any, redact: Callable[[str], str]) -> str:
    """Return JSON over several lines, without secrets and what a terminal would obey; long lines are cut."""
    lines = redact(json.dumps(value, ensure_ascii=False, indent=2, default=str)).split("\n")
    return "\n".join(escaped(line if len(line) <= WIDE else line[:WIDE] + "…") for line in lines)


def _show_empty(trial: "Trial") -> None:
    if not trial.empty:
        return
    _heading(f"fields that found nothing in {counted(len(trial.records), 'record')}:")
    for empty in trial.empty:
        hint = f"; did you mean `{escaped(empty.near)}`?" if empty.near else ""
        tell(f"  {empty.field} = {' '.join(empty.expression.split())}   ({empty.place}){hint}")


def _show_words(trial: "Trial") -> None:
    notes = [note for note in trial.report.notes if note.kind == "unknown_word"]
    if notes:
        _heading("words in no table:")
    for note in notes:
        tell(f"  {escaped(str(note))}")


def _show_unmapped(trial: "Trial") -> None:
    for fetch, paths in trial.unmapped.items():
        if not paths:
            continue
        number = sum(len(page.items) for page in trial.tried[fetch])
        _heading(f"raw paths of {fetch} that nobody maps ({counted(number, 'item')}):")
        for path in paths[:SHOWN]:
            kinds = ", ".join(kind for kind, _ in path.kinds.most_common())
            tell(f"  {escaped(str(path))}: {kinds}" + (f", in {path.items}" if path.items < number else ""))
        if len(paths) > SHOWN:
            tell(f"  … and {len(paths) - SHOWN} more; see --json")


def _show_estimate(found: "Estimate") -> None:
    _heading("the whole run, as far as this shows:")
    for cost in found.costs:
        tell(f"  {cost.fetch}: {counted(cost.requests, 'request')} - {cost.why}")
    sure = {(True, False): "at least ", (False, True): "at most ", (True, True): "about "}.get(
        (found.at_least, found.at_most), ""
    )
    answering = f"; an answer took {found.answering * 1000:.0f} ms" if found.answering >= 0.001 else ""
    tell(f"  {sure}{counted(found.requests, 'request')}, {_duration(found.seconds)} under its limits{answering}")


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (rest if not hours else 0, "second")]
    return " ".join(counted(number, noun) for number, noun in parts if number) or "less than a second"


def _as_json(trial: "Trial") -> dict[str, Any]:
    """Return what came of it as plain data, without the values of other items than the first."""
    redact = trial.report.redact
    first = (
        trial.records[0].model_dump(mode="json", exclude_none=True, exclude={"remote_data"}) if trial.records else None
    )
    shown = {
        "requests": [
            {"fetch": each.fetch, "request": each.request, "status": each.response.status, "seconds": each.seconds}
            for each in trial.exchanges
        ],
        "fetches": {
            name: [
                {"items": len(page.items), "kept": page.kept, "total": page.total, "following": page.following}
                for page in pages
            ]
            for name, pages in trial.tried.items()
        },
        "records": len(trial.records),
        "raw": trial.scope,
        "record": first,
        "found_nothing": [asdict(empty) for empty in trial.empty],
        "unmapped": {
            name: [{"path": str(path), "kinds": list(path.kinds), "items": path.items} for path in paths]
            for name, paths in trial.unmapped.items()
        },
        "whole_run": asdict(trial.estimate) if trial.estimate else None,
        "report": trial.report.as_json(),
        "error": None if trial.error is None else str(trial.error),
    }
    return json.loads(redact(json.dumps(shown, ensure_ascii=False, default=str)))  # type: ignore[no-any-return]
