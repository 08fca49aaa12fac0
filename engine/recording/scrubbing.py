"""Exchanges without secrets and people: first everything is looked through, then everything is written anew.

Equal values become equal ones wherever they stand - in answers, addresses, parameters, texts - so that requests still
find their answers and joins their items.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlunsplit

from engine.mapping import Mapping as ProviderMapping
from engine.recording.addresses import URL, pairs, split
from engine.recording.fields import EMAIL, IP, PHONE, Kind, is_machine, letters
from engine.recording.inventing import Inventions
from engine.recording.literals import hosts_of
from engine.recording.looking import Looking, is_number
from engine.recording.ordinary import FEW, free_words, ordinary_words
from engine.recording.secrets import MADE, Secrets
from engine.recording.walking import Leaf, Marks, Walk
from engine.redaction import is_proof

__all__ = ["ANEW", "STANDARDS", "Scrubber"]

#: Hosts of standards, which name vocabularies and are nobody's.
STANDARDS = frozenset({"www.w3.org", "schemas.xmlsoap.org", "schemas.microsoft.com", "json-schema.org", "purl.org"})

#: What is only a time or a number, perhaps with the names of months and days.
_TIME = re.compile(
    r"(?:[\d\s.,:/+-]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|\b(?:am|pm|utc|gmt|t|z|st|nd|rd|th)\b|(?<=\d)[tz]|[tz](?=\d))+",
    re.IGNORECASE,
)
#: How long a text is at most that is only a time.
LONGEST_TIME = 60
#: Parameters that are made anew for each request.
ANEW = frozenset({"assertion", "clientassertion"})
#: From what length on the value of a parameter that is called like a proof is one.
LONGEST_WORD = 12
_LETTERS = re.compile(r"[^\W\d_]{3,}")
#: The digests of addresses, by which a service finds pictures of people.
_PICTURE = re.compile(r"(?<=gravatar\.com/avatar/)[0-9a-f]{32,64}", re.IGNORECASE)


class Scrubber:
    """Looks through exchanges, then writes them anew. `hosts` are those of the connection, with what they become."""

    def __init__(self, mapping: ProviderMapping, secrets: Secrets, hosts: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._hosts = {real.lower(): made for real, made in hosts.items()}
        self.looking = Looking(mapping, secrets)
        self._words_of_mapping = {word for text in self.looking.literals for word in _LETTERS.findall(text)}
        self.named = hosts_of(mapping) | STANDARDS
        self._inventions: Inventions | None = None
        self._pattern: re.Pattern[str] | None = None

    def settle(self) -> None:
        """Invent something for everyone who was seen."""
        inventions = Inventions(self._words_of_mapping, self._secrets.all)
        self.looking.announce(inventions, {*self.named, *self._hosts})
        inventions.settle()
        self._inventions = inventions
        self._pattern = self._known()

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
        is_new = is_proof(name) and len(value) >= LONGEST_WORD and value.casefold() not in self.looking.literals
        if is_new and self._secrets.replaced(value) == value and not value.startswith(MADE):
            return "REDACTED"
        return self.scrubbed(value, where, key=name) if value else value

    def _written(self, leaf: Leaf) -> str:
        text = self._secrets.replaced(leaf.text)
        if text.casefold() in self.looking.literals:  # what the mapping asks for, and compares with
            return text
        if text != leaf.text and text.startswith(MADE):
            return text
        if leaf.is_key:
            return (
                self._invented(text, "login")
                if self.looking.seen.get(text) in ("login", "email")
                else self._addresses(text)
            )
        kind = self.looking.kind(leaf._replace(text=text))
        if kind is None and not leaf.is_number and text.casefold() not in self.looking.literals:
            known = self.looking.seen.get(text)
            is_login = known in ("login", "email") or (text.casefold() in self.looking.locals and not is_number(text))
            kind = "login" if is_login else None
        return self._plain(text) if kind is None else self._invented(text, kind)

    def _invented(self, text: str, kind: Kind) -> str:
        inventions = self._made()
        if kind in ("email", "login", "name"):
            return self._with_addresses(text, numbers=kind != "name")
        if kind == "machine":
            return inventions.address(text)
        if kind == "phone":
            return inventions.numbers(text)
        return inventions.words(text, numbers=True)

    def _with_addresses(self, text: str, *, numbers: bool) -> str:
        """Return what is somebody's with its words replaced, and addresses among them as addresses."""
        if is_number(text):
            return text
        written, end = "", 0
        for found in EMAIL.finditer(text):
            written += self._made().words(text[end : found.start()], numbers=numbers) + self._address(found[0])
            end = found.end()
        return written + self._made().words(text[end:], numbers=numbers)

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
        if self._pattern is None or (len(text) < LONGEST_TIME and _TIME.fullmatch(text)):
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
        if found.lastgroup in ("word", "names"):
            return self._made().words(text)
        if found.lastgroup == "phone":
            return self._made().numbers(text)
        return self._invented(text, self.looking.seen.get(text, "name"))

    def _url(self, url: str) -> str:
        parts = split(_PICTURE.sub("0" * 32, url))
        if parts is None:
            return "REDACTED"
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        netloc = self._hosts.get(f"{host}{port}".lower()) or self._hosts.get(host.lower())
        if netloc is None:
            netloc = (self._made().address(host) if is_machine(host) else self._host(host)) + port
        path = "/".join(self._segment(part) for part in parts.path.split("/"))
        query = "&".join(self._parameter(name, value) for name, value in pairs(parts.query))
        return urlunsplit((parts.scheme, netloc, path, query, self._segment(parts.fragment)))

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
        whole = list(self.looking.people)
        free, together = self._words(whole)
        words = free | {word.upper() for word in free if len(word) > 2}
        hosts = [host for host in self._hosts if "." in host and not is_machine(host.partition(":")[0])]
        parts = [f"(?P<url>(?i:{URL.pattern}))", f"(?P<email>{EMAIL.pattern})"]
        parts += [_any("whole", whole), _any("host", hosts), _several("names", together), _any("word", words)]
        parts += [f"(?P<machine>(?i:{IP.pattern}))", f"(?P<phone>{PHONE.pattern})"]
        return re.compile("|".join(part for part in parts if part))

    def _words(self, whole: Collection[str]) -> tuple[set[str], set[str]]:
        """Return the words of names that are somebody's by themselves, and those that are beside each other."""
        names = [text for text, kind in self.looking.seen.items() if kind == "name"]
        kept = self._words_of_mapping
        together = {word for name in names for word in free_words(name) if word.casefold() not in kept | FEW}
        found = _any("whole", whole)
        logins = {text.casefold() for text, kind in self.looking.seen.items() if kind == "login"}
        ordinary = ordinary_words(
            self.looking.prose, re.compile(found) if found else None, logins | self.looking.locals
        )
        return {word for word in together if word.casefold() not in ordinary}, together

    def _made(self) -> Inventions:
        assert self._inventions is not None, "look, settle, then write"  # noqa: S101 - a rule of this room
        return self._inventions


def _any(group: str, texts: Collection[str]) -> str:
    """Return a pattern for any of some texts, the longest first, where it does not stand within a word."""
    one = _one_of(texts)
    return rf"(?P<{group}>(?<![^\W_]){one}(?![^\W_]))" if one else ""


def _several(group: str, words: Collection[str]) -> str:
    """Return a pattern for several of some words beside each other, as in `First Last` and `Last, First`."""
    one = _one_of(words)
    return rf"(?P<{group}>(?<![^\W_]){one}(?:,? {one})+(?![^\W_]))" if one else ""


def _one_of(texts: Collection[str], depth: int = 3) -> str:
    """Return a pattern for one of some texts, the longest that fits; by their first letters, for there may be many."""
    if not texts:
        return ""
    if not depth:
        longest_first = sorted(texts, key=lambda text: (-len(text), text))
        return f"(?:{'|'.join(map(re.escape, longest_first))})"
    below: dict[str, list[str]] = {}
    for text in sorted(texts):
        below.setdefault(text[:1], []).append(text[1:])
    ends = [""] if below.pop("", None) else []
    return f"(?:{'|'.join([re.escape(first) + _one_of(rest, depth - 1) for first, rest in below.items()] + ends)})"
