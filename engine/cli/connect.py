"""`rollbook connect`: a connection, asked for, checked and kept."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import options, signals, stored
from engine.cli.telling import tell
from engine.errors import UsageError

if TYPE_CHECKING:
    from engine.loading import LoadedMapping
    from engine.mapping import ConnectionField, Mapping
    from engine.store import Account, Store

__all__ = ["asked", "checked", "connect", "secret_names"]


def connect(
    provider: Annotated[str, typer.Argument(help="A provider's id, or a mapping file.")],
    name: Annotated[str, typer.Option(help="What the account is called.")],
    settings: options.Settings = [],  # noqa: B006 - typer reads defaults, nothing changes them
    account_id: Annotated[str | None, typer.Option("--id", help="The id of the account; made up without it.")] = None,
    no_check: Annotated[bool, typer.Option("--no-check", help="Keep it without calling the provider.")] = False,
    overrides: options.Overrides = [],  # noqa: B006
    folders: options.Folders = [],  # noqa: B006
) -> None:
    """Connect an account: ask for what is not given with --set, check it, and keep it with its secrets encrypted."""
    from engine.connections import connect as complete
    from engine.loading import load
    from engine.store.tailored import tree_of

    loaded = load(provider, overrides=overrides, folders=folders)
    given = asked(loaded.mapping, options.settings(settings))
    values = complete(loaded.mapping, given).values
    kept = {field: values[field] for field, value in given.items() if value not in (None, "")}
    with stored.opened(make=True) as store:
        account = store.accounts.create(
            loaded.mapping.provider.id,
            name,
            kept,
            secret=secret_names(loaded.mapping),
            overrides=tree_of(overrides),
            id=account_id,
            actor=stored.actor(),
        )
        if not no_check:
            _prove(store, account, loaded)
        tell(f"connected {account.name} ({account.provider}){'' if no_check else ', which answers'}", err=True)
        tell(account.id)


def secret_names(mapping: "Mapping") -> set[str]:
    """Return which fields of a connection are secrets."""
    return {field for field, wanted in mapping.connection.items() if wanted.secret}


def asked(mapping: "Mapping", given: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is not given, where there is somebody to answer; a wrong answer is asked for again."""
    if not sys.stdin.isatty():
        return given
    answers = {field: _answer(field, wanted) for field, wanted in mapping.connection.items() if field not in given}
    return {**given, **answers}


def _answer(field: str, wanted: "ConnectionField") -> str:
    from engine.connections import read_value

    if wanted.help:
        tell(f"{wanted.title}: {wanted.help}", err=True)
    optional = not wanted.required or wanted.default is not None
    hint = f" (for example {wanted.example})" if wanted.example and not wanted.secret else ""
    if optional:
        hint = " (may be left out)" if wanted.default is None else f" ({wanted.default} if left out)"
    choices = f" [{', '.join(wanted.choices)}]" if wanted.choices else ""
    while True:
        text: str = typer.prompt(
            f"{wanted.title}{choices}{hint}",
            default="" if optional else None,
            hide_input=wanted.secret,
            show_default=False,
            err=True,
        )
        try:
            value = options.value(field, text)
            read_value(value, wanted)
        except (ValueError, UsageError) as fault:
            tell(f"{wanted.title} {fault}" if isinstance(fault, ValueError) else str(fault), err=True)
            continue
        return value


def checked(store: "Store", account: "Account", loaded: "LoadedMapping") -> None:
    """Check the connection of an account, and keep what it told. Raises a ProviderError."""
    from engine.probing import probe

    connection = store.accounts.connection(account.id)
    try:
        signals.cancellable(probe(loaded, connection, keeper=store.keeper(account)))
    except Exception as error:
        stored.keep_outcome(store, account, error)
        raise
    stored.keep_outcome(store, account, None)


def _prove(store: "Store", account: "Account", loaded: "LoadedMapping") -> None:
    """Check a new account, and take it away again where it does not work.

    It is kept first, since a check may have its refresh token replaced: then the only one that holds is in the store.
    """
    before = store.accounts.connection(account.id)
    try:
        checked(store, account, loaded)
    except BaseException:
        if store.accounts.connection(account.id) == before:
            store.accounts.delete(account.id, actor=stored.actor())
            tell("nothing was kept; --no-check keeps it all the same", err=True)
        else:
            tell(f"kept as {account.id}: the provider replaced its token", err=True)
        raise
