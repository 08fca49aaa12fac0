"""What an answer means."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answers import judge, redirected, retry_after
from engine.errors import (
    Expired,
    Failed,
    Forbidden,
    Missing,
    ProviderError,
    Refused,
    Throttled,
    Unavailable,
    Unreadable,
)
from engine.exchange import Request, Response
from engine.mapping import ErrorRule


def rules(*given: dict[str, Any]) -> list[ErrorRule]:
    return [ErrorRule.model_validate(rule) for rule in given]


def judged(response: Response, *given: dict[str, Any]) -> bool:
    return judge(response, rules(*given), lambda text: text.replace("s3cret", "•••"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Failed), (401, Expired), (403, Forbidden), (404, Missing), (410, Missing), (418, Failed),
        (422, Failed), (429, Throttled), (408, Unavailable), (500, Unavailable), (503, Unavailable), (302, Failed),
    ],
)  # fmt: skip
def test_the_usual_meaning_of_a_status(status: int, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        judged(Response(status, body=b"why"))
    assert type(caught.value) is kind
    assert caught.value.do


def test_a_good_answer_has_content() -> None:
    assert judged(Response(200, body=b"{}"))


def test_an_error_under_status_200_is_told_by_its_content() -> None:
    rule = {"when": "$exists(body.exception)", "is": "refused", "message": "body.message"}
    with pytest.raises(Refused, match="HTTP 200: Invalid token"):
        judged(Response(200, body=b'{"exception": "x", "message": "Invalid token"}'), rule)
    assert judged(Response(200, body=b"[]"), rule)


def test_a_403_in_plain_text_can_mean_slow_down() -> None:
    rule = {"when": 'status = 403 and $contains(text, "Rate Limit")', "is": "throttled"}
    with pytest.raises(Throttled):
        judged(Response(403, body=b"403 Forbidden (Rate Limit Exceeded)"), rule)
    with pytest.raises(Forbidden):
        judged(Response(403, body=b"{}"), rule)


def test_an_answer_can_be_called_empty() -> None:
    assert not judged(Response(404), {"when": "status = 404", "is": "empty"})


def test_the_first_rule_that_holds_decides() -> None:
    first = {"when": "status = 404", "is": "empty"}
    assert not judged(Response(404), first, {"when": "status = 404", "is": "refused"})


def wait_of(response: Response, wait: str) -> float | None:
    with pytest.raises(Throttled) as caught:
        judged(response, {"when": "status = 429", "is": "throttled", "wait": wait})
    return caught.value.wait


def test_a_rule_can_find_how_long_to_wait_in_headers_and_body() -> None:
    assert wait_of(Response(429, {"x-reset": "12"}), "headers.`x-reset`") == 12
    assert wait_of(Response(429, {"retry-after": "3"}, b'{"seconds": 0.5}'), "body.seconds") == 0.5
    clock = {"date": "Wed, 05 Aug 2026 16:34:19 GMT", "x-reset": "1785947700000"}  # of the provider, both
    now = '$toMillis($time(headers.date, "%a, %d %b %Y %H:%M:%S %Z"))'
    assert wait_of(Response(429, clock), f"($number(headers.`x-reset`) - {now}) / 1000") == 41


@pytest.mark.parametrize("body", [b"{}", b'{"s": 0}', b'{"s": -1}', b'{"s": "soon"}', b'{"s": true}', b'{"s": [1]}'])
def test_what_is_no_time_to_wait_leaves_it_at_retry_after(body: bytes) -> None:
    assert wait_of(Response(429, body=body), "body.s") is None
    assert wait_of(Response(429, {"retry-after": "3"}, body), "body.s") == 3
    assert wait_of(Response(429, {"retry-after": "3"}, body), "body.s * {}.x") == 3


def test_a_rule_may_look_at_headers_in_lower_case() -> None:
    rule = {"when": "headers.`x-quota` = '0'", "is": "throttled"}
    with pytest.raises(Throttled):
        judged(Response(200, {"x-quota": "0"}, b"{}"), rule)


def test_a_rule_that_fails_is_an_error_that_shows_it() -> None:
    with pytest.raises(Unreadable, match="error rule"):
        judged(Response(200, body=b'{"n": "x"}'), {"when": "body.n > 1", "is": "failed"})


def test_an_error_shows_the_body_shortened_redacted_and_a_page_as_a_page() -> None:
    with pytest.raises(Failed, match="HTTP 400: my •••"):
        judged(Response(400, body=b"my s3cret"))
    with pytest.raises(Failed, match="an HTML page"):
        judged(Response(400, body=b"<!DOCTYPE html><html>" + b"x" * 5000))
    with pytest.raises(Failed) as caught:
        judged(Response(400, body=b"x" * 5000))
    assert len(str(caught.value)) < 500
    with pytest.raises(Failed, match="with an empty body"):
        judged(Response(400))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        ("+3", 3.0),
        ("inf", None),
        ("nan", None),
        ("1e9", 1e9),
        ("1E-2", 0.01),
        ("9999999999", 9999999999.0),
        ("9" * 400, math.inf),
        ("0.25", 0.25),
        ("0", None),
        ("-4", None),
        ("Tue, 24 Nov 2026 11:59:59 GMT", None),
        ("Tue, 24 Nov 2026 12:00:00 GMT", None),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_fractions_or_a_date(text: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert retry_after(Response(429, {"retry-after": text}), now) == seconds


@given(st.text(max_size=40))
def test_no_text_breaks_retry_after(text: str) -> None:
    wait = retry_after(Response(429, {"retry-after": text}))
    assert wait is None or wait > 0


def test_a_secret_at_the_edge_of_what_is_shown_is_not_shown_in_part() -> None:
    with pytest.raises(Failed) as caught:
        judged(Response(400, body=b"x" * 297 + b"s3cret" + b"x" * 100))
    assert "s3" not in str(caught.value)


def test_what_a_provider_says_is_shortened_redacted_and_may_be_an_object() -> None:
    rule = {"when": "status = 400", "is": "failed", "message": "body.error"}
    with pytest.raises(Failed) as caught:
        judged(Response(400, body=b'{"error": "s3cret ' + b"x" * 5000 + b'"}'), rule)
    assert len(str(caught.value)) < 500
    with pytest.raises(Failed, match='HTTP 400: {"code": 7}'):
        judged(Response(400, body=b'{"error": {"code": 7}}'), rule)
    with pytest.raises(Failed, match='HTTP 400: {"text": "why"}'):
        judged(Response(400, body=b'{"text": "why"}'), rule)


def to(location: str | None, status: int = 302, method: str = "GET") -> Request | None:
    headers = {} if location is None else {"location": location}
    request = Request(method, "https://lms.example/a/b", query=(("q", "1"),), headers={"Authorization": "x"})
    return redirected(request, Response(status, headers))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_origin_is_followed_as_it_is_written_with_the_headers(status: int) -> None:
    followed = to("../c?d=1", status)
    assert followed == Request("GET", "https://lms.example/c?d=1", headers={"Authorization": "x"})
    assert to("https://LMS.example:443/c", status) is not None


@pytest.mark.parametrize("status", [200, 300, 304, 404])
def test_other_answers_are_no_redirects(status: int) -> None:
    assert to("/c", status) is None


@pytest.mark.parametrize(
    ("location", "told"),
    [
        (
            "https://evil.example/x?y",
            "it redirects to https://evil.example; if that is right, use it as the connection",
        ),
        ("http://lms.example/a", "it redirects to http://lms.example;"),
        ("//evil.example", "it redirects to https://evil.example;"),
        (None, "without saying where"),
        ("", "without saying where"),
        ("https://[bad", "without saying where"),
        ("javascript:alert(1)", "without saying where"),
    ],
)
def test_a_redirect_elsewhere_is_an_error_that_says_where_it_points(location: str | None, told: str) -> None:
    with pytest.raises(Failed, match=told):
        to(location)


def test_a_post_is_not_redirected_and_told_where_to_without_parameters() -> None:
    with pytest.raises(Failed, match=r"it redirects a POST to https://lms\.example/c; use the address") as caught:
        to("/c?token=s3cret", method="POST")
    assert "s3cret" not in str(caught.value)
