"""`rollbook accounts`: what is connected, and how it is."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import options, stored
from engine.cli.telling import tell
from engine.escaping import escaped

if TYPE_CHECKING:
    from engine.store import Account

__all__ = ["accounts"]

#: How many accounts are read at once.
_PAGE = 500

accounts = typer.Typer(help="Show and change the accounts that are connected; without a command, list them.")

_Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The id of an account, or its name.")]
_Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@accounts.callback(invoke_without_command=True)
def _accounts(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_accounts(as_json=False)


@accounts.command("list")
def list_accounts(
    provider: Annotated[str | None, typer.Option(help="Only those of this provider.")] = None,
    as_json: _Json = False,
) -> None:
    """List all accounts, or those of one provider."""
    with stored.opened() as store:
        found: list[Account] = []
        while page := store.accounts.list(_PAGE, found[-1].id if found else None, provider):
            found += page
    if as_json:
        typer.echo(json.dumps([_plain(account) for account in found], ensure_ascii=False, indent=2))
        return
    rows = [("id", "name", "provider", "status", "checked")]
    rows += [(a.id, escaped(a.name), a.provider, a.status, _time(a.checked_at)) for a in found]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows if found else []:
        tell("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if not found:
        tell("there are no accounts; `rollbook connect PROVIDER --name NAME` makes one", err=True)


@accounts.command()
def show(account: _Name, as_json: _Json = False) -> None:
    """Show an account; of its secrets only the names."""
    with stored.opened() as store:
        about = _plain(stored.found(store, account))
    if as_json:
        typer.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    for name, value in about.items():
        if value is not None:
            tell(f"{name}: {escaped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}")


@accounts.command()
def check(account: _Name, folders: options.Folders = []) -> None:  # noqa: B006 - typer reads defaults
    """Call the provider once, and keep whether the account works."""
    from engine.cli.connect import checked
    from engine.store.tailored import mapping_of

    with stored.opened() as store:
        found = stored.found(store, account)
        checked(store, found, mapping_of(found, folders))
        tell(f"{found.name} ({found.provider}) answers")


@accounts.command()
def rename(account: _Name, name: Annotated[str, typer.Argument(help="What it is called from now on.")]) -> None:
    """Call an account something else."""
    with stored.opened() as store:
        found = stored.found(store, account)
        tell(f"{found.name} is now {store.accounts.update(found.id, name=name, actor=stored.actor()).name}")


@accounts.command()
def update(
    account: _Name,
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not call the provider.")] = False,
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Replace fields of an account's connection, such as a token that no longer holds, and check it."""
    from engine.cli.connect import checked, secret_names
    from engine.connections import connect
    from engine.errors import UsageError
    from engine.store.tailored import mapping_of

    given = options.settings(settings)
    if not given:
        raise UsageError("nothing is given to replace; give --set FIELD=VALUE")
    with stored.opened() as store:
        found = stored.found(store, account)
        loaded = mapping_of(found, folders)
        values = connect(loaded.mapping, {**store.accounts.connection(found.id), **given}).values
        new = {field: values[field] if value != "" else None for field, value in given.items()}
        changed = store.accounts.update(found.id, values=new, secret=secret_names(loaded.mapping), actor=stored.actor())
        if not no_check:
            checked(store, changed, loaded)
        tell(f"replaced {', '.join(given)} of {changed.name}{'' if no_check else ', which answers'}")


@accounts.command()
def disable(account: _Name) -> None:
    """Have an account called no more, until it is enabled."""
    with stored.opened() as store:
        found = stored.found(store, account)
        store.accounts.update(found.id, status="disabled", actor=stored.actor())
        tell(f"{found.name} is disabled")


@accounts.command()
def enable(account: _Name) -> None:
    """Let an account be called again."""
    with stored.opened() as store:
        found = stored.found(store, account)
        store.accounts.update(found.id, status="active", actor=stored.actor())
        tell(f"{found.name} is enabled")


@accounts.command()
def delete(
    account: _Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False
) -> None:
    """Forget an account and its secrets; API keys lose it."""
    with stored.opened() as store:
        found = stored.found(store, account)
        if not yes:
            typer.confirm(f"Forget {escaped(found.name)} ({found.id}) and its secrets?", abort=True, err=True)
        store.accounts.delete(found.id, actor=stored.actor())
        tell(f"{found.name} is deleted")


def _plain(account: "Account") -> dict[str, Any]:
    """Return an account as it is shown."""
    return {
        "id": account.id,
        "name": account.name,
        "provider": account.provider,
        "status": account.status,
        "status_reason": account.status_reason,
        "connection": dict(account.values),
        "secrets": sorted(account.secrets),
        "overrides": account.overrides,
        "created_at": _time(account.created_at),
        "updated_at": _time(account.updated_at),
        "checked_at": _time(account.checked_at) or None,
    }


def _time(time: Any) -> str:
    return "" if time is None else time.isoformat(timespec="seconds").replace("+00:00", "Z")
