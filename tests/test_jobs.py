"""Reports that are made while one waits."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from lms import HEAD, URL, Lms
from pydantic import ValidationError

from engine.blocking import run_sync
from engine.describing import requests_of
from engine.errors import Failed, MappingError, Missing, Unreadable
from engine.loading import LoadedMapping
from engine.mapping import Fetch
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]
Answers = list[httpx2.Response]

REPORT = (
    HEAD
    + """
fetch:
  people:
    post: /reports
    json: { kind: people }
    job:
      poll: { get: "/reports/{job.id}" }
      ready: '$type(body) = "array"'
      failed: 'body.state = "FAILED"'
      message: body.error
      pause: 60
      most: 3
users:
  for: person in people
  fields: { id: person.id, name: person.name }
"""
)
RESULT = '      result: { get: "/files/{ready.file}/{job.id}", answer: { csv: { columns: [id, name] } } }'
FILE = REPORT.replace("""ready: '$type(body) = "array"'""", """ready: 'body.state = "READY"'""").replace(
    "      pause: 60", f"{RESULT}\n      pause: 60"
)
WAITING = {"id": 7, "state": "PENDING"}


def answer(data: Any, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=data)


def lms(*polls: httpx2.Response, asked: Any = WAITING) -> Lms:
    school = Lms({"/reports": asked})
    school.answer_once("/reports/7", *polls)
    return school


def read(school: Lms, mapping: LoadedMapping) -> list[str]:
    run = run_sync(mapping, {"url": URL}, resource="users", transport=httpx2.MockTransport(school), backoff=0.0)
    return [user.id for user in run]


def test_a_report_is_looked_at_until_it_is_ready(mapped: Mapped) -> None:
    school = lms(answer(WAITING), answer({"state": "IN_PROGRESS"}), answer([{"id": 1}, {"id": 2}]))
    assert read(school, mapped(REPORT)) == ["1", "2"]
    assert school.asked == ["/reports", "/reports/7", "/reports/7", "/reports/7"]


def test_a_report_without_rows_is_an_ordinary_zero(mapped: Mapped) -> None:
    assert read(lms(answer([])), mapped(REPORT)) == []


def test_a_report_may_have_a_request_of_its_own_with_what_both_answers_before_gave(mapped: Mapped) -> None:
    school = lms(answer(WAITING), answer({"state": "READY", "file": "a b"}))
    school.answer_once("/files/a%20b/7", httpx2.Response(200, text="id,name\n1,Ada\n"))
    assert read(school, mapped(FILE)) == ["1"]
    assert school.asked[-1] == "/files/a%20b/7"


def test_a_report_that_is_never_ready_is_told_after_a_bounded_number_of_looks(mapped: Mapped) -> None:
    school = lms(*[answer(WAITING)] * 9)
    with pytest.raises(Failed, match="the report is not ready after 3 looks in 180 seconds; run again later") as caught:
        read(school, mapped(REPORT))
    assert "fetch people: GET https://acme.example/reports/7" in str(caught.value)
    assert len(school.asked) == 4


@pytest.mark.parametrize(
    ("said", "told"),
    [("quota", "the report failed: quota;"), ({"code": 1}, 'failed: {"code": 1};'), (None, "the report failed;")],
)
def test_a_report_that_failed_is_told_at_once_with_what_the_provider_says(mapped: Mapped, said: Any, told: str) -> None:
    school = lms(answer({"state": "FAILED", "error": said}))
    with pytest.raises(Failed) as caught:
        read(school, mapped(REPORT))
    assert told in str(caught.value)
    assert len(school.asked) == 2


def test_a_look_may_be_throttled_and_is_made_again(mapped: Mapped) -> None:
    school = lms(answer({}, 429), answer({}, 503), answer([{"id": 1}]))
    assert read(school, mapped(REPORT)) == ["1"]


def test_a_report_that_is_gone_is_an_error_of_its_class(mapped: Mapped) -> None:
    with pytest.raises(Missing, match="GET https://acme.example/reports/7"):
        read(lms(answer({}, 404)), mapped(REPORT))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"state": "PENDING"}, "{job.id} has no value"),
        ([WAITING], "{job.id} has no value"),
        (httpx2.Response(200, text="<html>"), "the answer is not JSON"),
    ],
)
def test_an_answer_that_tells_of_no_report_is_told(mapped: Mapped, asked: Any, told: str) -> None:
    school = Lms({"/reports": None})
    school.answer_once("/reports", asked if isinstance(asked, httpx2.Response) else answer(asked))
    with pytest.raises(Unreadable) as caught:
        read(school, mapped(REPORT))
    assert told in str(caught.value)


def test_an_answer_that_a_report_cannot_be_told_from_is_told(mapped: Mapped) -> None:
    text = REPORT.replace("""'$type(body) = "array"'""", "'body.state & 1 + body.state'")
    with pytest.raises(Unreadable, match="failed on the answer: .*; correct `job`"):
        read(lms(answer(WAITING)), mapped(text))
    ready = FILE.replace("""'body.state = "READY"'""", "'status = 200'")
    with pytest.raises(Unreadable, match="the answer is not JSON"):
        read(lms(httpx2.Response(200, text="ready")), mapped(ready))


def test_half_a_report_or_a_page_is_not_taken_for_one_that_is_still_made(mapped: Mapped) -> None:
    with pytest.raises(Unreadable, match="breaks off"):
        read(lms(httpx2.Response(200, text='[{"id": 1}, {"i')), mapped(REPORT))
    with pytest.raises(Unreadable, match="HTML page"):
        read(lms(httpx2.Response(200, text="<html>")), mapped(REPORT))


def test_an_answer_without_a_body_or_one_that_is_looked_at_as_text_may_say_to_wait(mapped: Mapped) -> None:
    assert read(lms(httpx2.Response(202), answer([{"id": 1}])), mapped(REPORT)) == ["1"]
    text = REPORT.replace("""'$type(body) = "array"'""", """'$not(text = "wait")'""")
    assert read(lms(httpx2.Response(200, text="wait"), answer([{"id": 1}])), mapped(text)) == ["1"]


def test_a_rule_may_call_a_report_empty_when_it_is_looked_at_and_when_it_is_fetched(mapped: Mapped) -> None:
    rule = "    errors: [{ when: 'status = 204 or status = 410', is: empty }]\n"
    school = lms(httpx2.Response(204))
    assert read(school, mapped(REPORT.replace("    job:\n", f"{rule}    job:\n"))) == []
    school = lms(answer({"state": "READY", "file": "f"}))
    school.answer_once("/files/f/7", httpx2.Response(410))
    assert read(school, mapped(FILE.replace("    job:\n", f"{rule}    job:\n"))) == []


def test_it_is_waited_before_each_look_and_the_report_of_the_run_says_so(
    mapped: Mapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def slept(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("engine.client.asyncio.sleep", slept)
    school = lms(answer(WAITING), answer([{"id": 1}]))
    run = Run(mapped(REPORT), {"url": URL}, resource="users", transport=httpx2.MockTransport(school), backoff=0.1)

    async def all_of() -> list[str]:
        return [user.id async for user in run]

    assert asyncio.run(all_of()) == ["1"]
    assert pauses.count(60) == 2
    assert run.report.waited >= 120


def test_what_a_report_costs_is_described(mapped: Mapped) -> None:
    assert list(requests_of(mapped(FILE), "users")) == [
        {"fetch": "people", "request": "POST /reports", "how_often": "once for all people"},
        {
            "fetch": "people",
            "request": "GET /reports/{job.id}",
            "how_often": "every 60 seconds until it is ready, 3 times at most",
        },
        {"fetch": "people", "request": "GET /files/{ready.file}/{job.id}", "how_often": "once for all people"},
    ]


def test_pages_of_all_requests_do_not_count_for_a_report(mapped: Mapped) -> None:
    paged = REPORT.replace("  check:", "  pages: { page: { param: page, size: 1, total: total } }\n  check:")
    school = lms(answer([{"id": 1}]))
    assert read(school, mapped(paged)) == ["1"]
    assert school.asked == ["/reports", "/reports/7"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("{job.id}", "{ready.id}"), "there is no `ready` here"),
        (("body.error", "bod.error"), "there is no `bod` here; did you mean `body`?"),
        (("post: /reports", "post: '/reports/{job.id}'"), "there is no `job` here"),
        (("person in people", "job in people"), "`job` has a meaning of its own"),
    ],
)
def test_names_that_are_not_there_are_refused(mapped: Mapped, changed: tuple[str, str], told: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapped(REPORT.replace(*changed))
    assert told in str(caught.value)


def test_a_report_has_no_pages_and_needs_a_request() -> None:
    job = {"poll": {"get": "/x"}, "ready": "body"}
    with pytest.raises(ValidationError, match="a report comes in one answer"):
        Fetch.model_validate({"post": "/", "job": job, "pages": {"single": True}})
    with pytest.raises(ValidationError, match="`job` means nothing without a request"):
        Fetch.model_validate({"items": "x", "job": job})
