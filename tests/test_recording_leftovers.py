"""What may not be in a recording is found, wherever it is and however it is written, and told without being shown."""

import base64
from typing import Any

import pytest

from engine.recording.leftovers import Leftovers
from engine.recording.secrets import Secrets


def left(value: Any) -> list[str]:
    secrets = Secrets()
    secrets.add("hush-hush-s3cret", "token")
    return list(Leftovers(secrets, ["Ada Byron", "abyron", "Li"], ["api.vendor.com"]).of(value, "x"))


@pytest.mark.parametrize(
    ("value", "place", "what"),
    [
        ({"a": ["hush-hush-s3cret"]}, "x.a[0]", "a secret"),
        ({"hush-hush-s3cret": 1}, "x, a key", "a secret"),
        ({"a": base64.b64encode(b"k:hush-hush-s3cret").decode()}, "x.a", "a secret"),
        ({"a": "to me@university.edu"}, "x.a", "an e-mail address of a domain that may be somebody's"),
        ({"a": "me%40university.edu"}, "x.a", "an e-mail address of a domain that may be somebody's"),
        (
            {"me@university.edu": {"b": "me@university.edu"}},
            "x.…",
            "an e-mail address of a domain that may be somebody's",
        ),
        ({"a": "https://university.edu/x"}, "x.a", "an address of a host that may be somebody's"),
        ({"a": "https%3A%2F%2Funiversity.edu"}, "x.a", "an address of a host that may be somebody's"),
        ({"a": "by Ada Byron."}, "x.a", "a person's name, login or address"),
        ({"a": "/u/abyron/x"}, "x.a", "a person's name, login or address"),
    ],
)
def test_what_is_left_is_told_with_its_place(value: Any, place: str, what: str) -> None:
    found = left(value)
    assert f"{place}.b: {what}" in found or f"{place}: {what}" in found
    for real in ("hush", "university", "Ada", "abyron"):
        assert real not in "".join(found)


@pytest.mark.parametrize(
    "value",
    [
        "ada@school.example",
        "https://school.example/a",
        "https://api.vendor.com/b",
        "http://localhost/",
        "Babyron",
        "Li",
        7,
    ],
)
def test_what_may_be_there_is_nothing(value: Any) -> None:
    assert left({"a": value}) == []
