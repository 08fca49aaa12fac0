"""The client of the service, against a service that really listens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from lms import URL, Lms, school
from service import SCHOOL, listening

import engine
from engine.service import Catalog, Settings, application
from engine.store import KeyRing, open_store


class Listening:
    """A service at an address: with a key, an account, and the LMS behind it."""

    def __init__(self, url: str, key: str, account: str, lms: Lms) -> None:
        self.url = url
        self.key = key
        self.account = account
        self.lms = lms

    def client(self, **options: Any) -> engine.Client:
        return engine.Client(self.url, self.key, **options)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    folder: Path = tmp_path_factory.mktemp("service")
    (folder / "acme.yaml").write_text(SCHOOL, encoding="utf-8")
    lms = Lms(school(courses=range(1, 6), people=range(1, 51)))
    with open_store(f"sqlite:///{folder / 'store.db'}", KeyRing.generate(), migrate=True) as store:
        _, key = store.keys.create("admin", None, "test")
        account = store.accounts.create("acme", "School", {"url": URL}, secret=()).id
        app = application(Settings(), store, Catalog((folder,)), transport=httpx2.MockTransport(lms))
        with listening(app) as url:
            yield Listening(url, key, account, lms)


def test_all_records_of_all_pages_come_as_records(service: Listening) -> None:
    with service.client() as client:
        enrollments = client.course_enrollments(service.account, limit=30)
        got = list(enrollments)
    assert [one.id for one in got] == [str(course * 100 + person) for course in range(1, 6) for person in range(1, 51)]
    assert isinstance(got[0], engine.CourseEnrollment)
    assert got[0].remote_data is not None
    assert (enrollments.complete, enrollments.errors) == (True, [])


def test_filters_are_those_of_the_library(service: Listening) -> None:
    with service.client() as client:
        wanted = ["course.id=2", "course.id=3", engine.Filter("user.id", "in", ("1", "2")), "status!=completed"]
        got = list(client.course_enrollments(service.account, filters=wanted, remote_data=False, exclude=["course"]))
    assert [one.id for one in got] == ["201", "202", "301", "302"]
    assert got[0].remote_data is None
    assert got[0].course is None


def test_one_record_and_one_page(service: Listening) -> None:
    with service.client() as client:
        assert client.course(service.account, "3").title == "Course 3"
        page = client.page(engine.Course, service.account, limit=2, remote_query={"include": "all"})
        assert [one.id for one in page.result] == ["1", "2"]
        assert page.next_cursor
    assert any("include=all" in asked for asked in service.lms.asked)


def test_what_is_missing_is_told(service: Listening) -> None:
    service.lms.answer_once("/courses/2/enrollments", httpx2.Response(403))
    with service.client() as client:
        enrollments = client.course_enrollments(service.account)
        assert len(list(enrollments)) == 200
    assert enrollments.complete is False
    assert [error["record"] for error in enrollments.errors] == ["course 2"]


def test_errors_keep_the_body_and_the_id_of_the_request(service: Listening) -> None:
    with service.client() as client, pytest.raises(engine.ApiError, match="color: is no parameter") as caught:
        client.get("/unified/lms/courses", {"integrated_account_id": service.account, "color": "red"})
    error = caught.value
    assert (error.status, error.remote) == (400, False)
    assert error.body["details"][0]["parameter"] == "color"
    assert error.request_id in str(error)
    with service.client() as client, pytest.raises(engine.ApiError) as caught:
        client.course(service.account, "a/b?c")
    assert caught.value.status == 404


def test_a_provider_that_fails_for_a_moment_is_asked_again(service: Listening) -> None:
    service.lms.answer_once("/courses", *[httpx2.Response(500)] * 5)
    with service.client() as client:
        assert len(list(client.courses(service.account))) == 5


def test_a_provider_that_goes_on_failing_is_told_as_remote(service: Listening) -> None:
    service.lms.answer_once("/courses", *[httpx2.Response(500, text="overloaded")] * 25)  # five times five attempts
    with service.client() as client, pytest.raises(engine.ApiError) as caught:
        list(client.courses(service.account))
    assert (caught.value.status, caught.value.remote, caught.value.body["raw_response"]) == (502, True, "overloaded")


def test_where_nothing_was_found_yet_the_client_goes_on_behind_it() -> None:
    late = {"statusCode": 504, "message": "nothing in time", "next_cursor": "c2", "errors": [{"kind": "tolerated"}]}
    page = {"result": [{"id": "9"}], "next_cursor": None, "errors": []}
    client, asked = answering(httpx2.Response(504, json=late), httpx2.Response(200, json=page))
    courses = client.courses("a", filters=["title=x"])
    assert [course.id for course in courses] == ["9"]
    assert courses.errors == [{"kind": "tolerated"}]
    assert asked == ["GET", "GET"]


def answering(*responses: httpx2.Response) -> tuple[engine.Client, list[str]]:
    asked: list[str] = []
    left = list(responses)

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.method)
        return left.pop(0)

    return engine.Client("http://s.example/", "k", transport=httpx2.MockTransport(answer)), asked


def test_changes_are_never_made_twice() -> None:
    client, asked = answering(httpx2.Response(502, json={"statusCode": 502, "message": "down"}))
    with pytest.raises(engine.ApiError, match="HTTP 502: down"):
        client.send("POST", "/integrated-accounts", {"provider": "acme"})
    assert asked == ["POST"]


def test_what_is_no_answer_of_the_service_is_told_as_that() -> None:
    for response in (httpx2.Response(200, text="<html>login"), httpx2.Response(404, text="nginx")):
        client, _ = answering(response)
        with pytest.raises(engine.ApiError, match="no answer of the service"):
            client.get("/x")


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"result": {}, "next_cursor": null, "errors": []}', b""])
def test_a_list_that_is_none_of_the_service_is_told_as_that(body: bytes) -> None:
    client, asked = answering(*[httpx2.Response(200, content=body)] * 2)
    with pytest.raises(engine.ApiError, match="no answer of the service"):
        list(client.courses("a"))
    assert len(asked) == 1


def test_an_answer_that_cannot_be_unpacked_is_told_as_that() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(b"no gzip"))

    client = engine.Client("http://s.example", "k", attempts=1, transport=httpx2.MockTransport(answer))
    with pytest.raises(engine.ApiError, match="cannot be reached"):
        client.get("/x")


def test_parameters_for_the_provider_are_written_as_the_service_reads_them() -> None:
    urls: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        urls.append(unquote(request.url.query.decode()))
        return httpx2.Response(200, json={"result": [], "next_cursor": None, "errors": []})

    client = engine.Client("http://s.example", "k", transport=httpx2.MockTransport(answer))
    client.page(engine.User, "a", remote_query={"include[]": "x", "a[b]": "y", "c": "z"})
    assert urls[0].endswith("remote_query[include][]=x&remote_query[a][b]=y&remote_query[c]=z")


def test_what_cannot_be_asked_for_is_told_before_anything_is_asked() -> None:
    client, asked = answering()
    with pytest.raises(engine.UsageError, match="`id` cannot be left out"):
        client.page(engine.User, "a", exclude=["id"])
    with pytest.raises(engine.UsageError, match="give one of CourseEnrollment, Course, User, CourseItem"):
        client.page(engine.ApiError, "a")  # type: ignore[type-var]
    assert asked == []


@pytest.mark.parametrize(("key", "fault"), [("", "is empty"), ("ключ", "beyond ASCII"), ("rbk_a\n", "line breaks")])
def test_a_key_that_cannot_be_sent_is_told_without_being_shown(key: str, fault: str) -> None:
    with pytest.raises(engine.UsageError, match=f"the API key has .*{fault}|the API key {fault}") as told:
        engine.Client("https://rollbook.example", key)
    assert not key.strip() or key.strip() not in str(told.value)


def test_no_connection_is_told_with_the_address() -> None:
    client = engine.Client("http://127.0.0.1:1", "k")
    with client, pytest.raises(engine.ApiError, match="the service at http://127.0.0.1:1 cannot be reached"):
        client.get("/x")


def test_a_record_of_a_newer_version_is_no_record() -> None:
    page = {"result": [{"id": "1", "newer": 1}], "next_cursor": None, "errors": []}
    client, asked = answering(httpx2.Response(200, json=page))
    with pytest.raises(engine.ApiError, match="newer: Extra inputs are not permitted; use the version of the service"):
        list(client.courses("a"))
    assert asked == ["GET"]


def test_an_address_without_a_scheme_is_refused_and_the_key_is_shown_nowhere() -> None:
    with pytest.raises(engine.UsageError, match="begins with https://"):
        engine.Client("rollbook.example", "k")
    assert "secret-key" not in repr(engine.Client("https://rollbook.example", "secret-key"))
