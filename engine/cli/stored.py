"""What the commands that use the store have in common."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.telling import tell
from engine.errors import ProviderError, Refused, StoreError, UsageError

if TYPE_CHECKING:
    from engine.loading import LoadedMapping
    from engine.store import Account, Status, Store

__all__ = ["actor", "chosen", "found", "keep_outcome", "opened"]


@contextmanager
def opened(*, make: bool = False) -> "Iterator[Store]":
    """Open the store, and tell what was made for it."""
    from engine.store import places

    store, told = places().open(make=make)
    for line in told:
        tell(line, err=True)
    with store:
        yield store


def actor() -> str:
    """Return who uses the command line, for the audit."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a user id that no name belongs to, as in some containers
        return "command line"


def found(store: "Store", name: str) -> "Account":
    """Return the account of this id or name. Raises UsageError where there is none, or where there are several."""
    accounts = store.accounts.named(name)
    if len(accounts) > 1:
        several = ", ".join(f"{account.id} ({account.provider})" for account in accounts)
        raise UsageError(f"several accounts are called {name!r}; give the id of one: {several}")
    if not accounts:
        raise UsageError(f"there is no account {name!r}; `rollbook accounts` shows those there are")
    return accounts[0]


def chosen(
    source: str, overrides: list[Path], folders: list[Path], settings: list[str]
) -> "tuple[LoadedMapping, Account | None]":
    """Return the mapping that is meant: a provider's, or that of an account, which is returned with it.

    Raises UsageError where a name is neither, or where an account is given what it has already.
    """
    from engine.loading import find, load
    from engine.store import places
    from engine.store.tailored import mapping_of

    try:
        return load(find(source, folders), overrides=overrides), None
    except UsageError as error:
        if not places().exist:
            raise
        account = _account(source, error)
    if settings or overrides:
        raise UsageError("a stored account has a connection and overrides of its own; leave --set and --override out")
    if account.status == "disabled":
        raise UsageError(f"{account.name!r} is disabled; `rollbook accounts enable {account.id}` enables it")
    return mapping_of(account, folders), account


def _account(name: str, unknown: UsageError) -> "Account":
    """Return the account that is meant by what is no provider. Raises UsageError that tells of both."""
    try:
        with opened() as store:
            if store.accounts.named(name):
                return found(store, name)
    except StoreError as broken:
        raise UsageError(f"{unknown}; whether there is such an account is not known: {broken}") from None
    raise UsageError(f"{unknown}; nor is there an account of this name") from None


def keep_outcome(store: "Store", account: "Account", stopped: BaseException | None) -> None:
    """Keep with an account what a run or a check told of it; one that was broken off tells nothing."""
    if stopped is None:
        store.accounts.mark(account.id, "active", version=account.version, actor=actor())
    elif isinstance(stopped, ProviderError):
        status: Status = "needs_reauth" if isinstance(stopped, Refused) else "failing"
        store.accounts.mark(account.id, status, stopped.what, version=account.version, actor=actor())
