"""Invented words, numbers, domains and addresses in place of real ones: as long, written alike, the same for the same.

What is invented depends on all there is in the recording, with its secrets, and on nothing else: the same recording
gives the same text again, and nobody who lacks it can find out what a name was by trying names.
"""

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from ipaddress import ip_address
from typing import NamedTuple
from unicodedata import normalize

__all__ = ["Inventions", "is_reserved"]

#: Runs of letters: what a name is made of. The rest of it - blanks, quotes, hyphens, emoji - stays.
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_CONSONANTS, _VOWELS, _ACCENTED = "bdfgklmnprstvz", "aeiou", "áéíöüñšç"
#: Letters of other scripts, by the range their own are in; a name that is not Latin stays so.
_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0370, 0x03FF, "αεηιοκλμνπρστ"),
    (0x0400, 0x04FF, "авеиклмнопрст"),
    (0x0590, 0x05FF, "אבגדהולמנרשת"),
    (0x0600, 0x06FF, "ابدرسفلمنهوي"),
    (0x0900, 0x097F, "कगतदनपमरलवसह"),
    (0x0E00, 0x0E7F, "กคจดตนบปมรลส"),
    (0x3040, 0x30FF, "アイカキサシタナマミヤラ"),
    (0x4E00, 0x9FFF, "安白成大方高海和江金林明南平青山石水文新星雪雨玉云志中"),
    (0xAC00, 0xD7AF, "가나다라마바사아자하민서준지"),
)
#: The domains that are nobody's (RFC 2606, RFC 6761).
_RESERVED = re.compile(r"(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org|edu))$", re.IGNORECASE)
#: The networks for documentation (RFC 5737).
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


def is_reserved(domain: str) -> bool:
    """Whether a domain is one that nobody can have."""
    return _RESERVED.search(domain.rstrip(".")) is not None


class Inventions:
    """What is invented for what. Everything that will be asked for is announced first, in any order.

    `taken` are words that nothing becomes; `salt` are the secrets of the recording.
    """

    def __init__(self, taken: Iterable[str] = (), salt: Iterable[str] = ()) -> None:
        self._salt = sorted(salt)
        self._taken = {_folded(word) for word in taken}
        self._words: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._announced: dict[str, set[str]] = {"word": set(), "number": set(), "domain": set(), "address": set()}

    # -- announcing ------------------------------------------------------------------------------------------------

    def announce(self, text: str, *, numbers: bool = False) -> None:
        """Announce a text whose words, and numbers perhaps, are to be replaced."""
        self._announced["word"].update(_folded(word) for word in _LETTERS.findall(text))
        if numbers:
            self._announced["number"].update(_DIGITS.findall(text))

    def announce_domain(self, domain: str) -> None:
        """Announce the domain of an address."""
        self._announced["domain"].add(domain.lower())

    def announce_address(self, address: str) -> None:
        """Announce the address of a machine."""
        self._announced["address"].add(address.lower())

    def settle(self) -> None:
        """Invent for all that was announced."""
        parts = [*self._salt, *(f"{kind}:{real}" for kind, all_ in self._announced.items() for real in sorted(all_))]
        self._key = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=32).digest()
        makers: tuple[tuple[str, dict[str, str], Callable[[str, Turn], str]], ...] = (
            ("word", self._words, _word),
            ("number", self._numbers, _number),
            ("domain", self._domains, _domain),
            ("address", self._addresses, _address),
        )
        self._taken |= self._announced["word"] | self._announced["number"]
        for kind, found, make in makers:
            for real in sorted(self._announced[kind], key=lambda real: (self._turn(real, 0).digest(), real)):
                found[real] = self._new(real, make)

    def _turn(self, real: str, attempt: int) -> "Turn":
        return Turn(attempt, self._key, real)

    def _new(self, real: str, make: "Callable[[str, Turn], str]") -> str:
        """Return something that is neither real nor invented already."""
        attempt = 0
        while (made := make(real, self._turn(real, attempt))) in self._taken:
            attempt += 1
        self._taken.add(made)
        return made

    # -- inventing -------------------------------------------------------------------------------------------------

    def words(self, text: str, *, numbers: bool = False) -> str:
        """Return a text with its words replaced; each is as long, and written with capitals where the real one is."""
        text = _LETTERS.sub(lambda found: _cased(self._words.get(_folded(found[0]), found[0]), found[0]), text)
        return self.numbers(text) if numbers else text

    def numbers(self, text: str) -> str:
        """Return a text with its numbers replaced, each as long."""
        return _DIGITS.sub(lambda found: self._numbers.get(found[0], found[0]), text)

    def domain(self, domain: str) -> str:
        """Return the domain in place of one; one that nobody can have stays."""
        return domain if is_reserved(domain) else self._domains.get(domain.lower(), domain)

    def address(self, address: str) -> str:
        """Return the address of a machine in place of one."""
        return self._addresses.get(address.lower(), address)


def _folded(word: str) -> str:
    return normalize("NFC", word).casefold()


class Turn(NamedTuple):
    """One attempt to invent something for a real text."""

    attempt: int
    key: bytes
    real: str

    def digest(self, place: int = 0) -> int:
        """Return a large number that this attempt has, for a place of what is invented."""
        text = f"{self.attempt}\n{place}\n{self.real}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=16, key=self.key).digest())


def _word(real: str, turn: Turn) -> str:
    """Return a word of the same length and script; where there are no more of them, a longer one."""
    script = next((letters for low, high, letters in _SCRIPTS if low <= ord(real[0]) <= high), "")
    made = []
    for place in range(len(real) + turn.attempt // 8):
        letters = script or (_VOWELS if place % 2 else _CONSONANTS)
        if not script and place < len(real) and not real[place].isascii():
            letters = _ACCENTED
        made.append(letters[turn.digest(place) % len(letters)])
    return "".join(made)


def _number(real: str, turn: Turn) -> str:
    return str(turn.digest()).zfill(len(real))[-len(real) - turn.attempt // 8 :]


def _domain(_real: str, turn: Turn) -> str:
    return "school.example" if turn.attempt == 0 else f"school-{turn.attempt + 1}.example"


def _address(real: str, turn: Turn) -> str:
    attempt = turn.attempt
    if ":" in real and ip_address(real).version == 6:
        return f"2001:db8::{attempt + 1:x}"
    network, number = divmod(attempt, 254)
    return f"{_NETWORKS[network % 3]}.{number + 1}" if network < 3 else f"203.0.113.{254 + network}"


def _cased(made: str, real: str) -> str:
    """Return a word with capitals where the real one has them; beyond its end as its last letter."""
    if real.isupper() and len(real) > 1:
        return made.upper()
    pattern = real + real[-1:] * (len(made) - len(real))
    return "".join(sign.upper() if model.isupper() else sign for sign, model in zip(made, pattern, strict=True))
