"""The log: structured lines with the id of their request, and with nothing in them that is not ours."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from lms import URL, Lms, school
from service import TOKENED, Served, served

from engine.service import Settings
from engine.service.logs import Hiding, configure

SECRET = "t0p-s3cret/+=value"
#: What a provider may send that must be in no log.
PERSON = ("Jane Doe", "jane@example.org", "jane%40example.org")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Have everything logged to a text, at the level that tells most."""
    root, ours = logging.getLogger(), logging.getLogger("rollbook")
    before = root.handlers[:], root.level, ours.level
    text = io.StringIO()
    configure(Settings(log_level="debug"), [SECRET], text)
    yield text
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def lms() -> Lms:
    return Lms(school(courses=[1, 2, 3], people=[1, 2, 3, 4, 5]))


@pytest.fixture
def service(tmp_path: Path, lms: Lms, log: io.StringIO) -> Iterator[Served]:
    with served(tmp_path, TOKENED, lms, patience_seconds=0) as running:
        running.account = running.connect(token=SECRET)
        yield running


def test_a_request_is_one_line_with_its_id_its_route_and_its_key(service: Served, log: io.StringIO) -> None:
    answer = service.get(query="limit=2&user[id]=4711")
    (line,) = [one for one in lines(log) if one["event"] == "request"]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/unified/lms/course-enrollments", 200)
    assert (line["level"], line["logger"], line["key"]) == ("info", "rollbook.service", service.key.split("_")[1])
    assert line["milliseconds"] > 0
    assert line["timestamp"].endswith("Z")
    assert "4711" not in log.getvalue()


def test_at_debug_there_are_the_requests_to_the_provider_with_the_same_id(service: Served, log: io.StringIO) -> None:
    answer = service.get(query="limit=2")
    asked = [one for one in lines(log) if one["logger"] == "rollbook"]
    assert [one["event"].split(" in ")[0] for one in asked] == [
        f"GET {URL}/courses?••• → 200",
        f"GET {URL}/courses/1/enrollments → 200",
    ]
    assert {one["request_id"] for one in asked} == {answer.headers["x-request-id"]}


def test_a_provider_that_fails_is_a_warning_with_the_class_of_fault_only(
    service: Served, lms: Lms, log: io.StringIO
) -> None:
    lms.answer_once("/courses", httpx2.Response(401, text=f"{SECRET} is not the token of Jane Doe"))
    service.get()
    (line,) = [one for one in lines(log) if one["event"] == "provider failed"]
    told = {name: line[name] for name in ("event", "account", "provider", "error", "status")}
    assert told == {
        "event": "provider failed",
        "account": service.account,
        "provider": "acme",
        "error": "Refused",
        "status": 401,
    }
    assert SECRET not in log.getvalue()


HOSTILE = {
    "an error in words": httpx2.Response(500, text=f"no, Jane Doe <jane@example.org>, {SECRET}"),
    "an error in JSON": httpx2.Response(403, json={"error": "Jane Doe", "mail": "jane@example.org", "token": SECRET}),
    "a redirect": httpx2.Response(302, headers={"Location": "https://jane:pw@example.org/?email=jane@example.org"}),
    "a wait": httpx2.Response(429, headers={"Retry-After": "Jane Doe"}),
    "no JSON": httpx2.Response(200, text="Jane Doe <jane@example.org>"),
    "another shape": httpx2.Response(200, json={"Jane Doe": "jane@example.org"}),
    "a status of its own": httpx2.Response(
        200, json={"items": [{"id": 1, "user_id": "jane@example.org", "name": "Jane Doe", "state": "Jane Doe left"}]}
    ),
    "an id that is none": httpx2.Response(200, json={"items": [{"id": {"Jane Doe": 1}, "user_id": "Jane Doe"}]}),
}


@pytest.mark.parametrize("form", ["unified", "raw", "debug", "stream"])
@pytest.mark.parametrize("about", HOSTILE)
def test_nothing_of_what_a_provider_says_is_in_the_log(
    service: Served, lms: Lms, log: io.StringIO, about: str, form: str
) -> None:
    for path in ("/courses/1/enrollments", "/courses/2/enrollments"):
        lms.answer_once(path, *[HOSTILE[about]] * 5)
    answer = service.get(query=f"response_format={form}&user[id]=jane@example.org")
    assert answer.status_code < 600
    assert len(lines(log)) > 1
    for hidden in (SECRET, service.key, *PERSON):
        assert hidden not in log.getvalue(), hidden


def test_nothing_of_what_a_caller_says_is_in_the_log(service: Served, log: io.StringIO) -> None:
    service.get("/unified/lms/users/jane@example.org")
    service.get("/Jane%20Doe", query="integrated_account_id=jane@example.org")
    service.get(query="user[mail]=jane@example.org&search=Jane%20Doe")
    service.get(key="rbk_0123456789ab_" + "x" * 43)
    service.client.request("JANE@DOE", "/Jane Doe", headers={"X-Request-Id": "jane@example.org Jane Doe"})
    for hidden in ("x" * 43, service.key, "jane", "Jane"):
        assert hidden not in log.getvalue(), hidden


def test_an_error_that_nobody_expected_is_told_by_its_class_and_place_not_by_its_message(log: io.StringIO) -> None:
    def fail() -> None:
        raise KeyError(f"Jane Doe, {SECRET}")

    try:
        fail()
    except KeyError:
        structlog.get_logger("rollbook.service").exception("request failed")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    for line in lines(log):
        assert line["error"] == "builtins.KeyError"
        assert line["at"][-1].startswith(__file__)
        assert line["at"][-1].endswith("in fail")
    assert len(lines(log)) == 2
    assert "Jane" not in log.getvalue()


def test_what_libraries_log_goes_the_same_way_and_only_what_is_wrong(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received: %s", "GET /?token=abc123")
    (line,) = lines(log)
    assert (line["logger"], line["level"]) == ("uvicorn.error", "warning")
    assert "abc123" not in log.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bearer abc.def", "Bearer •••"),
        ("rbk_0123456789ab_secret-part", "•••"),
        ("token eyJhbGciOi.eyJzdWIiOi.c2ln sent", "token ••• sent"),
        ("GET https://x.example/a?user=7 → 200", "GET https://x.example/a?••• → 200"),
        ("https://jane:pw@x.example/a", "https://•••/a"),
        ("from jane.doe+x@mail.example.org on", "from ••• on"),
        (f"with {SECRET}", "with •••"),
        ("the guard blocks x.example:443: 10.0.0.1 is a private address",) * 2,
        ("nothing to hide, in 3 ms", "nothing to hide, in 3 ms"),
    ],
)
def test_what_looks_like_a_secret_an_address_or_a_query_is_hidden(text: str, shown: str) -> None:
    hide = Hiding([SECRET])
    assert hide(text) == shown
    assert hide({"inner": [text], "count": 3, "none": None}) == {"inner": [shown], "count": 3, "none": None}


def test_on_a_terminal_it_is_text_with_nothing_a_terminal_would_obey() -> None:
    text = io.StringIO()
    configure(Settings(log_format="text"), (), text)
    try:
        structlog.get_logger("rollbook.service").info("request", route="/a\x1b[31m\nb")
    finally:
        logging.getLogger().handlers.clear()
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
    assert "\x1b[31m" not in text.getvalue()
    assert text.getvalue().count("\n") == 1
    assert "\\x1b[31m\\nb" in text.getvalue()
