"""`rollbook check`: everything wrong with mappings and their tests, without a provider."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import exits, options
from engine.cli.telling import tell
from engine.errors import MappingError
from engine.spelling import counted

__all__ = ["check"]


def check(
    mappings: Annotated[list[str], typer.Argument(help="Ids or files; all there are, if none is given.")] = [],  # noqa: B006 - typer reads defaults, nothing changes them
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Check mappings and their tests: all problems at once, each with file, line and column."""
    from engine.loading import available, load
    from engine.testing import path_of_tests, read_tests

    sources: list[str | Path] = [*mappings] or [*available(folders).values()]
    wrong = 0
    for source in sources:
        try:
            loaded = load(source, overrides=overrides, folders=folders)
            tests = path_of_tests(loaded.path)
            if tests.is_file():
                read_tests(tests)
        except MappingError as error:
            wrong += len(error.problems)
            tell(str(error))
            continue
        for warning in loaded.warnings:
            tell(f"{warning} (warning)")
        tell(f"{loaded.mapping.provider.id}: right" + ("" if tests.is_file() else ", but it has no tests"))
    if wrong:
        tell(counted(wrong, "problem"), err=True)
        raise typer.Exit(exits.USAGE)
