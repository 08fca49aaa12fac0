"""Secrets do not leave: whatever is shown or logged goes through here first.

Those of the connection are known, and hidden however they are encoded. Others come in addresses that a provider sends,
such as signed links to a next page; they are known by the names of their parameters, and user names by their place.
"""

import base64
import html
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote_plus

__all__ = ["HIDDEN", "Redaction", "forms", "is_proof"]

#: What stands for a secret; nothing of it is shown, not even its length.
HIDDEN = "•••"

#: The names of parameters that prove who asks, as small letters only, such as `xamzsignature`.
_PROOF = re.compile(
    r".*(?:token|signature|passw(?:or)?d|passphrase|secret|credentials?|assertion|authorization|jwt|hmac|sessionid"
    r"|(?:api|app|access|auth|private|secret|shared|signing|subscription|sess|client)key(?:id)?)"
    r"|key|keypairid|sig|pass|pwd|auth|bearer|session|ticket"
)
#: Where a parameter begins, with its name; the address may itself be in a parameter of another, or in JSON.
_PARAMETER = re.compile(
    r"""(?:[?&;#]|\\u0026|%(?:25)*(?:3f|26|23|3b))([^\s=&?#;"'<>\\]{1,200}?)(?:=|%((?:25)*)3d)""", re.IGNORECASE
)
#: Whoever stands before the host of an address; `/` may be written `\/`, as PHP writes JSON.
_PERSON = re.compile(
    r"""((?::|%(?:25)*3a)(?:(?:\\?/){2}|(?:%(?:25)*2f){2}))"""
    r"""(?:(?!%(?:25)*(?:2f|3f|23))[^\s/?#"'<>\\])+(@|%(?:25)*40)""",
    re.IGNORECASE,
)


class Redaction:
    """Replaces secrets in text, however they are encoded, and whatever in addresses looks like one.

    Tokens met on the way are added. `secrets` are all there were.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets: set[str] = set()
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide one more secret."""
        if not secret:
            return
        self.secrets.add(secret)
        self._forms |= forms(secret)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(form) for form in longest_first))

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        text = self._pattern.sub(HIDDEN, text) if self._pattern else text
        return _without_proofs(_PERSON.sub(rf"\1{HIDDEN}\2", text))


def _without_proofs(text: str) -> str:
    """Hide the values of parameters whose names say that they prove who asks."""
    kept: list[str] = []
    done = 0
    for found in _PARAMETER.finditer(text):
        if found.start() >= done and is_proof(found[1]):
            value = _value(found[2]).match(text, found.end())
            kept += [text[done : found.end()], HIDDEN]
            done = found.end() + len(value[0].rstrip(".,:;)") if value else "")
    return "".join(kept) + text[done:]


def is_proof(name: str) -> bool:
    """Whether the value of a parameter of this name proves who asks."""
    while (decoded := unquote_plus(name)) != name:
        name = decoded
    letters = re.sub(r"[^a-z0-9]", "", name.lower()).rstrip("0123456789")
    return _PROOF.fullmatch(letters) is not None


@lru_cache(maxsize=16)
def _value(encoded: str | None) -> re.Pattern[str]:
    """Return what finds a value: to the next parameter, which is encoded where the address is, once or more often."""
    no_end = "" if encoded is None else f"(?!%{encoded}(?:26|23))"
    return re.compile(rf"""(?:{no_end}[^&#\s"'<>\\]|\\/)*""", re.IGNORECASE)


def forms(secret: str) -> set[str]:
    """Return the ways a secret may be written: plain, in addresses, in base64, in JSON and XML, as Python shows it."""
    plain = secret.encode(errors="surrogatepass")
    encoded = {base64.b64encode(plain).decode(), base64.urlsafe_b64encode(plain).decode()}
    percent = {quote(plain, safe=safe) for safe in ("", "/", "/:@,")} | {quote_plus(plain)}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in percent}
    written = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    slashed = {form.replace("/", "\\/") for form in written}  # as PHP writes JSON
    bare = {form.rstrip("=") for form in encoded}
    marked = {html.escape(secret), html.escape(secret, quote=False)}
    return {secret}.union(marked, encoded, bare, percent, lower, written, slashed)
