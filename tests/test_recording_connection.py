"""A made-up connection in place of the real one, with which a recording can be replayed."""

from typing import Any

import pytest

from engine.auth import authenticator
from engine.connections import connect
from engine.errors import UsageError
from engine.mapping import Mapping
from engine.recording.connection import MadeUp, make_up
from engine.recording.secrets import Secrets

FIELDS = {
    "school": {"title": "School", "required": False},
    "url": {"title": "Address", "format": "url", "required": False},
    "second": {"title": "Another address", "format": "url", "required": False},
    "centre": {
        "title": "Data centre",
        "choices": ["https://eu.vendor.com", "https://us.vendor.com"],
        "required": False,
    },
    "role": {"title": "Role", "default": "student"},
    "admin": {"title": "Administrator", "required": False},
    "key": {"title": "Key", "secret": True, "required": False},
    "pin": {"title": "Pin", "secret": True, "required": False},
}


def mapping(base: str, auth: Any = None) -> Mapping:
    return Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme_one", "name": "Acme"},
            "connection": FIELDS,
            "http": {"base_url": base, "auth": auth or {"none": True}, "check": {"get": "/me"}},
            "fetch": {"courses": {"get": "/courses"}},
            "courses": {"for": "course in courses", "fields": {"id": "course.id"}},
        }
    )


def made(base: str, **given: Any) -> MadeUp:
    loaded = mapping(base)
    return make_up(loaded, connect(loaded, given).values, Secrets())


def test_addresses_become_those_of_the_provider_and_keep_their_paths() -> None:
    found = made(
        "{connection.url}/api", url="https://campus.university.edu/lms", second="http://127.0.0.1:80/x", role="teacher"
    )
    assert found.values["url"] == "https://acme-one.example/lms"
    assert found.values["second"] == "http://acme-one-2.example/x"
    assert found.hosts == {"campus.university.edu": "acme-one.example", "127.0.0.1:80": "acme-one-2.example"}
    assert (found.values["role"], found.open) == ("teacher", ("role",))


def test_a_part_of_a_host_becomes_a_school_of_the_same_vendor() -> None:
    found = made("https://{connection.school}.vendor.com/api", school="university", admin="Ada")
    assert found.values["school"] == "school"
    assert found.hosts == {"university.vendor.com": "school.vendor.com"}
    assert found.open == ("admin",)


def test_what_is_the_vendors_or_nobodys_stays() -> None:
    found = made("{connection.centre}", centre="https://eu.vendor.com", url="https://school.example")
    assert (found.values["centre"], found.values["url"], found.values["role"]) == (
        "https://eu.vendor.com", "https://school.example", "student",
    )  # fmt: skip
    assert found.hosts == {}


def test_secrets_are_made_up_and_one_too_short_is_refused() -> None:
    found = made("https://api.vendor.com", key="real-secret-key", pin="12345678")
    assert (found.values["key"], found.values["pin"]) == ("made-up-key", "00000002")
    with pytest.raises(UsageError, match="`pin` has fewer than 4 characters"):
        made("https://api.vendor.com", pin="123")


def test_a_private_key_becomes_one_that_can_sign() -> None:
    from joserfc.jwk import RSAKey

    real = RSAKey.generate_key(2048).as_pem(private=True).decode()
    found = made("https://api.vendor.com", key=real)
    assert found.values["key"] != real
    assertion = {"issuer": "me", "key": "{connection.key}"}
    auth = {"oauth2": {"token_url": "/token", "grant": "jwt_bearer", "assertion": assertion}}
    loaded = mapping("https://api.vendor.com", auth)
    assert authenticator(loaded.http, {"connection": found.values}).can_renew
