"""The report: exact counts, few notes, nothing lost in silence."""

import asyncio
import json
from typing import get_args

import pytest

from engine.errors import DiagnosticError, Failed, Place
from engine.report import INCOMPLETE, KEPT_CHARACTERS, KEPT_NOTES, KEPT_WORDS, Ended, Kind, Note, Report


def test_a_note_reads_as_where_what_and_what_to_do() -> None:
    note = Note("field_failed", "left out: no time", "fetch x", "7", "due_at", "?", Place("acme.yaml", 3, 9), "fix it")
    assert str(note) == "fetch x: 7 due_at: left out: no time; fix it (acme.yaml:3:9)"
    assert str(Note("tolerated", "forbidden")) == "forbidden"


def test_counts_are_exact_and_only_the_first_notes_are_kept() -> None:
    report = Report()
    for number in range(KEPT_NOTES + 10):
        report.note(Note("parent_failed", f"{number}"))
    assert report.counts["parent_failed"] == KEPT_NOTES + 10
    assert [note.what for note in report.notes] == [str(number) for number in range(KEPT_NOTES)]


def test_a_field_that_always_fails_does_not_hide_another() -> None:
    report = Report()
    for _ in range(KEPT_NOTES * 3):
        report.note(Note("field_failed", "x", field="due_at"))
    report.note(Note("field_failed", "y", field="score"))
    assert report.notes[-1].field == "score"
    assert report.failed_fields == {"due_at": KEPT_NOTES * 3, "score": 1}


def test_long_raw_values_are_cut_and_short_ones_kept() -> None:
    report = Report()
    raw = {"text": "x" * 5000}
    report.note(Note("set_aside", "no id", value=raw))
    report.note(Note("set_aside", "no id", value={"a": None}))
    assert report.notes[0].value == json.dumps(raw)[: KEPT_CHARACTERS - 1] + "…"
    assert report.notes[1].value == {"a": None}


def test_an_unknown_word_is_noted_once_and_counted_always() -> None:
    report = Report()
    for word in ("frozen", "frozen", "odd"):
        report.unknown_word("status", word, Note("unknown_word", word, field="status"))
    assert report.unknown_words == {"status": {"frozen": 2, "odd": 1}}
    assert [note.what for note in report.notes] == ["frozen", "odd"]


def test_words_that_are_too_many_to_be_words_are_counted_together() -> None:
    report = Report()
    for number in range(KEPT_WORDS + 20):
        report.word("status", f"w{number}")
    assert len(report.words["status"]) == KEPT_WORDS + 1
    assert report.words["status"]["…"] == 20


@pytest.mark.parametrize(
    "kind", ["parent_failed", "set_aside", "field_failed", "unknown_word", "tolerated", "dropped_value"]
)
def test_what_could_not_be_read_makes_a_run_incomplete(kind: Kind) -> None:
    report = Report()
    report.end("finished")
    assert report.complete
    report.note(Note(kind, "x"))
    assert report.complete is (kind not in INCOMPLETE)
    assert report.missing is (kind in INCOMPLETE)


def test_a_run_is_complete_only_where_it_reached_its_end() -> None:
    report = Report()
    assert (report.complete, report.as_json()["ended"]) == (False, None)
    for ended in get_args(Ended):
        report.end(ended)
        assert report.complete is (ended == "finished")


@pytest.mark.parametrize(
    ("error", "ended", "problem"),
    [
        (Failed("HTTP 418"), "failed", "HTTP 418"),
        (RuntimeError(), "failed", "RuntimeError"),
        (DiagnosticError("field failed: 7"), "stopped", "field failed: 7"),
        (GeneratorExit(), "stopped", "not all records were taken"),
        (asyncio.CancelledError(), "interrupted", None),
        (KeyboardInterrupt(), "interrupted", None),
    ],
)
def test_what_ended_a_run_is_told_with_the_problem(error: BaseException, ended: str, problem: str | None) -> None:
    report = Report()
    report.broke(error)
    data = report.as_json()
    assert (data["complete"], data["ended"], data.get("problem")) == (False, ended, problem)


def test_the_problem_a_run_ended_with_is_redacted() -> None:
    report = Report(redact=lambda text: text.replace("hush", "•••"))
    report.broke(Failed("hush is no token"))
    assert report.problem == "••• is no token"


def test_a_strict_run_stops_at_the_first_note() -> None:
    report = Report(strict=True)
    with pytest.raises(DiagnosticError, match=r"^field failed: 7 score: left out"):
        report.note(Note("field_failed", "left out", record="7", field="score"))
    with pytest.raises(DiagnosticError, match="unknown word"):
        report.unknown_word("status", "odd", Note("unknown_word", "odd"))


def test_a_report_is_plain_json_without_empty_parts() -> None:
    report = Report(provider="acme", resource="users", records=2)
    report.by_status["active"] += 2
    report.note(Note("field_failed", "no time", field="due_at", value=0, place=Place("acme.yaml", 3, 9)))
    data = json.loads(json.dumps(report.as_json()))
    assert data["complete"] is False
    assert data["by_status"] == {"active": 2}
    assert data["counts"] == {"field_failed": 1}
    assert data["failed_fields"] == {"due_at": 1}
    assert data["notes"] == [
        {"kind": "field_failed", "what": "no time", "field": "due_at", "value": 0, "place": "acme.yaml:3:9"}
    ]
