"""How values are told, and how much of a text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.errors import MappingError, Place, Problem, RollbookError, Unreadable, UsageError, Where
from engine.report import Note, Report
from engine.telling import LINE, LINES, PART, cut, cut_lines, kind_of, shown

LONG = "x" * 5_000_000
PLACE = Place("acme.yaml", 1, 1)


def test_a_text_that_is_long_is_told_by_its_beginning_and_says_so() -> None:
    assert cut("short") == "short"
    assert cut("abcdef", 3) == "abc… (cut: 6 characters in all)"
    assert cut(LONG) == "x" * PART + "… (cut: 5,000,000 characters in all)"


def test_a_message_has_not_too_many_lines_and_none_that_is_too_long() -> None:
    assert cut_lines("a\nb") == "a\nb"
    first, second, last = cut_lines(f"{LONG}\nb\n{LONG}").split("\n")
    assert first == last == "x" * LINE + "… (cut: 5,000,000 characters in all)"
    assert second == "b"
    told = cut_lines("a\n" * 10_000).split("\n")
    assert (len(told), told[-1]) == (LINES + 1, "… (cut: 10,001 lines in all)")


@pytest.mark.parametrize(
    "error",
    [
        RollbookError(LONG),
        UsageError(f"there is no mapping {LONG}"),
        Unreadable(LONG, Where("acme", "all", f"GET https://lms.example/{LONG}"), LONG),
        MappingError([Problem(PLACE, LONG, LONG, LONG)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_is_longer_than_a_message_bears(error: RollbookError) -> None:
    assert "(cut: 5,000," in str(error)
    assert len(str(error)) < 5000


def test_what_happened_and_what_to_do_are_told_after_the_longest_address() -> None:
    where = Where("acme", "all", "GET https://lms.example/?q=" + "x" * 66_000)
    told = str(Unreadable("the answer is not JSON", where, "check the address"))
    assert told.startswith("acme: fetch all: GET https://lms.example/?q=xxx")
    assert told.endswith("characters in all): the answer is not JSON; check the address")


def test_no_note_is_longer_than_a_message_bears_and_no_word_is_kept_whole() -> None:
    report = Report()
    report.note(Note("dropped_value", LONG, record=LONG, do=LONG, value=LONG))
    report.unknown_word("status", LONG, Note("unknown_word", LONG, record=LONG))
    report.word("status", LONG)
    assert len(str(report.as_json())) < 30_000


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ("", "empty text"),
        ("a", "text"),
        (7, "a number"),
        (1.5, "a number"),
        (Decimal(1), "a number"),
        (b"x", "bytes"),
        (bytearray(b"x"), "bytes"),
        ([], "a list"),
        ((1,), "a list"),
        ({"a": 1}, "an object"),
        ({1}, "a set"),
        (Path("x"), "a path"),
        (datetime.now(UTC), "a time"),
        (date(2026, 1, 1), "a date"),
        (timedelta(1), "a duration"),
        (int, "a class"),
        (len, "a function"),
        (object(), "something else"),
    ],
)
def test_a_kind_is_told_in_plain_words(value: Any, told: str) -> None:
    assert kind_of(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "nothing"),
        (True, "true"),
        ("it's", '"it\'s"'),
        (7, "7"),
        ([None, True, "ä"], '[null, true, "ä"]'),
        ("x" * 100, "'" + "x" * 78 + "…"),
        (["x" * 100], '["' + "x" * 77 + "…"),
    ],
)
def test_a_value_is_told_as_json_has_it(value: Any, told: str) -> None:
    assert shown(value) == told


def test_an_integer_of_thousands_of_digits_is_told_as_a_number() -> None:
    assert shown([10**5000]) == "a list"
    assert shown(10**5000) == "a number"
