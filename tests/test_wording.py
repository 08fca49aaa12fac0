"""What the provider's words mean. tests/test_unifying.py has the same in a whole mapping."""

from collections.abc import Callable
from typing import Any

import pytest
from lms import HEAD

from engine.jsonata import EvaluationProblem
from engine.loading import LoadedMapping
from engine.mapping import Status
from engine.noting import Notes
from engine.reading import Nothing
from engine.report import Report
from engine.values import ValueProblem
from engine.wording import StatusRule, WordRule

USERS = HEAD + "fetch: { users: { get: /users } }\nusers: { for: user in users, fields: { id: user.id } }\n"


@pytest.fixture
def notes(mapped: Callable[[str], LoadedMapping], report: Report) -> Notes:
    return Notes(mapped(USERS), "users", report)


@pytest.fixture
def report() -> Report:
    return Report()


def rule(notes: Notes, words: dict[str, str]) -> WordRule:
    return WordRule("users", "status", words, ("status", "words"), notes)


@pytest.mark.parametrize(("word", "meaning"), [("Straße", "active"), (" STRASSE", "active"), ("b", "deleted")])
def test_capitals_and_blanks_do_not_matter(notes: Notes, report: Report, word: str, meaning: str) -> None:
    assert rule(notes, {"strasse": "active", "B": "deleted"})(word) == meaning
    assert report.words == {"status": {word: 1}}


def test_no_text_is_no_word_unless_the_table_has_it(notes: Notes, report: Report) -> None:
    assert rule(notes, {"a": "active"})(" ") is None
    assert rule(notes, {"": "invited"})("") == "invited"
    assert report.unknown_words == {}


@pytest.mark.parametrize("word", [[], ["a"], {"a": 1}])
def test_only_single_values_are_words(notes: Notes, word: Any) -> None:
    with pytest.raises(ValueProblem, match="not a single word"):
        rule(notes, {"a": "active"})(word)


def test_numbers_are_words_as_they_are_written(notes: Notes) -> None:
    found = rule(notes, {"1": "active", "1.5": "invited"})
    assert [found(word) for word in (1, 1.0, 1.5)] == ["active", "active", "invited"]


def test_a_word_in_no_table_is_counted(notes: Notes, report: Report) -> None:
    assert rule(notes, {"a": "active"})("odd") == "unknown"
    assert report.unknown_words == {"status": {"odd": 1}}


def test_a_status_rule_without_anything_says_unknown(notes: Notes) -> None:
    assert StatusRule("users", Status(), Nothing([]), notes)([], {}) == ("unknown", None)


def test_the_first_condition_that_holds_decides(notes: Notes) -> None:
    status = Status.model_validate({"when": {"deleted": "a", "invited": "b"}, "from": "c"})
    found = StatusRule("users", status, Nothing([]), notes)
    assert [program.text for program in found.programs] == ["c", "a", "b"]
    assert found(["x", [0], [1]], {}) == ("invited", "x")
    assert found([None, 1, 1], {}) == ("deleted", None)


def test_a_condition_that_fails_is_noted_only_where_it_could_decide(notes: Notes, report: Report) -> None:
    found = StatusRule("users", Status.model_validate({"when": {"deleted": "a", "invited": "b"}}), Nothing([]), notes)
    problem = EvaluationProblem("T2001", "no number", 3)
    assert found([True, None], {1: problem}) == ("deleted", None)
    assert report.notes == []
    assert found([None, None], {1: problem}) == ("unknown", None)
    assert [note.field for note in report.notes] == ["status"]
