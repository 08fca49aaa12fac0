"""Whether a connection works: one request, and what it says."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from lms import HEAD, URL, Lms

from engine.errors import Forbidden, Refused, Unreadable, UsageError
from engine.loading import LoadedMapping
from engine.probing import probe

Mapped = Callable[[str], LoadedMapping]
ACME = f"""{HEAD}
fetch: {{ enrollments: {{ get: /enrollments }} }}
course_enrollments: {{ for: one in enrollments, fields: {{ id: one.id }}, status: {{ otherwise: passed }} }}
"""


def probed(loaded: LoadedMapping, lms: Any, **connection: str) -> None:
    asyncio.run(probe(loaded, connection or {"url": URL}, transport=httpx2.MockTransport(lms), backoff=0.0))


def test_a_connection_that_works_costs_one_request(mapped: Mapped) -> None:
    lms = Lms({"/me": {"id": 1}})
    probed(mapped(ACME), lms)
    assert lms.asked == ["/me"]


@pytest.mark.parametrize(
    ("answer", "raised", "told"),
    [
        (httpx2.Response(401, json={}), Refused, "acme: fetch check: GET https://acme.example/me: HTTP 401"),
        (httpx2.Response(403, json={"message": "no right to users"}), Forbidden, "no right to users"),
        (httpx2.Response(200, text="<html>Please log in</html>"), Unreadable, "HTML page"),
    ],
)
def test_one_that_does_not_says_why(
    mapped: Mapped, answer: httpx2.Response, raised: type[Exception], told: str
) -> None:
    lms = Lms({})
    lms.answer_once("/me", answer)
    with pytest.raises(raised, match=told):
        probed(mapped(ACME), lms)


def test_one_that_is_not_complete_is_told_before_any_request(mapped: Mapped) -> None:
    lms = Lms({})
    with pytest.raises(UsageError, match="must be a full address"):
        probed(mapped(ACME), lms, url="acme")
    assert lms.asked == []
