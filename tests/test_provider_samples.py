"""Each mapping over the sample payloads collected for its provider, where that folder is.

The samples are answers of the vendor's API, recorded or documented; `ROLLBOOK_SAMPLES` says where they are.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from engine.loading import load
from engine.report import Report
from engine.unifying import Unifier

SAMPLES = Path(
    os.environ.get("ROLLBOOK_SAMPLES") or Path(__file__).parent.parent.parent / "shared" / "provider-samples"
)
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no provider samples: set ROLLBOOK_SAMPLES")

#: Provider, resource, sample file, where its items are, the name they get, and what else is in scope.
CASES: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
    ("canvas", "course_enrollments", "courses_enrollments.json", "", "enrollment", {"course": {"id": 1, "name": "C"}}),
    ("canvas", "course_enrollments", "courses_enrollments_all_states.json", "", "enrollment", {"course": {"id": 1}}),
    ("canvas", "courses", "accounts_courses.http.json", "0.body", "course", {}),
    ("docebo", "course_enrollments", "course_v1_courses_enrollments.json", "data.items", "enrollment", {}),
    ("docebo", "users", "manage_v1_user.json", "data.items", "person", {}),
    ("moodle", "courses", "core_course_get_courses.json", "", "course", {}),
    ("moodle", "course_enrollments", "core_enrol_get_enrolled_users.json", "", "person", {"course": {"id": 5}}),
    ("moodle", "users", "core_user_get_users.json", "users", "account", {}),
    ("talentlms", "courses", "v1_courses_id.json", "", "course", {}),
    ("talentlms", "users", "v1_users_id.json", "", "user", {}),
]


def items(path: Path, where: str) -> list[Any]:
    found: Any = json.loads(path.read_text(encoding="utf-8"))
    for step in filter(None, where.split(".")):
        found = found[int(step)] if step.isdecimal() else found[step]
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_a_mapping_reads_the_samples_without_a_failed_field(
    case: tuple[str, str, str, str, str, dict[str, Any]],
) -> None:
    provider, resource, file, where, name, scope = case
    report = Report()
    unifier = Unifier(load(provider), resource, report)
    given = {"connection": {"url": "https://lms.example"}, "run": {"now": "2026-01-01T00:00:00Z"}, "filter": {}}
    records = [unifier.unify({**given, **scope, name: item}) for item in items(SAMPLES / provider / file, where)]
    assert all(records)
    failed = [str(note) for note in report.notes if note.kind in ("field_failed", "set_aside")]
    assert failed == []


@pytest.mark.parametrize("file", ["v1_users_id.json", "v1_users_id_newer_fields.json"])
def test_the_courses_of_a_sample_user_become_enrollments(file: str) -> None:
    (person,) = items(SAMPLES / "talentlms" / file, "")
    report = Report()
    unifier = Unifier(load("talentlms"), "course_enrollments", report)
    given = {"connection": {"url": "https://lms.example"}, "run": {"now": "2026-01-01T00:00:00Z"}, "filter": {}}
    records = [unifier.unify({**given, "person": person, "enrollment": course}) for course in person["courses"]]
    assert all(records)
    assert report.counts["field_failed"] == 0
