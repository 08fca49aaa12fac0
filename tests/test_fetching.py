"""The plan, run: order, look-ahead, joins, failures, positions."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lms import HEAD, Lms, school

from engine.errors import DiagnosticError, Failed, Forbidden, PageLoop, Refused, Throttled, Unreadable, UsageError
from engine.loading import LoadedMapping, load

Mapped = Callable[[str], LoadedMapping]

FIELDS = """
  fields:
    id: enrollment.id
    user.id: enrollment.user_id
    course.id: course.id
    course.title: course.title
"""
NESTED = (
    HEAD
    + """
fetch:
  courses: { get: /courses, items: items, pages: { page: { param: page, size: 2, size_param: size, total: total } } }
  enrollments:
    for: course in courses
    get: "/courses/{course.id}/enrollments"
    items: items
    pages: { offset: { param: offset, size: 2, size_param: size, more: more } }
course_enrollments:
  for: enrollment in enrollments
"""
    + FIELDS
)


def read(lms: Lms, mapping: LoadedMapping, **options: Any) -> list[str]:
    """Return the ids of all records."""
    return [record.id for record in asyncio.run(lms.records(mapping, **options))]


def test_children_of_all_pages_of_parents_come_out_in_order(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 6)))
    ids = read(lms, mapped(NESTED))
    assert ids == [str(course * 100 + person) for course in range(1, 6) for person in (1, 2, 3)]


def test_each_request_is_made_once(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 6)))
    read(lms, mapped(NESTED))
    assert max(Counter(lms.asked).values()) == 1


def test_parents_chain_and_never_multiply(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 21), [1]))
    assert len(read(lms, mapped(NESTED))) == 20
    assert len(lms.asked) == 10 + 20


def test_the_order_stays_when_answers_overtake_each_other(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 9)))

    async def slow(request: httpx2.Request) -> httpx2.Response:
        response = lms(request)
        await asyncio.sleep(0.002 * (hash(request.url.path) % 5))
        return response

    async def ids() -> list[str]:
        run = lms.run(mapped(NESTED))
        run.transport = httpx2.MockTransport(slow)
        return [record.id async for record in run]

    assert asyncio.run(ids()) == [str(course * 100 + person) for course in range(1, 9) for person in (1, 2, 3)]


def test_no_more_requests_than_allowed_are_under_way(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 13)))
    under_way = most = 0

    async def counting(request: httpx2.Request) -> httpx2.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return lms(request)

    async def consume() -> None:
        run = lms.run(mapped(NESTED.replace("  auth:", "  limits: { parallel: 3 }\n  auth:")))
        run.transport = httpx2.MockTransport(counting)
        async for _ in run:
            pass

    asyncio.run(consume())
    assert most == 3


def test_pages_of_one_list_are_fetched_in_parallel_where_the_first_tells_their_number(mapped: Mapped) -> None:
    lms = Lms({"/courses": [{"id": number} for number in range(20)]})
    together: list[int] = []
    under_way = 0

    async def counting(request: httpx2.Request) -> httpx2.Response:
        nonlocal under_way
        under_way += 1
        together.append(under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return lms(request)

    text = HEAD + (
        "fetch:\n  courses: { get: /courses, items: items, "
        "pages: { page: { param: page, size: 2, size_param: size, count: pages } } }\n"
        "courses:\n  for: course in courses\n  fields: { id: course.id }\n"
    )

    async def ids() -> list[str]:
        run = lms.run(mapped(text), resource="courses")
        run.transport = httpx2.MockTransport(counting)
        return [record.id async for record in run]

    assert asyncio.run(ids()) == [str(number) for number in range(20)]
    assert max(together) == 4


def test_memory_is_bounded_a_slow_reader_stops_the_reading_ahead(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 200)))

    async def first() -> int:
        run = lms.run(mapped(NESTED))
        async for _ in run:
            await asyncio.sleep(0.05)
            return len(lms.asked)
        return 0

    assert asyncio.run(first()) < 120


def test_a_child_that_fails_is_reported_and_the_rest_is_delivered(mapped: Mapped) -> None:
    lists = school([1, 2, 3])
    del lists["/courses/2/enrollments"]
    lms = Lms(lists)
    run = lms.run(mapped(NESTED))
    ids = asyncio.run(_ids(run))
    assert ids == ["101", "102", "103", "301", "302", "303"]
    assert run.report.counts["parent_failed"] == 1
    assert "course 2" in str(run.report.notes[0])
    assert "/courses/2/enrollments" in str(run.report.notes[0])
    assert not run.report.complete


def test_a_strict_run_stops_at_a_child_that_fails(mapped: Mapped) -> None:
    lists = school([1, 2, 3])
    del lists["/courses/2/enrollments"]
    with pytest.raises(DiagnosticError, match="course 2"):
        read(Lms(lists), mapped(NESTED), strict=True)


def test_a_list_that_fails_in_the_middle_keeps_what_came_before(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    lms.answer_once("/courses/1/enrollments?offset=2&size=2", httpx2.Response(403, text="no"))
    run = lms.run(mapped(NESTED))
    assert asyncio.run(_ids(run)) == ["101", "102", "201", "202", "203"]
    assert run.report.counts["parent_failed"] == 1


def test_a_first_list_that_fails_ends_the_run(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    lms.answer_once("/courses", httpx2.Response(403, text="no"))
    with pytest.raises(Forbidden, match="fetch courses"):
        read(lms, mapped(NESTED))


def test_refused_credentials_end_the_run_wherever_they_are_met(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    lms.answer_once("/courses/2/enrollments", httpx2.Response(401, text="who are you"))
    with pytest.raises(Refused):
        read(lms, mapped(NESTED))


def test_what_the_provider_warns_of_is_told_and_the_run_goes_on(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    body = {
        "items": [],
        "more": False,
        "warnings": [{"message": "course 1 is hidden"}, {"message": ""}, {"message": 7}],
    }
    lms.answer_once("/courses/1/enrollments", httpx2.Response(200, json=body))
    run = lms.run(mapped(NESTED.replace("    items: items\n", "    items: items\n    warnings: warnings.message\n", 1)))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    where = "fetch enrollments: GET https://acme.example/courses/1/enrollments?offset=0&size=2"
    assert [str(note) for note in run.report.notes] == [
        f"{where}: the provider warns: course 1 is hidden",
        f"{where}: the provider warns: 7",
    ]
    assert run.report.complete


def test_warnings_that_cannot_be_found_cost_their_parent(mapped: Mapped) -> None:
    text = NESTED.replace("    items: items\n", "    items: items\n    warnings: '$sum(items.user_id)'\n", 1)
    run = Lms(school([1])).run(mapped(text))
    assert asyncio.run(_ids(run)) == []
    assert "`warnings: $sum(items.user_id)` failed" in str(run.report.notes[0])


def test_a_quota_that_is_used_up_ends_the_run_and_says_for_how_long(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    lms.answer_once("/courses/2/enrollments", httpx2.Response(429, headers={"Retry-After": "190000"}, text="weekly"))
    run = lms.run(mapped(NESTED))
    with pytest.raises(Throttled, match=r"weekly \(it asks to wait 2 days 5 hours\); run again after that time"):
        asyncio.run(_ids(run))
    assert run.report.records == 3
    assert not run.report.complete


def test_the_limits_of_a_fetch_hold_for_its_requests_only(mapped: Mapped) -> None:
    limits = "    items: items\n    limits: { rates: [{ requests: 2, per: day }] }\n"
    run = Lms(school([1, 2, 3])).run(mapped(NESTED.replace("    items: items\n", limits, 1)))
    with pytest.raises(Throttled, match="the limit of 2 requests per day is used up by this run"):
        asyncio.run(_ids(run))
    assert run.report.requests == 4  # two for the courses


def test_a_tolerated_error_means_there_is_none_and_is_in_the_report(mapped: Mapped) -> None:
    lists = school([1, 2])
    del lists["/courses/1/enrollments"]
    run = Lms(lists).run(mapped(NESTED.replace("    items: items\n", "    items: items\n    tolerate: [missing]\n")))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    assert run.report.counts == {"tolerated": 1}
    assert "`tolerate" not in run.report.notes[0].what
    assert run.report.complete


def test_a_fetch_tolerates_its_own_errors_not_those_of_what_it_joins(mapped: Mapped) -> None:
    lists = school([1, 2])
    del lists["/courses/1/people"]
    text = NESTED.replace(
        "course_enrollments:\n",
        """  people: { for: course in courses, get: "/courses/{course.id}/people", items: items }
