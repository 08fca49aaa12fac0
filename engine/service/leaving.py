"""Work for a client that may leave before it is done: then nobody wants it, and the provider is spared the rest."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

__all__ = ["for_client"]

T = TypeVar("T")


async def for_client(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Do work whose request has no body, and return what comes of it. Raises ClientDisconnect once the client has left.

    Work that is given up is cancelled and has ended, in order, when this raises.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            leaving.result()  # too slow or too large a body, which a GET can have as well
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
