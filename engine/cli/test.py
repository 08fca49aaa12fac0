"""`rollbook test`: the mappings' own tests."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import exits, options
from engine.cli.telling import tell
from engine.errors import MappingError

__all__ = ["test"]


def test(
    mappings: Annotated[list[str], typer.Argument(help="Ids or files; all there are, if none is given.")] = [],  # noqa: B006 - typer reads defaults, nothing changes them
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Run the replays and examples of mappings, offline."""
    from engine.loading import available, load
    from engine.testing import mapping_of, path_of_tests, read_tests, run_tests

    sources: list[str | Path] = [*dict.fromkeys(map(mapping_of, mappings))] or [*available(folders).values()]
    bad = good = 0
    for source in sources:
        try:
            loaded = load(source, folders=folders)
            path = path_of_tests(loaded.path)
            tests = read_tests(path) if path.is_file() else None
        except MappingError as error:
            tell(f"{Path(source).stem}: the mapping or its tests are wrong: failed\n{error}")
            bad += 1
            continue
        if tests is None:
            tell(f"{loaded.mapping.provider.id}: there is no {path.name}: failed")
            bad += 1
            continue
        for outcome in run_tests(loaded, tests):
            good, bad = good + (not outcome.faults), bad + bool(outcome.faults)
            tell(f"{loaded.mapping.provider.id}: {outcome.name}: {'failed' if outcome.faults else 'passed'}")
            for fault in outcome.faults:
                tell(f"    {fault}")
    tell(f"{good} passed, {bad} failed", err=True)
    if bad:
        raise typer.Exit(exits.FAILED)
