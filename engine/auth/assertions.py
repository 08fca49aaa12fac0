"""A signed statement in place of a password: JWT assertions (RFC 7523). The signatures are joserfc's."""

import secrets
from collections.abc import Mapping
from typing import Any

from engine.calls import fill
from engine.errors import UsageError
from engine.mapping import Assertion

__all__ = ["GRANT", "Assertions"]

#: The name of the grant on the wire (section 2.1).
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Assertions:
    """States, signed with the customer's key, who asks for whom. Raises UsageError where the key cannot be read."""

    def __init__(self, settings: Assertion, scope: Mapping[str, Any], audience: str) -> None:
        self._settings = settings
        self._header = {"alg": settings.algorithm, "typ": "JWT"}
        if settings.key_id is not None:
            self._header["kid"] = fill(settings.key_id, scope)
        self._claims = {name: fill(template, scope) for name, template in settings.claims.items()}
        self._claims["iss"] = fill(settings.issuer, scope)
        self._claims["aud"] = fill(settings.audience, scope) if settings.audience else audience
        if settings.subject is not None:
            self._claims["sub"] = fill(settings.subject, scope)
        self._key = _key(fill(settings.key, scope), settings.algorithm)

    def made(self, now: float) -> str:
        """Return an assertion that is good from now on, once."""
        from joserfc import jwt

        times = {"iat": int(now), "exp": int(now) + self._settings.lifetime, "jti": secrets.token_hex(16)}
        return jwt.encode(self._header, {**self._claims, **times}, self._key, [self._settings.algorithm])


def _key(text: str, algorithm: str) -> Any:
    """Return a private key; its line breaks may be written out, as JSON does."""
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    kind = "EC" if algorithm.startswith("ES") else "RSA"
    kinds: dict[str, Any] = {"EC": ECKey, "RSA": RSAKey}
    try:
        key = kinds[kind].import_key(text.replace("\\n", "\n"))
        if not key.is_private:
            raise UsageError("`key` of the assertion is a public key; give the private one")
    except (JoseError, ValueError, TypeError) as error:
        do = "copy it whole, from -----BEGIN to -----END, line breaks and all"
        raise UsageError(f"`key` of the assertion is no {kind} key in PEM ({type(error).__name__}); {do}") from None
    return key
