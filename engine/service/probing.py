"""Checking an account: the probe of its mapping, and a record of each resource, to see which rights are missing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from engine.client import Exchange
from engine.errors import ProviderError, UsageError
from engine.report import Note
from engine.service.accountbodies import Right
from engine.service.failures import Failure, of_provider, of_usage
from engine.service.live import SAID, Connected, Reading
from engine.service.parameters import Asked
from engine.service.parts import Parts
from engine.store import Account

__all__ = ["probe", "rights"]

#: How many requests to look for one record, and for how many seconds: an empty LMS is not searched through.
REQUESTS = 20
SECONDS = 15.0
#: How many missing rights of a resource are told.
TOLD = 10


async def probe(parts: Parts, account: Account) -> Failure | None:
    """Make the request that proves an account, and keep what it tells; return what was wrong."""
    await parts.channels.drop(account.id)  # credentials that were refused stay so on the channel they were refused on
    connected = await parts.connected(account, again=True)
    seen: list[Exchange] = []
    try:
        async with asyncio.timeout(parts.settings.page_seconds), parts.live.client(connected, seen.append) as client:
            try:
                await client.check()
            except ProviderError as error:
                await parts.failed(account, error)
                return of_provider(error, _said(client.redact, seen))
    except UsageError as error:  # the connection lacks what the request is made of
        return of_usage(error)
    except TimeoutError:
        return Failure(504, f"the provider did not answer within {parts.settings.page_seconds:g} seconds", remote=True)
    await parts.worked(account)
    return None


async def rights(parts: Parts, account: Account) -> dict[str, Right]:
    """Return which resources can be read: a record of each is looked for."""
    connected = await parts.connected(account, again=True)
    return {name: await _right(parts, connected, name) for name in connected.loaded.mapping.resources}


async def _right(parts: Parts, account: Connected, resource: str) -> Right:
    """Look for a record of a resource."""
    failure: ProviderError | None = None
    found = bounded = False
    async with _bounded(parts, account, resource) as (reading, bound):
        try:
            async with bound, aclosing(parts.live.items(reading, SECONDS * 2)) as items:
                found = await anext(items, None) is not None
        except ProviderError as error:
            failure = error
        except TimeoutError:
            bounded = True
    notes = [note for note in reading.report.notes if note.kind in ("parent_failed", "tolerated")]
    forbidden = [note.what for note in notes if note.cause == "forbidden"]
    if failure is not None and failure.word == "forbidden":
        forbidden.insert(0, str(failure))
    message = _message(failure, notes, bounded=bounded)
    readable = True if found else False if failure or forbidden else None if bounded or notes else True
    return Right(readable=readable, forbidden=list(dict.fromkeys(forbidden))[:TOLD], message=message)


@asynccontextmanager
async def _bounded(parts: Parts, account: Connected, resource: str) -> AsyncIterator[tuple[Reading, asyncio.Timeout]]:
    """Prepare to look for a record, within so many seconds and requests."""
    made = 0
    bound = asyncio.timeout(SECONDS)

    def count(_: Exchange) -> None:
        nonlocal made
        made += 1
        if made == REQUESTS:
            bound.reschedule(asyncio.get_running_loop().time())

    asked = Asked(account.id, limit=1)
    async with parts.live.reading(asked, resource, account, on_exchange=count) as reading:
        yield reading, bound


def _message(failure: ProviderError | None, notes: list[Note], *, bounded: bool) -> str | None:
    """Return what was wrong, where it was no right that is missing."""
    if failure is not None and failure.word != "forbidden":
        return str(failure)
    others = [note.what for note in notes if note.cause != "forbidden" and note.kind == "parent_failed"]
    if others:
        return others[0]
    return f"no record was found with {REQUESTS} requests" if bounded and not notes else None


def _said(redact: Callable[[str], str], seen: list[Exchange]) -> str | None:
    """Return the beginning of the provider's last error answer, without secrets."""
    failed = [one.response for one in seen if one.response.status >= 400]
    return redact(failed[-1].text[: 10 * SAID])[:SAID] if failed else None
