"""Secrets do not leave."""

import base64
from urllib.parse import quote, quote_plus

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


def test_nothing_is_hidden_without_secrets_and_an_empty_one_is_none() -> None:
    assert Redaction([])("text") == "text"
    assert Redaction([""])("text") == "text"


def test_the_longer_of_two_secrets_is_hidden_whole() -> None:
    assert Redaction(["abc", "abcdef"])("x abcdef y") == f"x {HIDDEN} y"


def test_tokens_met_on_the_way_are_added() -> None:
    redact = Redaction(["one"])
    redact.add("two")
    assert redact("one two") == f"{HIDDEN} {HIDDEN}"
