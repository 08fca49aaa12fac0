"""The description of the service, for programs and as a page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lms import Lms, school
from service import SCHOOL, Served, served


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, SCHOOL, Lms(school(courses=[1]))) as running:
        yield running


def test_it_needs_a_key_of_any_kind(service: Served) -> None:
    _, some = service.store.keys.create("read", [service.account], "one account")
    for path in ("/docs", "/openapi.json"):
        assert service.client.get(path).status_code == 401
        assert service.get(path, key=some).status_code == 200


def test_it_is_open_where_the_settings_say_so(tmp_path: Path) -> None:
    with served(tmp_path, SCHOOL, Lms(school(courses=[1])), docs_open=True) as service:
        assert service.client.get("/docs").status_code == 200
        assert service.client.get("/openapi.json").json()["openapi"].startswith("3.1")
        assert service.client.get("/metrics").status_code == 401


def test_the_page_has_every_operation_and_parameter_and_nothing_that_runs(service: Served) -> None:
    page = service.get("/docs")
    described = service.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            assert f"<code>{method.upper()} {path}</code>" in page.text
            assert all(f"<code>{one['name']}</code>" in page.text for one in about.get("parameters", []))
    assert not re.search(r"<script|<link|<img|<iframe|\son\w+=|https?://", page.text)


def test_a_browser_may_load_nothing_for_it_and_show_it_in_no_frame(service: Served) -> None:
    headers = service.get("/docs").headers
    assert headers["content-type"].startswith("text/html")
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["referrer-policy"]) == ("DENY", "no-referrer")


def test_no_answer_lets_pages_of_others_read_it(service: Served) -> None:
    origin = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    asked = service.client.options("/unified/lms/courses", headers=origin)
    assert (asked.status_code, asked.headers["allow"]) == (405, "GET")
    for answer in (asked, service.client.get("/health/live", headers=origin)):
        assert not [name for name in answer.headers if name.startswith("access-control")]
