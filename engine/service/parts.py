"""The parts that a service is made of, as its routes find them; and the account that a request is about."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from engine.errors import MappingError, ProviderError, Refused
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
from engine.store import Account, NoSuchAccount, Status, Store

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

    async def account(self, id: str, caller: Caller) -> Account:  # noqa: A002 - the word for it
        """Return an account that the caller may use. Raises Failure 404 where there is none of this id."""
        if not caller.may_use(id):  # the same answer: whether there is one is nobody else's business
            raise Failure(404, str(NoSuchAccount(id)))
        try:
            return await asyncio.to_thread(self.store.accounts.get, id)
        except NoSuchAccount as error:
            raise Failure(404, str(error)) from None

    async def connected(self, account: Account) -> Connected:
        """Return an account with its secrets. Raises Failure where it cannot be read."""
        if account.status == "disabled":
            raise Failure(409, f"the account {account.id} is disabled; enable it before it is read")
        if account.status == "needs_reauth":
            why = account.status_reason or "its credentials were refused"
            do = "update its credentials, or check it if they hold again"
            raise Failure(401, f"the account {account.id} must be connected anew: {why}; {do}", remote=True)
        try:
            loaded = await asyncio.to_thread(self.catalog.of, account)
        except KeyError:
            what = f"there is no mapping for {account.provider}, the provider of the account {account.id}"
            raise Failure(409, what) from None
        except MappingError as error:
            what = f"what the account {account.id} has different does not fit the mapping any more"
            raise Failure(409, f"{what}: {error}") from None
        connection = await asyncio.to_thread(self.store.accounts.connection, account.id)

        return Connected(account.id, str(account.version), loaded, connection, self.store.keeper(account))

    async def worked(self, account: Account) -> None:
        """Keep that an account could be read."""
        if account.status != "active":
            await asyncio.to_thread(self.store.accounts.mark, account.id, "active", version=account.version)

    async def failed(self, account: Account, error: ProviderError, *, own: bool = True) -> None:
        """Keep that an account could not be read, and why; the log has which class of fault, and nothing more.

        Not where it is not its `own` fault, but may be that of what a caller had for the provider.
        """
        self.live.failed(account.id, account.provider, error)
        status: Status = "needs_reauth" if isinstance(error, Refused) else "failing"
        if isinstance(error, Refused):
            await self.channels.drop(account.id)
        if own:
            mark = self.store.accounts.mark
            await asyncio.to_thread(mark, account.id, status, error.what, version=account.version)


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
