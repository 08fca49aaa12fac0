"""The recorded Moodle, held against what the recording says - worked out here in plain Python, without the engine."""

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.loading import load, shipped
from engine.replaying import cassette_files, replay

COURSES = ("2", "16", "18", "19", "8", "10", "11", "27")
Key = tuple[str, str]


def exchanges(pattern: str) -> list[tuple[dict[str, str], Any]]:
    """Return form and body of every recorded exchange."""
    found = []
    for path in sorted(shipped("cassettes").glob(pattern)):
        for exchange in json.loads(path.read_text(encoding="utf-8"))["exchanges"]:
            form = {name: str(value) for name, value in exchange["request"]["form"]}
            found.append((form, exchange["response"]["json"]))
    return found


class Recorded:
    """What the recording says, by course and user."""

    def __init__(self) -> None:
        self.people: dict[Key, dict[str, Any]] = {}
        self.active: set[Key] = set()
        self.totals: dict[Key, dict[str, Any]] = {}
        self.progress: dict[Key, dict[str, Any]] = {}
        self.completion: dict[Key, dict[str, Any]] = {}
        self.begun: set[Key] = set()
        for form, body in exchanges("moodle/run-*.json"):
            self._take(form, body, form.get("courseid", ""), form.get("userid", ""))

    def _take(self, form: dict[str, str], body: Any, course: str, user: str) -> None:
        function = form["wsfunction"].rpartition("_get_")[2]
        if function == "enrolled_users":
            self._take_people(body, course, active="onlyactive" in form.values())
        elif function == "grade_items":
            for grades in body["usergrades"]:
                total = next(item for item in grades["gradeitems"] if item["itemtype"] == "course")
                self.totals[course, str(grades["userid"])] = total
        elif function == "users_courses":
            self.progress.update({(str(row["id"]), user): row for row in body})
        elif function == "course_completion_status":
            self.completion[course, user] = body.get("completionstatus", {})
        elif function == "activities_completion_status" and any(status["state"] for status in body["statuses"]):
            self.begun.add((course, user))

    def _take_people(self, people: list[dict[str, Any]], course: str, *, active: bool) -> None:
        for person in people:
            key = course, str(person["id"])
            if active:
                self.active.add(key)
            elif any(role["shortname"] == "student" for role in person["roles"]):
                self.people[key] = person


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return Recorded()


def run(provider: str) -> dict[Key, dict[str, Any]]:
    """Return the records of a whole replay by course and user; each pair may come once."""

    async def read() -> list[dict[str, Any]]:
        replayed = replay(load(provider), cassette_files("", provider))
        return [record.model_dump(exclude_none=True) async for record in replayed]

    found: dict[Key, dict[str, Any]] = {}
    for record in asyncio.run(read()):
        key = record["course"]["id"], record["user"]["id"]
        assert key not in found, f"{key} comes twice"
        found[key] = record
    return found


@pytest.fixture(scope="module")
def core() -> dict[Key, dict[str, Any]]:
    return run("moodle")


@pytest.fixture(scope="module")
def report() -> dict[Key, dict[str, Any]]:
    return run("moodle_report")


def test_every_learner_of_the_eight_courses_comes_out_exactly_once(
    recorded: Recorded, core: dict[Key, dict[str, Any]]
) -> None:
    assert set(core) == set(recorded.people)
    assert {course for course, _ in core} == set(COURSES) - {"11"}  # nobody is in course 11
    assert len(core) == 253


def test_last_access_and_progress_are_those_recorded(recorded: Recorded, core: dict[Key, dict[str, Any]]) -> None:
    for key, record in core.items():
        seen = recorded.people[key]["lastcourseaccess"]
        assert record.get("last_activity_at") == (datetime.fromtimestamp(seen, UTC) if seen else None)
        assert record.get("progress_percent") == recorded.progress.get(key, {}).get("progress")


def test_scores_and_their_maxima_are_those_recorded(recorded: Recorded, core: dict[Key, dict[str, Any]]) -> None:
    for key, record in core.items():
        total = recorded.totals.get(key, {})
        assert record.get("score") == total.get("graderaw")
        if total.get("graderaw") is not None:
            assert record["custom_fields"]["score_max"] == total["grademax"]
    assert sum("score" in record for record in core.values()) > 100


def test_completions_are_those_recorded_with_the_time_of_the_last_criterion(
    recorded: Recorded, core: dict[Key, dict[str, Any]]
) -> None:
    completed = {key for key in core if recorded.progress.get(key, {}).get("completed")}
    assert {key for key, record in core.items() if record["status"] == "completed"} == completed
    for key, record in core.items():
        times = [
            criterion["timecompleted"] or 0 for criterion in recorded.completion.get(key, {}).get("completions", [])
        ]
        expected = datetime.fromtimestamp(max(times), UTC) if key in completed and any(times) else None
        assert record.get("completed_at") == expected


def test_people_who_are_not_active_are_withdrawn_if_they_had_begun_and_unknown_if_not(
    recorded: Recorded, core: dict[Key, dict[str, Any]]
) -> None:
    for key, record in core.items():
        if key in recorded.active:
            assert record["status"] in ("completed", "in_progress", "enrolled")
            continue
        graded = recorded.totals.get(key, {}).get("graderaw") is not None
        begun = recorded.people[key]["lastcourseaccess"] > 0 or key in recorded.begun or graded
        assert record["status"] == ("withdrawn" if begun else "unknown")
        assert record["custom_fields"]["enrolment_active"] is False


def test_the_report_has_the_same_learners_and_adds_dates_method_and_status(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]]
) -> None:
    assert set(report) == set(core)
    assert all("enrolled_at" in record for record in report.values())
    assert {record["custom_fields"]["enrolment_method"] for record in report.values()} == {
        "Manual enrolments",
        "Self enrolment",
    }
    assert not any("enrolled_at" in record for record in core.values())
    resolved = [report[key]["status"] for key, record in core.items() if record["status"] == "unknown"]
    assert set(resolved) == {"assigned", "expired", "withdrawn"}


def minute(time: datetime | None) -> datetime | None:
    return time and time.replace(second=0)


def test_where_both_plans_know_a_thing_they_agree_row_by_row(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]]
) -> None:
    for key, ours in core.items():
        theirs = report[key]
        active = ours["custom_fields"]["enrolment_active"]
        assert ours["id"] == theirs["id"]
        assert ours["course"] == theirs["course"]
        assert ours["user"].get("emails") == theirs["user"].get("emails")
        assert folded(ours["user"]["name"]) == folded(theirs["user"]["name"])
        assert minute(ours.get("last_activity_at")) == theirs.get("last_activity_at")
        assert round(ours.get("score", 0), 2) == pytest.approx(theirs.get("score", 0), abs=0.0051)
        if active:
            assert ours["status"] == theirs["status"], key
            assert minute(ours.get("completed_at")) == theirs.get("completed_at")
            assert ours.get("progress_percent", 0) == pytest.approx(theirs.get("progress_percent", 0), abs=0.051)
        elif ours["status"] == "withdrawn":
            assert theirs["status"] in ("withdrawn", "expired"), key


def folded(name: str) -> str:
    """Fold blanks: the report's link has them folded as HTML does."""
    return re.sub(r"\s+", " ", name)
