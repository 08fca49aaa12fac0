"""Which words of names are ordinary words, and which are somebody's by themselves."""

import re

import pytest

from engine.recording.ordinary import free_words, ordinary_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ada Byron", {"Ada", "Byron"}),
        ("Jan van der Berg", {"Jan", "Berg"}),
        ("Miles O'Brien", {"Miles", "O'Brien", "Brien"}),
        ("ada byron", {"ada", "byron"}),
        ("J. R. Smith", {"Smith"}),
        ("小龙 李", {"小龙", "李"}),
    ],
)
def test_particles_and_initials_are_nobodys_by_themselves(name: str, words: set[str]) -> None:
    assert free_words(name) == words


def test_words_in_small_letters_are_ordinary_unless_within_a_whole_name_an_address_or_a_login() -> None:
    prose = ["written by ada byron for the head", "mail will@power.example, see https://power.example/grace miles"]
    found = ordinary_words(prose, re.compile("ada byron"), {"miles"})
    assert {"written", "head", "mail", "see"} <= found
    assert not {"ada", "byron", "will", "power", "grace", "miles"} & found


def test_some_words_are_ordinary_without_being_seen() -> None:
    assert {"the", "der", "la"} <= ordinary_words([], None, ())
