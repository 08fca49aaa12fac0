"""The key ring: encrypts what the store keeps, and seals what leaves and comes back, such as cursors.

AES-256-GCM throughout. Each text is encrypted with a key of its own, which HKDF makes of a key of the ring, the purpose
and 16 random bytes: no purpose can stand in for another, and no count of texts is too many. A text names the key of the
ring it was encrypted with, so that keys can be replaced one after the other.
"""

import base64
import binascii
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import Unsealed, UsageError
from engine.spelling import counted
from engine.store.keyfiles import read_safely

__all__ = ["KeyRing", "key_of"]

#: How long a key is, in bytes.
KEY = 32
#: How many random bytes make the key of one text.
SALT = 16
#: The longest text that is looked at, in characters.
LONGEST = 1 << 20
#: `FORM.kid.base64`: the form tells how it was encrypted, should there ever be another.
_FORM = "r1"
_KID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_TEXT = re.compile(r"r1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)")


class KeyRing:
    """Keys by their ids. The first encrypts, any decrypts.

    With `again`, the ring is read anew where a text names a key that is not on it: somebody has put on another since.
    """

    def __init__(self, keys: Mapping[str, bytes], again: Callable[[], Mapping[str, bytes]] | None = None) -> None:
        self._keys = dict(keys)
        self._again = again

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"

    @classmethod
    def parse(cls, text: str, source: str = "the key ring") -> Self:
        """Read `kid:base64,…`, separated by commas or white space. Raises UsageError that quotes no key."""
        return cls(_parsed(text, source))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file that nobody but its owner can read. Raises UsageError."""

        def again() -> dict[str, bytes]:
            return _parsed(read_safely(path), str(path))

        return cls(again(), again)

    @classmethod
    def generate(cls, kid: str = "k1") -> Self:
        """Return a ring with one new key."""
        return cls({kid: os.urandom(KEY)})

    @property
    def kids(self) -> tuple[str, ...]:
        """The ids of the keys, the one that encrypts first."""
        return tuple(self._keys)

    @property
    def text(self) -> str:
        """All keys as `parse` and `read` take them. Whoever has this can read all secrets."""
        return "\n".join(f"{kid}:{base64.b64encode(key).decode()}" for kid, key in self._keys.items())

    @property
    def secrets(self) -> list[str]:
        """The keys as they are written, which must not be in a log."""
        return [line.partition(":")[2] for line in self.text.splitlines()]

    def with_new_key(self) -> Self:
        """Return the ring with a new key in front."""
        number = next(number for number in range(len(self._keys) + 1, 1_000_000) if f"k{number}" not in self._keys)
        return type(self)({f"k{number}": os.urandom(KEY), **self._keys}, self._again)

    def has(self, kid: str) -> bool:
        """Whether a key is on the ring, or in its file by now."""
        return self._key(kid) is not None

    def seal(self, purpose: str, data: bytes, bound: Sequence[str] = ()) -> str:
        """Return data as a text of letters, digits, `-`, `_` and `.` that only `open` of the same purpose can read.

        `bound` is what it belongs to, such as table, row and field: it cannot be opened as anything else's.
        """
        kid = self.kids[0]
        salt = os.urandom(SALT)
        key, nonce = _derived(self._keys[kid], salt, purpose)
        sealed = AESGCM(key).encrypt(nonce, data, _aad(kid, bound))
        return f"{_FORM}.{kid}.{_encoded(salt + sealed)}"

    def open(self, purpose: str, text: str, bound: Sequence[str] = ()) -> bytes:
        """Return what was sealed. Raises Unsealed for what was not sealed like this, in any way."""
        found = _TEXT.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            raise Unsealed("this is not a sealed text")
        kid, sealed = found[1], _decoded(found[2])
        key = self._key(kid)
        if key is None:
            raise Unsealed(f"it is sealed with the key {kid}, which is not on the ring ({', '.join(self.kids)})")
        derived, nonce = _derived(key, sealed[:SALT], purpose)
        try:
            return AESGCM(derived).decrypt(nonce, sealed[SALT:], _aad(kid, bound))
        except InvalidTag:
            raise Unsealed("it was changed, or sealed for something else") from None

    def _key(self, kid: str) -> bytes | None:
        if kid not in self._keys and self._again is not None:
            self._keys = dict(self._again())
        return self._keys.get(kid)


def key_of(text: str) -> str:
    """Return the id of the key that a text is sealed with; nothing, where it is no sealed text."""
    found = _TEXT.fullmatch(text)
    return found[1] if found else ""


def _parsed(text: str, source: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, entry in enumerate(re.split(r"[\s,]+", text.strip()), 1):
        kid, _, encoded = entry.partition(":")
        key = _key(encoded)
        if not _KID.fullmatch(kid) or key is None:
            wanted = "id:key with an id of letters and digits and a key of 32 random bytes in base64"
            raise UsageError(f"{source}: entry {number} is no key; give {wanted}, as `rollbook keys secret` prints it")
        if kid in keys:
            raise UsageError(f"{source}: {kid} is there twice; give each key an id of its own")
        if len(set(key)) < KEY // 4:
            raise UsageError(f"{source}: the key {kid} is not random; take one that `rollbook keys secret` prints")
        keys[kid] = key
    if len(set(keys.values())) < len(keys):
        raise UsageError(f"{source}: {counted(len(keys), 'id')}, but two of them have the same key; take one off")
    return keys


def _key(encoded: str) -> bytes | None:
    """Return the key that base64 of either alphabet means, with or without its padding; None where it is none."""
    plain = encoded.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY else None


def _derived(key: bytes, salt: bytes, purpose: str) -> tuple[bytes, bytes]:
    """Return the key and the nonce of one text."""
    made = HKDF(SHA256(), KEY + 12, salt, f"rollbook {_FORM} {purpose}".encode()).derive(key)
    return made[:KEY], made[KEY:]


def _aad(kid: str, bound: Sequence[str]) -> bytes:
    """Return what is bound to a text, so that no two lists look alike."""
    return json.dumps([kid, *bound]).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Return what a text encodes. Only one text encodes it: the bits that base64 leaves over must be as they were."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        data = b""
    if _encoded(data) != text or len(data) < SALT:
        raise Unsealed("this is not a sealed text")
    return data
