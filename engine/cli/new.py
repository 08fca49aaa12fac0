"""`rollbook new`: the two files of a mapping, from nothing, from samples, or from an OpenAPI document."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.telling import tell
from engine.errors import MappingError, UsageError, WritingError
from engine.spelling import counted

__all__ = ["new"]


def new(
    provider: Annotated[str, typer.Argument(help="The id of the provider, after which both files are called.")],
    name: Annotated[str, typer.Option("--name", help="What the product is called; the id, unless given.")] = "",
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where to write; here, unless given.")
    ] = Path(),
    samples: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="[RESOURCE=]FILE",
            help="A page of a list as the provider answers it, as JSON; may be repeated. RESOURCE, where its names do"
            " not tell: enrollments, courses or users.",
        ),
    ] = [],  # noqa: B006 - typer reads defaults, nothing changes them
    openapi: Annotated[
        Path | None, typer.Option("--openapi", metavar="FILE", help="An OpenAPI document, as YAML or JSON.")
    ] = None,
    auth: Annotated[
        str,
        typer.Option(
            "--auth",
            help="How a request proves who asks: bearer, basic, header, query, client_credentials, password,"
            " refresh_token or none.",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Begin a mapping: two files with every hole explained, and what samples or an OpenAPI document show."""
    from engine.proposing import new_mapping
    from engine.testing import TESTS

    made = new_mapping(provider, name, samples=samples, openapi=openapi, auth=auth)
    mapping, tests = folder / f"{provider}.yaml", folder / f"{provider}{TESTS}"
    there = [path for path in (mapping, tests) if path.exists()]
    if there and not force:
        raise UsageError(
            f"{' and '.join(map(str, there))} {'are' if len(there) > 1 else 'is'} there already; --force writes over"
        )
    for path, text in ((mapping, made.mapping), (tests, made.tests)):
        _write(path, text)
        tell(f"wrote {path}", err=True)
    _tell_holes(mapping)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WritingError(f"cannot write {path}: {error.strerror or error}") from None


def _tell_holes(mapping: Path) -> None:
    """Tell what `check` tells of the new mapping: what is to be filled in."""
    from engine.loading import load

    try:
        load(mapping)
    except MappingError as error:
        for problem in error.problems:
            tell(str(problem))
        holes = counted(len(error.problems), "hole")
        tell(f"{holes} to fill in; `rollbook check --watch {mapping}` tells what is left while you write", err=True)
    else:
        tell(f"nothing is to be filled in; `rollbook try {mapping} --set …` shows what comes out", err=True)