course_enrollments:
""",
    ).replace(
        "    for: course in courses\n",
        "    for: course in courses\n    join: { first: { in: people, id: 1 } }\n    when: first\n"
        "    tolerate: [missing]\n",
        1,
    )
    text = text.replace("id: 1 }", "id: '1' }")
    run = Lms(lists).run(mapped(text))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    assert run.report.counts == {"parent_failed": 1}


def test_an_envelope_that_changed_is_an_error_that_names_the_keys_there_are(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    lms.answer_once("/courses", httpx2.Response(200, json={"data": [], "total": 0}))
    with pytest.raises(Unreadable, match="`items: items` found nothing in the answer; there are the keys data, total"):
        read(lms, mapped(NESTED))


@pytest.mark.parametrize(
    ("answer", "items", "told"),
    [
        ({"data": {"list": []}}, "data.items", "in the answer; `data` has the keys list"),
        ({"data": "none"}, "data.items", "in the answer: `data` is text"),
        ({"data": {}}, "data.items[state = 1]", "in the answer: `data` is an empty object"),
        ([{"x": 1}], "items", "in the answer: it is a list"),
        ("none", "items", "in the answer: it is text"),
        (None, "items", "in the answer: it is nothing"),
    ],
)
def test_what_is_there_is_told_as_far_as_the_path_leads(mapped: Mapped, answer: Any, items: str, told: str) -> None:
    lms = Lms({"/courses": []})
    lms.answer_once("/courses", httpx2.Response(200, content=json.dumps(answer)))
    text = NESTED.replace("get: /courses, items: items", f"get: /courses, items: '{items}'", 1)
    with pytest.raises(Unreadable) as caught:
        read(lms, mapped(text))
    assert f"found nothing {told}; correct `items`" in str(caught.value)


@pytest.mark.parametrize("items", ["course.modules", "course.modules[state = 1]"])
def test_a_parent_without_the_list_is_told_with_the_keys_it_has(mapped: Mapped, items: str) -> None:
    text = (
        HEAD
        + f"""
