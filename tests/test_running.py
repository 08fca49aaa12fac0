"""A mapping and a connection in, records out."""

import asyncio
import gc
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from lms import HEAD, URL, Lms, school

import engine
from engine.errors import DiagnosticError, Forbidden, Unreadable, UsageError
from engine.loading import LoadedMapping
from engine.records import as_dict
from engine.running import Run, SyncRun
from engine.unifying import Unifier

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  courses:
    get: /courses
    items: items
    query: { state: "{filter.status}" }
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id, updated_at: enrollment.changed }
  status: { from: enrollment.state, words: { on: in_progress } }
courses:
  for: course in courses
  fields: { id: course.id, title: course.title }
"""
)


def sync(lms: Lms, mapping: LoadedMapping, **options: Any) -> SyncRun:
    return SyncRun(lms.run(mapping, **options))


def test_a_synchronous_run_gives_the_same_records_and_the_position_after_each(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    run = sync(lms, mapped(TEXT))
    positions = {}
    for record in run:
        positions[record.id] = run.position
    assert list(positions) == [f"{course}0{person}" for course in (1, 2, 3) for person in (1, 2, 3)]
    assert run.position == {"provider": "acme", "resource": "course_enrollments", "end": True}
    assert list(sync(lms, mapped(TEXT), start=run.position)) == []
    rest = sync(lms, mapped(TEXT), start=json.loads(json.dumps(positions["202"])))
    assert [record.id for record in rest] == ["203", "301", "302", "303"]


def test_a_synchronous_run_can_be_left_early(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT))
    for record in run:
        assert record.id == "101"
        break
    assert run.position is not None
    assert "end" not in run.position


def test_a_position_of_another_resource_or_provider_is_refused(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    run = sync(lms, mapped(TEXT), resource="courses", limit=1)
    assert len(list(run)) == 1
    assert run.position is not None
    with pytest.raises(UsageError, match="this position is of acme courses, and the run reads acme course_enrollments"):
        sync(lms, mapped(TEXT), start=run.position)
    with pytest.raises(UsageError, match="this position is of ecma courses, and the run reads acme courses"):
        sync(lms, mapped(TEXT), resource="courses", start={**run.position, "provider": "ecma"})


def test_what_was_read_before_an_error_is_out(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    lms.answer_once("/courses?page=2&size=2", httpx2.Response(403, text="no"))
    found: list[str] = []
    with pytest.raises(Forbidden):
        found.extend(record.id for record in sync(lms, mapped(TEXT)))
    assert found == ["101", "102", "103", "201", "202", "203"]


@pytest.mark.filterwarnings("error")
def test_leaving_an_asynchronous_run_early_leaves_nothing_open(
    mapped: Mapped, caplog: pytest.LogCaptureFixture
) -> None:
    lms = Lms(school(range(1, 50)))

    async def first() -> str:
        async for record in lms.run(mapped(TEXT)):
            return record.id
        return ""

    assert asyncio.run(first()) == "101"
    gc.collect()
    assert caplog.text == ""


def test_cancelling_a_run_ends_its_requests(mapped: Mapped) -> None:
    begun = over = 0

    async def slow(request: httpx2.Request) -> httpx2.Response:
        nonlocal begun, over
        begun += 1
        try:
            await asyncio.sleep(60)
        finally:
            over += 1
        return httpx2.Response(200)

    async def go() -> Run:
        run = Lms({}).run(mapped(TEXT))
        run.transport = httpx2.MockTransport(slow)

        async def read() -> None:
            async for _ in run:
                pass

        task = asyncio.create_task(read())
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return run

    run = asyncio.run(go())
    assert begun == over == 1
    assert (run.report.ended, run.report.complete) == ("interrupted", False)


def test_a_limit_of_none_at_all_asks_for_nothing(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    run = sync(lms, mapped(TEXT), limit=0)
    assert list(run) == []
    assert lms.asked == []
    assert run.position is None


def test_a_limit_counts_what_comes_out_after_filters(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT), limit=2, filters=["user.id=3"])
    assert [record.id for record in run] == ["103", "203"]
    assert run.report.records == 2


def test_a_filter_is_pushed_down_through_its_hole_and_applied_all_the_same(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    assert list(sync(lms, mapped(TEXT), filters=["status=completed"])) == []
    assert "state=completed" in lms.asked[0]


def test_a_filter_on_what_is_no_field_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="user.nmae"):
        sync(Lms({}), mapped(TEXT), filters=["user.nmae=x"])


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


def test_since_without_a_time_zone_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="needs a time zone"):
        sync(Lms({}), mapped(TEXT), since=datetime(2026, 1, 2))  # noqa: DTZ001 - what is tested


def test_since_is_refused_where_nothing_tells_what_changed(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="cannot tell which courses changed"):
        sync(Lms({}), mapped(TEXT), resource="courses", since=datetime(2026, 1, 2, tzinfo=UTC))


def test_a_resource_the_mapping_does_not_give_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="acme has no users; it gives course_enrollments, courses"):
        sync(Lms({}), mapped(TEXT), resource="users")


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


def ended(run: Run | SyncRun) -> tuple[str | None, bool]:
    return run.report.ended, run.report.complete


def test_a_run_that_reached_its_end_is_complete_and_one_under_way_or_limited_is_not(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT))
    assert {ended(run) for _ in run} == {(None, False)}  # also while the last batch is given out
    assert ended(run) == ("finished", True)
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT), limit=2)
    assert len(list(run)) == 2
    assert ended(run) == ("limited", False)
    run = sync(Lms(school([1])), mapped(TEXT), limit=0)
    assert list(run) == []
    assert ended(run) == ("limited", False)
    asynchronous = Lms(school([1])).run(mapped(TEXT), limit=50)
    assert ended(asynchronous) == (None, False)
    assert len(asyncio.run(_all(asynchronous))) == 3
    assert ended(asynchronous) == ("finished", True)


async def _all(run: Run) -> list[str]:
    return [record.id async for record in run]


def test_a_run_that_failed_is_not_complete_and_says_why(mapped: Mapped) -> None:
    for takes in (lambda run: list(SyncRun(run)), lambda run: asyncio.run(_all(run))):
        lms = Lms(school([1, 2, 3]))
        lms.answer_once("/courses?page=2&size=2", httpx2.Response(403, text="no"))
        run = lms.run(mapped(TEXT))
        with pytest.raises(Forbidden):
            takes(run)
        assert ended(run) == ("failed", False)
        assert "HTTP 403" in run.report.problem


def test_a_strict_run_that_stopped_is_not_complete(mapped: Mapped) -> None:
    lists = school([1])
    lists["/courses/1/enrollments"][1]["state"] = "paused"
    run = sync(Lms(lists), mapped(TEXT), strict=True)
    with pytest.raises(DiagnosticError):
        list(run)
    assert ended(run) == ("stopped", False)
    assert "paused" in run.report.problem


def test_a_run_whose_records_were_not_all_taken_is_not_complete(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT))
    for _ in run:
        break
    gc.collect()
    assert ended(run) == ("stopped", False)

    async def first(run: Run) -> None:
        async for _ in run:
            break

    other = Lms(school([1, 2, 3])).run(mapped(TEXT))
    asyncio.run(first(other))
    assert ended(other) == ("stopped", False)


def test_raw_data_comes_back_unchanged_and_can_be_left_out(mapped: Mapped) -> None:
    lists = school([1], [1])
    lists["/courses/1/enrollments"][0] |= {"big": 2**70, "nothing": None, "list": [None, {"x": 1.5}]}
    (record,) = sync(Lms(lists), mapped(TEXT))
    assert record.remote_data is not None
    assert record.remote_data["enrollment"] == lists["/courses/1/enrollments"][0]
    (without,) = sync(Lms(lists), mapped(TEXT), remote_data=False)
    assert without.remote_data is None


def test_expressions_see_the_start_of_the_run_as_text_and_never_a_secret(mapped: Mapped) -> None:
    text = TEXT.replace("user.id: enrollment.user_id", "enrolled_at: run.now, custom_fields.c: 'connection'").replace(
        "url: { title: Address, format: url }",
        "url: { title: Address, format: url }\n  key: { title: Key, secret: true, required: false }",
    )
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    (record, *_) = sync(Lms(school([1])), mapped(text), now=now, connection={"key": "s3cret"})
    assert record.model_dump()["enrolled_at"] == now
    assert record.custom_fields == {"c": {"url": URL}, "remote_status": "on"}


def test_the_public_functions_take_an_id_and_a_connection() -> None:
    run = engine.run("moodle", {"url": "https://moodle.school.example", "token": "made-up"})
    assert isinstance(run, Run)
    assert isinstance(engine.run_sync("moodle", {"url": "https://moodle.school.example", "token": "x"}), SyncRun)
    with pytest.raises(UsageError, match="`token`"):
        engine.run("moodle", {"url": "https://moodle.school.example"})


def test_an_id_that_comes_twice_in_one_list_is_told_and_both_come_out(mapped: Mapped) -> None:
    lists = school([1, 2])
    lists["/courses/1/enrollments"][2]["id"] = 101
    run = sync(Lms(lists), mapped(TEXT))
    assert [record.id for record in run] == ["101", "102", "101", "201", "202", "203"]
    assert run.report.counts == {"repeated_item": 1}
    assert run.report.complete


SECRET = "s3cret-t0ken"
SIGNED = TEXT.replace("auth: { none: true }", 'auth: { query: { key: "{connection.key}" } }').replace(
    "  url: { title: Address, format: url }",
    "  url: { title: Address, format: url }\n  key: { title: Key, secret: true }",
)


def test_a_secret_that_the_provider_echoes_stays_out_of_notes_and_positions(mapped: Mapped) -> None:
    text = SIGNED.replace(
        "pages: { page: { param: page, size: 2, size_param: size, total: total } }", "pages: { next_url: next }"
    )
    lms = Lms(school([1, 2, 3]))
    body = {"items": [{"id": 1, "title": "x"}], "next": f"/courses?page=2&size=2&key={SECRET}"}
    lms.answer_once("/courses", httpx2.Response(200, json=body))
    lms.lists["/courses/1/enrollments"] = [
        {"id": None, "link": f"https://x.example/?key={SECRET}"},
        {"id": 5, "changed": SECRET},
    ]
    run = sync(lms, mapped(text), connection={"key": SECRET})
    positions = []
    for _ in run:
        positions.append(run.position)  # noqa: PERF401 - the position moves with the loop
    told = json.dumps([run.report.as_json(), positions]) + repr(run.report)
    assert run.report.counts == {"set_aside": 1, "field_failed": 1}
    assert len(lms.asked) > 3
    assert all(f"key={SECRET}" in path for path in lms.asked)
    assert SECRET not in told


def test_a_credential_in_what_a_provider_says_of_its_pages_stays_out_of_the_error(mapped: Mapped) -> None:
    text = TEXT.replace(
        "pages: { page: { param: page, size: 2, size_param: size, total: total } }", "pages: { next_url: next }"
    )
    lms = Lms(school([1]))
    lms.answer_once("/courses", httpx2.Response(200, json={"items": [], "next": {"href": "/courses?p=2&sig=hush"}}))
    with pytest.raises(Unreadable, match="sig=•••") as caught:
        list(sync(lms, mapped(text)))
    assert "hush" not in str(caught.value)


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
