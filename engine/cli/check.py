"""`rollbook check`: everything wrong with mappings and their tests, without a provider."""

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import exits, options
from engine.cli.telling import tell
from engine.spelling import counted

if TYPE_CHECKING:
    from engine.checking import Checked, Checks

__all__ = ["check"]


def check(
    mappings: Annotated[
        list[str], typer.Argument(help="Ids, mapping files or test files; all there are, if none is given.")
    ] = [],  # noqa: B006 - typer reads defaults, nothing changes them
    watch: Annotated[bool, typer.Option("--watch", help="Check again what changes, until Ctrl-C.")] = False,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Check mappings and their tests: all problems at once, each with file, line and column."""
    from engine.checking import Checks

    checks = Checks(mappings, overrides, folders)
    if watch:
        _watch(checks)
    if _told([checks.of(source) for source in checks.sources()]):
        raise typer.Exit(exits.USAGE)


def _told(found: "list[Checked]") -> int:
    """Tell what was found, and return how many problems there are."""
    wrong = 0
    for checked in found:
        for problem in checked.problems:
            tell(str(problem))
        for warning in checked.warnings:
            tell(f"{warning} (warning)")
        if checked.right:
            tell(f"{checked.name}: right" + (f", but it has no {checked.missing}" if checked.missing else ""))
        wrong += len(checked.problems)
    if wrong:
        tell(counted(wrong, "problem"), err=True)
    return wrong


def _watch(checks: "Checks") -> None:
    """Check, and check again what changes, without end; Ctrl-C is an interruption like any other."""
    from engine.watching import Watched

    watched = Watched(checks.files)
    found = [checks.of(source) for source in checks.sources()]
    _tell_now(f"watching {counted(len(found), 'mapping')}; Ctrl-C ends")
    while True:
        _told(found)
        sys.stdout.flush()
        changed = watched.changed()
        _tell_now(f"{', '.join(path.name for path in changed)} changed")
        found = checks.again(changed)


def _tell_now(what: str) -> None:
    tell(f"{time.strftime('%H:%M:%S')} {what}")
