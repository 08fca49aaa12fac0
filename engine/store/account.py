"""An account: a connection that is kept, without its secrets."""

import os
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from engine.errors import UsageError
from engine.spelling import did_you_mean
from engine.telling import cut, kind_of

__all__ = ["Account", "AccountExists", "NoSuchAccount", "Status", "is_id", "new_id", "status", "title", "told"]

Status = Literal["active", "needs_reauth", "failing", "disabled"]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: The longest name, in characters.
LONGEST = 200


@dataclass(frozen=True)
class Account:
    """A stored connection to a provider.

    `values` are the fields of its connection that are no secrets, `secrets` the names of those that are. `status` is
    `active`; `needs_reauth`, its credentials are refused; `failing`, its provider cannot be read; or `disabled`, by a
    person; `status_reason` says why. `overrides` is what this customer has different from the mapping, as a tree.
    `version` counts how often the credentials were replaced. `checked_at` is when a status was last known from a call.
    """

    id: str
    provider: str
    name: str
    status: Status
    status_reason: str | None
    values: Mapping[str, Any]
    secrets: frozenset[str]
    overrides: Mapping[str, Any] | None
    version: int
    created_at: datetime
    updated_at: datetime
    checked_at: datetime | None


class NoSuchAccount(UsageError):
    """There is no account of this id."""

    def __init__(self, account: object) -> None:
        super().__init__(f"there is no account {told(account)}")


class AccountExists(UsageError):
    """There is an account of this id already."""

    def __init__(self, account: str) -> None:
        super().__init__(f"there is an account {told(account)} already; leave the id out, or take another")


def told(account: object) -> str:
    """Return an id as it may be shown, whatever it is."""
    return cut(account, 80) if isinstance(account, str) and is_id(account) else "of this id"


def is_id(text: object) -> bool:
    """Whether a text can be the id of an account."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def new_id() -> str:
    """Return a new id, a UUID of version 7: later ones are greater, so that a list goes on where it was left."""
    number = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=number & ~(3 << 62) | 2 << 62))


def status(text: object) -> Status:
    """Check a status. Raises UsageError."""
    for known in get_args(Status):
        if text == known:
            return known  # type: ignore[no-any-return]
    shown = f"{cut(text, 80)!r}" if isinstance(text, str) else kind_of(text)
    raise UsageError(f"{shown} is no status of an account; {did_you_mean(str(text)[:80], get_args(Status))}")


def title(text: object) -> str:
    """Check what an account or a key is called, and return it without blanks around it. Raises UsageError."""
    if not isinstance(text, str):
        raise UsageError(f"a name is text, and not {kind_of(text)}")
    name = text.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UsageError(f"a name has 1 to {LONGEST} characters, and none that cannot be shown")
    return name
