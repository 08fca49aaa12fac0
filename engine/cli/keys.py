"""`rollbook keys`: the API keys of the service, and the key ring that encrypts secrets."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import stored
from engine.cli.telling import tell
from engine.errors import UsageError
from engine.escaping import escaped
from engine.spelling import counted

if TYPE_CHECKING:
    from engine.store import ApiKey

__all__ = ["keys"]

keys = typer.Typer(
    help="Make, list and revoke API keys; replace the keys that secrets are encrypted with.", no_args_is_help=True
)


@keys.command()
def create(
    scope: Annotated[str, typer.Option(help="read: records; admin: also accounts and keys.")] = "read",
    accounts: Annotated[
        list[str],
        typer.Option("--account", metavar="ACCOUNT", help="An account it is for; all without."),
    ] = [],  # noqa: B006 - typer reads defaults, nothing changes them
    name: Annotated[str, typer.Option(help="What it is for.")] = "API key",
    rate: Annotated[int | None, typer.Option(help="How many requests a minute; as the service has it without.")] = None,
) -> None:
    """Make an API key and print it, this one time."""
    given: Any = scope
    with stored.opened(make=True) as store:
        only = [stored.found(store, account).id for account in accounts] if accounts else None
        key, text = store.keys.create(given, only, name, rate, actor=stored.actor())
    which = "all accounts" if only is None else counted(len(only), "account")
    tell(f"made the key {key.id} ({key.scope}, {which}); it is not shown again", err=True)
    typer.echo(text)


@keys.command("list")
def list_keys(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the API keys, the revoked ones too."""
    with stored.opened() as store:
        found = store.keys.list()
    if as_json:
        typer.echo(json.dumps([_plain(key) for key in found], ensure_ascii=False, indent=2))
        return
    for key in found:
        tell(_line(key))
    if not found:
        tell("there are no API keys; `rollbook keys create` makes one", err=True)


def _plain(key: "ApiKey") -> dict[str, Any]:
    """Return a key as JSON data."""
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope,
        "accounts": None if key.accounts is None else sorted(key.accounts),
        "rate": key.rate,
        "created_at": key.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "revoked": key.revoked_at is not None,
    }


def _line(key: "ApiKey") -> str:
    """Return a key in one line."""
    which = "all accounts" if key.accounts is None else ", ".join(sorted(key.accounts)) or "no account any more"
    rate = f", {key.rate} a minute" if key.rate else ""
    return f"{key.id}  {key.scope}  {escaped(key.name)}: {which}{rate}{' (revoked)' if key.revoked_at else ''}"


@keys.command()
def revoke(key: Annotated[str, typer.Argument(help="The id of a key, as `list` shows it.")]) -> None:
    """Have an API key do nothing from now on."""
    with stored.opened() as store:
        store.keys.revoke(key, actor=stored.actor())
        tell(f"{key} is revoked")


@keys.command()
def secret() -> None:
    """Print a new key for secrets, as ROLLBOOK_SECRET_KEYS and a file of keys take it."""
    from datetime import UTC, datetime

    from engine.store import KeyRing

    typer.echo(KeyRing.generate(f"k{datetime.now(UTC):%Y%m%d%H%M%S}").text)


@keys.command()
def rotate(
    new: Annotated[bool, typer.Option("--new", help="First put a new key in front, in the file of keys.")] = False,
) -> None:
    """Encrypt all secrets anew, with the first key of the key ring."""
    from engine.store import places
    from engine.store.keyfiles import write_safely

    found = places()
    if new:
        if found.keys or found.keys_file is None:
            what = "ROLLBOOK_SECRET_KEYS cannot be changed from here"
            raise UsageError(f"{what}; put what `rollbook keys secret` prints in front of it, and rotate without --new")
        write_safely(found.keys_file, found.ring().with_new_key().text, new=False)
        tell(f"put a new key in front, in {found.keys_file}; keep a copy", err=True)
    with stored.opened() as store:
        done = store.rotate(actor=stored.actor())
        used = store.used_keys()
        tell(f"encrypted {counted(done, 'secret')} anew with the key {store.ring.kids[0]}")
        idle = [kid for kid in store.ring.kids if kid not in used and kid != store.ring.kids[0]]
        if idle:
            what = f"no secret needs {', '.join(idle)} any more"
            tell(f"{what}; take it off once all processes have the new ring and no cursor is from before", err=True)
