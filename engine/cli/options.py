"""Options that several commands have, and how errors are shown."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.exits import FAILED, USAGE
from engine.cli.telling import tell
from engine.errors import DiagnosticError, MappingError, ProviderError, RollbookError, UsageError
from engine.escaping import escaped
from engine.spelling import counted

__all__ = [
    "Folders",
    "Overrides",
    "Replay",
    "Resource",
    "Settings",
    "failed",
    "settings",
]

Folders = Annotated[list[Path], typer.Option("--mappings", metavar="DIR", help="Look for mappings here first.")]
Overrides = Annotated[
    list[Path], typer.Option("--override", metavar="FILE", help="What this customer has different; may be repeated.")
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="A connection field; @env:NAME takes it from the environment, @file:PATH from a file, - asks for it.",
    ),
]
Resource = Annotated[str, typer.Option("--resource", "-r", help="course_enrollments, courses, users or course_items.")]
Replay = Annotated[
    str | None,
    typer.Option(metavar="[CASSETTE]", help="Play recorded answers instead; without a name, those that come along."),
]


def settings(given: list[str]) -> dict[str, Any]:
    """Read `--set` options. Raises UsageError that never shows a value."""
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise UsageError('--set wants FIELD=VALUE; one of them has no "="')
        found[name.strip()] = _value(name, value)
    return found


def _value(name: str, value: str) -> str:
    if value == "-":
        return str(typer.prompt(name, hide_input=True, err=True))
    if value.startswith("@env:"):
        variable = value[5:]
        if variable not in os.environ:
            raise UsageError(f"--set {name}: the environment has no {variable}")
        return os.environ[variable]
    if value.startswith("@file:"):
        try:
            return Path(value[6:]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--set {name}: cannot read {value[6:]}: {error}") from None
    return value


def failed(error: Exception) -> int:
    """Show an error of the engine on standard error and return its exit code; raise any other."""
    if not isinstance(error, RollbookError):
        raise error
    if isinstance(error, MappingError):
        tell(str(error), err=True)
        tell(counted(len(error.problems), "problem"), err=True)
        return USAGE
    told = escaped(str(error)) if isinstance(error, ProviderError | DiagnosticError) else str(error)
    tell(f"error: {told}", err=True)
    return USAGE if isinstance(error, UsageError) else FAILED


def is_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()
