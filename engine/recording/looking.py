"""Looking through a recording for people and secrets, before anything of it is written."""

import re
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import unquote

from engine.mapping import Mapping as ProviderMapping
from engine.recording.addresses import URL, pairs, split
from engine.recording.fields import EMAIL, IP, PHONE, Kind, is_machine, is_somebody, kind_by_key
from engine.recording.inventing import Inventions
from engine.recording.literals import literals
from engine.recording.secrets import LONG, Secrets, is_secret_key
from engine.recording.walking import Leaf, Marks, Walk

__all__ = ["Looking", "is_number", "is_telling"]

_LISTED = re.compile(r"[,;\s]+")
_LETTERS = re.compile(r"[^\W\d_]{3,}")


class Looking:
    """What is seen of people: their values, each with its kind. Secrets are added to those there are.

    `prose` are the texts of several words that are no person's as a whole.
    """

    def __init__(self, mapping: ProviderMapping, secrets: Secrets) -> None:
        self._secrets = secrets
        self.literals = literals(mapping)
        self.seen: dict[str, Kind] = {}
        self.locals: set[str] = set()
        self._announced: list[tuple[str, bool]] = []
        self._domains: set[str] = set()
        self._machines: set[str] = set()
        self.prose: set[str] = set()

    def look(self, value: Any, where: str, marks: Marks | None = None, key: str = "") -> None:
        """Look through JSON or a text for people and secrets."""
        Walk(self._looked_at, marks).data(value, Leaf("", key, where=where))

    def see(self, values: Iterable[tuple[str, Kind]]) -> None:
        """Take note of values that are people's."""
        for text, kind in values:
            self._see(text, kind)

    def look_at_table(self, text: str, delimiter: str) -> None:
        """Look through CSV."""
        Walk(self._looked_at).table(text, delimiter, "")

    def announce(self, inventions: Inventions, known: Collection[str]) -> None:
        """Announce everybody who was seen, but for the hosts that are `known`."""
        for text, numbers in self._announced:
            inventions.announce(text, numbers=numbers)
        for domain in self._domains - set(known):
            inventions.announce_domain(domain)
        for machine in self._machines:
            inventions.announce_address(machine)

    def _looked_at(self, leaf: Leaf) -> str:
        text = leaf.text
        self._secrets.discover(text)
        if is_secret_key(leaf.key) and len(text) >= LONG and not leaf.is_key and text.casefold() not in self.literals:
            self._secrets.add(text, leaf.key)
        kind = self.kind(leaf)
        if kind is not None:
            self._see(text, kind)
        elif " " in text and not leaf.is_key:
            self.prose.add(text)
        for address in EMAIL.findall(unquote(text)):
            self._see(address, "email")
        for found in URL.finditer(text):
            self._look_at_address(found[0])
        self._machines.update(found for found in IP.findall(text) if is_machine(found))
        for number in PHONE.findall(text):
            self._announced.append((number, True))
        return text

    def _look_at_address(self, url: str) -> None:
        parts = split(url)
        if parts is not None and parts.hostname and not is_machine(parts.hostname) and "." in parts.hostname:
            self._domains.add(parts.hostname.lower())
        for name, value in pairs(parts.query) if parts is not None else ():
            self._looked_at(Leaf(unquote(value), name))

    def kind(self, leaf: Leaf) -> Kind | None:
        """Return what a leaf is of a person; None for nothing, and for what the mapping itself says."""
        if leaf.is_key or not leaf.text.strip() or leaf.text.casefold() in self.literals or URL.match(leaf.text):
            return None
        kind = leaf.kind or kind_by_key(leaf.key, leaf.siblings, leaf.above)
        if kind is None and is_somebody(leaf.key, leaf.text):
            kind = "name"
        if EMAIL.fullmatch(leaf.text.strip()) and kind != "machine":
            return "email" if kind is not None else None
        if leaf.is_number:
            return kind if kind in ("phone", "place") else None
        fits = {"email": "@" in leaf.text, "machine": is_machine(leaf.text)}
        return kind if kind is None or fits.get(kind, True) else None

    def _see(self, text: str, kind: Kind) -> None:
        if text.casefold() in self.literals:
            return
        if kind in ("email", "login") and (parts := _LISTED.split(text.strip())) and len(parts) > 1:
            for part in parts:
                self._see(part, kind)
            return
        if EMAIL.fullmatch(text) and "@" in text and kind in ("email", "login", "name"):
            local, _, domain = text.rpartition("@")
            self._announced.append((local, True))
            self._domains.add(domain.lower())
            self.locals.add(local.casefold())
            self.seen[text] = "email"
        elif kind in ("email", "login", "name") and not is_number(text):
            for address in EMAIL.findall(text):
                self._see(address, "email")
            self._announced.append((EMAIL.sub(" ", text), kind != "name"))
            self.seen[text] = "name" if kind == "name" else "login"
            if kind == "name":
                self._see_as_written_in_links(text)
        elif kind in ("phone", "place"):
            self._announced.append((text, True))
            self.seen.setdefault(text, kind)
        elif kind == "machine" and is_machine(text):
            self._machines.add(text)

    def _see_as_written_in_links(self, name: str) -> None:
        """Take note of a name as it is in addresses of pages and pictures: `ada-byron`, `adabyron`."""
        parts = [part.casefold() for part in _LETTERS.findall(name)]
        for sign in ("-", "_", ".", "") if len(parts) > 1 else ():
            slug = sign.join(parts)
            if slug not in self.literals:
                self._announced.append((slug, False))
                self.seen.setdefault(slug, "login")

    @property
    def people(self) -> Iterable[str]:
        """The values that are people's and would be known anywhere: full names, logins, addresses."""
        return [text for text, kind in self.seen.items() if is_telling(text, kind)]


def is_number(text: str) -> bool:
    """Whether a text is digits alone: an id, whatever it is called."""
    return text.isdecimal()


def is_telling(text: str, kind: Kind) -> bool:
    """Whether a value is somebody's wherever it stands: not a mere first name, not a number."""
    if kind == "name":
        return len(_LETTERS.findall(text)) > 1 or (len(text.split()) > 1 and len(text) > 4)
    return (
        kind == "email"
        or (kind == "login" and len(text) > 2 and not is_number(text))
        or (kind in ("phone", "place") and len(text) > 6)
    )
