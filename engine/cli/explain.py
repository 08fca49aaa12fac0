"""`rollbook explain`: one record, field by field."""

import json
from typing import Annotated, Any

import typer

from engine.cli import exits, options, signals, stored
from engine.cli.run import prepared
from engine.cli.telling import tell
from engine.escaping import escaped

__all__ = ["explain"]


def explain(
    provider: Annotated[str, typer.Argument(help="A provider's id, a mapping file, or a stored account.")],
    record_id: Annotated[str, typer.Option("--id", help="The id of the record.")],
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    resource: options.Resource = "course_enrollments",
    replay: options.Replay = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Explain one record: each field's expression, what it read, what came out, and which file says so."""
    from engine.explaining import explain as explained

    loaded, account = stored.chosen(provider, overrides, folders, settings)
    with prepared(loaded, account, settings, replay, {"resource": resource}) as (run, outcome):
        try:
            found = signals.cancellable(explained(run, record_id))
        except Exception as error:
            outcome(error)
            raise
    if found is None:
        tell(f"there is no record {record_id!r} among {run.report.records} {resource}", err=True)
        raise typer.Exit(exits.FAILED)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    tell(f"{escaped(found['id'])}: {found['status'] or ''}")
    for field in found["fields"]:
        _show(field)
    for note in found["notes"]:
        tell(f"note: {escaped(note)}")


def _show(field: dict[str, Any]) -> None:
    tell(f"\n{field['field']} = {' '.join(field['expression'].split())}   ({field['place']})")
    for name, value in field["read"].items():
        tell(f"  read {name}: {_shown(value)}")
    tell(f"  gave {_shown(field['value'])}")
    if field["came_out"] != field["value"]:
        tell(f"  came out as {_shown(field['came_out'])}")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else text[:300] + "…"
