"""Secrets do not leave."""

import base64
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.redaction import HIDDEN, Redaction


@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=6).filter(
        lambda text: HIDDEN not in text and text.strip()
    )
)
def test_a_secret_is_hidden_however_it_is_encoded(secret: str) -> None:
    redact = Redaction([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode()):
        assert form not in redact(f"before {form} after").replace(HIDDEN, "")


@pytest.mark.parametrize(
    "form",
    [
        'pa"ss/wörd&',
        "pa%22ss%2fw%c3%b6rd%26",
        "pa%22ss/w%C3%B6rd%26",
        r"pa\"ss\/w\u00f6rd&",
        r"pa\"ss/wörd&",
        "pa&quot;ss/wörd&amp;",
        base64.urlsafe_b64encode('pa"ss/wörd&'.encode()).decode().rstrip("="),
    ],
)
def test_the_forms_that_servers_give_back_are_hidden(form: str) -> None:
    assert Redaction(['pa"ss/wörd&'])(f"<{form}>") == f"<{HIDDEN}>"


def test_a_secret_with_a_line_break_is_hidden_as_python_shows_it() -> None:
    assert Redaction(["to\nken"])(repr("to\nken")) == f"'{HIDDEN}'"


def test_nothing_is_hidden_without_secrets_and_an_empty_one_is_none() -> None:
    assert Redaction([])("text") == "text"
    assert Redaction([""])("text") == "text"


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    assert Redaction(["abc", "abcdef"])("x abcdef y") == f"x {HIDDEN} y"


def test_tokens_met_on_the_way_are_added() -> None:
    redact = Redaction(["one"])
    redact.add("two")
    assert redact("one two") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize(
    "name",
    [
        "access_token", "token", "sig", "signature", "password", "key", "X-Amz-Signature", "X-Amz-Security-Token",
        "X-Goog-Credential", "apiKey", "api_key", "client_secret", "wstoken", "auth[token]", "token[0]", "pwd", "jwt",
        "access%5Ftoken", "%74oken", "%2574oken", "x-amz%2Dsignature", "AWSAccessKeyId",
    ],
)  # fmt: skip
def test_a_credential_in_an_address_is_hidden_by_the_name_of_its_parameter(name: str) -> None:
    for before, after in (("?", ""), ("?page=2&", "&per_page=10"), ("?a=1&amp;", "&amp;b=2"), ("#", ""), ("?x=1;", "")):
        assert Redaction([])(f"GET https://lms.example/a{before}{name}=hush%26%2F{after} went wrong") == (
            f"GET https://lms.example/a{before}{name}={HIDDEN}{after} went wrong"
        )


@pytest.mark.parametrize("name", ["page", "monkey", "sort", "criteria[0][key]", "tokens", "design", "state", "code"])
def test_other_parameters_are_shown(name: str) -> None:
    assert Redaction([])(f"/a?{name}=7&x=1") == f"/a?{name}=7&x=1"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://me:hush@lms.example/a", f"https://{HIDDEN}@lms.example/a"),
        ("https://hush@lms.example", f"https://{HIDDEN}@lms.example"),
        ("https://a@b:hu@sh@lms.example/@x", f"https://{HIDDEN}@lms.example/@x"),
        (r"https:\/\/me:hush@lms.example\/a", rf"https:\/\/{HIDDEN}@lms.example\/a"),
        ("?to=https%3A%2F%2Fme%3Ahush%40lms.example%2Fa", f"?to=https%3A%2F%2F{HIDDEN}%40lms.example%2Fa"),
        ("https://lms.example/people/me@lms.example?m=me@x", "https://lms.example/people/me@lms.example?m=me@x"),
        ("?to=https%3A%2F%2Fx%3Ftoken%3Dhush%26a%3D1", f"?to=https%3A%2F%2Fx%3Ftoken%3D{HIDDEN}%26a%3D1"),
        ("?to=https%253A%252F%252Fme%2540hush%2540x", f"?to=https%253A%252F%252F{HIDDEN}%2540x"),
        ("?to=%252Fx%253Fa%253D1%2526sig%253Dhush%252526%2526b", f"?to=%252Fx%253Fa%253D1%2526sig%253D{HIDDEN}%2526b"),
        (r'{"next": "\/x?page=2\u0026sig=hu\/sh\u0026b=1"}', rf'{{"next": "\/x?page=2\u0026sig={HIDDEN}\u0026b=1"}}'),
        ("see /x?a=1&token=hush, and go on", f"see /x?a=1&token={HIDDEN}, and go on"),
        ("/x?token=&a=1", f"/x?token={HIDDEN}&a=1"),
    ],
)  # fmt: skip
def test_people_and_addresses_within_addresses_are_hidden_too(written: str, told: str) -> None:
    assert Redaction([])(written) == told
    assert Redaction([])(told) == told


@pytest.mark.parametrize(
    "text", ["?" * 100_000, "?a" * 50_000, "://" * 50_000, "&token=" * 20_000, "://" + "@" * 100_000]
)
def test_hiding_takes_time_in_proportion_to_the_text(text: str) -> None:
    began = time.thread_time()
    Redaction([])(text)
    assert time.thread_time() - began < 2
