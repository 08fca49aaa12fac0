"""Connecting accounts in a browser: the way to the provider, and what comes of the code that it sends back.

What is needed on the way back waits in the store, encrypted; the browser carries `state`, which only names it.
"""

import asyncio
import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from engine import calls
from engine.auth import CodeTokens, address
from engine.channel import Channel
from engine.client import Client
from engine.errors import ProviderError, Unsealed
from engine.loading import LoadedMapping
from engine.mapping import OAuth2
from engine.placing import MARK
from engine.report import Report
from engine.service.failures import Detail, Failure
from engine.service.parts import Parts
from engine.service.stored import told
from engine.service.supplied import secret_fields
from engine.store import Account

__all__ = ["CALLBACK", "SECONDS", "Granting", "Way", "begin", "come_back", "grant_of"]

#: Where browsers come back to, below the public address of the service.
CALLBACK = "/oauth/callback"
#: How long somebody may take at the provider, in seconds.
SECONDS = 900
#: What `state` is sealed for.
PURPOSE = "oauth state"


@dataclass(frozen=True)
class Granting:
    """An account that is being connected: a new one, or one that there is (`account`), and who began it."""

    provider: str
    name: str
    values: dict[str, Any] = field(repr=False)
    actor: str
    id: str | None = None
    account: str | None = None
    verifier: str = field(default="", repr=False)


@dataclass(frozen=True)
class Way:
    """Where to send a browser, and until when (seconds since 1970) it may come back."""

    url: str
    until: int


def grant_of(loaded: LoadedMapping) -> OAuth2:
    """Return the grant of a mapping. Raises Failure 409 where its accounts are not connected in a browser."""
    oauth2 = loaded.mapping.http.auth.oauth2
    if oauth2 is None or oauth2.authorize is None:
        name = loaded.mapping.provider.id
        raise Failure(409, f"accounts of {name} are not connected in a browser; use POST /integrated-accounts")
    return oauth2


async def begin(parts: Parts, loaded: LoadedMapping, granting: Granting, connection: dict[str, Any]) -> Way:
    """Let what is needed later wait in the store, and return where to send a browser. Raises Failure."""
    oauth2, scope = grant_of(loaded), _scope(connection)
    base = calls.fill(loaded.mapping.http.base_url, scope)
    for template in (oauth2.token_url, oauth2.asked.token_url):
        if template is not None:
            await _judge(parts, calls.whole(calls.fill(template, scope), base))
    verifier = secrets.token_urlsafe(48)
    waiting = {**asdict(granting), "verifier": verifier}
    name = await asyncio.to_thread(parts.store.waiting.put, waiting, SECONDS)
    until, back = int(time.time()) + SECONDS, _back(parts)
    state = parts.store.ring.seal(PURPOSE, json.dumps([name, until]).encode(), [back])
    return Way(address(oauth2, scope, base, redirect_uri=back, state=state, verifier=verifier), until)


async def _judge(parts: Parts, url: str) -> None:
    try:
        await parts.guard.check(url)
    except ProviderError as error:
        what = f"the address for tokens is none to go to: {error}"
        raise Failure(400, what, [Detail("connection", what)]) from None


def _back(parts: Parts) -> str:
    """Return where browsers come back to. Raises Failure 409 where nobody said where they reach the service."""
    if not parts.settings.public_url:
        what = "browsers do not know the way back to this service"
        raise Failure(409, f"{what}; set ROLLBOOK_PUBLIC_URL to where they reach it")
    return parts.settings.public_url + CALLBACK


async def come_back(parts: Parts, state: str) -> Granting:
    """Return what a browser was sent to the provider for, once. Raises Failure 400."""
    try:
        name, until = json.loads(parts.store.ring.open(PURPOSE, state, [_back(parts)]))
    except Unsealed:
        raise Failure(400, "this is no way back that this service has given") from None
    found = await asyncio.to_thread(parts.store.waiting.take, name) if until > time.time() else None
    if found is None:
        raise Failure(400, "this way back was used already, or its time is over; begin again")
    return Granting(**found)


class Exchange:
    """The exchange of a code for tokens, and of these for an account."""

    def __init__(self, parts: Parts, granting: Granting) -> None:
        self._parts = parts
        self._granting = granting
        self.account: Account | None = None

    async def run(self, code: str) -> Account:
        """Return the account, connected and probed; what the probe tells is kept in its status.

        Raises Failure, or a ProviderError where there is no token for the code.
        """
        loaded, connection = await self._needed()
        oauth2, scope = grant_of(loaded), _scope(connection)
        tokens = CodeTokens(
            oauth2,
            scope,
            calls.fill(loaded.mapping.http.base_url, scope),
            code=code,
            redirect_uri=_back(self._parts),
            verifier=self._granting.verifier,
        )

        async def keep(replaced: Any) -> None:
            self.account = await self._keep(loaded, dict(replaced), tokens)

        patience = self._parts.settings.patience_seconds
        channel = Channel(loaded.mapping, scope, transport=self._parts.live.transport(), on_token=keep, auth=tokens)
        try:
            async with asyncio.timeout(self._parts.settings.page_seconds), channel:
                report, holes = Report(provider=self._granting.provider), {**scope, "token": MARK}
                called = partial(self._parts.metrics.called, self._granting.provider)
                client = Client(loaded.mapping, holes, report, patience=patience, on_exchange=called, channel=channel)
                async with client:
                    await client.check()
        except ProviderError as error:
            if self.account is None:
                raise
            await self._parts.failed(self.account, error)
        except TimeoutError:
            if self.account is None:
                raise Failure(504, "the provider did not answer in time; begin again") from None
        else:
            if self.account is None:
                raise Failure(502, "the provider gave no token")
            await self._parts.worked(self.account)
        return self.account

    async def _needed(self) -> tuple[LoadedMapping, dict[str, Any]]:
        """Return the mapping and everything that is known of the connection. Raises Failure."""
        granting, parts = self._granting, self._parts
        if granting.account is None:
            loaded = parts.catalog.get(granting.provider)
            if loaded is None:
                raise Failure(409, f"there is no mapping for {granting.provider} any more")
            return loaded, granting.values
        account = await told(parts.store.accounts.get, granting.account)
        there = await told(parts.store.accounts.connection, granting.account)
        return await parts.mapping(account), {**there, **granting.values}

    async def _keep(self, loaded: LoadedMapping, replaced: dict[str, Any], tokens: CodeTokens) -> Account:
        """Store the account with its refresh token, and the access token beside it."""
        granting, accounts = self._granting, self._parts.store.accounts
        values, secret = {**granting.values, **replaced}, secret_fields(loaded.mapping)
        there = granting.account if self.account is None else self.account.id  # renewed again while it is probed
        account: Account
        if there is None:
            made = {"secret": secret, "id": granting.id, "actor": granting.actor}
            account = await told(accounts.create, granting.provider, granting.name, values, **made)
        else:
            account = await told(accounts.update, there, values=values, secret=secret, actor=granting.actor)
        await asyncio.to_thread(accounts.keep_token, account.id, {}, tokens.held(), version=account.version)
        await self._parts.channels.drop(account.id)
        return account


def _scope(connection: dict[str, Any]) -> dict[str, Any]:
    return {"connection": connection}
