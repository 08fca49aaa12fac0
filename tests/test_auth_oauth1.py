"""Requests that are signed, each for itself."""

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.auth import authenticator
from engine.exchange import Request
from engine.mapping import Http

SECRET = "s3cret/+ &"
SCOPE = {"connection": {"url": "https://lms.example", "key": "me", "secret": SECRET, "token": "t", "pair": "ts"}}
SETTINGS = {"consumer_key": "{connection.key}", "consumer_secret": "{connection.secret}"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def http(**changes: Any) -> Http:
    auth = {"oauth1": {**SETTINGS, **changes}}
    return Http.model_validate({"base_url": "{connection.url}", "auth": auth, "check": {"get": "/"}})


def signed(request: Request, **changes: Any) -> str:
    return authenticator(http(**changes), SCOPE).sign(request).headers["Authorization"]


def parts(authorization: str) -> dict[str, str]:
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "OAuth"
    return {name: unquote(value) for name, value in parse_keqv_list(parse_http_list(rest)).items()}


def expected(request: Request, sent: dict[str, str], token_secret: str = "") -> str:
    """Return the signature as RFC 5849 section 3.4.1 and 3.4.2 describe it."""

    def escaped(text: str) -> str:
        return quote(text, safe="~")

    url = urlsplit(request.address)
    fields = [*parse_qsl(url.query, keep_blank_values=True), *(request.form or ())]
    fields += [(name, value) for name, value in sent.items() if name not in ("realm", "oauth_signature")]
    normal = "&".join(f"{name}={value}" for name, value in sorted((escaped(n), escaped(v)) for n, v in fields))
    base = "&".join(escaped(part) for part in (request.method, f"https://{url.netloc}{url.path}", normal))
    key = f"{escaped(SECRET)}&{escaped(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def test_the_secret_itself_is_the_plaintext_signature_and_an_empty_token_is_named() -> None:
    header = signed(Request("GET", "https://lms.example/x"), signature="PLAINTEXT", realm="School API")
    sent = parts(header)
    assert header.startswith('OAuth realm="School API", oauth_consumer_key="me", oauth_nonce="')
    assert header.endswith(', oauth_token="", oauth_version="1.0", oauth_signature="s3cret%252F%252B%2520%2526%26"')
    assert sent["oauth_signature_method"] == "PLAINTEXT"
    assert abs(int(sent["oauth_timestamp"]) - time.time()) < 60


def test_no_two_requests_have_the_same_number() -> None:
    request = Request("GET", "https://lms.example/x")
    assert len({parts(signed(request))["oauth_nonce"] for _ in range(20)}) == 20


@given(TEXT, TEXT)
def test_the_signature_covers_address_query_and_form(name: str, value: str) -> None:
    get = Request("GET", "https://lms.example/x?a=1", query=((f"q{name}", value), ("a", "2")))
    sent = parts(signed(get))
    assert sent["oauth_signature"] == expected(get, sent)
    post = Request("POST", "https://lms.example/x", form=((f"f{name}", value), ("a", "")))
    sent = parts(signed(post))
    assert sent["oauth_signature"] == expected(post, sent)


def test_json_is_not_covered_and_a_token_signs_along() -> None:
    post = Request("POST", "https://lms.example/x", json={"a": 1})
    sent = parts(signed(post, token="{connection.token}", token_secret="{connection.pair}"))
    assert sent["oauth_token"] == "t"
    assert "oauth_body_hash" not in sent
    assert sent["oauth_signature"] == expected(post, sent, "ts")


def test_half_a_token_is_refused() -> None:
    with pytest.raises(ValidationError, match="a token has two parts; give `token` and `token_secret`"):
        http(token="{connection.token}")


def test_a_redirect_is_followed_with_a_signature_of_its_own() -> None:
    import asyncio

    from engine.client import Client
    from engine.loading import load
    from engine.report import Report

    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(parts(request.headers["authorization"])["oauth_nonce"])
        if request.url.path == "/users/me":
            return httpx2.Response(303, headers={"Location": "/users/7"})
        return httpx2.Response(200, json={"id": 7})

    async def ask() -> Any:
        mapping = load("canvas").mapping.model_copy(update={"http": http()})
        async with Client(mapping, SCOPE, Report(), transport=httpx2.MockTransport(handler)) as client:
            return await client.send(Request("GET", "https://lms.example/users/me"))

    assert asyncio.run(ask()).json == {"id": 7}
    assert len(set(seen)) == 2
