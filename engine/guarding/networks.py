"""IP addresses that are not of the public internet, what they are, and what of the allow-list opens them.

A table of our own, since that of Python calls NAT64, 6to4, multicast and others global. What is in neither table is
refused as well.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Literal

__all__ = ["KINDS", "Address", "Kind", "Network", "behind", "closed", "kind_of_address"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
#: `name`: an entry with the host's name or with a network. `localhost`: this name, or a network. `network`: only that.
Opened = Literal["name", "localhost", "network", "never"]


@dataclass(frozen=True)
class Kind:
    """What the addresses of some networks are. The first kind with an address is the one it is of."""

    words: str
    opened: Opened
    networks: tuple[Network, ...]


def _kind(words: str, opened: Opened, *networks: str) -> Kind:
    return Kind(words, opened, tuple(ip_network(network) for network in networks))


_METADATA = _kind(
    "the metadata service of a cloud", "never",
    "169.254.169.254/32",  # AWS, Azure, Google Cloud, Oracle, DigitalOcean and others
    "169.254.170.0/24",  # AWS: credentials of containers
    "169.254.42.42/32", "fd00:42::42/128",  # Scaleway
    "100.100.100.200/32",  # Alibaba
    "168.63.129.16/32",  # Azure, though the address is public
    "192.0.0.192/32",  # Oracle
    "fd00:ec2::/32",  # AWS
    "fd20:ce::254/128",  # Google Cloud
)  # fmt: skip
_TRANSLATED = _kind("an address translated to IPv4 (NAT64)", "network", "64:ff9b::/96")
_EMBEDDED = _kind(
    "an IPv4 address inside an IPv6 address", "never",
    "::ffff:0:0/96",  # mapped
    "::ffff:0:0:0/96",  # translated
    "::/96",  # compatible
    "64:ff9b:1::/48",  # NAT64 of a network of its own: where in it the IPv4 address is, nobody can tell
    "2002::/16", "192.88.99.0/24",  # 6to4
    "2001::/32",  # Teredo
)  # fmt: skip
_RESERVED = _kind(
    "a reserved address", "never",
    "192.0.0.0/24", "240.0.0.0/4", "100::/32", "2001::/23", "5f00::/16",
)  # fmt: skip

KINDS: tuple[Kind, ...] = (
    _METADATA,
    _kind("no address but every address of this machine", "never", "0.0.0.0/8", "::/128"),
    _kind("this machine itself (loopback)", "localhost", "127.0.0.0/8", "::1/128"),
    _kind("a private address", "name", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    _kind("an address shared behind a provider (CGNAT)", "name", "100.64.0.0/10"),
    _kind("a link-local address", "network", "169.254.0.0/16"),
    _kind("a link-local address of IPv6", "never", "fe80::/10"),  # it is none without the name of an interface
    _kind("a site-local address", "network", "fec0::/10"),
    _kind("an address for benchmarks", "network", "198.18.0.0/15", "2001:2::/48"),
    _kind(
        "an address for documentation", "network",
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20",
    ),
    _kind("a multicast address", "never", "224.0.0.0/4", "ff00::/8"),
    _TRANSLATED,
    _EMBEDDED,
    _RESERVED,
)  # fmt: skip

#: What of IPv6 is given out to the public internet.
_PUBLIC = IPv6Network("2000::/3")


def kind_of_address(address: Address) -> Kind | None:
    """Return what an address is that is not public; None for one of the public internet."""
    if isinstance(address, IPv6Address) and (int(address) >> 32) & 0xFDFF_FFFF == 0x5EFE:
        return _EMBEDDED  # ISATAP: in any network, the IPv4 address after 0:5efe or 200:5efe
    found = next((kind for kind in KINDS if any(address in network for network in kind.networks)), None)
    if found is None and not (address.is_global and (address.version == 4 or address in _PUBLIC)):
        return _RESERVED
    return found


def behind(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an address is translated to on its way (RFC 6052), if it is."""
    if isinstance(address, IPv6Address) and any(address in network for network in _TRANSLATED.networks):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def closed(network: Network) -> Kind | None:
    """Return the kind that all of a network is of and that nothing opens, if there is one."""
    first, last = kind_of_address(network[0]), kind_of_address(network[-1])
    return first if first is last and first is not None and first.opened == "never" else None
