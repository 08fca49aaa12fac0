"""The unified lists over a live provider, as callers see them."""

import asyncio
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lms import HEAD, URL, Lms, school
from service import SCHOOL, Served, served


@pytest.fixture
def lms() -> Lms:
    return Lms(school(courses=[1, 2, 3], people=[1, 2, 3, 4, 5]))


@pytest.fixture
def service(tmp_path: Path, lms: Lms) -> Iterator[Served]:
    with served(tmp_path, SCHOOL, lms) as running:
        yield running


def ids(page: dict[str, Any]) -> list[str]:
    return [record["id"] for record in page["result"]]


def test_a_page_has_the_records_and_the_envelope(service: Served) -> None:
    answer = service.get(query="limit=2")
    assert answer.status_code == 200
    page = answer.json()
    assert ids(page) == ["101", "102"]
    assert page["result"][0]["remote_data"]["course"] == {"id": 1, "title": "Course 1"}
    rest = {name: value for name, value in page.items() if name not in ("result", "next_cursor")}
    assert rest == {"prev_cursor": None, "result_count": 2, "limit": 2, "is_partial_response": False, "errors": []}


def test_what_a_customer_has_different_holds_for_its_account_only(service: Served) -> None:
    tree = {"course_enrollments": {"fields": {"user.name": "'hidden'"}}}
    other = service.store.accounts.create("acme", "B", {"url": URL}, secret=(), overrides=tree).id

    def names(account: str) -> set[str | None]:
        answer = service.get(query=f"integrated_account_id={account}&limit=2")
        assert answer.status_code == 200, answer.text
        return {record["user"].get("name") for record in answer.json()["result"]}

    assert names(other) == {"hidden"}
    assert names(service.account) != {"hidden"}
    service.store.accounts.update(other, overrides={"nothing": {}})
    refused = service.get(query=f"integrated_account_id={other}")
    assert refused.status_code == 409
    assert "has different does not fit the mapping any more" in refused.json()["message"]


def test_all_pages_together_have_every_record_once_and_in_order(service: Served) -> None:
    got = [found for page in service.pages(query="limit=4") for found in ids(page)]
    assert got == [str(course * 100 + person) for course in (1, 2, 3) for person in (1, 2, 3, 4, 5)]


def test_a_page_makes_only_the_requests_it_needs_also_amid_a_fan_out(service: Served, lms: Lms) -> None:
    first = service.get(query="limit=7").json()
    assert lms.asked == [
        "/courses?page=1&size=2",
        *(f"/courses/1/enrollments?page={page}&size=2" for page in (1, 2, 3)),
        "/courses/2/enrollments?page=1&size=2",
    ]
    lms.asked.clear()
    assert ids(service.get(query=f"limit=1&next_cursor={first['next_cursor']}").json()) == ["203"]
    assert lms.asked == ["/courses?page=1&size=2", "/courses/2/enrollments?page=2&size=2"]


@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=20), people=st.lists(st.integers(0, 9), max_size=6))
@settings(max_examples=25)
def test_pages_of_any_sizes_together_are_the_whole_list(sizes: list[int], people: list[int]) -> None:
    lists = school(courses=range(1, len(people) + 1), people=range(10))
    for course, number in enumerate(people, 1):
        lists[f"/courses/{course}/enrollments"] = lists[f"/courses/{course}/enrollments"][:number]
    got, cursor = [], ""
    with TemporaryDirectory() as folder, served(Path(folder), SCHOOL, Lms(lists)) as service:
        for size in itertools.cycle(sizes):
            page = service.get(query=f"limit={size}" + (f"&next_cursor={cursor}" if cursor else "")).json()
            got += ids(page)
            cursor = page["next_cursor"]
            if not cursor:
                break
    assert got == [str(course * 100 + person) for course, many in enumerate(people, 1) for person in range(many)]


def test_a_filter_is_applied_and_parents_that_cannot_pass_are_not_read(service: Served, lms: Lms) -> None:
    assert ids(service.get(query="user[id]=2").json()) == ["102", "202", "302"]
    lms.asked.clear()
    assert ids(service.get(query="course[id]=2&user[id][in]=1,4").json()) == ["201", "204"]
    assert not [path for path in lms.asked if path.startswith(("/courses/1/", "/courses/3/"))]


