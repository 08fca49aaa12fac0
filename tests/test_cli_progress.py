"""The summary of a run."""

import pytest

from engine.cli.progress import SHOWN, Progress, summary
from engine.report import Note, Report


def test_the_summary_tells_counts_and_nothing_that_did_not_happen() -> None:
    report = Report(provider="acme", resource="users", requests=2, pages=2, items=5, records=3)
    report.end("finished")
    told = summary(report)
    assert told == "acme users: 3 records from 5 items in 2 pages, 2 requests"
    report.end("limited")
    assert summary(report) == told
    report.end("interrupted")
    assert summary(report) == f"{told} (not finished)"


def test_the_summary_counts_one_as_one() -> None:
    report = Report(requests=1, pages=1, items=1, records=1, retries=1, filtered=1, pruned=1)
    report.end("finished")
    head, *rest = summary(report).splitlines()
    assert head.endswith(": 1 record from 1 item in 1 page, 1 request")
    assert rest == ["  1 request made again, 0.0 s of waiting", "  1 record filtered out, 1 item not followed"]


def test_the_summary_tells_whatever_was_not_plain_sailing() -> None:
    report = Report(provider="acme", resource="users", retries=2, waited=1.25, filtered=4)
    report.by_status.update({"active": 1, "unknown": 2})
    report.unknown_words["status"].update({"odd": 1, "strange": 2})
    for number in range(SHOWN + 2):
        report.note(Note("set_aside", "it has no id", record=f"row {number}"))
    report.note(Note("tolerated", "HTTP 403"))
    lines = summary(report).splitlines()[1:]
    assert lines[:4] == [
        "  2 requests made again, 1.2 s of waiting",
        "  4 records filtered out, 0 items not followed",
        "  by status: unknown 2, active 1",
        "  unknown status: strange 2, odd 1",
    ]
    assert lines[4] == f"  set aside: {SHOWN + 2}"
    assert lines[5:10] == [f"    row {number}: it has no id" for number in range(SHOWN)]
    assert lines[10:] == ["    … and 2 more; see --report FILE", "  tolerated: 1", "    HTTP 403"]


def test_where_no_person_looks_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(Report()) as progress:
        progress.update()
    assert capsys.readouterr() == ("", "")
