"""Each kind of provider at its worst, in whole runs: told, tried again or tolerated as the mapping says, nothing lost.

The failure of a batch is in test_batches.py.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from lms import HEAD, URL

from engine.errors import Refused
from engine.loading import LoadedMapping
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]
Server = Callable[[httpx2.Request], httpx2.Response]

PER_COURSE = """
fetch:
  courses: { get: /courses }
  enrollments: { for: course in courses, FETCH }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, course.id: course.id }
"""
COURSES = [{"id": 1}, {"id": 2}, {"id": 3}]


def per_course(fetch: str) -> str:
    return HEAD + PER_COURSE.replace("FETCH", fetch)


def read(server: Server, mapping: LoadedMapping, **options: Any) -> tuple[list[str], Run]:
    run = Run(mapping, {"url": URL}, transport=httpx2.MockTransport(server), backoff=0.0, **options)

    async def everything() -> list[str]:
        return [record.id async for record in run]

    return asyncio.run(everything()), run


def one_of_three(bad: httpx2.Response, good: Callable[[str], httpx2.Response]) -> Server:
    """Return a server whose second course has a bad answer."""

    def server(request: httpx2.Request) -> httpx2.Response:
        course = request.url.params.get("course")
        if course is None:
            return httpx2.Response(200, json=COURSES)
        return bad if course == "2" else good(course)

    return server


def table(course: str) -> httpx2.Response:
    return httpx2.Response(200, text=f"id,state\n{course}0,on\n")


def document(course: str) -> httpx2.Response:
    return httpx2.Response(200, text=f"<rows><row><id>{course}0</id></row></rows>")


CSV = 'get: /x, query: { course: "{course.id}" }, answer: { csv: { columns: [id, state] } }'
XML = 'get: /x, query: { course: "{course.id}" }, answer: { xml: true }, items: rows.row'
BOMB = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><rows><row><id>&b;</id></row></rows>"


@pytest.mark.parametrize(
    ("fetch", "bad", "good", "told"),
    [
        (CSV, "id,status\n20,on\n", table, "it has no column `state`; there are `id`, `status`"),
        (CSV, "id,state\n20\n", table, "the row that ends in line 2 has 1 values for 2 columns"),
        (XML, "<rows><row></rows>", document, "it is not XML: mismatched tag: line 1, column 13"),
        (XML, BOMB, document, "its document type (DTD) declares something, which is not read"),
        (XML, "<!DOCTYPE html><html/>", document, "the answer is not XML; it is an HTML page"),
    ],
)
@pytest.mark.parametrize("tolerated", [False, True])
def test_a_document_that_is_not_what_was_announced_costs_its_parent_and_is_told(
    mapped: Mapped, fetch: str, bad: str, good: Callable[[str], httpx2.Response], told: str, tolerated: bool
) -> None:
    tolerant = f"{fetch}, tolerate: [unreadable]" if tolerated else fetch
    ids, run = read(one_of_three(httpx2.Response(200, text=bad), good), mapped(per_course(tolerant)))
    assert ids == ["10", "30"]
    (note,) = run.report.notes
    assert note.kind == ("tolerated" if tolerated else "parent_failed")
    assert str(note).startswith("course 2: acme: fetch enrollments: GET https://acme.example/x?course=2")
    assert told in str(note)
    assert run.report.complete is tolerated


JOB = """post: /reports, json: { course: "{course.id}" },
    job: { poll: { get: "/reports/{job.id}" }, ready: 'body.state = "done"', failed: 'body.state = "failed"',
           message: body.why, most: 3, result: { get: "/files/{job.id}" } }"""


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"state": "waiting"}, "the report is not ready after 3 looks in 30 seconds; run again later"),
        ({"state": "failed", "why": "no quota"}, "the report failed: no quota"),
    ],
)
@pytest.mark.parametrize("tolerated", [False, True])
def test_a_report_that_never_comes_costs_its_parent_and_is_told(
    mapped: Mapped, state: dict[str, str], told: str, tolerated: bool
) -> None:
    def server(request: httpx2.Request) -> httpx2.Response:
        kind, _, course = request.url.path.lstrip("/").partition("/")
        if kind == "courses":
            return httpx2.Response(200, json=COURSES)
        if request.method == "POST":
            return httpx2.Response(202, json={"id": json.loads(request.content)["course"]})
        if kind == "reports":
            return httpx2.Response(200, json=state if course == "2" else {"state": "done"})
        return httpx2.Response(200, json=[{"id": f"{course}0"}])

    ids, run = read(server, mapped(per_course(f"{JOB}, tolerate: [failed]" if tolerated else JOB)))
    assert ids == ["10", "30"]
    (note,) = run.report.notes
    assert (note.kind, run.report.complete) == (("tolerated", True) if tolerated else ("parent_failed", False))
    assert told in str(note)


WINDOWS = (
    HEAD
    + """
