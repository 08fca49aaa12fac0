"""The provider's words are found where they are, and mean something only where there is no doubt."""

from typing import Any

from engine.proposing.matching import Matches, matched
from engine.proposing.shapes import shape_of
from engine.proposing.statuses import worded


def matches(*items: Any) -> Matches:
    return matched(shape_of(*items), "course_enrollments")


def test_clear_words_have_a_meaning_however_they_are_written_and_others_have_none() -> None:
    found, _ = worded(matches({"status": "In Progress"}, {"status": "NOT_STARTED"}, {"status": "active"}), "status")
    assert found
    assert found.clear == {"In Progress": "in_progress", "NOT_STARTED": "enrolled"}
    assert found.unclear == ("active",)
    assert found.often("active") == 1


def test_of_several_places_the_one_with_more_clear_words_is_taken_and_the_others_are_named() -> None:
    found, others = worded(
        matches({"state": "x", "completion_status": "passed"}, {"state": "y", "completion_status": "failed"}), "status"
    )
    assert found
    assert found.path == ("completion_status",)
    assert others == ["state (text in 2 of 2)"]


def test_codes_are_words_and_upper_and_lower_case_are_the_same() -> None:
    found, _ = worded(matches({"status": 3}, {"status": 0}), "status")
    assert found
    assert found.unclear == ("3", "0")
    found, _ = worded(matches({"status": "Passed"}, {"status": "PASSED"}), "status")
    assert found
    assert found.clear == {"Passed": "passed"}


def test_sentences_addresses_and_very_many_values_are_no_words() -> None:
    assert worded(matches({"status": "a@b.example"}), "status") == (None, [])
    assert worded(matches({"status": "x" * 60}), "status") == (None, [])
    assert worded(matches(*({"status": f"s{number}"} for number in range(35))), "status") == (None, [])
    assert worded(matches({"status": {"deep": {"er": 1}}}), "status") == (None, [])
