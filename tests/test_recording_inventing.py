"""Invented words, numbers and addresses: as long, written alike, the same for the same, and nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.recording.inventing import Inventions, is_reserved

words = st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=12)


def settled(*texts: str, salt: str = "salt") -> Inventions:
    made = Inventions(salt=[salt])
    for text in texts:
        made.announce(text, numbers=True)
    made.settle()
    return made


@given(st.lists(words, min_size=1, max_size=20))
def test_different_words_become_different_ones_and_none_is_real(real: list[str]) -> None:
    made = settled(*real)
    found = {word.casefold(): made.words(word).casefold() for word in real}
    assert len(set(found.values())) == len(found)
    assert not set(found) & set(found.values())


@given(st.lists(words, min_size=1, max_size=10))
def test_the_order_of_what_is_announced_changes_nothing(real: list[str]) -> None:
    one, other = settled(*real), settled(*reversed(real))
    assert [one.words(word) for word in real] == [other.words(word) for word in real]


@pytest.mark.parametrize(
    "name", ["Ada", "ADA", "ada", "McDonald", "O'Brien-Smith", "李 小龙", "نور حداد", "Влади", "Zoë", "🎓 Ada <b>"]
)
def test_a_name_keeps_its_length_its_capitals_its_script_and_what_is_no_letter(name: str) -> None:
    made = settled(name).words(name)
    assert made != name
    assert len(made) == len(name)
    for sign, real in zip(made, name, strict=True):
        assert sign.isalpha() == real.isalpha()
        assert sign == real or real.isalpha()
        assert (sign.isupper(), sign.islower(), sign.isascii()) == (real.isupper(), real.islower(), real.isascii())


def test_a_word_is_the_same_with_capitals_or_without() -> None:
    made = settled("Ada")
    assert made.words("ADA") == made.words("Ada").upper()


def test_numbers_keep_their_length_and_a_word_that_was_not_announced_stays() -> None:
    made = settled("ada7301")
    assert made.words("ada7301", numbers=True)[3:].isdecimal()
    assert len(made.words("ada7301", numbers=True)) == 7
    assert made.words("Grace") == "Grace"


def test_another_salt_gives_other_words() -> None:
    assert settled("Constantinople").words("Constantinople") != settled("Constantinople", salt="x").words(
        "Constantinople"
    )


def test_more_words_than_there_are_of_their_length_become_longer() -> None:
    real = [chr(letter) for letter in range(ord("a"), ord("z") + 1)]
    made = settled(*real)
    found = {made.words(letter) for letter in real}
    assert len(found) == 26
    assert not found & set(real)


def test_domains_and_addresses_are_of_those_that_nobody_has() -> None:
    made = Inventions()
    for number in range(900):
        made.announce_address(f"10.0.{number // 250}.{number % 250}")
    made.announce_address("2a00:1450::1")
    for domain in ("university.edu", "mail.university.edu", "other.org"):
        made.announce_domain(domain)
    made.settle()
    assert made.address("2a00:1450::1") == "2001:db8::1"
    assert made.address("10.0.0.1").startswith(("192.0.2.", "198.51.100.", "203.0.113."))
    found = {made.domain(domain) for domain in ("university.edu", "mail.university.edu", "other.org")}
    assert len(found) == 3
    assert all(map(is_reserved, found))
    assert made.domain("example.org") == "example.org"


@pytest.mark.parametrize("domain", ["example.com", "a.example", "x.test", "EXAMPLE.ORG", "localhost", "a.b.invalid."])
def test_reserved_domains(domain: str) -> None:
    assert is_reserved(domain)


@pytest.mark.parametrize("domain", ["example.de", "myexample.com", "test.com", "example", "a.example.io"])
def test_domains_that_may_be_somebodys(domain: str) -> None:
    assert is_reserved(domain) is (domain == "example")
