"""Requests that are signed, each for itself: OAuth 1.0 (RFC 5849). Signatures and the header are authlib's."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from engine.auth.proof import Authenticator
from engine.calls import fill, header
from engine.exchange import Request
from engine.mapping import OAuth1

__all__ = ["SignedRequests"]


class SignedRequests(Authenticator):
    """A signature in the header of every request, with a time and a number of its own: none is sent twice."""

    def __init__(self, settings: OAuth1, scope: Mapping[str, Any], clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._settings = settings
        self._key = fill(settings.consumer_key, scope)
        self._secret = fill(settings.consumer_secret, scope)
        self._token = fill(settings.token, scope) if settings.token else ""
        self._token_secret = fill(settings.token_secret, scope) if settings.token_secret else ""
        self._clock = clock

    def sign(self, request: Request) -> Request:
        """Return the request with its signature: `realm` first, then by name, the signature last."""
        from authlib.oauth1.rfc5849.parameters import prepare_headers

        named = {
            "oauth_consumer_key": self._key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": self._settings.signature,
            "oauth_timestamp": str(int(self._clock())),
            "oauth_token": self._token,  # some want it named although there is none
            "oauth_version": "1.0",
        }
        pairs = [*named.items(), ("oauth_signature", self._signature(request, named))]
        value = prepare_headers(pairs, realm=self._settings.realm)["Authorization"]
        return request.with_header("Authorization", header("Authorization", value))

    def _signature(self, request: Request, named: Mapping[str, str]) -> str:
        """Return what proves the secret (section 3.4); it covers address, query and form, but no JSON."""
        from authlib.oauth1.rfc5849 import signature
        from authlib.oauth1.rfc5849.util import escape

        if self._settings.signature == "PLAINTEXT":
            return str(signature.plaintext_signature(self._secret, self._token_secret))
        query = parse_qsl(urlsplit(request.address).query, keep_blank_values=True)
        covered = [*query, *(request.form or ()), *((name, escape(value)) for name, value in named.items())]
        base = signature.construct_base_string(request.method, request.address, covered)
        return str(signature.hmac_sha1_signature(base, self._secret, self._token_secret))
