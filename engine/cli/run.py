"""`rollbook run`: read a provider, or play what was recorded, and write records."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import exits, options, signals, stored
from engine.cli.telling import tell
from engine.errors import RollbookError, UsageError, WritingError

if TYPE_CHECKING:
    from engine.report import Report
    from engine.running import Run
    from engine.store import Account

__all__ = ["made", "prepared", "run", "with_default_cassette"]


#: Is told how a run went: None for one that was not stopped.
Outcome = Callable[[BaseException | None], None]
#: After how many more objects than before Python looks for garbage.
_OBJECTS = 5000


def with_default_cassette(arguments: list[str]) -> list[str]:
    """Let `--replay` stand without a name: it then means the cassettes that come with the mapping."""
    found = list(arguments)
    for index, argument in enumerate(arguments):
        following = arguments[index + 1] if index + 1 < len(arguments) else "-"
        if argument == "--replay" and following.startswith("-"):
            found[index] = "--replay="
    return found


def run(
    provider: Annotated[str, typer.Argument(help="A provider's id, a mapping file, or a stored account.")],
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    resource: options.Resource = "course_enrollments",
    replay: options.Replay = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Stop after this many records.")] = None,
    filters: Annotated[
        list[str], typer.Option("--filter", metavar="FIELD=VALUE", help="Only records for which this holds.")
    ] = [],  # noqa: B006
    since: Annotated[str | None, typer.Option(help="Only what changed since this time (RFC 3339).")] = None,
    form: Annotated[str | None, typer.Option("--format", help="table, jsonl, csv or parquet.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    no_remote_data: Annotated[bool, typer.Option("--no-remote-data", help="Leave the raw data out.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first thing that is not right.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be called; call nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the report of the run to this JSON file.")] = None,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Read course enrollments (or another resource) and write them as records."""
    loaded, account = stored.chosen(provider, overrides, folders, settings)
    form = form or _format(out)
    choices: dict[str, Any] = {
        "resource": resource,
        "filters": filters,
        "since": options.time(since),
        "limit": limit,
        "strict": strict,
        "remote_data": not no_remote_data,
    }
    if dry_run:
        from engine.cli.describe import show_requests

        show_requests(loaded, resource)
        return
    # A page is thousands of new objects that refer to nothing above them: looking for garbage each 700 takes a tenth of
    # the time of a run, and finds none.
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    with prepared(loaded, account, settings, replay, choices) as (asked, outcome):
        if report and not _is_device(report):
            # What cannot be written is told before the run; and one that is killed leaves a report that has not ended.
            _save(report, asked.report, UsageError)
        code = exits.FAILED
        try:
            code = signals.cancellable(_write(asked, form, out, outcome))
        finally:
            code = _saved(report, asked.report, code)
    raise typer.Exit(code)


@contextmanager
def prepared(
    loaded: Any, account: "Account | None", settings: list[str], replay: str | None, choices: dict[str, Any]
) -> "Iterator[tuple[Run, Outcome]]":
    """Give the run that is asked for, maybe of a stored account; and what is to be told how it went."""
    if account is None or replay is not None:
        yield made(loaded, settings, replay, choices), lambda _: None
        return
    from engine.running import Run

    with stored.opened() as store:
        run = Run(loaded, store.accounts.connection(account.id), keeper=store.keeper(account), **choices)
        yield run, lambda stopped: stored.keep_outcome(store, account, stopped)


def made(loaded: Any, settings: list[str], replay: str | None, choices: dict[str, Any]) -> "Run":
    """Return the run that is asked for: of the network, or of a cassette."""
    connection = options.settings(settings)
    if replay is None:
        from engine.running import Run

        return Run(loaded, connection, on_token=options.keeper(settings, loaded.mapping), **choices)
    from engine.replaying import cassette_files
    from engine.replaying import replay as replayed

    files = cassette_files(replay, loaded.mapping.provider.id, loaded.path)
    return replayed(loaded, files, connection, **choices)


def _is_device(path: Path) -> bool:
    """Whether a path is a pipe or the like, that takes what is written once."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _save(path: Path, report: "Report", failure: type[RollbookError]) -> None:
    import json

    try:
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise failure(f"cannot write {path}: {error.strerror}") from None


def _saved(path: Path | None, report: "Report", code: int) -> int:
    """Save the report at the end, and return the exit code; a report that cannot be saved hides no other failure."""
    try:
        if path:
            with signals.held():
                _save(path, report, WritingError)
    except WritingError as error:
        failed = options.failed(error)
        return failed if code in (0, exits.INCOMPLETE) else code
    return code


def _format(out: Path | None) -> str:
    from engine.writing import format_of

    if out is None:
        return "table" if options.is_terminal() else "jsonl"
    return format_of(out)


async def _write(run: "Run", form: str, out: Path | None, outcome: "Outcome") -> int:
    """Write what comes; whatever stops the run, what was read is out and the summary is shown."""
    from asyncio import CancelledError

    from engine.cli.progress import Progress, summary
    from engine.writing import open_writer

    stopped: BaseException | None = None
    try:
        with open_writer(form, run.resource, out, sys.stdout) as writer, Progress(run.report) as progress:
            async with aclosing(run.records()) as records:
                async for record in records:
                    writer.write(record)
                    progress.update()
    except BrokenPipeError as gone:
        run.report.end("stopped", "whoever read the output has gone")
        stopped = gone
    except (RollbookError, CancelledError) as stop:
        run.report.broke(stop)
        if isinstance(stop, UsageError):
            raise
        stopped = stop
    except BaseException as stop:
        run.report.broke(stop)
        raise
    outcome(stopped)
    tell(summary(run.report), err=True)
    for note in getattr(stopped, "__notes__", ()):
        tell(note, err=True)
    if isinstance(stopped, RollbookError):
        return options.failed(stopped)
    if isinstance(stopped, CancelledError):
        return signals.code()
    return exits.INCOMPLETE if run.report.missing else 0
