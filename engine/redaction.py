"""Secrets do not leave: whatever is shown or logged goes through here first."""

import base64
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
        encoded = base64.b64encode(secret.encode()).decode()
        forms = {secret, quote(secret, safe=""), quote_plus(secret), encoded, encoded.rstrip("=")}
        self._forms |= {form for form in forms if form}
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(form) for form in longest_first))

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text
