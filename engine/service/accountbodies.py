"""An account as callers send and see it. Secrets come in and never go out: of them only the names are shown."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from engine.service.bodies import Body
from engine.service.described import ErrorBody
from engine.store import Account, Status

__all__ = [
    "AccountBody",
    "AccountList",
    "AuthorizedAccount",
    "ChangedAccount",
    "CheckBody",
    "NamedAccount",
    "NewAccount",
    "Nothing",
    "ReauthorizedAccount",
    "Right",
]


class NewAccount(Body):
    """An account to be kept."""

    provider: str = Field(description="The id of its provider, as `GET /providers` lists them.")
    name: str = Field(description="What it is called.")
    connection: dict[str, Any] = Field(description="What `GET /providers/{id}` asks for in `form`.")
    id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Its id, where it is to be one of your own."
    )
    check_: bool = Field(False, alias="check", description="Whether to keep it only if its provider accepts it.")


class AuthorizedAccount(Body):
    """An account to be connected in a browser."""

    provider: str = Field(description="The id of its provider; one that `authorizes`.")
    name: str = Field(description="What it is called.")
    connection: dict[str, Any] = Field({}, description="What `GET /providers/{id}` asks for in `authorize_form`.")
    id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Its id, where it is to be one of your own."
    )


class ReauthorizedAccount(Body):
    """An account to be connected anew."""

    connection: dict[str, Any] | None = Field(None, description="Fields to replace with it.")


class ChangedAccount(Body):
    """What is to change of an account; all else stays."""

    name: str | None = Field(None, description="What it is called.")
    connection: dict[str, Any] | None = Field(None, description="Fields to replace; null takes one off.")
    status: Literal["active", "disabled"] | None = Field(None, description="`disabled` keeps it from being read.")


class NamedAccount(Body):
    """An account by its id."""

    id: str


class Nothing(Body):
    """A body without anything in it, which may also be left out."""


class AccountBody(BaseModel):
    """An account."""

    id: str
    provider: str
    name: str
    status: Status = Field(description="Kept from what calls return; `disabled` by whoever may change it.")
    status_reason: str | None = Field(description="What was wrong with the last call, without secrets.")
    connection: dict[str, Any] = Field(description="The fields of its connection that are no secrets.")
    secrets: list[str] = Field(description="The names of the secrets it has.")
    created_at: datetime
    updated_at: datetime
    checked_at: datetime | None = Field(description="When its status was last known from a call.")

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return an account as it is shown."""
        shown = {name: getattr(account, name) for name in cls.model_fields if name not in ("connection", "secrets")}
        return cls(**shown, connection=dict(account.values), secrets=sorted(account.secrets))


class AccountList(BaseModel):
    """A page of accounts, in the order they were made."""

    result: list[AccountBody]
    next_cursor: str | None
    prev_cursor: None
    result_count: int
    limit: int


class Right(BaseModel):
    """Whether one resource can be read."""

    readable: bool | None = Field(description="Null where nothing was found in the requests that a check makes.")
    forbidden: list[str] = Field(description="What the provider said the account may not do.")
    message: str | None = Field(None, description="What was wrong otherwise.")


class CheckBody(BaseModel):
    """What a check found."""

    account: AccountBody
    works: bool = Field(description="Whether the provider accepts the credentials.")
    error: ErrorBody | None = Field(None, description="What was wrong, where it does not.")
    resources: dict[str, Right] = Field(description="What can be read with them.")