def test_raw_gives_the_items_of_the_provider_as_they_are(service: Served) -> None:
    assert service.get(query="limit=1&response_format=raw").json()["result"] == [
        {"id": 101, "user_id": "1", "state": "on"}
    ]


def test_debug_tells_what_the_provider_was_asked(service: Served) -> None:
    page = service.get(query="limit=1&truto_response_format=debug").json()
    assert ids(page) == ["101"]
    assert [(one["request"], one["status"]) for one in page["debug"]] == [
        (f"GET {URL}/courses?page=1&size=2", 200),
        (f"GET {URL}/courses/1/enrollments?page=1&size=2", 200),
    ]
    assert all(one["bytes"] > 0 and one["milliseconds"] >= 0 for one in page["debug"])


def test_fields_and_raw_data_are_left_out_where_nobody_wants_them(service: Served) -> None:
    record = service.get(query="limit=1&ignore_remote_data=true&exclude_fields[]=user").json()["result"][0]
    assert record == {
        "id": "101",
        "course": {"id": "1"},
        "status": "in_progress",
        "custom_fields": {"remote_status": "on"},
    }


def test_records_are_found_by_a_field_that_tells_them_apart_and_by_no_other(service: Served) -> None:
    page = service.get(query="limit=2&key_by=id").json()
    assert list(page["result"]) == ["101", "102"]
    assert page["result"]["102"]["user"] == {"id": "2"}
    assert page["result_count"] == 2
    answer = service.get(query="limit=2&key_by=course.id")
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "key_by: course.id is the same for several records; choose another field, such as `id`",
    )
    assert "has no course.title" in service.get(query="limit=2&key_by=course.title").json()["message"]


def test_without_a_limit_an_answer_has_as_many_as_it_may_hold(tmp_path: Path, lms: Lms) -> None:
    with served(tmp_path, SCHOOL, lms, most_records=8) as service:
        pages = list(service.pages(query="ignore_limit=true"))
    assert [page["result_count"] for page in pages] == [8, 7]


def test_a_stream_has_every_record_on_a_line_and_tells_at_the_end_that_it_was_all(service: Served) -> None:
    answer = service.get(query="response_format=stream")
    assert answer.headers["content-type"] == "application/x-ndjson"
    *records, last = [json.loads(line) for line in answer.text.splitlines()]
    assert len(records) == 15
    assert last == {
        "complete": True,
        "result_count": 15,
        "next_cursor": None,
        "is_partial_response": False,
        "errors": [],
    }


def test_a_stream_with_a_limit_tells_that_there_is_more_and_where(service: Served) -> None:
    *records, last = [
        json.loads(line) for line in service.get(query="response_format=stream&limit=9").text.splitlines()
    ]
    assert (len(records), last["complete"]) == (9, False)
    rest = service.get(query=f"next_cursor={last['next_cursor']}").json()
    assert len(rest["result"]) == 6


def test_one_record_is_found_by_its_id_or_not(service: Served) -> None:
    assert service.get("courses/2").json()["title"] == "Course 2"
    answer = service.get("courses/99")
    assert (answer.status_code, answer.json()["message"]) == (404, "there is no such record in courses")
    for query in ("next_cursor=x", "key_by=id", "title=x", "limit=1", "ignore_limit=true", "response_format=stream"):
        refused = service.get("courses/2", query)
        assert [one["parameter"] for one in refused.json()["details"]] == [query.partition("=")[0]]


def test_what_cannot_be_left_out_of_raw_items_is_refused(service: Served) -> None:
    refused = service.get(query="response_format=raw&truto_ignore_remote_data=true&exclude_fields[]=urls")
    assert [one["parameter"] for one in refused.json()["details"]] == ["truto_ignore_remote_data", "exclude_fields[]"]


