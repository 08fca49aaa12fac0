"""The sample answers as a whole: which request finds its items in them, what errors mean, and the tokens of logins.

Records are made of them in `test_provider_samples.py`, which says where the samples are. What no mapping reads is
listed here, with the reason; the two leave out no file.
"""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from test_provider_samples import CASES, SAMPLES, Sample, items

from engine.answers import judge
from engine.auth import authenticator
from engine.errors import ProviderError
from engine.exchange import Request, Response
from engine.formats import reads
from engine.jsonata import truth
from engine.loading import LoadedMapping, load
from engine.mapping import Fetch

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}: set ROLLBOOK_SAMPLES")

#: Samples whose records are inside an item, an answer, or of a list that is not asked for.
INSIDE = {
    ("adobe-learning-manager", "included"): "courses come beside the enrollments",
    ("ilias", "LearningProgressInfo.UserProgress.User"): "what is inside of the SOAP answer",
    ("ilias", "LPData.LPChange"): "what is inside of the SOAP answer",
    ("kolibri", "learners"): "of a class",
    ("kolibri", "exam_learner_status"): "of a class",
    ("kolibri", "content_learner_status"): "of a class",
    ("kolibri", "lessons"): "of a class",
    ("kolibri", "exams"): "of a class",
    ("talentlms", "courses"): "of a person",
    ("teachable", ""): "one user, as a request that is not made gives it",
    ("workramp", "data.assignments"): "of one guide or path; those of a user are asked for",
    ("workramp", "data.guide_assignments"): "one of the four lists of a user",
    ("workramp", "data.path_assignments"): "one of the four lists of a user",
    ("workramp", "data.scorm_assignments"): "one of the four lists of a user",
    ("workramp", "data.challenge_assignments"): "one of the four lists of a user",
}
#: Provider, file, fetch, and how many items are in the answer.
ANSWERS = [
    ("google-classroom", "students_list_empty.json", "students", 0),
    ("ilias", "soap_getProgressInfo.response.xml", "progress", 1),
    ("kolibri", "coach_classsummary.json", "summaries", 1),
    ("moodle", "core_completion_get_course_completion_status.json", "completion", 1),
    ("moodle", "core_enrol_get_users_courses.json", "progress", 2),
    ("moodle", "gradereport_user_get_grade_items.json", "grades", 1),
    ("schoology", "courses_sections.json", "sections", 2),
    ("schoology", "roles.json", "roles", 4),
    ("talentlms", "v1_users_id.json", "people", 1),
    ("workramp", "users_assignments.json", "assignments", 6),
]
#: Provider, file, status, fetch if it matters, and what it means; "empty" is no error.
ERRORS = [
    ("360learning", "error_401.json", 401, "", "refresh"),
    ("360learning", "error_429.json", 429, "", "throttled"),
    ("adobe-learning-manager", "error_429.json", 429, "", "throttled"),
    ("brightspace", "error_403.json", 403, "", "forbidden"),
    ("canvas", "error_401.json", 401, "", "refused"),
    ("canvas", "error_401_invalid_token.http.json", 401, "", "refused"),
    ("canvas", "error_403_rate_limit.http.json", 403, "", "throttled"),
    ("canvas", "error_403_unauthorized.json", 403, "", "forbidden"),
    ("canvas", "error_403_unauthorized.json", 401, "", "forbidden"),
    ("canvas", "error_404.json", 404, "", "missing"),
    ("chamilo", "v2_error.json", 200, "", "refresh"),  # an old key, or a wrong one
    ("google-classroom", "error_403.json", 403, "", "forbidden"),
    ("google-classroom", "error_429.json", 429, "", "throttled"),
    ("ilias", "soap_fault.xml", 500, "progress", "forbidden"),
    ("moodle", "error_invalidparameter.json", 200, "", "failed"),
    ("moodle", "error_invalidtoken.json", 200, "", "refused"),
    ("moodle", "error_nocriteriaset.json", 200, "completion", "empty"),
    ("openedx", "error_developer_message_404.json", 404, "", "missing"),
    ("scorm-cloud", "error.json", 404, "", "missing"),
    ("talentlms", "v1_error_404.json", 404, "", "missing"),
    ("talentlms", "v1_error_404.json", 200, "", "missing"),
    ("workramp", "error_429.json", 429, "", "throttled"),
]
#: Answers to logins: provider, file, and the token in it.
TOKENS = [
    ("360learning", "oauth2_token.json", "your_access_token"),
    ("absorb", "authenticate.json", "abc123def456ghi789"),
    ("adobe-learning-manager", "oauth_token.json", "eyJhbGciOiJIUzI1..."),
    ("cornerstone", "oauth2_token.json", "EXAMPLE-TOKEN"),
    ("docebo", "oauth2_token.json", "87b567fa3de847fb3adef9492b294bb83f8cd266"),
    ("google-classroom", "oauth_token.json", "ya29.example"),
    ("openedx", "oauth2_access_token.json", "eyJhbGciOiJIUzUxMiJ9.e30.x"),
    ("successfactors", "token.json", "EXAMPLE-TOKEN"),
]
#: Answers that say that a report is not ready.
WAITING = [("percipio", "report_request.json"), ("percipio", "report_in_progress.json")]
#: What no mapping reads, and why.
UNREAD = {
    "360learning/paths_enrollments.json": "the statistics of a path have the same people with how far they are",
    "adobe-learning-manager/jobs_post.json": "how to ask for a transcript is not documented; lists are read",
    "adobe-learning-manager/learner_transcript.csv": "the report of such a job; lists have the same",
    "canvas/course_progress_error.json": "of one user; the progress of all is asked for at once",
    "canvas/oauth_token.json": "the connection has a token made in Canvas",
    "docebo/learn_v1_enrollments.json": "the older view, of learners; that of administrators has more",
    "docebo/learningplan_v1_learningplans_enrollments.json": "learning plans are no courses",
    "ilias/rest_v1_users.json": "an optional plugin, without learning progress; SOAP has it",
    "ilias/rest_v2_courses_participants.json": "an optional plugin, without learning progress; SOAP has it",
    "kolibri/auth_membership.json": "the summary of a class names its learners",
    "learnupon/exams_enrollments.json": "exams outside of courses",
    "linkedin-learning/learningActivityReports_account.json": "sums of the whole account, without people",
    "moodle/core_webservice_get_site_info.json": "the answer to `check`, of which nothing is read",
    "moodle/gradereport_overview_get_course_grades.json": "totals as they are displayed; `grades` has the numbers",
    "moodle/warnings_200.json": "the answer to a deletion",
    "schoology/sections_enrollments.xml": "the same as the JSON, which is asked for",
    "scorm-cloud/appManagement_token.json": "requests are signed with id and key",
    "talentlms/v1_gettimeline_user_login_user.json": "a log of events; a user has the last login",
    "talentlms/v1_ratelimit.json": "the limits are known",
    "talentlms/v1_siteinfo.json": "the answer to `check`, of which nothing is read",
    "talentlms/v2_users.json": "version 2, whose lists have no progress",
    "talentlms/v2_users_id_courses.json": "version 2, whose lists have no progress",
    "thinkific/response_headers.json": "headers of the rate, which are not asked for to keep it",
    "udemy-business/analytics_user-progress.json": "one row for each lecture; the course activity has the sum",
    "workramp/academies_registrations.json": "academies, the other product, with contacts instead of users",
    "workramp/logs_guides.json": "a log of events; the assignments have the state",
    "workramp/scorm_assigned_users.json": "those of one package; those of a user are asked for",
}


