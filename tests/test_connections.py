"""What a customer supplied, checked."""

from collections.abc import Callable
from typing import Any

import pytest
from lms import HEAD

from engine.connections import Connection, connect
from engine.errors import UsageError
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

FIELDS = """
  token: { title: Token, secret: true, help: Settings > API. }
  pin: { title: Pin, secret: true, required: false, format: integer }
  account: { title: Account, format: integer, default: 7 }
  region: { title: Region, choices: [eu, us], default: eu }
  archived: { title: Archived, format: boolean, required: false }
"""
REST = """
fetch: { courses: { get: /courses } }
courses: { for: course in courses, fields: { id: course.id } }
"""
GOOD = {"url": "https://school.example", "token": "hush"}


@pytest.fixture
def mapping(mapped: Mapped) -> LoadedMapping:
    return mapped(HEAD.replace("\nhttp:", FIELDS + "http:", 1) + REST)


def faults(mapping: LoadedMapping, **given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        connect(mapping.mapping, {**GOOD, **given})
    return str(caught.value)


def test_what_is_given_is_read_as_the_format_of_its_field(mapping: LoadedMapping) -> None:
    given = {**GOOD, "url": " https://school.example/base/ ", "account": "-12", "archived": "TRUE", "pin": 4711}
    connection = connect(mapping.mapping, given)
    assert dict(connection.values) == {
        "url": "https://school.example/base",
        "token": "hush",
        "pin": 4711,
        "account": -12,
        "region": "eu",
        "archived": True,
    }


def test_defaults_stand_for_what_is_left_out_or_empty_and_what_is_optional_may_be_absent(
    mapping: LoadedMapping,
) -> None:
    connection = connect(mapping.mapping, {**GOOD, "account": "", "region": None})
    assert (connection.values["account"], connection.values["region"]) == (7, "eu")
    assert "archived" not in connection.values


def test_secrets_are_not_public_and_never_shown(mapping: LoadedMapping) -> None:
    connection = connect(mapping.mapping, {**GOOD, "pin": "4711"})
    assert connection.secrets == {"hush", "4711"}
    assert set(connection.public) == {"url", "account", "region"}
    assert "hush" not in repr(connection)
    assert isinstance(connection, Connection)


def test_everything_wrong_is_told_at_once(mapping: LoadedMapping) -> None:
    with pytest.raises(UsageError) as caught:
        connect(mapping.mapping, {"tokn": "hush", "region": "mars", "account": "seven", "archived": "perhaps"})
    assert str(caught.value).splitlines() == [
        "acme: the connection is not complete:",
        "  `tokn` is not a connection field; did you mean `token`?",
        "  `url` (Address) is missing; give it with --set url=…",
        "  `token` (Token) is missing; give it with --set token=@env:NAME (Settings > API)",
        "  `account` (Account) must be a whole number",
        "  `region` (Region) must be one of eu, us",
        "  `archived` (Archived) must be true or false",
    ]


def test_a_title_of_any_length_does_not_hide_what_to_do(mapped: Mapped) -> None:
    fields = f"  token: {{ title: {'x' * 100_000}, help: {'y' * 100_000} }}\n"
    loaded = mapped(HEAD.replace("http:", fields + "http:", 1) + REST)
    with pytest.raises(
        UsageError, match=r"characters in all\)\) is missing; give it with --set token=… \(yyy"
    ) as caught:
        connect(loaded.mapping, {"url": "https://school.example"})
    assert len(str(caught.value)) < 2000


def test_a_name_like_no_other_gets_the_names_there_are(mapping: LoadedMapping) -> None:
    assert "there are `url`, `token`, `pin`, `account`, `region`, `archived`" in faults(mapping, zzz=1)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("school.example", "must be a full address such as https://school.example"),
        ("ftp://school.example", "must be a full address"),
        ("https://", "must be a full address"),
        ("https://me:hush@school.example", "must not carry a user name or password"),
        ("https://school.example/?a=b", "must not have a `?` or `#` part"),
        ("https://school.example/#top", "must not have a `?` or `#` part"),
        ("https://[::1", "must be a full address"),
        ("https://school.example:port", "must be a full address"),
        ("https://school.example:99999", "must be a full address"),
    ],
)
def test_an_address_is_whole_and_nothing_but_an_address(mapping: LoadedMapping, url: str, told: str) -> None:
    assert told in faults(mapping, url=url)


@pytest.mark.parametrize("number", [True, "1.5", "--5", "5-", "-", "1e3", "٣-", 1.5, "9" * 5000])
def test_a_whole_number_is_digits(mapping: LoadedMapping, number: Any) -> None:
    assert "`account` (Account) must be a whole number" in faults(mapping, account=number)


def test_a_wrong_secret_is_not_quoted(mapping: LoadedMapping) -> None:
    assert "hush" not in faults(mapping, token=" hush ")
    assert "has blanks around it" in faults(mapping, token="hush\n")
    for pin in ("--4711", "47x11", "4711.0"):
        told = faults(mapping, pin=pin)
        assert "`pin` (Pin) must be a whole number" in told
        assert "47" not in told


def test_a_key_of_several_lines_may_end_as_its_file_does(mapping: LoadedMapping) -> None:
    key = "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----"
    connection = connect(mapping.mapping, {**GOOD, "token": f"{key}\n"})
    assert connection.values["token"] == key
    assert key in connection.secrets
