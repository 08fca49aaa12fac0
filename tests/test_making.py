"""Rows in, records out."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from lms import HEAD, TEXT, Lms, school, sync

from engine.errors import DiagnosticError
from engine.loading import LoadedMapping
from engine.records import as_dict
from engine.unifying import Unifier

Mapped = Callable[[str], LoadedMapping]


def test_a_limit_counts_what_comes_out_after_filters(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT), limit=2, filters=["user.id=3"])
    assert [record.id for record in run] == ["103", "203"]
    assert run.report.records == 2


def test_since_filters_by_the_time_of_the_last_change(mapped: Mapped) -> None:
    lists = school([1])
    for number, row in enumerate(lists["/courses/1/enrollments"]):
        row["changed"] = f"2026-01-0{number + 1}T00:00:00Z"
    run = sync(Lms(lists), mapped(TEXT), since=datetime(2026, 1, 2, tzinfo=UTC))
    assert [record.id for record in run] == ["102", "103"]
    assert run.report.filtered == 1


def test_since_keeps_what_does_not_tell_when_it_changed(mapped: Mapped) -> None:
    lists = school([1])
    first, second, third = lists["/courses/1/enrollments"]
    first["changed"], second["changed"] = "2026-01-01T00:00:00Z", "garbage"
    assert third.get("changed") is None
    run = sync(Lms(lists), mapped(TEXT), since=datetime(2026, 1, 2, tzinfo=UTC))
    assert [record.id for record in run] == ["102", "103"]
    assert run.report.counts == {"field_failed": 1}


def test_a_record_without_an_id_is_set_aside_and_the_others_come_out(mapped: Mapped) -> None:
    lists = school([1])
    lists["/courses/1/enrollments"][1]["id"] = None
    run = sync(Lms(lists), mapped(TEXT))
    assert [record.id for record in run] == ["101", "103"]
    assert run.report.counts["set_aside"] == 1
    assert not run.report.complete


def test_a_date_that_is_none_costs_the_field_only_and_is_told_with_its_place(mapped: Mapped) -> None:
    lists = school([1], [1])
    lists["/courses/1/enrollments"][0]["changed"] = "yesterday"
    run = sync(Lms(lists), mapped(TEXT))
    (record,) = run
    assert record.updated_at is None
    (note,) = run.report.notes
    assert (note.kind, note.record, note.field) == ("field_failed", "101", "updated_at")
    assert "yesterday" in str(note)
    assert "acme.yaml:20:95)" in str(note)


def test_a_strict_run_ends_with_the_first_thing_that_is_not_right(mapped: Mapped) -> None:
    lists = school([1])
    lists["/courses/1/enrollments"][1]["state"] = "paused"
    found: list[str] = []
    with pytest.raises(DiagnosticError, match="paused"):
        found.extend(record.id for record in sync(Lms(lists), mapped(TEXT), strict=True))
    assert found == ["101"]


def test_raw_data_comes_back_unchanged_and_can_be_left_out(mapped: Mapped) -> None:
    lists = school([1], [1])
    lists["/courses/1/enrollments"][0] |= {"big": 2**70, "nothing": None, "list": [None, {"x": 1.5}]}
    (record,) = sync(Lms(lists), mapped(TEXT))
    assert record.remote_data is not None
    assert record.remote_data["enrollment"] == lists["/courses/1/enrollments"][0]
    (without,) = sync(Lms(lists), mapped(TEXT), remote_data=False)
    assert without.remote_data is None


def test_an_id_that_comes_twice_in_one_list_is_told_and_both_come_out(mapped: Mapped) -> None:
    lists = school([1, 2])
    lists["/courses/1/enrollments"][2]["id"] = 101
    run = sync(Lms(lists), mapped(TEXT))
    assert [record.id for record in run] == ["101", "102", "101", "201", "202", "203"]
    assert run.report.counts == {"repeated_item": 1}
    assert run.report.complete


# -- records that take long --------------------------------------------------------------------------------------------

LONG = (
    HEAD
    + """