def answer(provider: str, file: str, status: int = 200, fetch: Fetch | None = None) -> Response:
    """Return a sample as a response to a fetch; some have status and headers written down, too."""
    text = (SAMPLES / provider / file).read_text(encoding="utf-8")
    read = reads((fetch and fetch.answer) or load(provider).mapping.http.answer)
    written: Any = json.loads(text) if file.endswith(".json") else None
    first = written[0] if file.endswith(".http.json") else written
    if not isinstance(first, dict) or not {"status", "headers", "body"} <= first.keys():
        return Response(status, {}, text.encode(), reads=read)
    headers = {name.lower(): value for name, value in first["headers"].items()}
    body = first["body"] if isinstance(first["body"], str) else json.dumps(first["body"])
    return Response(first["status"], headers, body.encode(), reads=read)


def found(fetch: Fetch, data: Any) -> list[Any]:
    listed = data if fetch.items is None else fetch.items(data)
    return listed if isinstance(listed, list) else [] if listed is None else [listed]


@pytest.mark.parametrize(
    "sample",
    [one for one in CASES if (one.provider, one.items) not in INSIDE],
    ids=lambda one: f"{one.provider}-{one.resource}-{one.file}",
)
def test_a_request_of_the_mapping_finds_the_items_in_the_answer(sample: Sample) -> None:
    body = json.loads((SAMPLES / sample.provider / sample.file).read_text(encoding="utf-8"))
    if sample.file.endswith(".http.json"):
        body = body[int(sample.items.partition(".")[0])]["body"]
    wanted = items(sample)
    asked = [fetch for fetch in load(sample.provider).mapping.fetch.values() if fetch.get or fetch.post]
    assert any(all(item in found(fetch, body) for item in wanted) for fetch in asked)


