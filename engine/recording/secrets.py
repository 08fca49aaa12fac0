"""Secrets in a recording: found in any encoding, and replaced by made-up ones, the same for the same.

Known are those of the connection and the tokens of the run. Others are known by the names of their keys, as in the
answer of a token endpoint, or by their form.
"""

import base64
import binascii
import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from urllib.parse import unquote_plus

from engine.recording.fields import letters
from engine.redaction import forms

__all__ = ["LEAST", "MADE", "Secrets", "decoded", "is_secret_key"]

#: How long a secret is at least: a shorter one stands in everything by chance.
LEAST = 4
#: How everything begins that stands in place of a secret; what begins so is none, and stays.
MADE = "made-up-"
#: From what length on the value of a key that is called like a secret is one.
LONG = 8

#: Keys whose values prove who asks, as small letters only.
_KEYS = re.compile(
    r".*(?:token|secret|passw(?:or)?d|passphrase|credentials?|jwt|hmac|sessionid|sesskey|signature|csrf|cookie"
    r"|(?:api|access|auth|private|secret|shared|signing|session)key)|authorization|bearer|sid"
)
#: A JSON Web Token (RFC 7519), and a private key in PEM (RFC 7468).
_FORMS = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
#: How often an encoding may be within another.
_DEPTH = 3


def is_secret_key(key: str) -> bool:
    """Whether the value of a key proves who asks."""
    return _KEYS.fullmatch(letters(key)) is not None


class Secrets:
    """The secrets of a recording, each with what stands in its place."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str, called: str = "secret", made: str | None = None) -> None:
        """Add a secret by what it is called; `made` stands in its place where something special must."""
        if len(secret) < LEAST or secret in self._made or secret.startswith(MADE):
            return
        self._made[secret] = made if made is not None else self._invented(secret, called)
        for form in forms(secret):
            self._forms.setdefault(form, self._made[secret])
        for line in secret.splitlines() if "\n" in secret else ():
            if len(line) >= LONG * 2 and not line.startswith("-----"):
                self._forms.setdefault(line, "made-up-line")
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def _invented(self, secret: str, called: str) -> str:
        number = len(self._made) + 1
        if secret.isdecimal() and secret.isascii():
            return f"{number}".zfill(len(secret))
        name = re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-") or "secret"
        made = f"{MADE}{name}"
        return made if made not in self.made else f"{made}-{number}"

    @property
    def all(self) -> Iterable[str]:
        """The secrets themselves."""
        return self._made.keys()

    @property
    def made(self) -> Collection[str]:
        """What stands in place of secrets."""
        return self._made.values()

    def made_up(self, secret: str) -> str:
        """Return what stands in place of a secret."""
        return self._made.get(secret, secret)

    def discover(self, text: str) -> None:
        """Add what is a secret by its form alone."""
        for found in _FORMS.finditer(text):
            self.add(found[0], "key" if found[0].startswith("-----") else "token")

    def replaced(self, text: str) -> str:
        """Return a text without the secrets; where one is hidden in an encoding, that part of the text goes."""
        if self._pattern is None:
            return text
        text = self._pattern.sub(lambda found: self._forms[found[0]], text)
        return without(text, self.holds) if self.holds(text) else text

    def holds(self, text: str) -> bool:
        """Whether a text holds a secret, in whatever encoding."""
        pattern = self._pattern
        return pattern is not None and any(pattern.search(variant) for variant in decoded(text))


def without(text: str, holds: Callable[[str], bool]) -> str:
    """Return a text without the encoded parts that hold something; nothing but a mark where that is not enough."""
    for pattern in (_BASE64, _HEX):
        text = pattern.sub(lambda found: "REDACTED" if holds(found[0]) else found[0], text)
    return "REDACTED" if holds(text) else text


def decoded(text: str, depth: int = _DEPTH) -> Iterator[str]:
    """Yield a text, and what it is in the encodings that texts of the web are in, and those within them."""
    yield text
    if not depth:
        return
    for decode in (unquote_plus, html.unescape, _unescaped):
        other = decode(text)
        if other != text:
            yield from decoded(other, depth - 1)
    for pattern, read in ((_BASE64, _from_base64), (_HEX, _from_hex)):
        for found in pattern.finditer(text):
            for inner in read(found[0]):
                yield from decoded(inner, depth - 1)


def _unescaped(text: str) -> str:
    """Return a text with the escapes of JSON read, also within a text that is no JSON."""
    if "\\" not in text:
        return text
    plain = re.sub(r'\\(["\\/])', r"\1", _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_base64(text: str) -> Iterator[str]:
    """Yield what base64 says, wherever in a run of its letters it begins."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        part = plain[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "ignore")
        except (binascii.Error, ValueError):
            continue


def _from_hex(text: str) -> Iterator[str]:
    yield bytes.fromhex(text).decode("utf-8", "ignore")
