"""Secrets do not leave: whatever is shown or logged goes through here first."""

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["HIDDEN", "Redaction"]

#: What stands for a secret; nothing of it is shown, not even its length.
HIDDEN = "•••"


class Redaction:
    """Replaces known secrets in text, however they are encoded. Tokens met on the way are added."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide one more secret."""
        if not secret:
            return
        self._forms |= _forms(secret)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(form) for form in longest_first))

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text


def _forms(secret: str) -> set[str]:
    """Return the ways a secret may be written: plain, in addresses, in base64, in JSON, in HTML, as Python shows it."""
    plain = secret.encode(errors="surrogatepass")
    encoded = {base64.b64encode(plain).decode(), base64.urlsafe_b64encode(plain).decode()}
    percent = {quote(plain, safe=safe) for safe in ("", "/", "/:@,")} | {quote_plus(plain)}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in percent}
    written = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    slashed = {form.replace("/", "\\/") for form in written}  # as PHP writes JSON
    bare = {form.rstrip("=") for form in encoded}
    return {secret, html.escape(secret)}.union(encoded, bare, percent, lower, written, slashed)
