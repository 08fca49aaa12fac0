"""Tokens for a signed statement: RFC 7523."""

from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from engine.auth import OAuth2Tokens, authenticator
from engine.errors import Refused, UsageError
from engine.exchange import Request, Response
from engine.mapping import Http

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION = {
    "issuer": "{connection.account}",
    "subject": "{connection.admin}",
    "key": "{connection.key}",
    "claims": {"scope": "courses rosters"},
}
SETTINGS = {"token_url": "https://tokens.example/token", "grant": "jwt_bearer", "assertion": ASSERTION}


@cache
def key(kind: str = "RSA") -> Any:
    from joserfc.jwk import ECKey, RSAKey

    return RSAKey.generate_key(2048) if kind == "RSA" else ECKey.generate_key("P-256")


def pem(kind: str = "RSA", *, private: bool = True) -> str:
    text: bytes = key(kind).as_pem(private=private)
    return text.decode()


class Clock:
    now = 1_700_000_000.5

    def __call__(self) -> float:
        return self.now


def tokens(pasted: str = "", **changes: Any) -> tuple[OAuth2Tokens, Clock]:
    clock = Clock()
    settings = {**SETTINGS, **changes}
    http = {"base_url": "https://lms.example", "auth": {"oauth2": settings}, "check": {"get": "/"}}
    connection = {"account": "rollbook@project.example", "admin": "ada@school.example", "key": pasted or pem()}
    made = authenticator(Http.model_validate(http), {"connection": connection}, clock)
    assert isinstance(made, OAuth2Tokens)
    return made, clock


def asked(auth: OAuth2Tokens, kind: str = "RSA") -> tuple[Request, Any]:
    """Return the token request, and its assertion with the signature checked."""
    from joserfc import jwt

    flow = auth.renew()
    request = next(flow)
    with pytest.raises(StopIteration):
        flow.send(Response(200, body=b'{"access_token":"T1","expires_in":3599,"token_type":"Bearer"}'))
    assertion = dict(request.form or request.json.items())["assertion"]
    return request, jwt.decode(assertion, key(kind), ["RS256", "ES256"])


def test_a_statement_says_who_asks_for_whom_until_when_and_is_signed() -> None:
    auth, _ = tokens()
    request, assertion = asked(auth)
    assert (request.method, request.url) == ("POST", "https://tokens.example/token")
    assert [name for name, _ in request.form or ()] == ["grant_type", "assertion"]
    assert dict(request.form or ())["grant_type"] == GRANT
    assert assertion.header == {"alg": "RS256", "typ": "JWT"}
    claims = dict(assertion.claims)
    assert claims.pop("jti")
    assert claims == {
        "iss": "rollbook@project.example",
        "sub": "ada@school.example",
        "aud": "https://tokens.example/token",
        "scope": "courses rosters",
        "iat": 1_700_000_000,
        "exp": 1_700_003_600,
    }
    assert auth.sign(Request("GET", "https://lms.example/x")).headers["Authorization"] == "Bearer T1"


def test_a_new_token_takes_a_new_statement() -> None:
    auth, clock = tokens()
    _, first = asked(auth)
    assert not auth.expired()
    clock.now += 3540
    assert auth.expired()
    _, second = asked(auth)
    assert second.claims["iat"] == first.claims["iat"] + 3540
    assert second.claims["jti"] != first.claims["jti"]


def test_audience_lifetime_key_and_algorithm_are_as_the_mapping_says() -> None:
    wanted = {
        "issuer": "me",
        "audience": "https://idp.example",
        "key": "{connection.key}",
        "key_id": "k1",
        "algorithm": "ES256",
        "lifetime": 300,
    }
    auth, _ = tokens(pem("EC"), assertion=wanted)
    _, assertion = asked(auth, "EC")
    assert assertion.header == {"alg": "ES256", "typ": "JWT", "kid": "k1"}
    assert "sub" not in assertion.claims
    assert assertion.claims["aud"] == "https://idp.example"
    assert assertion.claims["exp"] - assertion.claims["iat"] == 300


def test_an_application_may_prove_itself_beside_the_statement() -> None:
    auth, _ = tokens(client_id="me", client_secret="s3cret", client_in="json")
    request, _ = asked(auth)
    assert (request.json["grant_type"], request.json["client_id"]) == (GRANT, "me")


def test_line_breaks_of_a_key_may_be_written_as_in_json() -> None:
    asked(tokens(pem().replace("\n", "\\n"))[0])


@pytest.mark.parametrize("pasted", ["no key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"])
def test_a_key_that_cannot_be_read_is_told_without_showing_it(pasted: str) -> None:
    with pytest.raises(UsageError, match="is no RSA key in PEM .*; copy it whole") as caught:
        tokens(pasted)
    assert "MIIE" not in str(caught.value)


def test_a_public_key_and_one_of_another_kind_are_told() -> None:
    with pytest.raises(UsageError, match="is a public key; give the private one"):
        tokens(pem(private=False))
    with pytest.raises(UsageError, match="is no EC key in PEM"):
        tokens(assertion={**ASSERTION, "algorithm": "ES256"})


def test_a_refusal_says_what_the_token_endpoint_says() -> None:
    flow = tokens()[0].renew()
    next(flow)
    with pytest.raises(Refused, match="unauthorized_client Client is unauthorized.*administrator allow this grant"):
        flow.send(Response(401, body=b'{"error":"unauthorized_client","error_description":"Client is unauthorized"}'))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"assertion": None}, "the JWT bearer grant needs a statement"),
        ({"username": "u"}, "the JWT bearer grant has no person"),
        ({"refresh_token": "r"}, "only the refresh token grant"),
        ({"client_id": "me"}, "an application has an id and a secret"),
        ({"grant": "client_credentials", "client_id": "me", "client_secret": "s"}, "only the JWT bearer grant has an"),
        ({"grant": "client_credentials", "assertion": None}, "an application has an id and a secret"),
    ],
)
def test_what_does_not_go_together_is_told(changes: dict[str, Any], told: str) -> None:
    settings = {name: value for name, value in {**SETTINGS, **changes}.items() if value is not None}
    http = {"base_url": "https://lms.example", "auth": {"oauth2": settings}, "check": {"get": "/"}}
    with pytest.raises(ValidationError, match=told):
        Http.model_validate(http)
