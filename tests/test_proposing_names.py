"""Keys are the words they are made of, however they are joined."""

import pytest

from engine.proposing.matching import called
from engine.proposing.names import joined, moments, words


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("completedAt", ("completed", "at")),
        ("date_completed", ("date", "completed")),
        ("Completion-Date", ("completion", "date")),
        ("userID", ("user", "id")),
        ("HTMLUrl", ("html", "url")),
        ("@odata.nextLink", ("odata", "next", "link")),
        ("page[size]", ("page", "size")),
        ("address2", ("address", "2")),
        ("完了", ()),
        ("", ()),
    ],
)
def test_a_key_has_its_words(key: str, expected: tuple[str, ...]) -> None:
    assert words(key) == expected


def test_the_names_of_a_time_are_those_around_its_word() -> None:
    assert {"completedat", "completeddate", "datecompleted", "completed"} <= set(moments("completed"))
    assert joined(("course", "startDate")) == "coursestartdate"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("learner", "id"), "userid"),
        (("attributes", "dateCompleted"), "datecompleted"),
        (("relationships", "student", "data", "id"), "userid"),
        (("enrollment_completion_date",), "completiondate"),
        (("enrolmentStatus",), "status"),
        (("learningObjectId",), "courseid"),
        (("lo_id",), "courseid"),
    ],
)
def test_a_place_goes_by_its_synonyms_without_what_says_nothing(path: tuple[str, ...], name: str) -> None:
    assert name in called(path, "course_enrollments")
