"""Exchanges without secrets and people: first everything is looked through, then everything is written anew.

Equal values become equal ones wherever they stand - in answers, addresses, parameters, texts - so that requests still
find their answers and joins their items.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from engine.mapping import Mapping as ProviderMapping
from engine.recording.fields import EMAIL, IP, PHONE, Kind, is_machine, kind_by_key, letters
from engine.recording.inventing import Inventions
from engine.recording.literals import hosts_of, literals
from engine.recording.secrets import LONG, MADE, Secrets, is_secret_key
from engine.recording.walking import Leaf, Marks, Walk
from engine.redaction import is_proof

__all__ = ["ANEW", "STANDARDS", "URL", "Scrubber"]

#: Hosts of standards, which name vocabularies and are nobody's.
STANDARDS = frozenset({"www.w3.org", "schemas.xmlsoap.org", "schemas.microsoft.com", "json-schema.org", "purl.org"})

URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
#: What is only a time or a number, perhaps with the names of months and days.
_TIME = re.compile(
    r"(?:[\d\s.,:/+-]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|\b(?:am|pm|utc|gmt|t|z|st|nd|rd|th)\b|(?<=\d)[tz]|[tz](?=\d))+",
    re.IGNORECASE,
)
#: Parameters that are made anew for each request.
ANEW = frozenset({"assertion", "clientassertion"})
#: From what length on the value of a parameter that is called like a proof is one.
LONGEST_WORD = 12
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_LISTED = re.compile(r"[,;\s]+")
_PART = re.compile(r"[^\W\d_]+")
#: The digests of addresses, by which a service finds pictures of people.
_PICTURE = re.compile(r"(gravatar\.com/avatar/)[0-9a-f]{32,64}", re.IGNORECASE)


class Scrubber:
    """Looks through exchanges, then writes them anew. `hosts` are those of the connection, with what they become."""

    def __init__(self, mapping: ProviderMapping, secrets: Secrets, hosts: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._hosts = {real.lower(): made for real, made in hosts.items()}
        self._literals = literals(mapping)
        self._words_of_mapping = {word for text in self._literals for word in _LETTERS.findall(text)}
        self.named = hosts_of(mapping) | STANDARDS
        self._inventions: Inventions | None = None
        self._seen: dict[str, Kind] = {}
        self._announced: list[tuple[str, bool]] = []
        self._locals: set[str] = set()
        self._domains: set[str] = set()
        self._machines: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    # -- looking ---------------------------------------------------------------------------------------------------

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

    def settle(self) -> None:
        """Invent something for everyone who was seen."""
        inventions = Inventions(self._words_of_mapping, self._secrets.all)
        for text, numbers in self._announced:
            inventions.announce(text, numbers=numbers)
        for domain in self._domains - self.named - set(self._hosts):
            inventions.announce_domain(domain)
        for machine in self._machines:
            inventions.announce_address(machine)
        inventions.settle()
        self._inventions = inventions
        self._pattern = self._known()

    def _looked_at(self, leaf: Leaf) -> str:
        text = leaf.text
        self._secrets.discover(text)
        if is_secret_key(leaf.key) and len(text) >= LONG and not leaf.is_key and text.casefold() not in self._literals:
            self._secrets.add(text, leaf.key)
        kind = self._kind(leaf)
        if kind is not None:
            self._see(text, kind)
        for address in EMAIL.findall(unquote(text)):
            self._see(address, "email")
        for found in URL.finditer(text):
            self._look_at_address(found[0])
        self._machines.update(found for found in IP.findall(text) if is_machine(found))
        for number in PHONE.findall(text):
            self._announced.append((number, True))
        return text

    def _look_at_address(self, url: str) -> None:
        parts = _split(url)
        if parts is not None and parts.hostname and not is_machine(parts.hostname) and "." in parts.hostname:
            self._domains.add(parts.hostname.lower())
        for name, value in _pairs(parts.query) if parts is not None else ():
            self._looked_at(Leaf(unquote(value), name))

    def _kind(self, leaf: Leaf) -> Kind | None:
        """Return what a leaf is of a person; None for nothing, and for what the mapping itself says."""
        if leaf.is_key or not leaf.text.strip() or leaf.text.casefold() in self._literals or URL.match(leaf.text):
            return None
        kind = leaf.kind or kind_by_key(leaf.key, leaf.siblings, leaf.above)
        return kind if not leaf.is_number or kind in ("phone", "place") else None

    def _see(self, text: str, kind: Kind) -> None:
        if text.casefold() in self._literals:
            return
        if kind in ("email", "login") and (parts := _LISTED.split(text.strip())) and len(parts) > 1:
            for part in parts:
                self._see(part, kind)
            return
        local, sign, domain = text.rpartition("@")
        if kind in ("email", "login") and sign:
            self._announced.append((local, True))
            self._domains.add(domain.lower())
            self._locals.add(local.casefold())
            self._seen[text] = "email"
        elif kind in ("email", "login") and not _is_number(text):
            self._announced.append((text, True))
            self._seen[text] = "login"
        elif kind == "name":
            self._announced.append((text, False))
            self._seen[text] = "name"
        elif kind in ("phone", "place"):
            self._announced.append((text, True))
            self._seen.setdefault(text, kind)
        elif kind == "machine" and is_machine(text):
            self._machines.add(text)

    @property
    def people(self) -> Iterable[str]:
        """The values that are people's and would be known anywhere: full names, logins, addresses."""
        return [text for text, kind in self._seen.items() if _is_telling(text, kind)]

    # -- writing ---------------------------------------------------------------------------------------------------

    def scrubbed(self, value: Any, where: str, marks: Marks | None = None, key: str = "") -> Any:
        """Return JSON or a text without secrets and people."""
        return Walk(self._written, marks, self._secrets.replaced).data(value, Leaf("", key, where=where))

    def scrubbed_table(self, text: str, delimiter: str, where: str) -> str:
        """Return CSV without secrets and people."""
        return Walk(self._written, first=self._secrets.replaced).table(text, delimiter, where)

    def scrubbed_path(self, url: str) -> str:
        """Return the path of a request, or its whole address, without secrets and people."""
        if URL.match(url):
            return self._url(url)
        return "/".join(self._segment(part) for part in self._secrets.replaced(url).split("/"))

    def scrubbed_pairs(self, pairs: Iterable[tuple[str, str]], where: str) -> list[tuple[str, str]]:
        """Return the parameters of a request without secrets and people; proofs made anew each time are left out."""
        return [(name, self._value(name, value, f"{where}.{name}")) for name, value in pairs]

    def scrubbed_filter(self, text: str) -> str:
        """Return a filter of a run, such as `user.id=ada`, with its value as it is in the answers now."""
        found = re.fullmatch(r"([\w.]+\s*(?:!=|>=|<=|=|>|<|~)\s*)([\s\S]*)", text)
        return found[1] + self.scrubbed(found[2], "filters") if found else text

    def _value(self, name: str, value: str, where: str = "") -> str:
        """Return the value of a parameter."""
        if letters(name) in ANEW:
            return "REDACTED"
        is_new = is_proof(name) and len(value) >= LONGEST_WORD and value.casefold() not in self._literals
        if is_new and self._secrets.replaced(value) == value and not value.startswith(MADE):
            return "REDACTED"
        return self.scrubbed(value, where, key=name) if value else value

    def _written(self, leaf: Leaf) -> str:
        text = self._secrets.replaced(leaf.text)
        if text.casefold() in self._literals:  # what the mapping asks for, and compares with
            return text
        if text != leaf.text and text.startswith(MADE):
            return text
        if leaf.is_key:
            return (
                self._invented(text, "login") if self._seen.get(text) in ("login", "email") else self._addresses(text)
            )
        kind = self._kind(leaf._replace(text=text))
        if kind is None and not leaf.is_number and text.casefold() not in self._literals:
            known = self._seen.get(text)
            is_login = known in ("login", "email") or (text.casefold() in self._locals and not _is_number(text))
            kind = "login" if is_login else None
        return self._plain(text) if kind is None else self._invented(text, kind)

    def _invented(self, text: str, kind: Kind) -> str:
        inventions = self._made()
        if kind in ("email", "login", "name") and "@" in text:
            return self._addresses(text)
        if kind == "machine":
            return inventions.address(text)
        if kind == "name":
            return inventions.words(text)
        if kind == "phone":
            return inventions.numbers(text)
        return text if _is_number(text) and kind != "place" else inventions.words(text, numbers=True)

    def _addresses(self, text: str) -> str:
        return EMAIL.sub(lambda found: self._address(found[0]), text)

    def _address(self, address: str) -> str:
        sign = "@" if "@" in address else "%40"
        local, _, domain = address.rpartition(sign)
        return f"{self._made().words(local, numbers=True)}{sign}{self._domain(domain)}"

    def _domain(self, domain: str) -> str:
        known = self._hosts.get(domain.lower())
        return known if known is not None else self._made().domain(domain)

    def _plain(self, text: str) -> str:
        """Return a text that is no person's as a whole, with what is in it of people replaced."""
        if self._pattern is None or _TIME.fullmatch(text):
            return text
        return self._pattern.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        text = found[0]
        if found.lastgroup == "url":
            return self._url(text)
        if found.lastgroup == "email":
            return self._address(text)
        if found.lastgroup == "machine":
            return self._made().address(text) if is_machine(text) else text
        if found.lastgroup == "host":
            return self._hosts.get(text.lower(), text)
        if found.lastgroup == "word":
            return self._made().words(text)
        if found.lastgroup == "phone":
            return self._made().numbers(text)
        return self._invented(text, self._seen.get(text, "name"))

    def _url(self, url: str) -> str:
        parts = _split(url)
        if parts is None:
            return "REDACTED"
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        netloc = self._hosts.get(f"{host}{port}".lower()) or self._hosts.get(host.lower())
        if netloc is None:
            netloc = (self._made().address(host) if is_machine(host) else self._host(host)) + port
        path = "/".join(self._segment(part) for part in parts.path.split("/"))
        query = "&".join(self._parameter(name, value) for name, value in _pairs(parts.query))
        whole = urlunsplit((parts.scheme, netloc, path, query, self._segment(parts.fragment)))
        return _PICTURE.sub(rf"\g<1>{'0' * 32}", whole)

    def _host(self, host: str) -> str:
        return host if host.lower() in self.named or "." not in host else self._domain(host)

    def _segment(self, part: str) -> str:
        plain = unquote(part)
        changed = self._written(Leaf(plain))
        return part if changed == plain else quote(changed, safe="@:,;+$!*'()")

    def _parameter(self, name: str, value: str) -> str:
        plain = unquote(value)
        changed = self._value(unquote(name), plain)
        written = value if changed == plain else quote(changed, safe="")
        return f"{name}={written}" if written or value else name

    def _known(self) -> re.Pattern[str]:
        """Return what finds people, machines and addresses in a text; the first that fits is taken."""
        whole = sorted((text for text, kind in self._seen.items() if _is_telling(text, kind)), key=len, reverse=True)
        names = {word for text, kind in self._seen.items() if kind == "name" for word in _words_of(text)}
        free = {word for word in names if word.casefold() not in self._words_of_mapping}
        words = free | {word.upper() for word in free if len(word) > 2}
        hosts = [host for host in self._hosts if "." in host and not is_machine(host.partition(":")[0])]
        parts = [f"(?P<url>(?i:{URL.pattern}))", f"(?P<email>{EMAIL.pattern})"]
        parts += [_any("whole", whole), _any("host", hosts), _any("word", sorted(words, key=len, reverse=True))]
        parts += [f"(?P<machine>(?i:{IP.pattern}))", f"(?P<phone>{PHONE.pattern})"]
        return re.compile("|".join(part for part in parts if part))

    def _made(self) -> Inventions:
        assert self._inventions is not None, "look, settle, then write"  # noqa: S101 - a rule of this room
        return self._inventions


def _any(group: str, texts: list[str]) -> str:
    """Return a pattern for any of some texts, where it does not stand within a word."""
    return rf"(?P<{group}>(?<![^\W_])(?:{'|'.join(map(re.escape, texts))})(?![^\W_]))" if texts else ""


def _words_of(name: str) -> set[str]:
    """Return what of a name may stand in other texts by itself: its words and their parts, but no initials."""
    parts = {part.strip('.,;()"') for part in name.split()} | set(_PART.findall(name))
    return {part for part in parts if len(part) > 1 or (part and not part.isascii())}


def _is_number(text: str) -> bool:
    return text.isdecimal()


def _is_telling(text: str, kind: Kind) -> bool:
    """Whether a value is somebody's wherever it stands: not a mere first name, not a number."""
    if kind == "name":
        return len(_LETTERS.findall(text)) > 1 or (len(text.split()) > 1 and len(text) > 4)
    return (
        kind == "email"
        or (kind == "login" and len(text) > 2 and not _is_number(text))
        or (kind in ("phone", "place") and len(text) > 6)
    )


def _split(url: str) -> Any:
    """Return the parts of an address; None where it is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - read, since only then it is checked
    except ValueError:
        return None
    return parts


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of an address as they are written."""
    return [(name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part)]
