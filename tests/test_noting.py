"""The notes of one record: which record, which field, where in the mapping, and what to do."""

import pytest

from engine.errors import Place
from engine.jsonata import EvaluationProblem
from engine.mapping import Mapping
from engine.noting import Held, Notes
from engine.report import Note, Report
from engine.values import ValueProblem


class Mapped:
    """A mapping in which the place of a node is the length of its path, and the offset in its text."""

    @property
    def mapping(self) -> Mapping:
        raise NotImplementedError

    def place(self, *path: str | int, offset: int = 0) -> Place:
        return Place(".".join(str(step) for step in path), 1, offset + 1)


def notes(report: Report) -> Notes:
    made = Notes(Mapped(), "users", report)
    made.record = "7"
    return made


def test_a_value_that_cannot_be_read_says_what_to_do() -> None:
    report = Report()
    notes(report).failed("score", ("fields", "score"), ValueProblem("'x' is not a number", "map another"), "x")
    place = Place("users.fields.score", 1, 1)
    what = "left out: 'x' is not a number"
    assert report.notes == [Note("field_failed", what, "", "7", "score", "x", place, "map another")]


def test_an_expression_that_fails_is_placed_at_its_fault() -> None:
    report = Report()
    notes(report).failed("score", ("fields", "score"), EvaluationProblem("T2001", "no number", 12))
    assert report.notes[0].place == Place("users.fields.score", 1, 13)
    assert report.notes[0].do == "correct the expression"


def test_a_record_that_is_set_aside_has_its_raw_data_and_no_id() -> None:
    report = Report()
    made = notes(report)
    made.record = ""
    made.set_aside(ValueProblem("it is absent"), {"e": {}})
    assert (report.notes[0].record, report.notes[0].value) == ("", {"e": {}})
    assert report.notes[0].place == Place("users.fields.id", 1, 1)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("active", "active"),
        ("on hold", "on hold"),
        ("état", "état"),
        ("yes", '"yes"'),
        ("TRUE", '"TRUE"'),
        ("null", '"null"'),
        ("7", '"7"'),
        ("a: b", '"a: b"'),
        ("trailing ", '"trailing "'),
        ('"', '"\\""'),
    ],
)
def test_the_line_to_add_is_yaml_that_means_the_word(word: str, key: str) -> None:
    report = Report()
    notes(report).unknown_word("role", ("words", "role", "words"), word, "other", ("admin", "other"))
    assert report.notes[0].do == f"add to `users.words.role.words` the line `{key}: …` with one of admin, other"


def test_a_word_of_megabytes_is_told_by_its_beginning() -> None:
    report = Report()
    notes(report).unknown_word("role", ("words", "role", "words"), "x" * 5_000_000, "other", ("admin", "other"))
    assert len(str(report.notes[0])) < 1000
    assert report.notes[0].do.endswith("with one of admin, other")


def test_notes_that_are_held_are_told_by_whoever_takes_them_or_by_nobody() -> None:
    report = Report()
    held = Held(notes(report))
    held.word("status", "on")
    held.dropped("user.emails", ("fields", "user.emails"), "x is not an e-mail address")
    assert len(held.taken()) == 2
    assert not held.taken()
    held.word("status", "on")
    held.unknown_word("status", ("status", "words"), "off", "unknown", ("active",))
    held.dropped("user.emails", ("fields", "user.emails"), "x is not an e-mail address")
    taken = held.taken()
    assert not report.notes
    assert not report.words
    for tell, told in taken:
        tell(*told)
    assert [note.kind for note in report.notes] == ["unknown_word", "dropped_value"]
    assert report.words["status"] == {"on": 1}
