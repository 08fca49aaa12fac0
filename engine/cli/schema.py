"""`rollbook schema`: the JSON Schema of the mapping format, for editors."""

import json

import typer

__all__ = ["schema"]


def schema() -> None:
    """Print the JSON Schema of the mapping format."""
    from engine.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
