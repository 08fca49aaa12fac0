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
    assert str(Frame(Frame(), "code", "x7")) == "code x7"


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
