"""A real Kolibri is filled with a school, read, and every record held against what was put in. See `docs/live.md`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from live import expected
from live.founding import found
from live.happening import Between, log_out
from live.school import HILL, ONE, PASSWORD, RIVER, School
from live.server import RELEASE, Server

from engine.blocking import run_sync
from engine.errors import ProviderError
from engine.records import Record
from engine.report import Report

if not os.environ.get("ROLLBOOK_LIVE"):
    pytest.skip("needs a real Kolibri, which `make live` installs and starts", allow_module_level=True)

#: What is told of a wrong password; before 0.18 Kolibri told the two apart by nothing.
WRONG = "username or password is wrong" if RELEASE >= (0, 18) else "Username not found"
ROLLBOOK = Path(sys.executable).with_name("rollbook")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Start a Kolibri, fill it, and stop it whatever happens."""
    server = Server(tmp_path_factory.mktemp("kolibri"))
    try:
        server.start()
        yield found(server)
    finally:
        server.stop()


def connection(school: School, username: str = "admin", **more: str) -> dict[str, str]:
    return {"url": school.server.url, "username": username, "password": PASSWORD, **more}


def read(school: School, resource: str, username: str = "admin", **options: Any) -> tuple[list[Record], Report]:
    """Return the records of a run, and its report."""
    more = {name: options.pop(name) for name in ("facility", "password") if name in options}
    asked = run_sync("kolibri", connection(school, username, **more), resource=resource, **options)
    return list(asked), asked.report


def by_id(records: list[Record]) -> dict[str, dict[str, Any]]:
    """Return records as data, with what has a value, and without their raw data."""
    told = {record.id: record.model_dump(mode="json", exclude={"remote_data"}, exclude_none=True) for record in records}
    assert len(told) == len(records), "two records have the same id"
    return told


def without_activity(records: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        id_: {name: value for name, value in record.items() if name != "last_activity_at"}
        for id_, record in records.items()
    }


def test_every_enrollment_is_what_was_put_in_and_none_is_missing(school: School) -> None:
    records, report = read(school, "course_enrollments")
    assert without_activity(by_id(records)) == expected.enrollments(school)
    assert (report.complete, report.notes) == (True, [])
    # The login, the classes, and one request for each of the four.
    assert report.requests == 6


def test_the_last_activity_is_when_something_was_done(school: School) -> None:
    told = by_id(read(school, "course_enrollments")[0])
    for title, efforts in expected.ENROLLMENTS.items():
        for username in efforts:
            id_ = f"{school.tasks[title].told['id']}-{school.people[username]['id']}"
            window, last = expected.last_activity(school, title, username), told[id_].get("last_activity_at")
            assert (last is None) == (window is None), (title, username)
            if window and last:
                assert window[0] <= datetime.fromisoformat(last) <= window[1], (title, username)


def test_every_course_is_what_was_put_in_and_none_is_missing(school: School) -> None:
    records, report = read(school, "courses")
    assert by_id(records) == expected.courses(school)
    assert (report.complete, report.notes) == (True, [])


def test_every_user_is_what_was_put_in_and_none_is_missing(school: School) -> None:
    records, report = read(school, "users")
    told = by_id(records)
    head = next(told.pop(id_) for id_, user in list(told.items()) if user["username"] == "admin")
    assert (head["name"], head["role"]) == ("The Head", "admin")
    assert told == expected.users(school)
    assert (report.complete, report.notes) == (True, [])


def test_the_raw_data_is_what_kolibri_sent(school: School) -> None:
    with school.as_person("admin") as admin:
        people = {row["id"]: row for row in admin.get("/api/auth/facilityuser/")}
        summary = admin.get(f"/coach/api/classsummary/{school.classes[ONE]['id']}/")
    for record in read(school, "users")[0]:
        assert record.remote_data == {"person": people[record.id]}
    lessons = {row["id"]: row for row in (*summary["lessons"], *summary["exams"])}
    learners = {row["id"]: row for row in summary["learners"]}
    records = [one for one in read(school, "course_enrollments")[0] if one.id.partition("-")[0] in lessons]
    assert len(records) == 15
    for record in records:
        raw, (task, learner) = record.remote_data, record.id.split("-")
        assert raw is not None
        assert (raw["task"], raw["learner"]) == (lessons[task], learners[learner])


def test_one_facility_of_two(school: School) -> None:
    at_the_river = school.tasks["At the river"].told["id"]
    for facility, username, river in ((HILL, "admin", False), (RIVER, "keeper", True)):
        records, _ = read(school, "courses", username, facility=school.facilities[facility])
        assert {record.id == at_the_river for record in records} == {river}


def test_a_coach_sees_the_classes_coached(school: School) -> None:
    records, report = read(school, "course_enrollments", "coach")
    own = {
        f"{school.tasks[title].told['id']}-{school.people[username]['id']}"
        for title, efforts in expected.ENROLLMENTS.items()
        for username in efforts
        if school.tasks[title].where == ONE
    }
    assert {record.id for record in records} == own
    assert report.complete