fetch:
  courses: {{ get: /courses, items: items }}
  modules: {{ for: course in courses, items: '{items}' }}
course_items:
  for: module in modules
  fields: {{ id: module.id }}
"""
    )
    run = Lms({"/courses": [{"id": 7, "title": "x"}]}).run(mapped(text), resource="course_items")
    assert asyncio.run(_ids(run)) == []
    (note,) = run.report.notes
    assert f"`items: {items}` found nothing in the parent; `course` has the keys id, title" in note.what


def test_a_list_that_is_null_is_an_ordinary_zero(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    lms.answer_once("/courses", httpx2.Response(200, json={"items": None, "total": 0}))
    assert read(lms, mapped(NESTED)) == []


def test_an_object_where_a_list_was_announced_is_an_error(mapped: Mapped) -> None:
    lms = Lms({"/courses": {"items": [1]}})
    text = NESTED.replace("get: /courses, items: items, pages: " + PAGED, "get: /courses")
    with pytest.raises(Unreadable, match="the answer is not a list; there are the keys items"):
        read(lms, mapped(text))


def test_a_page_that_repeats_itself_stops_with_an_error(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    same = {"items": [{"id": 1}, {"id": 2}], "total": 100, "more": True}
    lms.answer_once("/courses", *[httpx2.Response(200, json=same) for _ in range(60)])
    with pytest.raises(PageLoop, match="the page before it"):
        read(lms, mapped(NESTED))


@pytest.mark.parametrize("missing", [[], [{"id": 3}]])
def test_fewer_items_than_the_provider_counts_are_not_passed_over_in_silence(
    mapped: Mapped, missing: list[Any]
) -> None:
    lms = Lms(school([1, 2, 3, 4, 5]))
    short = {"items": missing, "total": 5}  # of two; the pages behind it are on their way already
    lms.answer_once("/courses?page=2&size=2", httpx2.Response(200, json=short))
    run = lms.run(mapped(NESTED))
    ids = asyncio.run(_ids(run))
    assert ids[-1] == "503"
    (note,) = run.report.notes
    assert note.kind == "short_list"
    assert f"the provider counts 5 items, and {3 + len(missing)} came" in str(note)
    assert not run.report.complete


def test_a_short_page_in_the_middle_of_a_counted_child_names_its_parent(mapped: Mapped) -> None:
    lists = school([1, 2], range(1, 7))
    lms = Lms(lists)
    text = NESTED.replace("more: more", "total: total")
    lms.answer_once(
        "/courses/1/enrollments?offset=2&size=2", httpx2.Response(200, json={"items": [{"id": 9}], "total": 6})
    )
    run = lms.run(mapped(text))
    asyncio.run(_ids(run))
    assert [(note.kind, note.record) for note in run.report.notes] == [("short_list", "course 1")]
    assert len(run.report.notes) == 1


def test_a_first_page_that_hides_items_costs_no_more_than_they_are(mapped: Mapped) -> None:
    lms = Lms({"/courses": [{"id": number} for number in range(8)], **school([1])})
    lms.lists["/courses"] = [{"id": number} for number in range(8)]
    text = HEAD + (
        "fetch:\n  courses: { get: /courses, items: items, "
        "pages: { page: { param: page, size: 4, size_param: size, total: total } } }\n"
        "courses:\n  for: course in courses\n  fields: { id: course.id }\n"
    )
    lms.answer_once("/courses?page=1&size=4", httpx2.Response(200, json={"items": [{"id": 0}, {"id": 1}], "total": 8}))
    run = lms.run(mapped(text), resource="courses")
    assert asyncio.run(_ids(run)) == ["0", "1", "4", "5", "6", "7"]
    assert run.report.counts == {"short_list": 1}


JOINED = NESTED.replace(
    "course_enrollments:\n  for: enrollment in enrollments\n",
    """  people: { for: course in courses, get: "/courses/{course.id}/people", items: items }
  users: { get: /users, items: items }
  details: { for: enrollment in enrollments, get: "/users/{enrollment.user_id}", once: enrollment.user_id, items: $ }
  same: { for: enrollment in enrollments, once: enrollment.user_id, get: "/users/{enrollment.user_id}", items: courses }
