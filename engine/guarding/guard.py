"""The guard: to which addresses requests may go that others have a say in, such as customers and providers.

A host is resolved once for each connection, all its addresses are judged, and the connection is made to one of them.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cached_property
from ipaddress import ip_address
from typing import Any

from engine.arguments import several
from engine.errors import Blocked, Unreachable, UsageError
from engine.guarding import hosts
from engine.guarding.allowed import AllowList
from engine.guarding.networks import Address, Kind, behind, kind_of_address
from engine.guarding.transport import GuardedTransport, parts, trusted
from engine.telling import shown

__all__ = ["PORTS", "Guard", "Resolve"]

log = logging.getLogger("rollbook")

#: Gives the addresses of a name, for a port. Raises OSError where there are none.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
#: The ports of public servers that requests may go to.
PORTS = (80, 443)
#: How long the addresses of a name are waited for where no request sets a time, in seconds.
SECONDS = 10.0

_OWN = "give the address of the LMS as it stands in a browser"


async def _resolve(host: str, port: int) -> list[str]:
    """Ask the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class Guard:
    """What judges addresses. One serves any number of runs at once; each has its own `transport()`.

    `allow` names servers of one's own network: hosts and networks, with or without a port. `ports` are the usual ones,
    for public servers and for entries without a port. Raises UsageError for an entry that is none.
    """

    def __init__(self, allow: Iterable[str] = (), *, ports: Iterable[int] = PORTS, resolve: Resolve = _resolve) -> None:
        give = "a list of ports, such as [80, 443]"
        self._ports = frozenset(several("ports", ports, (int,), give, "a whole number, such as 443"))
        if not all(0 < port < 65536 for port in self._ports):
            raise UsageError(f"an entry of `ports` is no port; give {give}")
        self._allow = AllowList(allow, self._ports)
        self._resolve = resolve

    def transport(self, *, ssl_context: ssl.SSLContext | None = None, network: Any = None) -> GuardedTransport:
        """Return what a run is given as its `transport`, and closes at its end."""
        return GuardedTransport(self.look, self.addresses, ssl_context or self._trusted, network)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Whom TLS trusts: read once, since it takes longer than a request."""
        return trusted()

    async def check(self, url: str) -> None:
        """Resolve and judge an address that is to be stored. Raises Blocked, or Unreachable where nobody knows it.

        It will be judged again whenever it is used, since it may lead elsewhere by then.
        """
        try:
            found = parts(url)
        except ValueError:
            raise Blocked("this is not an address", do=_OWN) from None
        self.look(*found)
        try:
            async with asyncio.timeout(SECONDS):
                await self.addresses(*found[2:])
        except TimeoutError:
            raise _unknown(found[2]) from None

    def look(self, scheme: str, before: bytes, host: str, port: int) -> Address | str:
        """Return the host of a request, where nothing of its spelling and port speaks against it. Raises Blocked."""
        if scheme not in ("http", "https"):
            raise Blocked(f"{shown(scheme)} is no scheme of the web", do="give an address with https://")
        if before:
            raise Blocked("user name or password stand before the host of the address", do=_OWN)
        return self._read(host, port)

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a host, to connect to. Raises Blocked if any of them is none to go to."""
        read = self._read(host, port)
        found = [read] if not isinstance(read, str) else await self._found(read, port)
        for address in found:
            kind = kind_of_address(address)
            if not self._passes(read, port, address, kind):
                raise self._blocked(read, port, address, kind)
        return found

    def _read(self, host: str, port: int) -> Address | str:
        """Return a host that there is any chance for; for all others nobody is asked."""
        try:
            read = hosts.read(host)
        except ValueError as error:
            raise Blocked(f"{shown(host)} {error}", do=_OWN) from None
        if not self._allow.knows(read, port):
            if isinstance(read, str) and hosts.is_local(read):
                raise self._blocked(read, port, read, None)
            if port not in self._ports:
                raise self._wrong_port(read, port)
        return read

    async def _found(self, name: str, port: int) -> list[Address]:
        try:
            texts = await self._resolve(name, port)
            # Where a system names the interface as well, the address is link-local, and is judged as such.
            found = list(dict.fromkeys(ip_address(text.partition("%")[0]) for text in texts))
        except (OSError, ValueError):
            raise _unknown(name) from None
        if not found:
            raise _unknown(name)
        return found

    def _passes(self, host: Address | str, port: int, address: Address, kind: Kind | None) -> bool:
        """Whether requests to a host may go to this address."""
        if kind is None and port in self._ports and not (isinstance(host, str) and hosts.is_local(host)):
            return True
        if kind is not None and kind.opened == "never":
            return False
        inner = behind(address)
        if inner is not None and not self._passes(host, port, inner, kind_of_address(inner)):
            return False
        return self._allow.opens(host, port, address, kind)

    def _blocked(self, host: Address | str, port: int, address: Address | str, kind: Kind | None) -> Blocked:
        """Return the error. What a name leads to is told in the log only: others could read a network from errors."""
        what = kind.words if kind else "of the own network" if host == address else "public"
        log.warning("the guard blocks %s: %s is %s", hosts.written(host, port), address, what)
        entry = hosts.written(host, None if port in self._ports else port)
        if kind is None and not (isinstance(host, str) and hosts.is_local(host)):
            return self._wrong_port(host, port)
        if isinstance(host, str):
            what = f"`{host}` is not a public server"
            do = f"if it is one of your own, let `{entry}` or its network be added to the allow-list of the guard"
            return Blocked(what, do=do)
        do = f"if a server of yours is there, let `{entry}` be added to the allow-list of the guard"
        return Blocked(f"`{host}` is {what}", do=_OWN if kind is None or kind.opened == "never" else do)

    def _wrong_port(self, host: Address | str, port: int) -> Blocked:
        usual = ", ".join(str(port) for port in sorted(self._ports))
        entry = hosts.written(host, port)
        what = f"`{entry}`: requests go to the ports {usual} only"
        return Blocked(what, do=f"if this is right, let `{entry}` be added to the allow-list of the guard")


def _unknown(host: str) -> Unreachable:
    return Unreachable(f"nobody knows an address of {shown(host)}", do="check the address of the connection")
