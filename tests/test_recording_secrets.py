"""Secrets in a recording: none survives, wherever it stands and however it is encoded."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.mapping import Mapping
from engine.recording.scrubbing import Scrubber
from engine.recording.secrets import Secrets, is_secret_key

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, small": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "all percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of an address": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "basic": lambda text: "Basic " + base64.b64encode(f"somebody:{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, all escaped": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "XML": html.escape,
    "XML, all escaped": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "within an address": lambda text: f"https://x.example/a?next={quote('/b?k=' + quote(text, safe=''), safe='')}&c=d",
    "base64 of JSON": lambda text: base64.b64encode(json.dumps({"k": text}).encode()).decode(),
    "percent of base64": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
}

#: Tokens as they are: long enough, of letters, digits and signs.
secrets_ = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=10, max_size=60).filter(
    lambda text: sum(sign.isalnum() for sign in text) >= 8 and not text.startswith("made-up-")
)
around = st.text(st.sampled_from(" \t.,;()é李🎓\"'<>"), max_size=6)


def scrubber(secrets: Secrets) -> Scrubber:
    mapping = Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme", "name": "Acme"},
            "http": {"base_url": "https://acme.example", "auth": {"none": True}, "check": {"get": "/me"}},
            "fetch": {"courses": {"get": "/courses"}},
            "courses": {"for": "course in courses", "fields": {"id": "course.id"}},
        }
    )
    return Scrubber(mapping, secrets, {})


@given(secrets_, st.sampled_from(sorted(ENCODINGS)), around, around)
def test_a_secret_survives_in_no_encoding(secret: str, encoding: str, before: str, after: str) -> None:
    secrets = Secrets()
    secrets.add(secret, "token")
    text = before + ENCODINGS[encoding](secret) + after
    assert secrets.holds(text)
    replaced = secrets.replaced(text)
    assert not secrets.holds(replaced)
    assert secret not in replaced
    assert ENCODINGS[encoding](secret) not in replaced


@given(
    secrets_,
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(["key", "value", "list", "xml", "CDATA", "html", "json", "address"]),
)
def test_a_secret_survives_at_no_place(secret: str, encoding: str, place: str) -> None:
    secrets = Secrets()
    secrets.add(secret, "token")
    written = ENCODINGS[encoding](secret)
    data = {
        "key": {written: 1},
        "value": {"a": {"b": written}},
        "list": [["a", [written]]],
        "xml": f"<a b='{html.escape(written)}'><c>{html.escape(written)}</c></a>",
        "CDATA": f"<a><![CDATA[{written.replace(']]>', '')}]]></a>",
        "html": {"text": f"<p>Hello <b>{html.escape(written)}</b><br></p>"},
        "json": {"text": json.dumps({"k": [written]})},
        "address": f"https://x.example/{quote(written, safe='')}?a={quote(written, safe='')}#b",
    }[place]
    scrubbing = scrubber(secrets)
    scrubbing.looking.look(data, "")
    scrubbing.settle()
    scrubbed = json.dumps(scrubbing.scrubbed(data, ""), ensure_ascii=False)
    assert not secrets.holds(scrubbed), scrubbed


def test_equal_secrets_become_equal_and_different_ones_different() -> None:
    secrets = Secrets()
    secrets.add("first-secret", "access_token")
    secrets.add("second-secret", "access_token")
    assert secrets.replaced("first-secret second-secret first-secret") == (
        "made-up-access-token made-up-access-token-2 made-up-access-token"
    )


def test_digits_stay_digits() -> None:
    secrets = Secrets()
    secrets.add("12345678", "pin")
    assert secrets.replaced("12345678") == "00000001"


def test_what_is_made_up_already_stays() -> None:
    secrets = Secrets()
    secrets.add("made-up-token", "token")
    assert secrets.replaced("made-up-token") == "made-up-token"


def test_tokens_and_keys_are_known_by_their_form() -> None:
    secrets = Secrets()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgw\n-----END PRIVATE KEY-----"
    secrets.discover(f"a {token} b")
    secrets.discover(key)
    assert secrets.replaced(f"{token}, {key}, and MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgw") == (
        "made-up-token, made-up-key, and made-up-line"
    )


@pytest.mark.parametrize(
    "key",
    [
        "access_token",
        "refreshToken",
        "sesskey",
        "X-API-Key",
        "client_secret",
        "password",
        "Authorization",
        "csrfmiddlewaretoken",
    ],
)
def test_keys_whose_values_prove_who_asks(key: str) -> None:
    assert is_secret_key(key)


@pytest.mark.parametrize(
    "key", ["key", "course_key", "token_type", "expires_in", "session", "password_expired_at", "author"]
)
def test_keys_whose_values_do_not(key: str) -> None:
    assert not is_secret_key(key)


def test_a_token_that_nobody_knew_is_found_by_its_key_and_gone_everywhere() -> None:
    secrets = Secrets()
    scrubbing = scrubber(secrets)
    data = {"next_page_token": "CgkKBxIFCM_x5Qk", "link": "https://acme.example/courses?pageToken=CgkKBxIFCM_x5Qk"}
    scrubbing.looking.look(data, "")
    scrubbing.settle()
    assert scrubbing.scrubbed(data, "") == {
        "next_page_token": "made-up-next-page-token",
        "link": "https://acme.example/courses?pageToken=made-up-next-page-token",
    }
    assert scrubbing.scrubbed_pairs([("pageToken", "CgkKBxIFCM_x5Qk")], "") == [
        ("pageToken", "made-up-next-page-token")
    ]