course_enrollments:
  for: enrollment in enrollments
  join:
    person: { in: people, id: enrollment.user_id }
    user: { in: users, id: enrollment.user_id }
    detail: { in: details }
    done: { in: same, id: course.id }
""",
).replace(
    "    user.id: enrollment.user_id\n",
    "    user.id: enrollment.user_id\n    user.emails: person.email\n    user.name: user.name\n"
    "    custom_fields.courses: '$count(detail.courses)'\n    custom_fields.done: done.done\n",
)


def test_joins_of_every_reach_find_their_items_comparing_ids_as_text(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    records = asyncio.run(lms.records(mapped(JOINED)))
    assert [record.id for record in records] == ["101", "102", "103", "201", "202", "203"]
    first: Any = records[0]
    assert first.user.name == "Person 1"
    assert first.user.emails[0].email == "p1@x.example"
    assert first.custom_fields["courses"] == 2
    assert first.custom_fields["done"] is True
    assert set(first.remote_data) == {"course", "enrollment", "person", "user", "detail", "done"}


WINDOWS = (
    HEAD
    + """
fetch:
  windows: { items: '[1..$number($substring(run.now, 5, 2))].{"month": $, "of": connection.url}' }
  enrollments: { for: window in windows, get: "/months/{window.month}/enrollments", items: items }
  people:
    join: { all: { in: enrollments, all: true } }
    items: '$distinct(all.$string(user_id)) ?? []'
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, custom_fields.month: window.month }
users:
  for: person in people
  join: { rows: { in: enrollments, id: person, key: item.user_id, all: true } }
  fields: { id: person, custom_fields.total: '$sum(rows.points)' }
