"""What the runs of an account keep between them: the tokens of its provider, renewed by one process at a time.

Shaped as `engine.channel.Keeper`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from engine.store.accounts import Accounts
from engine.store.leases import Patience, Release

__all__ = ["AccountKeeper"]

T = TypeVar("T")


class AccountKeeper:
    """Keeps what belongs to the credentials of `version` of an account; see `Account.version`.

    Raises StoreError from all its methods, also where the credentials were replaced meanwhile.
    """

    def __init__(self, accounts: Accounts, account: str, version: int) -> None:
        self._accounts = accounts
        self._account = account
        self._version = version

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the account against all who would renew its tokens."""
        patience = Patience(f"account {self._account}", self._accounts.lease)
        while (release := await self._take()) is None:  # noqa: ASYNC110 - no event comes from another process
            await asyncio.sleep(patience.pause())
        try:
            yield
        finally:
            await _done(release)

    async def held(self) -> dict[str, Any]:
        """Return the tokens kept last; empty, where there are none."""
        return await _done(lambda: self._accounts.tokens(self._account, version=self._version))

    async def keep(self, held: Mapping[str, Any], replaced: Mapping[str, str]) -> None:
        """Keep tokens, and the fields that the provider replaced; they are on disk when it returns."""
        await _done(lambda: self._accounts.keep_token(self._account, replaced, held, version=self._version))

    async def _take(self) -> Release | None:
        """Try to take the lock. One that is taken while we are cancelled is given back."""
        taking = asyncio.get_running_loop().run_in_executor(None, self._accounts.take, self._account)
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            release = await taking
            if release is not None:
                release()
            raise


async def _done(work: Callable[[], T]) -> T:
    """Do in a thread what is done to its end, also where whoever waits for it is cancelled."""
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, work))
