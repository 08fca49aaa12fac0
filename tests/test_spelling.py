"""What was meant by a word that is not known."""

import pytest

from engine.spelling import counted, did_you_mean, lasting


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


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 seconds"), (0.2, "1 second"), (59, "59 seconds"), (61, "1 minute 1 second"), (3600.005, "1 hour"),
        (40_000, "11 hours 7 minutes"), (86_400, "1 day"), (604_800, "7 days"), (190_000, "2 days 5 hours"),
        (float("inf"), "longer than anybody can"),
    ],
)  # fmt: skip
def test_a_time_to_wait_is_told_in_its_two_largest_units(seconds: float, told: str) -> None:
    assert lasting(seconds) == told
