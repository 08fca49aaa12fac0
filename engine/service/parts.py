"""The parts that a service is made of, as its routes find them; and the account that a request is about."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from engine.errors import Forbidden, MappingError, Missing, ProviderError, Refused, Throttled
from engine.guarding import Guard
from engine.loading import LoadedMapping
from engine.service.access import Access, Caller
from engine.service.catalog import Catalog
from engine.service.channels import Channels
from engine.service.cursors import Cursors
from engine.service.ending import Ending
from engine.service.failures import Failure
from engine.service.live import Connected, Live
from engine.service.metrics import Metrics
from engine.service.readiness import Readiness
from engine.service.settings import Settings
from engine.store import AGAIN, Account, NoSuchAccount, Status, Store

__all__ = ["Asking", "Parts", "Used"]


@dataclass(frozen=True)
class Parts:
    """What a service is made of."""

    settings: Settings
    store: Store
    catalog: Catalog
    access: Access
    channels: Channels
    live: Live
    cursors: Cursors
    metrics: Metrics
    ending: Ending
    readiness: Readiness
    guard: Guard

    async def account(self, id: str, caller: Caller) -> Account:  # noqa: A002 - the word for it
        """Return an account that the caller may use. Raises Failure 404 where there is none of this id."""
        if not caller.may_use(id):  # the same answer: whether there is one is nobody else's business
            raise Failure(404, str(NoSuchAccount(id)))
        return await self.found(id)

    async def found(self, id: str) -> Account:  # noqa: A002
        """Return an account, whoever asks. Raises Failure 404."""
        try:
            return await asyncio.to_thread(self.store.accounts.get, id)
        except NoSuchAccount as error:
            raise Failure(404, str(error)) from None

    async def mapping(self, account: Account) -> LoadedMapping:
        """Return the mapping of an account, with what its customer has different. Raises Failure 409."""
        try:
            return await asyncio.to_thread(self.catalog.of, account)
        except KeyError:
            what = f"there is no mapping for {account.provider}, the provider of the account {account.id}"
            raise Failure(409, what) from None
        except MappingError as error:
            what = f"what the account {account.id} has different does not fit the mapping any more"
            raise Failure(409, f"{what}: {error}") from None

    async def connected(self, account: Account, *, again: bool = False) -> Connected:
        """Return an account with its secrets; `again`, also where they were refused. Raises Failure."""
        if account.status == "disabled":
            raise Failure(409, f"the account {account.id} is disabled; enable it before it is read")
        if account.status == "needs_reauth" and not again:
            why = account.status_reason or "its credentials were refused"
            do = "update its credentials, or check it if they hold again"
            raise Failure(401, f"the account {account.id} must be connected anew: {why}; {do}", remote=True)
        loaded = await self.mapping(account)
        connection = await asyncio.to_thread(self.store.accounts.connection, account.id)
        return Connected(account.id, str(account.version), loaded, connection, self.store.keeper(account))

    async def worked(self, account: Account) -> None:
        """Keep that an account could be read, and when."""
        lately = account.checked_at is not None and datetime.now(UTC) - account.checked_at < AGAIN
        if account.status != "active" or not lately:
            await self._mark(account, "active", None)

    async def failed(self, account: Account, error: ProviderError, *, own: bool = True) -> None:
        """Keep that an account could not be read, and why; not what says nothing about the account as a whole.

        Nor where it is not its `own` fault, but may be that of what a caller had for the provider. The log has which
        class of fault, and nothing more.
        """
        self.live.failed(account.id, account.provider, error)
        if isinstance(error, Refused):
            await self.channels.drop(account.id)
        if own and isinstance(error, Refused):
            await self._mark(account, "needs_reauth", error.what)
        elif own and not isinstance(error, _OF_THE_REQUEST):
            await self._mark(account, "failing", error.what)

    async def _mark(self, account: Account, status: Status, why: str | None) -> None:
        mark = self.store.accounts.mark
        with suppress(NoSuchAccount):  # it was deleted meanwhile
            await asyncio.to_thread(mark, account.id, status, why, version=account.version)


#: What a provider does to one request: a right is missing, a thing is not there, or there were too many.
_OF_THE_REQUEST = (Forbidden, Missing, Throttled)


def parts(request: Request) -> Parts:
    """Return the parts of the service that a request came to."""
    found: Parts = request.app.state.parts
    return found


#: Only describes the proof to OpenAPI: what is checked, and how it fails, is `Access`.
_BEARER = HTTPBearer(auto_error=False, description="An API key, as `rollbook keys create` prints it.")


async def caller(request: Request, _: Annotated[object, Security(_BEARER)]) -> Caller:
    """Return who asks. Raises Failure 401 or 429."""
    return await parts(request).access(request)


#: The parts of the service, and who asks: what a route has as its parameters.
Used = Annotated[Parts, Depends(parts)]
Asking = Annotated[Caller, Depends(caller)]