def test_a_resource_that_the_provider_does_not_give_is_told(service: Served) -> None:
    answer = service.get("users")
    assert answer.status_code == 404
    assert answer.json()["message"] == "acme has no users; it gives course_enrollments, courses"


def test_a_parent_that_cannot_be_read_makes_the_answer_partial_and_says_so(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses/2/enrollments", httpx2.Response(403, text="no"))
    page = service.get().json()
    assert len(page["result"]) == 10
    assert page["is_partial_response"] is True
    (error,) = page["errors"]
    assert (error["kind"], error["record"]) == ("parent_failed", "course 2")
    assert "HTTP 403" in error["message"]


@pytest.mark.parametrize(
    ("answer", "status", "remote", "account"),
    [
        (httpx2.Response(401, json={"error": "bad token"}), 401, 401, "needs_reauth"),
        (httpx2.Response(403), 403, 403, "active"),
        (httpx2.Response(404), 404, 404, "active"),
        (httpx2.Response(429, headers={"Retry-After": "77"}), 429, 429, "active"),
        (httpx2.Response(500), 502, 500, "failing"),
        (httpx2.Response(418), 502, 418, "failing"),
        (httpx2.Response(200, text="<html>maintenance"), 502, None, "failing"),
    ],
)
def test_what_a_provider_does_has_its_status_and_is_kept_in_the_account(
    service: Served, lms: Lms, answer: httpx2.Response, status: int, remote: int | None, account: str
) -> None:
    lms.answer_once("/courses", *[answer] * 5)
    got = service.get()
    assert got.status_code == status
    body = got.json()
    assert (body["statusCode"], body["truto_is_remote_error"], body["remote_status"]) == (status, True, remote)
    assert service.store.accounts.get(service.account).status == account
    if status == 429:
        assert got.headers["retry-after"] == "77"
    if answer.content:
        assert answer.text[:10] in (body.get("raw_response") or "bad token <html>mainten")


@pytest.mark.parametrize(("asks", "told"), [("1e999", "2678400"), ("9" * 400, "2678400"), ("0.2", "1"), ("soon", "60")])
def test_a_wait_that_nobody_can_wait_is_told_as_one_that_ends(service: Served, lms: Lms, asks: str, told: str) -> None:
    lms.answer_once("/courses", *[httpx2.Response(429, headers={"Retry-After": asks})] * 5)
    answer = service.get()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, told)


def test_an_account_whose_credentials_were_refused_is_not_tried_again_until_they_are_new(
    service: Served, lms: Lms
) -> None:
    lms.answer_once("/courses", httpx2.Response(401))
    service.get()
    lms.asked.clear()
    answer = service.get()
    assert (answer.status_code, answer.json()["truto_is_remote_error"]) == (401, True)
    assert "must be connected anew" in answer.json()["message"]
    assert lms.asked == []
    service.store.accounts.update(service.account, values={"url": URL})
    assert service.get().status_code == 200


def test_credentials_that_are_replaced_while_the_old_ones_are_refused_stay_good(tmp_path: Path) -> None:
    running: list[Served] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        del request
        running[0].store.accounts.update(running[0].account, values={"url": URL})
        return httpx2.Response(401)

    with served(tmp_path, SCHOOL, answer) as service:
        running.append(service)
        assert service.get().status_code == 401
        assert service.store.accounts.get(service.account).status == "active"


