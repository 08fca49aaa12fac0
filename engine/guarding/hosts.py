"""How a host may be spelled: a name, an IPv4 address as four plain numbers, or an IPv6 address; nothing else.

Whatever else a resolver or a system takes for an address (2130706433, 0x7f.1, 0177.0.0.1, 127.1) is refused, so that
what is judged is what is connected to.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from engine.guarding.networks import Address

__all__ = ["is_local", "read", "written"]

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
#: A last part of a host that makes all of it a number for what reads addresses as browsers and systems do.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: Names that no public server answers for: they are of this machine or of the network it is in.
_LOCAL = (
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa",
)  # fmt: skip


def read(text: str) -> Address | str:
    """Return a host: its address, or its name in the one form that can be compared. Raises ValueError."""
    if ":" in text:
        return _v6(text)
    name = text.lower().removesuffix(".") if text.isascii() else ""
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _v4(text)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("is no name that a host can have")
    return name


def _v6(text: str) -> Address:
    if "%" in text:
        raise ValueError("names an interface of this machine")
    try:
        return IPv6Address(text)
    except AddressValueError:
        raise ValueError("is no address") from None


def _v4(text: str) -> Address:
    try:
        return IPv4Address(text)
    except AddressValueError:
        raise ValueError("is an IP address in a spelling that hides it, or none") from None


def is_local(name: str) -> bool:
    """Whether a name is one of this machine or of the network it is in, whatever a resolver says."""
    return "." not in name or any(name == local or name.endswith(f".{local}") for local in _LOCAL)


def written(host: Address | str, port: int | None = None) -> str:
    """Return a host, with a port, as it is written in the allow-list."""
    shown = f"[{host}]" if isinstance(host, IPv6Address) and port is not None else str(host)
    return shown if port is None else f"{shown}:{port}"