fetch: { people: { get: /people, items: items } }
users:
  for: person in people
  where: '$count([1..person.wanted]) > 0'
  fields:
    id: person.id
    name: person.name
    emails: person.emails
    custom_fields.first: '"x" + person.id'
    custom_fields.sum: '$sum($map([1..person.rounds], function($n) { $n }))'
    custom_fields.last: '$map([1..person.rounds], function($n) { $n = 70000 ? $error("here") : 1 })[0]'
  words: { role: { from: person.state, words: { on: learner } } }
"""
)


def people(rounds: Sequence[int]) -> Lms:
    """Return people who are as dear to map as their rounds; all have something to note."""
    return Lms({
        "/people": [
            {"id": number, "rounds": each, "name": f"Person {number}", "state": "on" if number % 2 else "gone",
             "emails": ["nobody", f"p{number}@x.example"], "wanted": 5 if number % 5 else 5000}
            for number, each in enumerate(rounds)
        ]
    })  # fmt: skip


def test_records_that_take_long_are_the_same_and_noted_the_same(
    mapped: Mapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping, rounds = mapped(LONG), [3, 80_000, 5, 80_000, 80_000, 5, 300_000, 4]

    def told() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        run = sync(people(rounds), mapping, resource="users")
        records = [as_dict(record) for record in run]
        return records, {**run.report.as_json(), "waited_seconds": 0}

    in_slices = told()
    monkeypatch.setattr("engine.slices.briefly", lambda work, *arguments: work(*arguments))
    assert in_slices == told()
    assert in_slices[1]["counts"]["field_failed"] == 8 + 4 + 1
    assert in_slices[1]["counts"]["dropped_value"] == 8


def test_a_strict_run_stops_at_what_it_would_stop_at(mapped: Mapped) -> None:
    with pytest.raises(DiagnosticError, match="'nobody' is not an e-mail address"):
        list(sync(people([80_000, 1]), mapped(LONG), resource="users", strict=True))


def test_a_record_that_takes_long_is_evaluated_in_another_thread(
    mapped: Mapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[tuple[str, str]] = []
    evaluate = Unifier.evaluate

    def watched(unifier: Unifier, scope: Mapping[str, Any]) -> Any:
        threads.append((scope["person"]["name"], threading.current_thread().name))
        return evaluate(unifier, scope)

    monkeypatch.setattr(Unifier, "evaluate", watched)
    turns: list[int] = []

    async def run() -> None:
        others = asyncio.create_task(other())
        records = await people([3, 200_000, 3, 3]).records(mapped(LONG.replace("where", "#")), resource="users")
        others.cancel()
        assert [record.id for record in records] == ["0", "1", "2", "3"]

    async def other() -> None:
        while True:
            turns.append(len(threads))
            await asyncio.sleep(0)

    asyncio.run(run())
    main, long = "MainThread", "rollbook_0"
    assert threads[:3] == [("Person 0", main), ("Person 1", main), ("Person 1", long)]
    assert threads[-1] == ("Person 3", main)
    assert turns.count(3) > 10, "others had their turn while it was evaluated"


def test_a_run_that_is_left_while_a_record_takes_long_ends_at_once(mapped: Mapped) -> None:
    async def run() -> None:
        reading = people([300_000]).run(mapped(LONG), resource="users")
        async with asyncio.timeout(60):
            taking = asyncio.create_task(anext(reading.__aiter__()))
            while not reading.report.items:  # noqa: ASYNC110 - it has no event for that
                await asyncio.sleep(0)
            taking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await taking
        assert reading.report.ended == "interrupted"
        assert not reading.report.notes

    asyncio.run(run())


def test_notes_come_in_the_order_of_the_rows_also_of_those_that_nobody_can_tell_are_wanted(mapped: Mapped) -> None:
    lists = school([1], range(1, 5))
    for row, changed in zip(
        lists["/courses/1/enrollments"], ["soon", "2025-01-02T03:04:05Z", "soon", "soon"], strict=True
    ):
        row.update(changed=changed, order="1" if changed == "soon" else "x")
    text = TEXT.replace(
        "  for: enrollment in enrollments\n",
        "  for: enrollment in enrollments\n  where: $number(enrollment.order) > 0\n",
    )
    run = sync(Lms(lists), mapped(text))
    assert len(list(run)) == 3
    assert [note.kind for note in run.report.notes if note.kind != "unknown_word"] == [
        "field_failed",
        "set_aside",
        "field_failed",
        "field_failed",
    ]
