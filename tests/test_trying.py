"""A mapping tried out: one page of each of its lists, and what it shows."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
from lms import HEAD, Lms, school

from engine.client import Exchange
from engine.loading import LoadedMapping
from engine.trying import Trial, try_out

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
  limits: { parallel: 2, rates: [{ requests: 10, per: minute }] }
  pages: { page: { param: page, size: 2, size_param: size, total: total } }
fetch:
  courses: { get: /courses, items: items }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
  people: { for: course in courses, get: "/courses/{course.id}/people", items: items }
course_enrollments:
  for: enrollment in enrollments
  join: { person: { in: people, id: enrollment.user_id } }
  fields:
    id: enrollment.id
    user.emails: person.email
    course.title: course.titel
    score: enrollment.grade.points
  status: { from: enrollment.state, words: { off: withdrawn } }
"""
)


def tried(lms: Lms, mapping: LoadedMapping, **options: Any) -> Trial:
    exchanges: list[Exchange] = []
    return asyncio.run(try_out(lms.run(mapping, on_exchange=exchanges.append, **options), exchanges))


def test_one_page_of_each_list_is_read_for_one_parent(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3], range(1, 8)))
    trial = tried(lms, mapped(TEXT))
    assert lms.asked == [
        "/courses?page=1&size=2",
        "/courses/1/enrollments?page=1&size=2",
        "/courses/1/people?page=1&size=2",
    ]
    assert [exchange.fetch for exchange in trial.exchanges] == ["courses", "enrollments", "people"]
    assert [len(page.items) for page in trial.tried["enrollments"]] == [2]
    assert [record.id for record in trial.records] == ["101", "102"]
    assert set(trial.scope) == {"course", "enrollment", "person"}
    assert trial.scope["enrollment"]["id"] == 101
    assert trial.report.counts == {"unknown_word": 1}


def test_fields_that_found_nothing_are_told_with_what_is_spelt_much_like_it(mapped: Mapped) -> None:
    trial = tried(Lms(school([1])), mapped(TEXT))
    found = {empty.field: empty for empty in trial.empty}
    assert set(found) == {"course.title", "score"}
    assert (found["course.title"].expression, found["course.title"].near) == ("course.titel", "course.title")
    assert found["score"].near == ""  # nothing is spelt like it
    assert found["score"].place.endswith("acme.yaml:24:12")


def test_raw_paths_that_nobody_maps_are_told_by_their_kind_and_never_by_a_value(mapped: Mapped) -> None:
    lists = school([1], [1, 2])
    lists["/courses/1/enrollments"][0].update(
        secret_note="hush", seen="2026-01-05T08:00:00Z", link="https://x.example",
        grade={"letter": "A", "by": {"id": "7"}}, tags=[{"word": None}, {"word": True}], empty="", none=[],
    )  # fmt: skip
    trial = tried(Lms(lists), mapped(TEXT))
    told = {str(path): (sorted(path.kinds), path.items) for path in trial.unmapped["enrollments"]}
    assert told == {
        "secret_note": (["text"], 1),
        "seen": (["a time"], 1),
        "link": (["an address"], 1),
        "grade.letter": (["text"], 1),
        "grade.by.id": (["text of digits"], 1),
        "tags.word": (["null", "true or false"], 1),
        "empty": (["empty text"], 1),
        "none": (["a list"], 1),
    }
    assert [str(path) for path in trial.unmapped["courses"]] == ["title"]
    assert "hush" not in str(trial.unmapped)


def test_the_whole_run_is_reckoned_from_what_the_provider_counts(mapped: Mapped) -> None:
    trial = tried(Lms(school([1, 2, 3, 4, 5], range(1, 8))), mapped(TEXT))
    assert trial.estimate is not None
    costs = {cost.fetch: (cost.requests, cost.why) for cost in trial.estimate.costs}
    assert costs["courses"] == (3, "one list, 3 pages: the provider counts 5 items")
    each = "5 lists, 4 pages each: the provider counts 7 items in the one that was tried"
    assert costs["enrollments"] == costs["people"] == (20, each)
    assert (trial.estimate.requests, trial.estimate.at_least, trial.estimate.at_most) == (43, False, False)
    assert trial.estimate.seconds == 240  # 10 in each of the four minutes before the last
    assert len(asyncio.run(Lms(school([1, 2, 3, 4, 5], range(1, 8))).records(mapped(TEXT.replace("10", "1000"))))) == 35


