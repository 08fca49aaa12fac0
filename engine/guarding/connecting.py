"""Connections to addresses that were judged, and to no others: what is connected to is an address, never a name.

The host's name stays that of the request and of TLS. Where there are several addresses, the next is tried when one
fails or lets wait (RFC 8305).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

import httpcore2

from engine.guarding.networks import Address

__all__ = ["Connections", "Find"]

#: Gives the addresses of a host that a connection may be made to, in the order to try them. Raises a ProviderError.
Find = Callable[[str, int], Awaitable[Sequence[Address]]]
Stream = httpcore2.AsyncNetworkStream
Attempt = Callable[[Address], Awaitable[Stream]]

#: How many addresses of a host are tried at most, and how many seconds an attempt has before the next joins it.
MOST = 8
HEAD_START = 0.25


class Connections(httpcore2.AsyncNetworkBackend):
    """A network backend. `network` makes the connections, to addresses; it may stand in for the network."""

    def __init__(self, find: Find, network: httpcore2.AsyncNetworkBackend | None = None) -> None:
        self._find = find
        self._network = network or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is that of the library
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> Stream:
        """Resolve a host once and connect to what was found. Raises a ProviderError where it may not be."""

        async def attempt(address: Address) -> Stream:
            return await self._network.connect_tcp(str(address), port, None, local_address, socket_options)

        try:
            async with asyncio.timeout(timeout):
                found = await self._find(host, port)
                return await _first(found[:MOST], attempt)
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is that of the library
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> Stream:
        """Refuse: a file of this machine is no address."""
        del path, timeout, socket_options
        raise httpcore2.UnsupportedProtocol("a request cannot go to a file of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _first(addresses: Sequence[Address], attempt: Attempt) -> Stream:
    """Return the first connection there is; those begun beside it are given up. Raises what the last one raised."""
    waiting = list(addresses)
    tasks: list[asyncio.Future[Stream]] = []
    won: asyncio.Future[Stream] | None = None
    try:
        while won is None:
            if waiting:
                tasks.append(asyncio.ensure_future(attempt(waiting.pop(0))))
            running = [task for task in tasks if not task.done()]
            if running:
                await asyncio.wait(
                    running, timeout=HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
                )
            won = next((task for task in tasks if task.done() and task.exception() is None), None)
            if won is None and not waiting and all(task.done() for task in tasks):
                return tasks[-1].result()
        return won.result()
    finally:
        await _give_up([task for task in tasks if task is not won])


async def _give_up(tasks: Sequence[asyncio.Future[Stream]]) -> None:
    for task in tasks:
        task.cancel()
    for stream in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(stream, BaseException):
            with suppress(Exception):
                await stream.aclose()