"""
)


def months() -> Lms:
    rows = {1: [(1, 7, 10), (2, 8, 20)], 2: [], 3: [(3, 7, 5)]}
    return Lms(
        {
            f"/months/{month}/enrollments": [{"id": i, "user_id": user, "points": points} for i, user, points in found]
            for month, found in rows.items()
        }
    )


MARCH = datetime(2026, 3, 5, tzinfo=UTC)


def test_a_fetch_without_request_and_parent_computes_its_items_such_as_windows_of_time(mapped: Mapped) -> None:
    lms = months()
    records = asyncio.run(lms.records(mapped(WINDOWS), now=MARCH))
    assert [(record.id, (record.custom_fields or {})["month"]) for record in records] == [("1", 1), ("2", 1), ("3", 3)]
    assert lms.asked == [f"/months/{month}/enrollments" for month in (1, 2, 3)]


def test_rows_of_several_lists_that_belong_together_become_one_record_and_are_read_once(mapped: Mapped) -> None:
    lms = months()
    records = asyncio.run(lms.records(mapped(WINDOWS), resource="users", now=MARCH))
    assert [(record.id, (record.custom_fields or {})["total"]) for record in records] == [("7", 15), ("8", 20)]
    assert max(Counter(lms.asked).values()) == 1


def test_computed_items_that_are_not_there_are_told(mapped: Mapped) -> None:
    text = WINDOWS.replace("[1..$number($substring(run.now, 5, 2))]", "run.since")
    with pytest.raises(Unreadable, match="found nothing in what is in scope"):
        asyncio.run(months().records(mapped(text), now=MARCH))


def test_once_asks_once_for_each_key_and_a_whole_run_join_once(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    read(lms, mapped(JOINED))
    asked = Counter(path.partition("?")[0] for path in lms.asked)
    assert asked["/users"] == 1
    assert asked["/users/1"] == 2  # once for each of the two fetches that ask for it
    assert asked["/courses/2/people"] == 1


def test_a_join_that_fails_costs_its_own_parent_only(mapped: Mapped) -> None:
    lists = school([1, 2])
    del lists["/courses/1/people"]
    run = Lms(lists).run(mapped(JOINED))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    assert "fetch people" in str(run.report.notes[0])


def test_a_row_whose_own_join_fails_is_reported_and_the_others_delivered(mapped: Mapped) -> None:
    lists = school([1])
    del lists["/users/2"]
    run = Lms(lists).run(mapped(JOINED))
    assert asyncio.run(_ids(run)) == ["101", "103"]
    assert run.report.counts["parent_failed"] == 1


def test_more_than_one_match_is_reported_and_the_first_taken(mapped: Mapped) -> None:
    lists = school([1], [1])
    lists["/courses/1/people"].append({"id": "1", "email": "other@x.example"})
    run = Lms(lists).run(mapped(JOINED))
    assert asyncio.run(_ids(run)) == ["101"]
    assert run.report.counts == {"ambiguous_join": 1}


def test_when_spares_the_requests_of_parents_it_does_not_hold_for(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    text = NESTED.replace("    for: course in courses\n", "    for: course in courses\n    when: 'course.id = 2'\n")
    assert read(lms, mapped(text)) == ["201", "202", "203"]
    assert not any("/courses/1/" in path for path in lms.asked)


def test_where_keeps_items_and_none_that_match_is_an_ordinary_zero(mapped: Mapped) -> None:
    text = NESTED.replace("    items: items\n", "    items: items\n    where: 'item.user_id = \"2\"'\n")
    assert read(Lms(school([1, 2])), mapped(text)) == ["102", "202"]
    assert read(Lms(school([1, 2], [1])), mapped(text)) == []


EXPLODED = (
    HEAD
    + """
