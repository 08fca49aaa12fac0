"""`rollbook serve`: the service, until it is told to end."""

from typing import Annotated

import typer

from engine.cli import exits, options
from engine.cli.telling import tell

__all__ = ["serve"]


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on (8000); 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes answer requests (1).")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Let recorded providers answer at the next port.")] = False,
    folders: options.Folders = [],  # noqa: B006 - typer reads defaults, nothing changes them
) -> None:
    """Serve unified lists of stored accounts over HTTP. All settings are in docs/settings.md."""
    from engine.service import settings
    from engine.service.starting import Start

    given = {"host": host, "port": port, "workers": workers}
    chosen = settings(**{name: value for name, value in given.items() if value is not None})
    with Start(chosen, tuple(folders), demo=demo) as start:
        for line in start.told:
            tell(line)
        key = start.first_key()
        if key:
            tell(f"the first API key, for everything; it is not shown again: {key}")
        number = start.serve(lambda: tell(f"listening on {start.address}"))
    raise typer.Exit(exits.FAILED if number is None else 128 + number)