def test_an_account_that_failed_is_active_again_once_it_can_be_read(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses", *[httpx2.Response(500)] * 5)
    service.get()
    service.get()
    assert service.store.accounts.get(service.account).status == "active"


def test_a_disabled_account_is_not_read(service: Served, lms: Lms) -> None:
    service.store.accounts.update(service.account, status="disabled")
    assert service.get().status_code == 409
    assert lms.asked == []


def test_a_provider_that_cannot_go_on_ends_the_page_and_the_cursor_leads_to_the_rest(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses/2/enrollments", *[httpx2.Response(503)] * 5)
    page = service.get().json()
    assert ids(page) == ["101", "102", "103", "104", "105"]
    assert page["errors"] == []
    rest = service.get(query=f"next_cursor={page['next_cursor']}").json()
    assert len(rest["result"]) == 10


def test_a_stream_that_the_provider_breaks_off_says_so_in_its_last_line(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses/2/enrollments", *[httpx2.Response(503)] * 5)
    *records, last = [json.loads(line) for line in service.get(query="response_format=stream").text.splitlines()]
    assert (len(records), last["complete"], last["error"]["statusCode"]) == (5, False, 502)
    assert len(service.get(query=f"next_cursor={last['next_cursor']}").json()["result"]) == 10


def test_a_stream_whose_store_fails_says_so_in_its_last_line(tmp_path: Path) -> None:
    renewing = """auth: { oauth2: { grant: refresh_token, token_url: "{connection.url}/token", client_id: me,
                    client_secret: x, refresh_token: "{connection.refresh}" } }"""
    text = SCHOOL.replace("auth: { none: true }", renewing)
    text = text.replace("connection:", "connection:\n  refresh: { title: Refresh token, secret: true }", 1)
    lms = Lms(school(courses=[1, 2], people=[1, 2]))
    running: list[Served] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/token":
            return httpx2.Response(200, json={"access_token": "t", "refresh_token": f"r{len(lms.asked)}"})
        if request.url.path == "/courses/2/enrollments" and running:  # meanwhile somebody gives new credentials
            service = running.pop()
            service.store.accounts.update(service.account, values={"refresh": "new"}, secret={"refresh"})
            return httpx2.Response(401)
        return lms(request)

    with served(tmp_path, text, answer) as service:
        service.account = service.connect(refresh="r")
        running.append(service)
        *records, last = [json.loads(one) for one in service.get(query="response_format=stream").text.splitlines()]
        assert (len(records), last["complete"], last["error"]["statusCode"]) == (2, False, 503)
        rest = service.get(query=f"next_cursor={last['next_cursor']}")
        assert ids(rest.json()) == ["201", "202"]


def test_a_stream_that_cannot_begin_has_the_status_of_its_failure(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses", httpx2.Response(403))
    assert service.get(query="response_format=stream").status_code == 403


def test_what_takes_too_long_ends_with_what_was_read_or_with_a_504(tmp_path: Path) -> None:
    slow = {"/courses/2/enrollments"}
    lms = Lms(school(courses=[1, 2], people=[1, 2]))

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path in slow:
            await asyncio.sleep(60)
        return lms(request)

    with served(tmp_path, SCHOOL, answer, page_seconds=0.6) as service:
        page = service.get().json()
        assert ids(page) == ["101", "102"]
        stuck = service.get(query=f"next_cursor={page['next_cursor']}")
        assert (stuck.status_code, stuck.json()["truto_is_remote_error"]) == (504, True)
        assert "nothing was read within 0.6 seconds" in stuck.json()["message"]
        slow.clear()
        assert ids(service.get(query=f"next_cursor={page['next_cursor']}").json()) == ["201", "202"]


def test_a_stream_that_is_taken_slowly_ends_at_its_time_with_a_cursor_for_the_rest(tmp_path: Path) -> None:
    lms = Lms(school(courses=[1], people=[*range(1, 400)]))
    text = SCHOOL.replace("size: 2,", "size: 100,")

    async def ask(app: Any, key: str, account: str) -> list[bytes]:
        lines, asked = list[bytes](), list[str]()

        async def receive() -> Any:
            if asked:
                await asyncio.sleep(3600)
            asked.append("once")
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            lines.append(message.get("body", b""))
            await asyncio.sleep(0.02)

        scope = {
            "type": "http", "method": "GET", "path": "/unified/lms/course-enrollments", "http_version": "1.1",
            "query_string": f"integrated_account_id={account}&response_format=stream".encode(), "root_path": "",
            "headers": [(b"authorization", f"Bearer {key}".encode())], "scheme": "http", "client": None, "server": None,
        }  # fmt: skip
        await app(scope, receive, send)
        return [line for line in lines if line]

    with served(tmp_path, text, lms, stream_seconds=1.0) as service:
        *records, last = asyncio.run(ask(service.client.app, service.key, service.account))
        told = json.loads(last)
        assert 0 < len(records) == told["result_count"] < 399
        assert (told["complete"], told["error"]["statusCode"]) == (False, 504)
        assert told["error"]["message"] == "this took longer than 1 seconds; next_cursor leads to the rest"
        rest = service.get(query=f"next_cursor={told['next_cursor']}&limit=1000").json()
        assert ids(rest)[0] == str(100 + len(records) + 1)


def test_a_page_ends_early_where_its_records_are_large(tmp_path: Path, lms: Lms) -> None:
    with served(tmp_path, SCHOOL, lms, most_bytes=1000) as service:
        pages = [ids(page) for page in service.pages(query="limit=100")]
    assert len(pages) == 3
    assert list(itertools.chain(*pages)) == [f"{course}0{person}" for course in (1, 2, 3) for person in range(1, 6)]


def test_whether_there_is_a_record_is_not_known_where_not_all_could_be_read(tmp_path: Path, lms: Lms) -> None:
    text = SCHOOL + "users: { for: enrollment in enrollments, fields: { id: enrollment.user_id } }\n"
    lms.answer_once("/courses/2/enrollments", *[httpx2.Response(403)] * 2)
    with served(tmp_path, text, lms) as service:
        answer = service.get("users/99")
        assert (answer.status_code, answer.json()["truto_is_remote_error"]) == (502, True)
        assert "whether there is such a record in users is not known, since not all" in answer.json()["message"]
        assert service.get("users/1").status_code == 200
        lms.answers.clear()
        assert service.get("users/99").status_code == 404


def test_a_cursor_too_long_for_an_address_ends_a_stream_in_order(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
fetch:
  people: { get: /people, items: items, pages: { cursor: { param: after, next: next } } }
users: { for: person in people, fields: { id: person.id } }
"""
    )
    mark = "".join(random.Random(4).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=12_000))  # noqa: S311
    lms = Lms({"/people": {"items": [{"id": 1}, {"id": 2}], "next": mark}})
    with served(tmp_path, text, lms) as service:
        lines = service.get("users", "response_format=stream&limit=2").text.splitlines()
        last = json.loads(lines[-1])
        assert (len(lines), last["complete"], last["next_cursor"]) == (3, False, None)
        assert "too long for an address" in last["error"]["message"]


def test_what_is_looked_at_in_vain_need_not_be_looked_at_again(tmp_path: Path) -> None:
    lms = Lms(school(courses=range(1, 8), people=[1, 2]))
    lms.lists["/courses/7/enrollments"][1]["state"] = "late"

    async def answer(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0.15 if "enrollments" in request.url.path else 0)
        return lms(request)

    cursor, failures, page = "", 0, {}
    with served(tmp_path, SCHOOL, answer, page_seconds=0.6) as service:
        while "result" not in page:
            got = service.get(query="status=unknown&limit=1" + (f"&next_cursor={cursor}" if cursor else ""))
            page = got.json()
            cursor = page["next_cursor"]
            if got.status_code != 200:
                assert (got.status_code, page["truto_is_remote_error"], page["errors"]) == (504, True, [])
                failures += 1
    assert ids(page) == ["702"]
    assert failures >= 1
    asked = [path for path in lms.asked if path.startswith("/courses/1/")]
    assert len(asked) == 1, "the first course is not looked at again"


def test_a_cursor_holds_over_a_restart_and_for_nothing_but_what_it_was_made_for(tmp_path: Path, lms: Lms) -> None:
    with served(tmp_path, SCHOOL, lms) as service:
        cursor = service.get(query="limit=4").json()["next_cursor"]
        other = service.connect()
        for query, of in (
            (f"integrated_account_id={other}&next_cursor={cursor}", "another account"),
            (f"status=in_progress&next_cursor={cursor}", "other filters"),
        ):
            answer = service.get(query=query)
            assert (answer.status_code, of in answer.json()["message"]) == (400, True)
        assert "another resource" in service.get("courses", f"next_cursor={cursor}").json()["message"]
        assert service.get(query="next_cursor=abc").status_code == 400
        ring, account, key = service.store.ring, service.account, service.key
    with served(tmp_path / "again", SCHOOL, lms, store=tmp_path / "store.db", ring=ring) as restarted:
        answer = restarted.get(query=f"integrated_account_id={account}&next_cursor={cursor}", key=key)
        assert ids(answer.json())[0] == "105"


def test_a_remote_query_goes_to_the_provider_and_belongs_to_the_cursor(service: Served, lms: Lms) -> None:
    page = service.get(query="limit=1&remote_query[include]=grades").json()
    assert lms.asked[-1] == "/courses/1/enrollments?page=1&size=2&include=grades"
    assert "other filters" in service.get(query=f"next_cursor={page['next_cursor']}").json()["message"]


def test_a_remote_query_cannot_change_how_the_list_is_read(service: Served, lms: Lms) -> None:
    answer = service.get(query="remote_query[size]=1")
    assert answer.status_code == 400
    assert "remote_query cannot have 'size', which the mapping sends itself" in answer.json()["message"]
    assert lms.asked == []


def test_what_comes_of_a_remote_query_tells_nothing_of_the_credentials(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses/1/enrollments", httpx2.Response(401))
    assert service.get(query="remote_query[access_token]=none").status_code == 401
    assert service.store.accounts.get(service.account).status == "active"
    assert service.get().status_code == 200


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "no API key was given"),
        ("rbk_000000000000_" + "a" * 43, "this API key does not hold"),
        ("x" * 5000, "this API key does not hold"),
    ],
)
def test_without_a_key_that_holds_there_is_nothing_but_health(service: Served, key: str, message: str) -> None:
    for path in ("/unified/lms/courses", "/unified/lms/users/1"):
        answer = service.get(path, key=key)
        assert answer.status_code == 401
        assert message in answer.json()["message"]
        assert answer.headers["www-authenticate"] == "Bearer"
    assert service.get("/health/live", key=key).json() == {"status": "live"}
    assert service.get("/health/ready", key=key).json() == {"status": "ready"}


def test_a_key_for_other_accounts_does_not_even_tell_whether_there_is_one(service: Served) -> None:
    other = service.connect()
    _, key = service.store.keys.create("read", [other], "other")
    assert service.get(query=f"integrated_account_id={other}", key=key).status_code == 200
    hidden, none = service.get(key=key), service.get(query="integrated_account_id=nobody", key=key)
    assert hidden.status_code == none.status_code == 404
    assert hidden.json()["message"] == f"there is no account {service.account}"


def test_a_key_that_is_used_too_often_is_told_when_to_come_back(service: Served) -> None:
    _, key = service.store.keys.create("read", None, "slow", rate=2)
    first, second, third = [service.get("courses", key=key) for _ in range(3)]
    assert [first.headers["ratelimit-remaining"], second.headers["ratelimit-remaining"]] == ["1", "0"]
    assert first.headers["ratelimit-limit"] == "2"
    assert third.status_code == 429
    assert 0 < int(third.headers["retry-after"]) <= 60
    assert "2 requests a minute" in third.json()["message"]


def test_what_is_wrong_has_the_one_error_body(service: Served) -> None:
    for path, method, status in (("/nothing", "GET", 404), ("/unified/lms/courses", "DELETE", 405)):
        answer = service.client.request(method, path, headers={"Authorization": f"Bearer {service.key}"})
        assert answer.status_code == status
        assert sorted(answer.json()) == ["error", "message", "statusCode"]
    body = service.get(query="limit=0&color=red").json()
    assert body["error"] == "Bad Request"
    assert [one["parameter"] for one in body["details"]] == ["color", "limit"]


def test_every_answer_has_the_id_of_its_request(service: Served) -> None:
    assert len(service.get("/health/live").headers["x-request-id"]) == 32
    named = service.client.get("/health/live", headers={"X-Request-Id": "my-7"})
    assert named.headers["x-request-id"] == "my-7"
    strange = service.client.get("/health/live", headers={"X-Request-Id": "<script>"})
    assert len(strange.headers["x-request-id"]) == 32
