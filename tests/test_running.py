"""A mapping and a connection in, records out."""

import asyncio
import gc
import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx2
import pytest
from lms import TEXT, URL, Lms, school, sync

import engine
from engine.blocking import SyncRun
from engine.errors import DiagnosticError, Forbidden, Unreadable, UsageError
from engine.loading import LoadedMapping
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]


def test_a_position_of_another_resource_or_provider_is_refused(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    run = sync(lms, mapped(TEXT), resource="courses", limit=1)
    assert len(list(run)) == 1
    assert run.position is not None
    with pytest.raises(UsageError, match="this position is of acme courses, and the run reads acme course_enrollments"):
        sync(lms, mapped(TEXT), start=run.position)
    with pytest.raises(UsageError, match="this position is of ecma courses, and the run reads acme courses"):
        sync(lms, mapped(TEXT), resource="courses", start={**run.position, "provider": "ecma"})


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


def test_a_filter_is_pushed_down_through_its_hole_and_applied_all_the_same(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    assert list(sync(lms, mapped(TEXT), filters=["status=completed"])) == []
    assert "state=completed" in lms.asked[0]


def test_a_filter_on_what_is_no_field_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="user.nmae"):
        sync(Lms({}), mapped(TEXT), filters=["user.nmae=x"])


def test_since_without_a_time_zone_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="needs a time zone"):
        sync(Lms({}), mapped(TEXT), since=datetime(2026, 1, 2))  # noqa: DTZ001 - what is tested


def test_since_is_refused_where_nothing_tells_what_changed(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="cannot tell which courses changed"):
        sync(Lms({}), mapped(TEXT), resource="courses", since=datetime(2026, 1, 2, tzinfo=UTC))


def test_a_resource_the_mapping_does_not_give_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="acme has no users; it gives course_enrollments, courses"):
        sync(Lms({}), mapped(TEXT), resource="users")


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
