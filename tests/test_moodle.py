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
            share = (total["graderaw"] - total["grademin"]) / (total["grademax"] - total["grademin"])
            assert record["custom_fields"]["score_max"] == total["grademax"]
            assert record["custom_fields"]["score_percent"] == pytest.approx(share * 100)
        else:
            assert not {"score_max", "score_percent"} & set(record["custom_fields"])
    assert sum("score" in record for record in core.values()) > 100


def test_completions_are_those_recorded_with_the_time_of_the_criterion_that_decided(
    recorded: Recorded, core: dict[Key, dict[str, Any]]
) -> None:
    completed = {key for key in core if recorded.progress.get(key, {}).get("completed")}
    assert {key for key, record in core.items() if record["status"] == "completed"} == completed
    assert set(recorded.completion) == completed  # nothing was asked about anybody else
    for key, record in core.items():
        assert record.get("completed_at") == (decided(recorded.completion[key]) if key in completed else None)


def decided(completion: dict[str, Any]) -> datetime:
    """Return when a course was completed: by the first criterion that was met, or the last where all must be."""
    met = [criterion["timecompleted"] for criterion in completion["completions"] if criterion["complete"]]
    return datetime.fromtimestamp(min(met) if completion["aggregation"] == 2 else max(met), UTC)


def test_progress_is_asked_for_once_per_person_who_is_active_somewhere(recorded: Recorded) -> None:
    asked = [form["userid"] for form, _ in exchanges("moodle/run-*.json") if "users_courses" in form["wsfunction"]]
    assert sorted(asked) == sorted({user for course, user in recorded.people if (course, user) in recorded.active})


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


def shown(text: str) -> datetime | None:
    """Read a time as the report shows it, to the minute in UTC."""
    never = text in ("", "Never")
    return None if never else datetime.strptime(text, "%A, %d %B %Y, %I:%M %p").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def rows() -> dict[Key, list[str]]:
    """The rows of the recorded report by course and user: learners only."""
    found: dict[Key, list[str]] = {}
    for _, body in exchanges("moodle_report/run-report.json"):
        for columns in (row["columns"] for row in body["data"]["rows"]):
            if columns[2] and columns[10] == "student":
                course, user = (re.findall(r"[?&;]id=(\d+)", columns[index])[0] for index in (0, 2))
                assert (course, user) not in found
                found[course, user] = columns
    return found


def test_the_report_has_the_same_learners_and_adds_dates_method_and_status(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]], rows: dict[Key, list[str]]
) -> None:
    assert set(report) == set(core) == set(rows)
    for key, record in report.items():
        columns, fields = rows[key], record["custom_fields"]
        assert record["enrolled_at"] == record["created_at"] == shown(columns[6])
        assert fields["enrolment_method"] == columns[5]
        assert fields["remote_status"] == columns[9]
        assert told(fields.get("access_starts_at")) == shown(columns[7])
        assert told(fields.get("access_ends_at")) == shown(columns[8])
        assert record["status"] == expected_status(columns)
        assert not {"enrolled_at", "created_at"} & set(core[key])
    assert {record["custom_fields"]["enrolment_method"] for record in report.values()} == {
        "Manual enrolments",
        "Self enrolment",
    }


def told(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def expected_status(columns: list[str]) -> str:
    """Return what a row means at the time of the recording."""
    now = datetime(2026, 11, 23, 7, 48, 25, tzinfo=UTC)
    starts, ends = shown(columns[7]), shown(columns[8])
    if columns[9] == "Suspended":
        return "withdrawn"
    if columns[9] == "Not current":
        return "assigned" if starts and starts > now else "expired" if ends and ends < now else "unknown"
    if columns[12] == "Yes":
        return "completed"
    return "in_progress" if shown(columns[11]) or float(columns[13].rstrip("%") or 0) else "enrolled"


def test_where_both_plans_know_a_thing_they_agree_row_by_row(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]]
) -> None:
    for key, ours in core.items():
        theirs = report[key]
        for field in ("id", "course", "urls"):
            assert ours[field] == theirs[field], key
        assert ours["user"]["emails"] == theirs["user"]["emails"]
        assert ours["custom_fields"]["username"] == theirs["custom_fields"]["username"]
        assert folded(ours["user"]["name"]) == folded(theirs["user"]["name"])
        assert minute(ours.get("last_activity_at")) == theirs.get("last_activity_at")
        assert theirs.get("score") == near(ours.get("score"), 0.005)


def test_the_plans_agree_on_status_completion_and_progress_of_everybody_who_is_active(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]]
) -> None:
    active = {key: ours for key, ours in core.items() if is_active(ours)}
    assert active.keys() == {key for key, row in report.items() if row["custom_fields"]["remote_status"] == "Active"}
    for key, ours in active.items():
        theirs = report[key]
        assert ours["status"] == theirs["status"], key
        assert minute(ours.get("completed_at")) == theirs.get("completed_at"), key
        assert theirs.get("progress_percent") == near(ours.get("progress_percent"), 0.05), key


def test_of_people_who_are_not_active_the_report_says_more_and_nothing_else(
    core: dict[Key, dict[str, Any]], report: dict[Key, dict[str, Any]]
) -> None:
    met = {(ours["status"], report[key]["status"]) for key, ours in core.items() if not is_active(ours)}
    # whether somebody was suspended or the time ran out, only the report tells
    assert {pair for pair in met if pair[0] == "withdrawn"} == {("withdrawn", "withdrawn"), ("withdrawn", "expired")}
    # neither can anybody else tell whether those who never began still may
    assert {pair[1] for pair in met if pair[0] == "unknown"} == {"withdrawn", "expired", "assigned"}
    assert {pair[0] for pair in met} == {"withdrawn", "unknown"}
    for key, ours in core.items():
        if not is_active(ours):
            assert "progress_percent" not in {*ours, *report[key]}
            assert "completed_at" not in ours  # Moodle refuses to tell; the report knows it of some


def is_active(record: dict[str, Any]) -> bool:
    return bool(record["custom_fields"]["enrolment_active"])


def minute(time: datetime | None) -> datetime | None:
    return time and time.replace(second=0)


def near(value: float | None, rounded: float) -> Any:
    """Return what a value is equal to once it is rounded for display; nothing is only equal to nothing."""
    return None if value is None else pytest.approx(value, abs=rounded + 1e-9)


def folded(name: str) -> str:
    """Fold blanks: the report's link has them folded as HTML does."""
    return re.sub(r"\s+", " ", name)
