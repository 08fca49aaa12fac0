"""`rollbook database`: the tables of the store."""

from typing import Annotated

import typer

from engine.cli.telling import tell

__all__ = ["database"]

database = typer.Typer(help="Make the tables of the store, or bring them to another version.", no_args_is_help=True)


@database.command()
def upgrade() -> None:
    """Make the tables, or bring them to the version of this Rollbook."""
    from engine.store import places
    from engine.store.migrating import HEAD

    found = places()
    for line in found.make_keys():
        tell(line, err=True)
    found.upgrade()
    tell(f"the store {found.shown} has version {HEAD}")


@database.command()
def downgrade(
    version: Annotated[str, typer.Argument(help="A version, or `base`: without any table.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
) -> None:
    """Bring the tables back to an earlier version; what only later ones can hold is lost."""
    from engine.store import places

    found = places()
    if not yes:
        typer.confirm(f"Bring {found.shown} back to {version}, and lose what it cannot hold?", abort=True, err=True)
    found.downgrade(version)
    tell(f"the store {found.shown} has version {version}")