fetch:
  users: { get: /users, items: items }
  people: { for: user in users, get: "/users/{user.id}", items: $ }
  taken: { for: person in people, items: person.courses }
course_enrollments:
  for: course in taken
  fields: { id: '$key(person.id, course.id)' }
"""
)


def test_items_inside_a_parent_need_no_request(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    assert read(lms, mapped(EXPLODED)) == ["1-1", "1-2", "2-1", "2-2", "3-1", "3-2"]
    assert len(lms.asked) == 4


def test_an_id_filter_prunes_parents_before_they_are_followed(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    assert read(lms, mapped(NESTED), filters=["course.id=2"]) == ["201", "202", "203"]
    assert not any("/courses/1/" in path or "/courses/3/" in path for path in lms.asked)


def test_a_limited_run_asks_only_for_what_it_needs(mapped: Mapped) -> None:
    lms = Lms(school(range(1, 9)))
    run = lms.run(mapped(NESTED), limit=2)
    assert asyncio.run(_ids(run)) == ["101", "102"]
    assert lms.asked == ["/courses?page=1&size=2", "/courses/1/enrollments?offset=0&size=2"]
    assert run.position != run.positions.end


def test_a_position_that_is_none_is_refused(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="not a position"):
        read(Lms(school([1])), mapped(NESTED), start={"somewhere": 1})


def test_a_server_error_that_stays_is_a_failure_after_some_tries(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    lms.answer_once("/courses/1/enrollments", *[httpx2.Response(503) for _ in range(5)])
    run = lms.run(mapped(NESTED))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    assert run.report.retries == 4


def test_an_unknown_failure_of_a_child_is_a_skip_not_an_end(mapped: Mapped) -> None:
    lms = Lms(school([1, 2]))
    lms.answer_once("/courses/1/enrollments", httpx2.Response(418, text="teapot"))
    run = lms.run(mapped(NESTED))
    asyncio.run(_ids(run))
    assert Failed.word == "failed"
    assert "teapot" in str(run.report.notes[0])


async def _ids(run: Any) -> list[str]:
    return [record.id async for record in run]


def test_an_error_tells_provider_fetch_address_place_and_what_to_do(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    lms.answer_once("/courses", httpx2.Response(200, text="<html>"))
    with pytest.raises(Unreadable) as caught:
        read(lms, mapped(NESTED))
    told = str(caught.value)
    assert told.startswith("acme: fetch courses: GET https://acme.example/courses?page=1&size=2 (")
    assert "acme.yaml:12:3): the answer is not JSON" in told
    assert told.endswith("it is an HTML page: check the address; the site may be in maintenance or ask for a login")


def test_a_parent_without_what_the_path_needs_costs_itself_only(mapped: Mapped) -> None:
    lists = school([1, 2])
    lists["/courses"][0]["id"] = None
    run = Lms(lists).run(mapped(NESTED))
    assert asyncio.run(_ids(run)) == ["201", "202", "203"]
    assert "{course.id} has no value" in str(run.report.notes[0])


# -- positions: for each k, the run from the position after record k gives exactly the records after k -----------------

PAGED = "{ page: { param: page, size: 2, size_param: size, total: total } }"
CHILD_PAGED = "{ offset: { param: offset, size: 2, size_param: size, more: more } }"
FLAT = (
    HEAD
    + f"""
