"""Where in a plan we are."""

import pytest

from engine.frames import Frame, id_text


def test_a_frame_knows_the_items_above_it_by_name() -> None:
    root = Frame()
    course = Frame(root, "course", {"id": 7})
    person = Frame(course, "person", {"id": "p"})
    assert person.names == {"course": {"id": 7}, "person": {"id": "p"}}
    assert [person.at(depth) for depth in (0, 1, 2, 3)] == [root, course, person, person]
    assert (str(person), str(course), str(root)) == ("person p", "course 7", "")


def test_an_item_without_an_id_is_called_by_its_name_only() -> None:
    assert str(Frame(Frame(), "row", [1])) == "row"
    assert str(Frame(Frame(), "row", {"parts": [1], "id": None})) == "row"
    assert str(Frame(Frame(), "code", "x7")) == "code x7"


@pytest.mark.parametrize(
    ("item", "called"),
    [
        ({"id": 7, "uuid": "u"}, "course 7"),
        ({"name": "First aid", "uuid": "u", "course_id": 7}, "course uuid u"),
        ({"name": "First aid", "course_id": 7}, "course course_id 7"),
        ({"paid": 3, "contentId": "c1"}, "course contentId c1"),
        ({"paid": 3, "contentUrn": None, "key": "k"}, "course key k"),
        ({"paid": 3, "title": "First aid"}, "course title First aid"),
        ({"from": 1700000000, "to": 1700003600}, "course from 1700000000"),
    ],
)
def test_an_item_without_an_id_is_called_by_what_else_tells_it_apart(item: dict[str, object], called: str) -> None:
    assert str(Frame(Frame(), "course", item)) == called


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        ("7", "7"),
        (7.0, "7"),
        (2**70, str(2**70)),
        ("", None),
        (None, None),
        (True, None),
        (7.5, None),
        ([], None),
    ],
)
def test_ids_are_compared_as_text(value: object, text: str | None) -> None:
    assert id_text(value) == text