fetch:
  windows: { items: '[1..3].{ "number": $ }' }
  enrollments:
    for: window in windows
    get: /x
    query: { window: "{window.number}" }
    items: items
    pages: { offset: { param: offset, size: 2, END, most: 4 } }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id }
"""
)


@pytest.mark.parametrize("end", ["until: short", "until: empty", "more: more", "total: total"])
def test_a_window_that_holds_more_than_the_provider_gives_is_told_after_all_it_gave(mapped: Mapped, end: str) -> None:
    held = {"1": 4, "2": 7, "3": 1}

    def server(request: httpx2.Request) -> httpx2.Response:
        window, offset = request.url.params["window"], int(request.url.params["offset"])
        assert offset < 4, "the provider refuses what is beyond"
        items = [{"id": f"{window}{number}"} for number in range(held[window])]
        page = items[offset : offset + 2]
        return httpx2.Response(200, json={"items": page, "total": len(items), "more": offset + 2 < len(items)})

    ids, run = read(server, mapped(WINDOWS.replace("END", end)))
    assert ids == ["10", "11", "12", "13", "20", "21", "22", "23", "30"]
    told = [str(note) for note in run.report.notes if note.record == "window number 2"]
    assert len(told) == 1
    assert "the list goes on after the 4 items that the provider gives of one; ask for less at once" in told[0]
    assert not run.report.complete


REFRESHED = """auth: { oauth2: { token_url: /token, grant: refresh_token, client_id: x, client_secret: y,
    refresh_token: "{connection.refresh}" } }"""


def test_a_refresh_token_that_is_refused_ends_the_run_and_nothing_is_stored(mapped: Mapped) -> None:
    stored: list[Any] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        assert request.url.path == "/token"
        said = {"error": "invalid_grant", "error_description": "the token old-one was used before"}
        return httpx2.Response(400, json=said)

    text = per_course("get: /x").replace("auth: { none: true }", REFRESHED)
    text = text.replace("  url:", "  refresh: { title: Refresh token, secret: true }\n  url:")
    run = Run(
        mapped(text),
        {"url": URL, "refresh": "old-one"},
        transport=httpx2.MockTransport(server),
        backoff=0.0,
        on_token=stored.append,
    )

    async def everything() -> None:
        async for _ in run:
            raise AssertionError("there is nothing to read")

    with pytest.raises(Refused) as caught:
        asyncio.run(everything())
    assert "fetch token: POST https://acme.example/token" in str(caught.value)
    assert "the token endpoint refused: invalid_grant the token ••• was used before" in str(caught.value)
    assert str(caught.value).endswith(
        "the refresh token no longer holds; have a new one made, and give it as `refresh`"
    )
    assert (stored, run.report.requests, run.report.ended) == ([], 1, "failed")


SESSION = """auth: { session: { post: /login, form: { user: ada }, cookie: SID } }
  errors: [{ when: 'status = 403 or $contains(text, "please log in")', is: refresh }]"""


class Sessions:
    """A server whose sessions end after some requests, with 403 or with a page that asks for a login."""

    def __init__(self, lasting: int, ended: httpx2.Response) -> None:
        self.lasting, self.ended = lasting, ended
        self.logins = self.left = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/login":
            assert parse_qs(request.content.decode()) == {"user": ["ada"]}
            self.logins, self.left = self.logins + 1, self.lasting
            return httpx2.Response(200, headers={"Set-Cookie": f"SID=s{self.logins}"})
        if not self.left or request.headers.get("cookie") != f"SID=s{self.logins}":
            return self.ended
        self.left -= 1
        page, size = int(request.url.params["page"]), 2
        items = [{"id": number} for number in range(1, 12)]
        return httpx2.Response(200, json=items[(page - 1) * size : page * size])


@pytest.mark.parametrize(
    "ended", [httpx2.Response(403, text="no"), httpx2.Response(200, text="<html>please log in</html>")]
)
@pytest.mark.parametrize("lasting", [1, 2, 4])
def test_a_session_that_ends_midway_is_made_anew_and_no_record_is_lost_or_doubled(
    mapped: Mapped, ended: httpx2.Response, lasting: int
) -> None:
    server = Sessions(lasting, ended)
    text = HEAD.replace("auth: { none: true }", SESSION) + (
        "fetch: { people: { get: /people, pages: { page: { param: page, size: 2, until: short } } } }\n"
        "users: { for: person in people, fields: { id: person.id } }\n"
    )
    ids, run = read(server, mapped(text), resource="users")
    assert ids == [str(number) for number in range(1, 12)]
    assert server.logins == -(-6 // lasting)
    assert run.report.complete
    assert not run.report.notes
