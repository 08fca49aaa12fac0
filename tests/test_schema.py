"""The JSON Schema and the field reference: fresh, and saying what the engine says."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.loading import available, load
from engine.mapping import RESOURCES, Mapping
from engine.mapping.shape import fields
from engine.positions import read_yaml
from engine.records import STATUSES, field_kinds
from engine.schema import json_schema, reference, write

ROOT = Path(__file__).parent.parent
VALIDATOR = jsonschema.Draft202012Validator(json_schema())

#: The example that the language was designed on, in the format as it is.
CANVAS = """\
mapping: 1
provider:
  id: canvas
  name: Canvas LMS
  docs: https://canvas.instructure.com/doc/api/enrollments.html
connection:                                # what a customer supplies
  url:        { title: Canvas address, format: url, example: "https://school.instructure.com" }
  account_id: { title: Account, default: self, help: The number at the end of the address of the Admin page. }
  token:      { title: Access token, secret: true, help: Account > Settings > New access token. }
http:                                      # how every request is made
  base_url: "{connection.url}/api/v1"
  headers: { Accept: application/json+canvas-string-ids }
  auth: { bearer: "{connection.token}" }
  lists: brackets                          # state: [a, b] is sent as state[]=a&state[]=b
  pages: { link_header: next }
  limits: { parallel: 4 }
  errors:
    - { when: 'status = 403 and $contains(text, "Rate Limit Exceeded")', is: throttled }
  check: { get: /users/self }              # the call that proves a connection
fetch:
  courses:
    get: /accounts/{connection.account_id}/courses
    query: { per_page: 100, state: [available, completed] }
  people:
    for: course in courses
    get: /courses/{course.id}/users
    query: { per_page: 100, enrollment_type: [student], include: [email] }
  progress:
    for: course in courses
    get: /courses/{course.id}/bulk_user_progress
    query: { per_page: 100 }
    tolerate: [forbidden]
  enrollments:
    for: course in courses
    get: /courses/{course.id}/enrollments
    query: { per_page: 100, type: [StudentEnrollment], state: [active, invited, completed, inactive, rejected] }
course_enrollments:                        # what comes out: one record per enrollment
  for: enrollment in enrollments
  join:
    person: { in: people, id: enrollment.user_id }
    done:   { in: progress, id: enrollment.user_id }
  fields:
    id: enrollment.id
    user.id: enrollment.user_id
    user.name: enrollment.user.name
    user.emails: person.email
    course.id: course.id
    course.title: course.name
    enrolled_at: enrollment.created_at
    completed_at: done.progress.completed_at
    last_activity_at: enrollment.last_activity_at
    progress_percent: '$percent(done.progress.requirement_completed_count, done.progress.requirement_count)'
    time_spent_seconds: enrollment.total_activity_time
    score: enrollment.grades.final_score
    urls.course_user: enrollment.html_url
    created_at: enrollment.created_at
    updated_at: enrollment.updated_at
    custom_fields.section_id: enrollment.course_section_id
  status:
    when:                                  # evidence that outranks the word; first that holds
      completed: done.progress.completed_at
      enrolled: 'enrollment.enrollment_state = "active" and $not($exists(enrollment.last_activity_at))'
    from: enrollment.enrollment_state
    words:
      active: in_progress
      invited: assigned
      creation_pending: assigned
      completed: completed
      inactive: withdrawn
      rejected: withdrawn
      deleted: withdrawn
"""


def faults(data: Any) -> list[str]:
    """Return what an editor would say."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_schema_and_reference_are_fresh(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "docs").mkdir()
    write(tmp_path)
    for name in ("mappings/schema.json", "docs/format.md"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / name).read_text("utf-8"), f"{name} is stale: make fix"


def test_the_schema_is_a_schema_without_the_noise_of_its_making() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    text = json.dumps(json_schema())
    assert '"null"' not in text
    assert '"default": null' not in text
    references = set(re.findall(r'"\$ref": "#/\$defs/(\w+)"', text))
    assert references == set(json_schema()["$defs"])


@pytest.mark.parametrize("path", available().values(), ids=lambda path: path.stem)
def test_every_mapping_is_valid_by_the_schema(path: Path) -> None:
    assert faults(read_yaml(path).data) == []


