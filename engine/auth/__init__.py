"""How a request proves who asks. No network: what gets a proof yields requests and is sent the responses."""

from engine.auth.codes import CodeTokens, address
from engine.auth.kinds import authenticator
from engine.auth.oauth1 import SignedRequests
from engine.auth.oauth2 import OAuth2Tokens
from engine.auth.proof import Authenticator, Renewal
from engine.auth.sessions import SessionLogin
from engine.auth.tokens import RequestedTokens

__all__ = [
    "Authenticator",
    "CodeTokens",
    "OAuth2Tokens",
    "Renewal",
    "RequestedTokens",
    "SessionLogin",
    "SignedRequests",
    "address",
    "authenticator",
]
