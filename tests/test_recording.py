"""A run recorded: a cassette without secrets and people that shows what the run showed, and a case that passes."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lms import Lms

from engine.cassettes import read
from engine.client import Exchange
from engine.errors import UsageError
from engine.loading import LoadedMapping, available, load
from engine.recording import Files, Recorded, RecordingError, record
from engine.replaying import cassette_files, replay
from engine.running import Run
from engine.testing import path_of_tests, read_tests, run_tests
from engine.values import read_time

Mapped = Callable[[str], LoadedMapping]

TOKEN = "hush-hush-s3cret"
URL = "https://campus.university.edu"
NOW = datetime(2026, 1, 5, tzinfo=UTC)
TEXT = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
  admin: { title: Administrator, required: false }
  token: { title: Token, secret: true }
http:
  base_url: "{connection.url}/api"
  auth: { bearer: "{connection.token}" }
  pages: { page: { param: page, size: 2, size_param: size, total: total } }
  check: { get: /me }
fetch:
  courses: { get: /courses, items: items, query: { seen_by: "{connection.admin}" } }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
  people:
    for: enrollment in enrollments
    once: enrollment.login
    get: "/people/{enrollment.login}"
    pages: { single: true }
    items: $
course_enrollments:
  for: enrollment in enrollments
  join: { person: { in: people } }
  fields:
    id: enrollment.id
    user.id: enrollment.login
    user.name: 'person.called.a & " " & person.called.b'
    user.emails: person.contact
    course.title: course.title
  status: { from: enrollment.state, words: { active: in_progress, done: completed } }
"""
PEOPLE = {
    "ada.byron": ("Ada", "Byron", "Ada.Byron@university.edu"),
    "obrien7": ("Miles", "O'Brien", "miles@gmail.com"),
    "小龙": ("小龙", "李", "xiaolong@university.edu"),
}
REAL = ["Ada", "Byron", "byron", "Miles", "Brien", "obrien7", "小龙", "李", "xiaolong", "university", "gmail"]


def site() -> Lms:
    """Return a site that has people in every corner."""
    html = "<p>Write to <a href='mailto:Miles@gmail.com'>Miles O&#39;Brien</a></p>"
    made_by = {"id": 1, "name": "Miles O'Brien"}
    lists: dict[str, Any] = {
        "/api/courses": [
            {"id": 7, "title": "Safety, by Ada Byron", "about": html},
            {"id": 8, "title": "Chemistry", "created_by": made_by, "raw": '{"mail": "miles@gmail.com"}'},
        ],
    }
    for course in (7, 8):
        lists[f"/api/courses/{course}/enrollments"] = [
            {
                "id": f"{course}-{number}",
                "login": login,
                "state": "done" if number else "active",
                "note": f"Ask {a} {b}!",
            }
            for number, (login, (a, b, _)) in enumerate(PEOPLE.items())
        ]
    for login, (a, b, mail) in PEOPLE.items():
        lists[f"/api/people/{login}"] = {
            "id": 1, "called": {"a": a, "b": b}, "contact": mail, "username": login, "lastip": "141.2.3.4",
            "phone": "+49 69 7654321", "sortable_name": f"{b}, {a}",
            "photo": f"{URL}/people/{login}.png?token=abcdefgh12345", "token": "an-unknown-token-9",
            "echo": f"Bearer {TOKEN}",
        }  # fmt: skip
    return Lms(lists)


def recorded(mapping: LoadedMapping, lms: Lms, name: str = "school", **asked: Any) -> Recorded:
    exchanges: list[Exchange] = []
    connection = {"url": URL, "token": TOKEN, "admin": "ada.byron"}
    run = Run(
        mapping,
        connection,
        transport=httpx2.MockTransport(lms),
        backoff=0.0,
        now=NOW,
        on_exchange=exchanges.append,
        **asked,
    )
    return asyncio.run(record(run, exchanges, NOW, f"acme/{name}.yaml", asked))


def test_it_is_told_how_far_a_recording_is(mapped: Mapped) -> None:
    told: list[str] = []
    exchanges: list[Exchange] = []
    run = Run(
        mapped(TEXT),
        {"url": URL, "token": TOKEN},
        transport=httpx2.MockTransport(site()),
        now=NOW,
        on_exchange=exchanges.append,
    )
    done = asyncio.run(record(run, exchanges, NOW, "acme/school.yaml", {}, told.append))
    exchanges_told = f"taking people and secrets out of {done.exchanges} exchanges"
    assert told == [*[""] * done.records, exchanges_told, "playing the recording"]


def test_nothing_of_people_and_secrets_is_left_and_the_rest_stays(mapped: Mapped) -> None:
    done = recorded(mapped(TEXT), site())
    text = done.cassette
    assert [
        real for real in (*REAL, TOKEN, "an-unknown-token-9", "abcdefgh12345", "141.2.3.4", "7654321") if real in text
    ] == []
    assert "title: Chemistry" in text
    assert "id: 7-1" in text
    assert "/api/courses/8/enrollments" in text


