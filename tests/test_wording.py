"""What the provider's words mean, apart from any mapping."""

from typing import Any

import pytest
from test_noting import notes

from engine.mapping import Status
from engine.reading import Nothing
from engine.report import Report
from engine.values import ValueProblem
from engine.wording import StatusRule, WordRule


def rule(report: Report, **words: str) -> WordRule:
    return WordRule("users", "status", words, ("status", "words"), notes(report))


@pytest.mark.parametrize(("word", "meaning"), [("Straße", "active"), (" STRASSE", "active"), ("b", "deleted")])
def test_capitals_and_blanks_do_not_matter(word: str, meaning: str) -> None:
    report = Report()
    assert rule(report, strasse="active", B="deleted")(word) == meaning
    assert report.words == {"status": {word: 1}}


def test_no_text_is_no_word_unless_the_table_has_it() -> None:
    report = Report()
    assert rule(report, a="active")(" ") is None
    assert rule(report, **{"": "invited"})("") == "invited"
    assert report.unknown_words == {}


@pytest.mark.parametrize("word", [[], ["a"], {"a": 1}])
def test_only_single_values_are_words(word: Any) -> None:
    with pytest.raises(ValueProblem, match="not a single word"):
        rule(Report(), a="active")(word)


def test_numbers_are_words_as_they_are_written() -> None:
    report = Report()
    assert [rule(report, **{"1": "active", "1.5": "invited"})(word) for word in (1, 1.0, 1.5)] == [
        "active",
        "active",
        "invited",
    ]


def test_a_status_rule_without_anything_says_unknown() -> None:
    assert StatusRule("users", Status(), Nothing([]), notes(Report()))({}) == ("unknown", None)


def test_the_first_condition_that_holds_decides() -> None:
    status = Status.model_validate({"when": {"deleted": "a", "invited": "b"}, "from": "c"})
    found = StatusRule("users", status, Nothing([]), notes(Report()))
    assert found({"a": [0], "b": [1], "c": "x"}) == ("invited", "x")
    assert found({"a": 1, "b": 1}) == ("deleted", None)