def test_a_session_that_ends_midway_is_begun_anew_and_nothing_is_lost(school: School) -> None:
    records, report = read(school, "course_enrollments", transport=Between(4, log_out(school.server.url)))
    assert without_activity(by_id(records)) == expected.enrollments(school)
    assert report.complete
    assert report.requests in (8, 9)  # the one refused, the login, and perhaps one more that was under way


def test_a_class_that_is_taken_away_midway_costs_itself_only(school: School) -> None:
    with school.as_person("admin") as admin:
        made = admin.post("/api/auth/classroom/", {"name": "Soon gone", "parent": school.facilities[HILL]})
        gone = Between(3, lambda _: admin.delete(f"/api/auth/classroom/{made['id']}/"))
        records, report = read(school, "course_enrollments", transport=gone)
    assert without_activity(by_id(records)) == expected.enrollments(school)
    assert not report.complete
    [note] = report.notes
    assert note.kind == "parent_failed"
    assert f"/coach/api/classsummary/{made['id']}/" in str(note)
    assert "PERMISSION_DENIED" in str(note)


def test_a_wrong_password_is_refused_with_what_to_do(school: School) -> None:
    with pytest.raises(ProviderError) as caught:
        read(school, "course_enrollments", password="made-up-wrong")
    told = str(caught.value)
    assert caught.value.word == "refused"
    assert WRONG in told
    assert "made-up-wrong" not in told


def test_a_username_that_is_not_there_is_refused_with_what_to_do(school: School) -> None:
    with pytest.raises(ProviderError, match="HTTP 400: Username not found") as caught:
        read(school, "course_enrollments", "nobody")
    assert caught.value.word == "refused"


def test_a_learner_is_told_that_learners_see_no_classes(school: School) -> None:
    with pytest.raises(ProviderError, match="a learner sees no classes") as caught:
        read(school, "course_enrollments", "ada")
    assert caught.value.word == "refused"


def test_an_address_where_no_kolibri_is(school: School) -> None:
    with pytest.raises(ProviderError) as caught:
        list(run_sync("kolibri", {**connection(school), "url": f"{school.server.url}/elsewhere"}))
    assert "HTTP 404: an HTML page; check the address and the credentials" in str(caught.value)


@pytest.mark.skipif(RELEASE < (0, 19), reason="a server error before Kolibri 0.19")
@pytest.mark.parametrize("facility", ["0123456789abcdef0123456789abcdef", "Hill School"])
def test_a_facility_that_is_not_there(school: School, facility: str) -> None:
    with pytest.raises(ProviderError, match="HTTP 400: facility: .*pk") as caught:
        read(school, "course_enrollments", facility=facility)
    assert caught.value.word == "refused"


def test_a_server_that_stops_midway_is_told_for_each_class_that_is_missing(school: School) -> None:
    try:
        stopping = Between(4, lambda _: school.server.stop())
        records, report = read(school, "course_enrollments", transport=stopping, backoff=0)
    finally:
        school.server.start()
    whole = expected.enrollments(school)
    assert without_activity(by_id(records)).items() <= whole.items()
    assert (report.complete, [note.kind for note in report.notes]) == (False, ["parent_failed"] * 3)
    for note in report.notes:
        assert "no connection" in str(note)
        assert "/coach/api/classsummary/" in str(note)
        assert "check the address and the network" in str(note)
    # Once the server is there again, so is everything.
    again, report = read(school, "course_enrollments")
    assert (len(again), report.complete) == (len(whole), True)


def test_a_server_that_is_not_there_is_told_with_what_to_do(school: School) -> None:
    try:
        school.server.stop()
        with pytest.raises(ProviderError, match="no connection.*check the address and the network") as caught:
            read(school, "course_enrollments", backoff=0)
    finally:
        school.server.start()
    assert caught.value.word == "unreachable"


def test_the_command_reads_it_and_says_what_is_wrong(school: School) -> None:
    def rollbook(password: str) -> subprocess.CompletedProcess[str]:
        settings = [f"url={school.server.url}", "username=admin", "password=@env:KOLIBRI_PASSWORD"]
        given = [part for setting in settings for part in ("--set", setting)]
        environment = {**os.environ, "KOLIBRI_PASSWORD": password, "COLUMNS": "200"}
        return subprocess.run(
            [ROLLBOOK, "run", "kolibri", *given, "--format", "jsonl", "--no-remote-data"],
            capture_output=True, text=True, check=False, env=environment, timeout=120,
        )  # fmt: skip

    done = rollbook(PASSWORD)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["id"]: one["status"] for one in told} == {
        id_: one["status"] for id_, one in expected.enrollments(school).items()
    }
    assert PASSWORD not in done.stdout + done.stderr
    refused = rollbook("made-up-wrong")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert WRONG in refused.stderr
    assert "made-up-wrong" not in refused.stderr