@pytest.mark.parametrize(("provider", "file", "fetch", "count"), ANSWERS)
def test_a_fetch_finds_its_items_in_the_whole_answer(provider: str, file: str, fetch: str, count: int) -> None:
    asked = load(provider).mapping.fetch[fetch]
    assert len(found(asked, answer(provider, file, fetch=asked).data)) == count


@pytest.mark.parametrize(("provider", "file", "status", "fetch", "word"), ERRORS)
def test_an_error_is_known_for_what_it_is(provider: str, file: str, status: int, fetch: str, word: str) -> None:
    mapping = load(provider).mapping
    asked = mapping.fetch[fetch] if fetch else None
    rules = [*(asked.errors if asked else ()), *mapping.http.errors]
    response = answer(provider, file, status, asked)
    if word == "empty":
        assert not judge(response, rules, str)
        return
    with pytest.raises(ProviderError) as caught:
        judge(response, rules, str)
    assert caught.value.word == word
    # What the provider said of it is told, without what is around it.
    assert '{"' not in caught.value.what.replace(" ", "")
    assert caught.value.wait == ({"adobe-learning-manager": 10.752}.get(provider))


@pytest.mark.parametrize(("provider", "file", "token"), TOKENS)
def test_the_token_is_found_in_the_answer_to_a_login(provider: str, file: str, token: str) -> None:
    loaded = load(provider)
    auth = authenticator(loaded.mapping.http, {"connection": _made_up(loaded)}, lambda: 0.0)
    flow = auth.renew()
    next(flow)
    with pytest.raises(StopIteration):
        flow.send(answer(provider, file))
    assert token in str(auth.sign(Request("GET", "https://lms.example")).headers)
    assert not auth.expired()


@pytest.mark.parametrize(("provider", "file"), WAITING)
def test_a_report_that_is_not_ready_is_waited_for(provider: str, file: str) -> None:
    response = answer(provider, file)
    jobs = [fetch.job for fetch in load(provider).mapping.fetch.values() if fetch.job]
    assert jobs
    for job in jobs:
        assert not truth(job.ready(response.seen))
        assert job.failed is None or not truth(job.failed(response.seen))


def test_every_sample_is_read_or_said_why_not() -> None:
    read = {f"{one.provider}/{one.file}" for one in CASES}
    for rows in (ANSWERS, ERRORS, TOKENS, WAITING):
        read.update(f"{row[0]}/{row[1]}" for row in rows)
    there = {f"{path.parent.name}/{path.name}" for path in SAMPLES.glob("*/*.*") if path.suffix != ".md"}
    assert there == read | UNREAD.keys()
    assert not read & UNREAD.keys()


def _made_up(loaded: LoadedMapping) -> dict[str, Any]:
    """Return a connection with a value for every field."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    values = {
        name: "https://lms.example" if field.format == "url" else "made-up"
        for name, field in loaded.mapping.connection.items()
    }
    return {**values, "private_key": pem if loaded.mapping.provider.id == "google-classroom" else "made-up"}
