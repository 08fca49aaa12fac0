"""What was meant by a word that is not known."""

import pytest

from engine.spelling import counted, did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "otherwise", "advice"),
    [
        ("itmes", ["items", "where"], "", "did you mean `items`?"),
        ("ITEMS", ["items", "where"], "", "did you mean `items`?"),
        ("x", ["items", "where", "items"], "", "there are `items`, `where`"),
        ("x", ["items"], "", "there is only `items`"),
        ("x", [], "", "there are none"),
        ("x", ["items"], "leave it out", "leave it out"),
        ("itmes", ["items"], "leave it out", "did you mean `items`?"),
    ],
)
def test_the_nearest_word_or_all_there_are(word: str, known: list[str], otherwise: str, advice: str) -> None:
    assert did_you_mean(word, known, otherwise) == advice


def test_a_word_of_megabytes_is_like_no_other() -> None:
    assert did_you_mean("items" * 1_000_000, ["items"]) == "there is only `items`"


def test_one_of_a_thing_is_no_plural() -> None:
    assert [counted(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
