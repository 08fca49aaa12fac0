"""Options that several commands have, and how errors are shown."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.exits import FAILED, USAGE
from engine.cli.telling import tell
from engine.errors import DiagnosticError, MappingError, ProviderError, RollbookError, UsageError
from engine.escaping import escaped
from engine.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from datetime import datetime

    from engine.client import OnToken
    from engine.mapping import Mapping

__all__ = [
    "Folders",
    "Overrides",
    "Replay",
    "Resource",
    "Settings",
    "failed",
    "keeper",
    "settings",
    "time",
    "value",
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
        name, sign, given_value = text.partition("=")
        if not sign or not name:
            raise UsageError('--set wants FIELD=VALUE; one of them has no "="')
        found[name.strip()] = value(name, given_value)
    return found


def value(name: str, given: str) -> str:
    """Return what a value stands for: itself, a variable, a file, or an answer. Raises UsageError."""
    if given == "-":
        return str(typer.prompt(name, hide_input=True, err=True))
    if given.startswith("@env:"):
        variable = given[5:]
        if variable not in os.environ:
            raise UsageError(f"--set {name}: the environment has no {variable}")
        return os.environ[variable]
    if given.startswith("@file:"):
        try:
            return Path(given[6:]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--set {name}: cannot read {given[6:]}: {error}") from None
    return given


def keeper(given: list[str], mapping: "Mapping") -> "OnToken | None":
    """Return what stores a token that the provider replaces: in the file it came from, if it came from one."""
    oauth2 = mapping.http.auth.oauth2
    name = oauth2.replaceable if oauth2 else None
    paths = [text.partition("=@file:")[2] for text in given if text.startswith(f"{name}=@file:")]
    if not paths:
        return None
    path = Path(paths[-1]).resolve()
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"--set {name}: {path.parent} cannot be written, and the provider may replace the token")

    def keep(replaced: "MappingOf[str, str]") -> None:
        whole = path.with_name(f"{path.name}.part")
        try:
            whole.touch(mode=0o600)
            whole.write_text("".join(replaced.values()) + "\n", encoding="utf-8")
            whole.replace(path)
        except OSError as error:
            raise UsageError(f"--set {name}: cannot write {path}: {error.strerror}; nobody has the new token") from None

    return keep


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


def time(text: str | None) -> "datetime | None":
    """Read `--since`. Raises UsageError."""
    if text is None:
        return None
    from engine.values import ValueProblem, read_time

    try:
        return read_time(text, zone="UTC")
    except ValueProblem as problem:
        raise UsageError(f"--since: {problem}") from None