fetch:
  courses: {{ get: /courses, items: items, pages: {PAGED} }}
course_enrollments:
  for: course in courses
  fields: {{ id: course.id }}
"""
)
PAGES = {
    "number": "{ page: { param: page, size: SIZE, size_param: size, total: total } }",
    "count": "{ page: { param: page, size: SIZE, size_param: size, count: pages } }",
    "more": "{ page: { param: page, size: SIZE, size_param: size, more: more } }",
    "offset": "{ offset: { param: offset, size: SIZE, size_param: size, total: total } }",
    "short": "{ offset: { param: offset, size: SIZE, size_param: size, until: short } }",
    "empty": "{ offset: { param: offset, size: SIZE, size_param: size, until: empty } }",
}
PLANS = {
    "flat": FLAT,
    "nested": NESTED,
    "joined": JOINED,
    "exploded": EXPLODED,
    "filtered": JOINED.replace("    items: items\n", "    items: items\n    where: 'item.id % 2 = 1'\n"),
}


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A mapping of some kind of plan with some kind of paging, and a school it reads."""
    text = PLANS[draw(st.sampled_from(sorted(PLANS)))]
    for found in (PAGED, CHILD_PAGED):
        pages = PAGES[draw(st.sampled_from(sorted(PAGES)))].replace("SIZE", str(draw(st.integers(1, 3))))
        text = text.replace(found, pages)
    lists = school(range(1, draw(st.integers(0, 4)) + 1), range(1, draw(st.integers(0, 4)) + 1))
    for path in [path for path in lists if path.endswith("/enrollments")]:
        lists[path] = lists[path][: draw(st.integers(0, 4))]
    return text, lists


@settings(max_examples=40)
@given(case=plans())
def test_a_run_from_any_position_gives_the_rest_with_only_the_requests_that_needs(
    case: tuple[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, lists = case
    path: Path = tmp_path_factory.mktemp("plan") / "acme.yaml"
    path.write_text(text, encoding="utf-8")
    asyncio.run(_from_everywhere(load(path), lists))


async def _from_everywhere(mapping: LoadedMapping, lists: dict[str, Any]) -> None:
    everything = Lms(lists)
    run = everything.run(mapping, limit=10**9)
    found = [(record.id, run.positions.after(past), seen) async for record, past, seen in run.traced()]
    for k, (_, position, _) in enumerate(found):
        before, rest = Lms(lists), Lms(lists)
        await _ids(before.run(mapping, limit=k + 1))
        ids = await _ids(rest.run(mapping, limit=10**9, start=position))
        assert ids == [record_id for record_id, _, _ in found[k + 1 :]]
        _only_what_is_needed(rest.asked, before.asked, everything.asked, found[k + 1 :])


def _only_what_is_needed(rest: list[str], before: list[str], everything: list[str], after: list[Any]) -> None:
    """Assert that what is asked again leads to what is left: pages on the way, and joins of rows that follow."""
    again = Counter(rest) - (Counter(everything) - Counter(before))
    courses = {str(seen["course"]["id"]) for _, _, seen in after if "course" in seen}
    users = {_user(seen) for _, _, seen in after}
    for path in again:
        _, first, *more = path.partition("?")[0].split("/")
        if first == "courses" and more:
            assert more[0] in courses, f"{path} is asked for again, though none of its records are left"
        elif first == "users" and more:
            assert more[0] in users, f"{path} is asked for again, though none of its records are left"
    assert sum(1 for path in again if path.partition("?")[0] == "/courses") <= 1
    assert max(Counter(rest).values(), default=0) <= 2  # `details` and `same` ask the same address


def _user(seen: dict[str, Any]) -> str:
    return str(seen["enrollment"]["user_id"] if "enrollment" in seen else seen.get("person", {}).get("id"))
