"""What may not be in a recording, looked for once more in what is about to be written: nobody's eye sees all of it."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from engine.recording.addresses import URL
from engine.recording.fields import EMAIL
from engine.recording.inventing import is_reserved
from engine.recording.secrets import Secrets, decoded

__all__ = ["leftovers"]


def leftovers(value: Any, where: str, secrets: Secrets, people: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
    """Yield what is still in a recording, and where: secrets, addresses that may be somebody's, names of people.

    `allowed` are the hosts that may be named. What is found is told by its kind, never by itself.
    """
    names, hosts = [name for name in people if len(name) > 3], set(allowed)
    for place, text in _texts(value, where):
        if secrets.holds(text):
            yield f"{place}: a secret"
        found = {what for variant in decoded(text) for what in _in_text(variant, names, hosts)}
        yield from (f"{place}: {what}" for what in sorted(found))


def _in_text(text: str, names: list[str], hosts: set[str]) -> Iterator[str]:
    for found in EMAIL.finditer(text):
        domain = found[0].replace("%40", "@").rpartition("@")[2]
        if not is_reserved(domain):
            yield "an e-mail address of a domain that may be somebody's"
    for found in URL.finditer(text):
        host = _host(found[0])
        if "." in host and host not in hosts and not is_reserved(host):
            yield "an address of a host that may be somebody's"
    for name in names:
        if name in text and _stands_alone(name, text):
            yield "a person's name, login or address"


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return "not.read"


def _stands_alone(name: str, text: str) -> bool:
    """Whether a name stands in a text, and not within a word."""
    start = -1
    while (start := text.find(name, start + 1)) >= 0:
        before, after = text[start - 1 : start] if start else "", text[start + len(name) : start + len(name) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
    return False


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a value, keys too, and where it stands."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{where}, a key", str(key)
            yield from _texts(part, f"{where}.{key}" if not _is_odd(key) else f"{where}.…")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, f"{where}[{number}]")
    elif isinstance(value, str):
        yield where, value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield where, str(value)


def _is_odd(key: str) -> bool:
    """Whether a key may itself be what is not to be told."""
    return len(str(key)) > 60 or "@" in str(key)