def test_a_reckoning_is_what_a_run_then_makes(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3, 4, 5], range(1, 8)))
    free = mapped(TEXT.replace("requests: 10,", "requests: 1000,"))
    run = lms.run(free)
    asyncio.run(_all(run))
    trial = tried(lms, free)
    assert trial.estimate is not None
    assert trial.estimate.requests == run.report.requests


async def _all(run: Any) -> None:
    async for _ in run:
        pass


def test_what_is_assumed_is_said(mapped: Mapped) -> None:
    text = TEXT.replace("page: { param: page, size: 2, size_param: size, total: total }", "link_header: next")
    text = text.replace("items: items", "query: { per_page: 2 }")
    text = text.replace("  people:", "  people: { when: course.open, once: course.id,").replace(
        "once: course.id, {", "once: course.id,"
    )
    trial = tried(Lms(school([1, 2, 3])), mapped(text))
    assert trial.estimate is not None
    costs = {cost.fetch: cost for cost in trial.estimate.costs}
    assert costs["courses"].why == "one list, more than one page, assumed two; nothing tells how many"
    assert costs["courses"].at_least
    assert costs["people"].why == (
        "4 lists, assumed to have one page each, for none could be tried, fewer where `when` does not hold, "
        "fewer where `course.id` repeats"
    )
    assert costs["people"].at_most


def test_a_parent_without_items_or_without_a_right_leaves_its_place_to_the_next(mapped: Mapped) -> None:
    lists = school([1, 2, 3, 4, 5])
    lists["/courses/1/enrollments"] = []
    lms = Lms(lists)
    lms.answer_once("/courses/2/enrollments", httpx2.Response(403, json={"error": "no right"}))
    trial = tried(lms, mapped(TEXT.replace("size: 2", "size: 9")))
    assert [record.id for record in trial.records] == ["301", "302", "303"]
    assert trial.report.counts["parent_failed"] == 1
    for number in range(1, 6):
        lists[f"/courses/{number}/enrollments"] = []
    lms = Lms(lists)
    trial = tried(lms, mapped(TEXT.replace("size: 2", "size: 9")))
    assert not trial.records
    assert len([asked for asked in lms.asked if "enrollments" in asked]) == 3


def test_requests_of_every_record_are_made_for_the_first_alone(mapped: Mapped) -> None:
    request = 'get: "/users/{enrollment.user_id}", items: $, pages: { single: true }'
    text = TEXT.replace("  people:", f"  details: {{ for: enrollment in enrollments, {request} }}\n  people:")
    text = text.replace("join: {", "join: { detail: { in: details },").replace("enrollment.grade.points", "detail.id")
    trial = tried(Lms(school([1], [1, 2])), mapped(text))
    assert [record.id for record in trial.records] == ["101"]
    assert trial.scope["detail"]["id"] == 1


def test_what_ends_it_early_is_kept_with_what_came_before(mapped: Mapped) -> None:
    lms = Lms(school([1]))
    lms.answer_once("/courses/1/enrollments", httpx2.Response(401, json={}))
    trial = tried(lms, mapped(TEXT))
    assert trial.error is not None
    assert "fetch enrollments" in str(trial.error)
    assert [len(page.items) for page in trial.tried["courses"]] == [1]
    assert not trial.records


def test_a_short_page_that_may_be_capped_is_doubted(mapped: Mapped) -> None:
    text = TEXT.replace("size: 2, size_param: size, total: total", "size: 100, size_param: size, until: short")
    for courses, short_of in ((range(1, 51), 100), (range(1, 52), None), ([1], None)):
        trial = tried(Lms(school(courses, ())), mapped(text))
        assert [page.short_of for page in trial.tried["courses"]] == [short_of]
    full = text.replace("size: 100", "size: 50")
    trial = tried(Lms(school(range(1, 51), ())), mapped(full))
    assert [page.short_of for page in trial.tried["courses"]] == [None]
