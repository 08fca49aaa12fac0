"""`rollbook record`: a run as a cassette without secrets and people, and a case for the tests."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import exits, options, signals
from engine.cli.run import made
from engine.cli.telling import tell
from engine.spelling import counted

if TYPE_CHECKING:
    from engine.client import Exchange
    from engine.loading import LoadedMapping

__all__ = ["record"]

_LIMIT = 20


def record(
    provider: Annotated[str, typer.Argument(help="A provider's id, or a mapping file.")],
    name: Annotated[str, typer.Argument(help="What the cassette is called, and its case.")],
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    resource: options.Resource = "course_enrollments",
    replay: Annotated[
        str | None,
        typer.Option(metavar="[CASSETTE]", help="Fill in a case from a cassette that is there, and record nothing."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many records; 20, unless given or with --replay.")
    ] = None,
    filters: Annotated[
        list[str], typer.Option("--filter", metavar="FIELD=VALUE", help="Only records for which this holds.")
    ] = [],  # noqa: B006
    since: Annotated[str | None, typer.Option(help="Only what changed since this time (RFC 3339).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a cassette of this name, and its case.")] = False,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Record a run without secrets and people: a cassette, and a filled-in case for the mapping's tests."""
    from engine.cli.progress import Progress
    from engine.loading import load
    from engine.recording import Files
    from engine.recording import record as recorded

    loaded = load(provider, overrides=overrides, folders=folders)
    asked: dict[str, Any] = {"limit": limit}
    if resource != "course_enrollments":
        asked["resource"] = resource
    if filters:
        asked["filters"] = filters
    if since:
        asked["since"] = since
    if replay is not None:
        _fill(loaded, name, settings, replay, asked, force=force)
        return
    files = Files.of(loaded, name, force=force)
    exchanges: list[Exchange] = []
    now = datetime.now(UTC).replace(microsecond=0)
    asked["limit"] = limit or _LIMIT
    choices = {**asked, "since": options.time(since), "now": now, "on_exchange": exchanges.append}
    run = made(loaded, settings, None, choices)
    with Progress(run.report) as progress:
        done = signals.cancellable(recorded(run, exchanges, now, files.cassette, asked, progress.update))
    files.write(done)
    tell(f"{files.path}: {counted(done.exchanges, 'exchange')}, {counted(done.records, 'record')}")
    tell(f"{files.tests}: the case {done.case['name']!r}")
    _tell_what_is_not_shown(loaded, files.tests)
    if run.report.missing:
        for note in run.report.notes:
            tell(f"note: {note}", err=True)
        raise typer.Exit(exits.INCOMPLETE)


def _fill(
    loaded: "LoadedMapping", name: str, settings: list[str], replay: str, asked: dict[str, Any], *, force: bool
) -> None:
    """Fill in a case from a cassette that is there."""
    from engine.recording import fill_case, write_case
    from engine.replaying import cassette_files
    from engine.testing import path_of_tests

    files = cassette_files(replay, loaded.mapping.provider.id, loaded.path)
    choices = {**asked, "since": options.time(asked.get("since"))}
    run = made(loaded, settings, replay, choices)
    shown = {key: value for key, value in asked.items() if value is not None}
    given = replay or f"{loaded.mapping.provider.id}/run*"
    case = signals.cancellable(fill_case(run, name, files, given, shown))
    tests = path_of_tests(loaded.path)
    write_case(tests, case, force=force)
    tell(f"{tests}: the case {name!r}; read it, for it expects whatever came out")
    _tell_what_is_not_shown(loaded, tests)


def _tell_what_is_not_shown(loaded: "LoadedMapping", tests: Any) -> None:
    """Tell what the cases of the mapping do not show together yet."""
    from engine.testing import read_tests, run_tests

    outcomes = list(run_tests(loaded, read_tests(tests)))
    if outcomes[-1].faults:
        tell("what no case shows yet, and `rollbook test` asks for:", err=True)
    for fault in outcomes[-1].faults:
        tell(f"  {fault}", err=True)
