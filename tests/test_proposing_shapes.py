"""Shapes of samples: what was met, how often, and never more than is of use."""

from engine.proposing.evidence import evidence
from engine.proposing.paths import as_hole, as_path, writable
from engine.proposing.shapes import DEEPEST, MOST_ITEMS, MOST_KEYS, MOST_VALUES, leaves, shape_of


def test_a_shape_counts_what_was_met_at_each_place() -> None:
    item = shape_of(
        {"id": 1, "state": "on", "who": {"name": "Ada"}}, {"id": "2", "state": "on", "who": None, "more": []}
    )
    assert dict(item.fields["id"].kinds) == {"integer": 1, "text": 1}
    assert item.fields["state"].often("on") == 2
    assert [path for path, _ in leaves(item)] == [("id",), ("state",), ("who", "name"), ("more",)]
    assert [path for path, _ in leaves(shape_of({"who": {"name": "Ada"}}, {"who": "Ada"}))] == [("who",)]


def test_one_and_true_are_different_values() -> None:
    shape = shape_of(1, True, 1.0)
    assert shape.scalars == [1, True, 1.0]
    assert shape.often(1) == 1


def test_large_and_deep_samples_are_looked_at_in_part() -> None:
    many = shape_of([{"id": number} for number in range(MOST_ITEMS + 5)])
    assert many.element is not None
    assert many.element.met == MOST_ITEMS
    assert many.more
    assert len(many.element.fields["id"].values) == MOST_VALUES
    assert len(shape_of({str(number): 1 for number in range(MOST_KEYS + 5)}).fields) == MOST_KEYS
    deep: dict[str, object] = {}
    for _ in range(100):
        deep = {"a": deep}
    place, _ = next(iter(leaves(shape_of(deep))))
    assert len(place) == DEEPEST
    assert shape_of("x" * 5000).scalars == ["x" * 200]


def test_evidence_tells_kinds_and_numbers_and_quotes_no_text() -> None:
    shape = shape_of({"name": "Ada Lovelace", "score": 5}, {"name": None, "score": 9.5}, {"tags": ["x"], "done": True})
    told = {key: evidence(below, 3) for key, below in shape.fields.items()}
    assert told == {
        "name": "text in 1 of 3",
        "score": "number 5 to 9.5 in 2 of 3",
        "tags": "list of text in 1 of 3",
        "done": "true or false in 1 of 3",
    }
    assert evidence(shape_of(None), 1) == "only null in 1 of 1"
    assert evidence(shape_of([{"a": 1}]), 1) == "list of objects in 1 of 1"


def test_paths_are_written_so_that_an_expression_reads_them() -> None:
    assert as_path(("user", "id"), "enrollment") == "enrollment.user.id"
    assert as_path(("@odata.nextLink",)) == "`@odata.nextLink`"
    assert as_path(("and", "a b"), "x") == "x.`and`.`a b`"
    assert as_path(()) == "$"
    assert not writable(("a`b",))
    assert not writable(("a\nb",))
    assert not writable(("",))
    assert as_hole(("id",), "course") == "{course.id}"
    assert as_hole(("a b",), "course") is None