def test_the_example_of_the_design_is_right_and_valid_by_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "canvas.yaml"
    file.write_text(CANVAS, encoding="utf-8")
    assert load(file).warnings == ()
    assert faults(read_yaml(file).data) == []


BASE: dict[str, Any] = {
    "mapping": 1,
    "provider": {"id": "acme", "name": "Acme"},
    "http": {"base_url": "https://acme.example", "auth": {"none": True}, "check": {"get": "/me"}},
    "fetch": {"courses": {"get": "/courses"}},
    "courses": {"for": "course in courses", "fields": {"id": "course.id"}},
}


def test_the_smallest_mapping_is_valid() -> None:
    assert faults(BASE) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("course_enrolments", {}, "course_enrolments"),
        ("mapping", 2, "1 was expected"),
        ("provider.id", "A B", "does not match"),
        ("http.timeout", "30", "is not of type 'number'"),
        ("http.lists", "bracket", "is not one of"),
        ("http.auth", {}, "should be non-empty"),
        ("http.auth", {"bearer": "x", "none": True}, "has too many properties"),
        ("http.limits", {"parallel": 65}, "is greater than the maximum of 64"),
        ("http.pages", {"page": {"param": "p"}}, "'size' is a required property"),
        ("fetch.a-b", {"get": "/"}, "does not match"),
        ("fetch.courses.where", None, "None is not of type 'string'"),
        ("fetch.courses.itmes", "data", "itmes"),
        ("fetch.courses.tolerate", ["nothing"], "is not one of"),
        ("courses.fields", {"title": "course.title"}, "'id' is a required property"),
        ("courses.fields.titel", "course.title", "titel"),
        ("courses.fields.status", "course.state", "status"),
        ("courses.fields.title", 5, "is not of type 'string'"),
        ("courses.status", {"from": "course.state", "words": {"on": "active"}}, "'active' is not one of"),
        ("courses.status", {"when": {"open": "course.open"}}, "open"),
        ("courses.words", {"role": {"from": "course.x", "words": {}}}, "role"),
        ("courses.words", {"level": {"from": "course.x", "words": {"x": "easy"}}}, "'easy' is not one of"),
        ("course_items", {"for": "course in courses", "fields": {"id": "course.id"}, "status": {}}, "status"),
    ],
)
def test_what_is_wrong_in_itself_is_invalid_by_the_schema(path: str, value: Any, told: str) -> None:
    data = json.loads(json.dumps(BASE))
    *above, last = path.split(".")
    node = data
    for step in above:
        node = node[step]
    node[last] = value
    assert told in " ".join(faults(data))


def test_an_editor_completes_and_explains_every_field_and_word() -> None:
    schema = json_schema()
    for resource in RESOURCES:
        given = schema["$defs"][resource]["properties"]["fields"]
        known = {name for name in field_kinds(resource) if "<" not in name}
        assert set(given["properties"]) == known - {"status"}
        assert all(field["description"] for field in given["properties"].values())
        assert all(re.match(pattern, "custom_fields.x") or "urls" in pattern for pattern in given["patternProperties"])
    status = schema["$defs"]["course_enrollments"]["properties"]["status"]["properties"]
    assert tuple(status["when"]["properties"]) == STATUSES == tuple(status["otherwise"]["enum"])


def test_the_reference_has_every_key_of_the_format_with_its_meaning() -> None:
    text = reference()
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections)[:4] == ["Mapping", "Provider", "ConnectionField", "Http"]
    assert set(re.findall(r"\]\(#(\w+)\)", text)) <= {name.lower() for name in sections}
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|", text, re.MULTILINE)
    assert {name for name, _, _ in rows} >= {*fields(Mapping), "base_url", "tolerate", "in", "is", "json", "until"}
    assert all(meaning.strip() and kind.strip() for _, meaning, kind in rows)


def test_the_reference_tells_kinds_bounds_and_defaults() -> None:
    text = reference()
    assert (
        "| `parallel` | How many requests may be under way at once. | whole number, at least 1, at most 64 | `4` |"
        in text
    )
    assert "| `base_url` | What paths are appended to. | text with holes | **required** |" in text
    assert "| [Pages](#pages) | `single: true` |" in text
    assert "*`http.pages`, `fetch.<name>.pages`*" in text