def test_the_same_person_is_the_same_everywhere(mapped: Mapped, tmp_path: Path) -> None:
    path = tmp_path / "school.yaml"
    path.write_text(recorded(mapped(TEXT), site()).cassette, encoding="utf-8")
    answers = {exchange.path: json.loads(exchange.body) for exchange in reversed(read(path).exchanges)}  # first pages
    courses = answers["/api/courses"]["items"]
    login = answers["/api/courses/7/enrollments"]["items"][0]["login"]
    ada = answers[f"/api/people/{login}"]
    first, last = ada["called"]["a"], ada["called"]["b"]
    assert (len(first), len(last), first.istitle(), last.istitle()) == (3, 5, True, True)
    assert ada["sortable_name"] == f"{last}, {first}"
    assert login == ada["username"] == f"{first}.{last}".lower()
    assert courses[0]["title"] == f"Safety, by {first} {last}"
    assert ada["contact"].startswith(f"{first}.{last}@")
    assert ada["contact"].endswith(".example")
    miles = next(answer for key, answer in answers.items() if "people" in key and "'" in answer["called"]["b"])
    name = f"{miles['called']['a']} {miles['called']['b']}"
    assert courses[1]["created_by"] == {"id": 1, "name": name}
    assert json.loads(courses[1]["raw"]) == {"mail": miles["contact"]}
    assert name in courses[0]["about"].replace("&apos;", "'")
    assert f"mailto:{miles['contact'].title().split('@')[0]}@" in courses[0]["about"]


def test_the_same_run_gives_the_same_recording(mapped: Mapped) -> None:
    assert recorded(mapped(TEXT), site()) == recorded(mapped(TEXT), site())


def test_another_secret_gives_other_names_so_that_nobody_can_try_them_out(
    mapped: Mapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = recorded(mapped(TEXT), site()).cassette
    monkeypatch.setitem(globals(), "TOKEN", "another-secret-than-before")
    assert recorded(mapped(TEXT), site()).cassette != before


def test_the_case_expects_what_came_out_and_passes(mapped: Mapped, tmp_path: Path) -> None:
    mapping = mapped(TEXT)
    done = recorded(mapping, site())
    expect = done.case["expect"]
    assert (expect["records"], expect["by_status"], expect["complete"]) == (6, {"in_progress": 2, "completed": 4}, True)
    assert len(expect["contains"]) == 1
    assert {"id", "user", "course", "status", "custom_fields"} == set(expect["contains"][0])
    assert done.case["source"] == "recorded 2026-01-05"
    files = Files.of(mapping, "school", force=False)
    files.write(done)
    assert files.path == tmp_path / "cassettes" / "acme" / "school.yaml"
    outcomes = list(run_tests(mapping, read_tests(files.tests)))
    assert [outcome.faults for outcome in outcomes] == [[], []]


def test_a_limited_run_makes_a_limited_case(mapped: Mapped) -> None:
    case = recorded(mapped(TEXT), site(), limit=2).case
    assert (case["limit"], case["expect"]["records"]) == (2, 2)
    assert "complete" not in case["expect"]
    assert "limit" not in recorded(mapped(TEXT), site(), limit=1000).case


def test_a_filter_names_the_person_as_the_recording_does(mapped: Mapped) -> None:
    done = recorded(mapped(TEXT), site(), filters=["user.id=obrien7"])
    assert done.case["filters"][0] != "user.id=obrien7"
    assert done.case["filters"][0].removeprefix("user.id=") in done.cassette
    assert done.case["expect"]["records"] == 2


def test_what_cannot_be_replaced_is_refused_with_its_place(mapped: Mapped) -> None:
    """The mapping asks for a real address: it cannot be another in the recording, or the replay would not find it."""
    text = TEXT.replace('query: { seen_by: "{connection.admin}" }', "query: { seen_by: boss@university.edu }")
    with pytest.raises(RecordingError, match="still holds what it may not") as caught:
        recorded(
            mapped(text.replace("  admin: { title: Administrator, required: false }\n", "  admin: { title: A }\n")),
            site(),
        )
    told = str(caught.value)
    assert "exchange 1.request.query.seen_by: an e-mail address of a domain that may be somebody's" in told
    assert "boss" not in told


def test_a_recording_that_shows_something_else_than_the_run_is_refused(mapped: Mapped) -> None:
    """A mapping that looks at the domain of an address depends on what is made up."""
    text = TEXT.replace(
        "from: enrollment.state", 'from: \'$substring(person.contact, -3) = "edu" ? "done" : "active"\''
    )
    with pytest.raises(RecordingError, match="replayed, gives something else than the run: by status: "):
        recorded(mapped(text), site())


def test_a_secret_too_short_to_be_found_is_refused_before_anything_is_asked(
    mapped: Mapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "TOKEN", "abc")
    lms = site()
    with pytest.raises(UsageError, match="`token` has fewer than 4 characters"):
        recorded(mapped(TEXT), lms)
    assert lms.asked == []


def cases() -> list[Any]:
    """Return a replay of every mapping that comes along, small ones, of which each is a run to be recorded."""
    found = []
    for provider, path in available().items():
        for case in read_tests(path_of_tests(path)).replays:
            files = [file for pattern in case.cassettes for file in cassette_files(pattern, provider)]
            if case.expect.error is None and sum(file.stat().st_size for file in files) < 100_000:
                found.append(pytest.param(path, case, files, id=provider))
                break
    return found


@pytest.mark.parametrize(("path", "case", "files"), cases())
def test_every_mapping_can_be_recorded(path: Path, case: Any, files: list[Path]) -> None:
    """What it does at the recorded provider comes out alike once people are made up: records, statuses, notes."""
    exchanges: list[Exchange] = []
    loaded = load(path)
    since = read_time(case.since, zone="UTC") if case.since else None
    asked = {"resource": case.resource, "filters": case.filters, "limit": case.limit}
    now = read_time(read(*files).now or "2026-01-05T08:00:00Z", zone="UTC")
    run = replay(loaded, files, case.connection, now=now, since=since, on_exchange=exchanges.append, **asked)
    given = {name: value for name, value in {**asked, "since": case.since}.items() if value}
    done = asyncio.run(record(run, exchanges, now, "any/name.yaml", given))
    assert done.records == done.case["expect"]["records"] == run.report.records
