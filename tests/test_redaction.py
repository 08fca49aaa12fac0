"""Secrets do not leave."""

import base64
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
