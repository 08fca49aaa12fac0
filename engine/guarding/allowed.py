"""The allow-list: servers of one's own network that requests may go to, by name or network, with or without a port."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from engine.arguments import several
from engine.errors import UsageError
from engine.guarding import hosts
from engine.guarding.networks import Address, Kind, Network, closed
from engine.guarding.transport import parts
from engine.telling import shown

__all__ = ["AllowList"]

_ENTRY = re.compile(r"\[(?P<bracketed>[^\[\]]*)\](:(?P<port6>[0-9]+))?|(?P<plain>[^:\[\]]*)(:(?P<port>[0-9]+))?")
_EXAMPLES = "such as `lms.school.example:8443`, `10.20.0.0/16` or `[fd12::/48]:8080`"


@dataclass(frozen=True)
class _Entry:
    """A name or a network, and the one port it is for; None for the usual ones."""

    host: str | Network
    port: int | None

    def opens(self, host: Address | str, address: Address, kind: Kind | None) -> bool:
        """Whether it is for a host with this address. What a name leads to is in the hands of who keeps the name."""
        if not isinstance(self.host, str):
            return address in self.host
        named = kind is None or kind.opened == "name" or (kind.opened == "localhost" and self.host == "localhost")
        return self.host == host and named


class AllowList:
    """Entries such as `lms.school.example`, `10.20.0.0/16` or `[fd12::1]:8443`. Raises UsageError for others."""

    def __init__(self, entries: Iterable[str], usual: frozenset[int]) -> None:
        give = f"a list of hosts and networks, {_EXAMPLES}"
        self._entries = [_read(text) for text in several("allow", entries, (str,), give, f"text, {_EXAMPLES}")]
        self._usual = usual

    def knows(self, host: Address | str, port: int) -> bool:
        """Whether there may be an entry for a host and a port, whatever its addresses are."""
        return any(entry.host == host or not isinstance(entry.host, str) for entry in self._at(port))

    def opens(self, host: Address | str, port: int, address: Address, kind: Kind | None) -> bool:
        """Whether an entry opens a host with this address of this kind, at this port."""
        return any(entry.opens(host, address, kind) for entry in self._at(port))

    def _at(self, port: int) -> Iterable[_Entry]:
        return (entry for entry in self._entries if entry.port == port or (entry.port is None and port in self._usual))


def _read(text: str) -> _Entry:
    written = text.strip()
    try:
        return _entry(f"[{written}]" if written.count(":") > 1 and "[" not in written else written)
    except ValueError as error:
        raise UsageError(f"the entry {shown(text)} of the allow-list {error}; write a host, {_EXAMPLES}") from None


def _entry(text: str) -> _Entry:
    found = _ENTRY.fullmatch(text)
    if "//" in text or found is None:
        raise ValueError("is an address with more than host and port" if "//" in text else "cannot be read")
    host, port = found["bracketed"] or found["plain"] or "", found["port6"] or found["port"]
    if port is not None and not 0 < int(port[:9]) < 65536:
        raise ValueError("has a port that there is not")
    return _Entry(_network(host) if "/" in host else _one(host), None if port is None else int(port))


def _one(text: str) -> str | Network:
    """Return a single host; an address is a network of one."""
    if "*" in text:
        raise ValueError("has a `*`, which would open whatever somebody names so")
    host = hosts.read(text if text.isascii() else parts(f"https://{text}")[2])
    return host if isinstance(host, str) else _openable(ip_network(host))


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError("is no network: after `/` comes its length, and the bits beyond it are zero") from None
    return _openable(network)


def _openable(network: Network) -> Network:
    kind = closed(network)
    if kind is not None:
        raise ValueError(f"is {kind.words}, which nothing opens")
    return network
