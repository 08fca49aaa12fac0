"""How the commands tell something to a person: line by line, with nothing in it that a terminal would obey."""

import typer

from engine.escaping import escaped

__all__ = ["tell"]


def tell(text: str, *, err: bool = False) -> None:
    """Write lines of text. What comes from a provider and may hold line breaks is escaped before it comes here."""
    typer.echo("\n".join(escaped(line) for line in text.split("\n")), err=err)
