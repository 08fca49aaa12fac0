"""Each mapping over the sample payloads collected for its provider, where that folder is.

The samples are answers of the vendors' APIs, recorded or documented, one folder per provider. `ROLLBOOK_SAMPLES` says
where they are; without it they are looked for beside the repository.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine import elements
from engine.loading import available, load
from engine.report import Report
from engine.unifying import Unifier

SAMPLES = Path(
    os.environ.get("ROLLBOOK_SAMPLES") or Path(__file__).parent.parent.parent / "shared" / "provider-samples"
)
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}: set ROLLBOOK_SAMPLES")


class Sample(NamedTuple):
    """A file, where in it the items are, the name they have in the mapping, and what else is in scope."""

    provider: str
    resource: str
    file: str
    items: str
    name: str
    beside: dict[str, Any] | None = None


COURSE = {"course": {"id": 1, "name": "Course"}}
CANVAS = {**COURSE, "enrollment": {"id": 7, "user_id": 1, "enrollment_state": "active"}}
DOCEBO = {"enrollment": {"course_id": 42, "user_id": 13009, "enrollment_status": "enrolled"}}
OPENEDX = {**COURSE, "enrollment": {"user": "tomoko", "is_active": True, "mode": "audit"}}
MOODLE = {**COURSE, "person": {"id": 4}, "active": {"id": 4}}
WORKRAMP = {"user": {"id": 27483}}
SECTION = {**COURSE, "section": {"id": "11", "course_title": "Course"}}
SCHOOLOGY = {**SECTION, "enrollment": {"id": "44783151", "uid": "48289", "status": "1"}}
KOLIBRI = {"summary": {"id": "1", "name": "1"}, "task": {"id": "7", "title": "Lesson"}}
QUIZ = {"summary": {"id": "1"}, "task": {"id": "7", "title": "Quiz", "question_count": 10}, "learner": {"id": "8"}}

ILIAS = {"course": "123", "connection": {"url": "https://ilias.example", "client": "school", "zone": "Europe/Berlin"}}
KIND = {"kind": {"of": "courses"}}
PATHS = {"kind": {"of": "paths"}}
STUDENT = {"student": {"studentID": "00000101"}}
TODO = {"list": {"kind": "todo"}}
HISTORY = {"list": {"kind": "history"}}
UNIT = {"course": {"Identifier": "202", "Name": "Course"}}
MEMBER = {**UNIT, "member": {"User": {"Identifier": "101"}, "Role": {"Name": "Learner"}}}

CASES = [
    Sample("absorb", "course_enrollments", "courses_id_enrollments.json", "enrollments", "enrollment", COURSE),
    Sample("absorb", "courses", "courses.json", "courses", "course"),
    Sample("absorb", "users", "users.json", "users", "user"),
    Sample("360learning", "course_enrollments", "courses_stats.json", "", "stat", KIND),
    Sample("360learning", "course_enrollments", "paths_stats.json", "", "stat", PATHS),
    Sample("360learning", "courses", "courses.json", "", "course", KIND),
    Sample("360learning", "courses", "paths.json", "", "course", PATHS),
    Sample("360learning", "users", "users.json", "", "user"),
    Sample("adobe-learning-manager", "course_enrollments", "users_id_enrollments.json", "data", "enrollment",
           {"user": {"id": "3400480"}}),
    Sample("adobe-learning-manager", "courses", "users_id_enrollments.json", "included", "course"),
    Sample("adobe-learning-manager", "users", "users.json", "data", "user"),
    Sample("brightspace", "course_enrollments", "enrollments_orgUnits_users.json", "Items", "member", UNIT),
    Sample("brightspace", "course_enrollments", "enrollments_orgUnits_users_last.json", "Items", "member", UNIT),
    Sample("brightspace", "course_enrollments", "classlist_paged.json", "Objects", "visit", MEMBER),
    Sample("brightspace", "course_enrollments", "grades_final_values.json", "Objects", "grade", MEMBER),
    Sample("brightspace", "course_enrollments", "grades_courseCompletion.json", "Items", "done", MEMBER),
    Sample("brightspace", "courses", "orgstructure_courses.json", "Items", "course"),
    Sample("brightspace", "users", "classlist_paged.json", "Objects", "rows", {"person": "42"}),
    Sample("canvas", "course_enrollments", "courses_enrollments.json", "", "enrollment", COURSE),
    Sample("canvas", "course_enrollments", "courses_enrollments_all_states.json", "", "enrollment", COURSE),
    Sample("canvas", "course_enrollments", "courses_enrollments_paged.http.json", "0.body", "enrollment", COURSE),
    Sample("canvas", "course_enrollments", "courses_enrollments_paged.http.json", "1.body", "enrollment", COURSE),
    Sample("canvas", "course_enrollments", "bulk_user_progress.json", "", "done", CANVAS),
    Sample("canvas", "courses", "accounts_courses.http.json", "0.body", "course"),
    Sample("canvas", "courses", "accounts_courses.http.json", "1.body", "course"),
    Sample("cornerstone", "course_enrollments", "vw_rpt_transcript.json", "value", "transcript"),
    Sample("cornerstone", "course_enrollments", "vw_rpt_transcript_page2.json", "value", "transcript"),
    Sample("cornerstone", "courses", "vw_rpt_training.json", "value", "training"),
    Sample("cornerstone", "users", "vw_rpt_user.json", "value", "person"),
    Sample("chamilo", "course_enrollments", "v2_get_users_subscribed_to_course.json", "data.0", "member", COURSE),
    Sample("chamilo", "courses", "v2_user_courses.json", "data", "course"),
    Sample("docebo", "course_enrollments", "course_v1_courses_enrollments.json", "data.items", "enrollment"),
    Sample("docebo", "course_enrollments", "manage_v1_user.json", "data.items", "person", DOCEBO),
    Sample("docebo", "users", "manage_v1_user.json", "data.items", "user"),
    Sample("kolibri", "course_enrollments", "coach_classsummary.json", "learners", "learner", KOLIBRI),
    Sample("kolibri", "course_enrollments", "coach_classsummary.json", "exam_learner_status", "attempt", QUIZ),
    Sample("kolibri", "course_enrollments", "coach_classsummary.json", "content_learner_status", "efforts", QUIZ),
    Sample("kolibri", "courses", "coach_classsummary.json", "lessons", "task", {"summary": {"id": "1", "name": "1"}}),
    Sample("kolibri", "courses", "coach_classsummary.json", "exams", "task", {"summary": {"id": "1", "name": "1"}}),
    Sample("kolibri", "users", "auth_facilityuser_paged.json", "results", "person"),
    Sample("learnupon", "course_enrollments", "enrollments_search.json", "enrollment", "enrollment", COURSE),
    Sample("learnupon", "courses", "courses.json", "courses", "course"),
    Sample("learnupon", "users", "users_search.json", "user", "user"),
    Sample("go1", "course_enrollments", "enrollments.json", "hits", "enrollment"),
    Sample("google-classroom", "course_enrollments", "students_list.json", "students", "member", COURSE),
    Sample("google-classroom", "course_enrollments", "invitations_list.json", "invitations", "member", COURSE),
    Sample("google-classroom", "course_enrollments", "studentSubmissions_list.json", "studentSubmissions", "mine",
           {**COURSE, "member": {"userId": "1"}}),
    Sample("google-classroom", "course_enrollments", "courseWork_list.json", "courseWork", "works",
           {**COURSE, "member": {"userId": "1"}}),
    Sample("google-classroom", "courses", "courses_list.json", "courses", "course"),
    Sample("google-classroom", "users", "students_list.json", "students", "rows", {"person": "42"}),
    *(
        Sample("linkedin-learning", resource, "learningActivityReports_individual_content.json", "elements", "rows",
               {"learning": "x", "content": "x", "learner": "x"})
        for resource in ("course_enrollments", "courses", "users")
    ),
    Sample("ilias", "course_enrollments", "soap_getProgressInfo.xml", "LearningProgressInfo.UserProgress.User",
           "learner", ILIAS),
    Sample("ilias", "course_enrollments", "soap_getLearningProgressChanges.xml", "LPData.LPChange", "marks",
           {**ILIAS, "learner": {"id": "301", "status": "2"}}),
    Sample("ilias", "users", "soap_getProgressInfo.xml", "LearningProgressInfo.UserProgress.User", "rows",
           {"person": "301"}),
    *(
        Sample("percipio", resource, file, "", name, beside)
        for file in ("learning_activity_report.json", "learning_activity_report_openapi_names.json")
        for resource, name, beside in (
            ("course_enrollments", "activity", {}), ("courses", "rows", {"content": "x"}),
            ("users", "rows", {"learner": "x"}),
        )
    ),
    *(
        Sample("scorm-cloud", resource, "registrations.json", "registrations", name, beside)
        for resource, name, beside in (
            ("course_enrollments", "registration", {}), ("courses", "rows", {"course": "x"}),
            ("users", "rows", {"learner": "x"}),
        )
    ),
    Sample("moodle", "courses", "core_course_get_courses.json", "", "course"),
    Sample("moodle", "course_enrollments", "core_enrol_get_enrolled_users.json", "", "person", COURSE),
    Sample("moodle", "course_enrollments", "core_enrol_get_users_courses.json", "", "progress", MOODLE),
    Sample("moodle", "course_enrollments", "core_completion_get_course_completion_status.json", "completionstatus",
           "completion", MOODLE),
    Sample("moodle", "course_enrollments", "gradereport_user_get_grade_items.json", "usergrades", "grades", MOODLE),
    Sample("moodle", "users", "core_user_get_users.json", "users", "account"),
    Sample("openedx", "courses", "courses_v1_courses_p1.json", "results", "course"),
    Sample("openedx", "course_enrollments", "enrollment_v1_enrollments.json", "results", "enrollment", COURSE),
    Sample("openedx", "course_enrollments", "enrollment_v1_enrollments_p2.json", "results", "enrollment", COURSE),
    Sample("openedx", "course_enrollments", "enrollment_v1_enrollment_of_user.json", "", "enrollment", COURSE),
    Sample("openedx", "course_enrollments", "grades_v1_courses_p1.json", "results", "grade", OPENEDX),
    Sample("openedx", "course_enrollments", "grades_v1_courses_p2.json", "results", "grade", OPENEDX),
    Sample("openedx", "course_enrollments", "certificates_v0_of_user.json", "", "certificate", OPENEDX),
    Sample("openedx", "course_enrollments", "user_v1_accounts.json", "", "account", OPENEDX),
    Sample("openedx", "course_enrollments", "course_home_progress.json", "", "progress", OPENEDX),
    Sample("sakai", "course_enrollments", "membership_site.json", "membership_collection", "member",
           {"site": {"id": "BIO101", "title": "Biology 101"}}),
    Sample("sakai", "courses", "site_list.json", "site_collection", "site"),
    Sample("sakai", "users", "membership_site.json", "membership_collection", "rows", {"person": "42"}),
    Sample("schoology", "course_enrollments", "sections_enrollments.json", "enrollment", "enrollment", SECTION),
    Sample("schoology", "course_enrollments", "sections_completion.json", "completion", "done", SCHOOLOGY),
    Sample("schoology", "course_enrollments", "sections_grades.json", "final_grade", "graded", SCHOOLOGY),
    Sample("schoology", "course_enrollments", "courses_sections.json", "section", "section",
           {**COURSE, "enrollment": {"id": "44783151", "uid": "48289", "status": "1"}}),
    Sample("schoology", "courses", "courses.json", "course", "course"),
    Sample("schoology", "users", "users.json", "user", "person"),
    Sample("successfactors", "course_enrollments", "UserTodoLearningItems.json", "value", "row", {**STUDENT, **TODO}),
    Sample("successfactors", "course_enrollments", "learninghistorys.json", "value", "row", {**STUDENT, **HISTORY}),
    Sample("successfactors", "courses", "learninghistorys.json", "value", "them", {"content": "x"}),
    Sample("successfactors", "users", "searchStudent_Students.json", "value", "student"),
    Sample("talentlms", "courses", "v1_courses_id.json", "", "course"),
    Sample("talentlms", "users", "v1_users_id.json", "", "user"),
    Sample("talentlms", "users", "v1_users_id_newer_fields.json", "", "user"),
    Sample("talentlms", "course_enrollments", "v1_users_id.json", "courses", "enrollment", {"user": {"id": "40457"}}),
    Sample("talentlms", "course_enrollments", "v1_users_id_newer_fields.json", "courses", "enrollment",
           {"user": {"id": "1"}}),
    Sample("teachable", "course_enrollments", "courses_1234_enrollments.json", "enrollments", "enrollment", COURSE),
    Sample("teachable", "courses", "courses.json", "courses", "course"),
    Sample("teachable", "users", "users.json", "users", "user"),
    Sample("teachable", "users", "users_502.json", "", "user"),
    Sample("thinkific", "course_enrollments", "enrollments.json", "items", "enrollment"),
    Sample("thinkific", "course_enrollments", "enrollments_recorded_row.json", "items", "enrollment"),
    Sample("thinkific", "users", "users.json", "items", "user"),
    Sample("workramp", "course_enrollments", "guides_assignments.json", "data.assignments", "assignment", WORKRAMP),
    Sample("workramp", "course_enrollments", "paths_assignments.json", "data.assignments", "assignment", WORKRAMP),
    *(
        Sample("workramp", "course_enrollments", "users_assignments.json", f"data.{kind}_assignments", "assignment",
               WORKRAMP)
        for kind in ("guide", "path", "scorm", "challenge")
    ),
    Sample("workramp", "courses", "guides.json", "data.guides", "guide"),
    Sample("workramp", "users", "users.json", "", "user"),
    Sample("udemy-business", "course_enrollments", "analytics_user-course-activity.json", "results", "enrollment"),
    Sample("udemy-business", "courses", "courses_list.json", "results", "course"),
]  # fmt: skip

#: Mappings that read what no sample shows.
WITHOUT = {"moodle_report"}


def items(sample: Sample) -> list[Any]:
    text = (SAMPLES / sample.provider / sample.file).read_text(encoding="utf-8")
    found: Any = elements.read(text) if sample.file.endswith(".xml") else json.loads(text)
    for step in filter(None, sample.items.split(".")):
        found = found[int(step)] if step.isdecimal() else found[step]
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("sample", CASES, ids=lambda sample: f"{sample.resource}-{sample.file}-{sample.name}")
def test_a_mapping_reads_the_samples_without_losing_a_record_or_a_field(sample: Sample) -> None:
    report = Report()
    unifier = Unifier(load(sample.provider), sample.resource, report)
    given = {"connection": {"url": "https://lms.example"}, "run": {"now": "2026-01-01T00:00:00Z"}, "filter": {}}
    records = [unifier.unify({**given, **(sample.beside or {}), sample.name: item}) for item in items(sample)]
    assert records
    assert all(records)
    assert [str(note) for note in report.notes if note.kind in ("field_failed", "set_aside", "unknown_word")] == []


def test_every_mapping_whose_provider_has_samples_is_run_over_some() -> None:
    folders = {path.name for path in SAMPLES.iterdir() if path.is_dir()}
    assert (folders | WITHOUT) & set(available()) - WITHOUT == {sample.provider for sample in CASES}
