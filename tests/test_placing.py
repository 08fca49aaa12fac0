"""A token where a request says `{token}`."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from lms import HEAD, URL

from engine.blocking import run_sync
from engine.errors import Failed, MappingError, Refused
from engine.exchange import Request
from engine.loading import LoadedMapping
from engine.mapping import Token
from engine.placing import MARK, placed, unplaced
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]

TOKEN = Token.model_validate({"get": "/", "value": "body"})
SIGNED = Request("POST", f"https://x.example/{MARK}/y?s={MARK}", headers={"Authorization": "Bearer a/<b> &", "X": "1"})


def test_a_request_without_a_mark_stays_as_it_is_signed() -> None:
    plain = Request("GET", "https://x.example", headers={"Authorization": "Bearer a"})
    assert placed(plain, TOKEN) is plain
    assert placed(SIGNED, None) is SIGNED


def test_the_token_stands_at_every_mark_as_the_place_wants_it_and_in_no_header_of_its_own() -> None:
    made = placed(SIGNED, TOKEN)
    assert made.url == "https://x.example/a%2F%3Cb%3E%20%26/y?s=a%2F%3Cb%3E%20%26"
    assert made.headers == {"X": "1"}


@pytest.mark.parametrize(
    ("part", "given", "expected"),
    [
        ("query", (("s", MARK), ("t", "1")), (("s", "a/<b> &"), ("t", "1"))),
        ("form", (("s", f"id:{MARK}"),), (("s", "id:a/<b> &"),)),
        ("json", {"a": [MARK, 1, None]}, {"a": ["a/<b> &", 1, None]}),
        ("xml", f"<a>{MARK}</a>", "<a>a/&lt;b&gt; &amp;</a>"),
        ("text", f"id={MARK}", "id=a/<b> &"),
    ],
)
def test_the_token_is_written_as_each_part_wants_it(part: str, given: Any, expected: Any) -> None:
    request = Request("POST", "https://x.example", headers=SIGNED.headers, **{part: given})
    assert getattr(placed(request, TOKEN), part) == expected


def test_an_address_that_a_provider_sent_has_the_mark_again() -> None:
    assert unplaced("https://x.example/a%2F%3Cb%3E%20%26/y", SIGNED, TOKEN) == f"https://x.example/{MARK}/y"
    assert unplaced("https://x.example/y", Request("GET", "", headers={}), None) == "https://x.example/y"


PROOF = """auth: { token: { post: /sessions, json: {}, value: body.session, scheme: "" } }
  query: { session: "{token}" }
  pages: { next_url: next }"""
SESSIONS = (
    HEAD.replace("auth: { none: true }", PROOF)
    + """
fetch:
  people: { get: /people, items: items }
users:
  for: person in people
  fields: { id: person.id }
"""
)


def test_a_session_is_sent_where_it_is_wanted_renewed_when_it_ends_and_in_no_position(mapped: Mapped) -> None:
    sessions = iter(("s-one", "s-two"))
    asked: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        assert "authorization" not in request.headers
        if request.url.path == "/sessions":
            return httpx2.Response(200, json={"session": next(sessions)})
        session, page = request.url.params["session"], request.url.params.get("page")
        if page == "2" and session == "s-one":
            return httpx2.Response(401)
        if page == "2":
            return httpx2.Response(200, json={"items": [{"id": 2}]})
        return httpx2.Response(200, json={"items": [{"id": 1}], "next": f"/people?page=2&session={session}"})

    run = Run(mapped(SESSIONS), {"url": URL}, resource="users", transport=httpx2.MockTransport(handler), backoff=0.0)
    positions: list[str] = []

    async def all_of() -> list[str]:
        found = []
        async for user in run:
            found.append(user.id)
            positions.append(json.dumps(run.position))
        return found

    assert asyncio.run(all_of()) == ["1", "2"]
    first, second = "/people?session=s-one", "/people?page=2&session="
    assert asked == ["/sessions", first, f"{second}s-one", "/sessions", f"{second}s-two"]
    assert MARK in positions[0]
    assert not any("s-one" in position or "s-two" in position for position in positions)


def test_neither_a_session_nor_its_mark_is_shown(mapped: Mapped) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/sessions":
            return httpx2.Response(200, json={"session": "s-one"})
        return httpx2.Response(400, text=f"no {request.url.params['session']}")

    with pytest.raises(Failed) as caught:
        list(run_sync(mapped(SESSIONS), {"url": URL}, resource="users", transport=httpx2.MockTransport(handler)))
    assert "/people?session=•••" in str(caught.value)
    assert "HTTP 400: no •••" in str(caught.value)
    assert "s-one" not in str(caught.value)
    assert MARK not in str(caught.value)


def test_a_session_that_is_refused_twice_ends_the_run(mapped: Mapped) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"session": "s"}) if request.method == "POST" else httpx2.Response(401)

    with pytest.raises(Refused):
        list(run_sync(mapped(SESSIONS), {"url": URL}, resource="users", transport=httpx2.MockTransport(handler)))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            ("fields: { id: person.id }", "fields: { id: token }"),
            "there is no `token` here; only holes of requests see it",
        ),
        (("json: {}", 'json: { a: "{token}" }'), "there is no `token` here"),
        (('session: "{token}"', 'session: "{token.id}"'), "`token` has no `id`"),
        (("person in people", "token in people"), "`token` has a meaning of its own"),
        (("auth: { token: {", "auth: { oauth2: {"), "there is no `token` here"),
    ],
)
def test_where_there_is_no_token_it_is_refused(mapped: Mapped, changed: tuple[str, str], told: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapped(SESSIONS.replace(*changed))
    assert told in str(caught.value)
