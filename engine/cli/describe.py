"""`rollbook providers` and `rollbook show`: what there is, and what one mapping needs, calls and gives."""

import json
from typing import Annotated, Any

import typer

from engine.cli import options
from engine.cli.telling import tell
from engine.errors import MappingError

__all__ = ["providers", "show", "show_requests"]


def providers(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    folders: options.Folders = [],  # noqa: B006 - typer reads defaults, nothing changes them
) -> None:
    """List the providers: evidence, auth, and how many fields of each resource they give."""
    from engine.describing import describe
    from engine.loading import available, load

    described: list[dict[str, Any]] = []
    wrong: list[MappingError] = []
    for path in available(folders).values():
        try:
            described.append(describe(load(path)))
        except MappingError as error:
            wrong.append(error)
    typer.echo(json.dumps(described, ensure_ascii=False, indent=2) if as_json else _table(described))
    if wrong:
        raise MappingError([problem for error in wrong for problem in error.problems])


def _table(described: list[dict[str, Any]]) -> str:
    rows = [("id", "name", "evidence", "auth", "enrollments", "courses", "users")]
    for about in described:
        given = about["resources"]
        covered = [_covered(given.get(name)) for name in ("course_enrollments", "courses", "users")]
        rows.append((about["id"], about["name"], about["evidence"], about["auth"], *covered))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _covered(resource: dict[str, Any] | None) -> str:
    return f"{resource['covered']}/{resource['of']} fields" if resource else "-"


def show(
    provider: Annotated[str, typer.Argument(help="A provider's id, or a mapping file.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    overrides: options.Overrides = [],  # noqa: B006 - typer reads defaults, nothing changes them
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Show what a mapping needs, what it calls, which fields and statuses it gives, and what it costs."""
    from engine.describing import describe
    from engine.loading import load

    loaded = load(provider, overrides=overrides, folders=folders)
    about = describe(loaded)
    if as_json:
        typer.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    tell(f"{about['name']} ({about['id']}), evidence: {about['evidence']}")
    if about["about"]:
        tell(about["about"])
    tell("\nneeds:")
    for name, field in about["connection"].items():
        optional = "" if field.get("required") and "default" not in field else " (optional)"
        secret = " (secret)" if field.get("secret") else ""
        help_ = f": {field['help']}" if field.get("help") else ""
        tell(f"  --set {name}=…  {field['title']}{secret}{optional}{help_}")
    for resource, given in about["resources"].items():
        tell(f"\n{resource}: {given['covered']} of {given['of']} fields")
        for field, expression in given["fields"].items():
            layer = loaded.place(resource, "fields", field)
            mark = f"   ({layer})" if layer.file != loaded.node.start.file else ""
            tell(f"  {field} = {' '.join(expression.split())}{mark}")
        if given["statuses"]:
            tell(f"  statuses: {', '.join(given['statuses'])}")
        tell(f"  not given: {', '.join(given['missing']) or 'nothing'}")
        show_requests(loaded, resource)
    for gap in about["gaps"]:
        tell(f"\ngap: {gap}")


def show_requests(loaded: Any, resource: str) -> None:
    """Show what a resource calls, and how often."""
    from engine.describing import requests_of

    tell("  calls:")
    for call in requests_of(loaded, resource):
        condition = f" where {call['when']}" if "when" in call else ""
        tell(f"    {call['fetch']}: {call['request']} - {call['how_often']}{condition}")
