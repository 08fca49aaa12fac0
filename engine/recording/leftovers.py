"""What may not be in a recording, looked for once more in what is about to be written: nobody's eye sees all of it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from engine.recording.addresses import URL
from engine.recording.fields import EMAIL
from engine.recording.inventing import is_reserved
from engine.recording.secrets import Secrets, decoded

__all__ = ["Leftovers"]

#: How long a name is at least that is looked for.
_LEAST = 4
#: Where a name may begin: not within a word.
_BEGINNING = re.compile(r"(?<![^\W_])(?=\S)")


class Leftovers:
    """Looks for secrets, addresses that may be somebody's, and names. `allowed` are the hosts that may be named."""

    def __init__(self, secrets: Secrets, people: Iterable[str], allowed: Iterable[str]) -> None:
        self._secrets = secrets
        self._hosts = set(allowed)
        self._names: dict[str, list[str]] = {}
        for name in people:
            if len(name) >= _LEAST:
                self._names.setdefault(name[:_LEAST], []).append(name)
        self._known: dict[str, list[str]] = {}

    def of(self, value: Any, where: str) -> Iterator[str]:
        """Yield what is still in a part of a recording, and where; each is told by its kind, never by itself."""
        for place, text in _texts(value, where):
            if text not in self._known:
                self._known[text] = list(self._found(text))
            yield from (f"{place}: {what}" for what in self._known[text])

    def _found(self, text: str) -> Iterator[str]:
        if self._secrets.holds(text):
            yield "a secret"
        yield from sorted({what for variant in decoded(text) for what in self._in_text(variant)})

    def _in_text(self, text: str) -> Iterator[str]:
        for found in EMAIL.finditer(text):
            domain = found[0].replace("%40", "@").rpartition("@")[2]
            if not is_reserved(domain):
                yield "an e-mail address of a domain that may be somebody's"
        for found in URL.finditer(text):
            host = _host(found[0])
            if "." in host and host not in self._hosts and not is_reserved(host):
                yield "an address of a host that may be somebody's"
        if any(self._is_named(text, found.start()) for found in _BEGINNING.finditer(text)):
            yield "a person's name, login or address"

    def _is_named(self, text: str, start: int) -> bool:
        """Whether somebody's name begins at a place of a text, and does not end within a word."""
        names = self._names.get(text[start : start + _LEAST], ())
        return any(text.startswith(name, start) and not text[start + len(name) :][:1].isalnum() for name in names)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return "not.read"


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
