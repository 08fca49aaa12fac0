"""What a mapping needs, calls, gives and costs."""

import json
from collections.abc import Callable

import pytest
from lms import HEAD

from engine.describing import describe, evidence, requests_of
from engine.errors import UsageError
from engine.loading import LoadedMapping, load

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD.replace(
        "  url:",
        "  token: { title: Token, secret: true, required: false }\n"
        "  more: { title: More, format: boolean, default: false }\n  url:",
    ).replace("  check:", "  limits: { parallel: 2, rates: [{ requests: 5, per: second }] }\n  check:")
    + """
fetch:
  courses:
    get: /courses
    pages: { page: { param: page, size: 50, until: short } }
  enrollments:
    for: course in courses
    get: /courses/{course.id}/enrollments
    pages: { link_header: next }
  parts: { for: enrollment in enrollments, items: enrollment.parts }
  people:
    for: enrollment in enrollments
    once: enrollment.user
    when: enrollment.on
    limits: { rates: [{ requests: 40, per: minute }] }
    get: /users/{enrollment.user}
    items: $
  details: { for: enrollment in enrollments, when: enrollment.done, post: /details, json: { id: "{enrollment.id}" } }
  spare: { get: /spare }
course_enrollments:
  for: part in parts
  join:
    person: { in: people }
    detail: { in: details }
  where: detail.id
  fields: { id: part.id, user.name: person.name, custom_fields.x: part.x }
  status:
    when: { completed: enrollment.done }
    from: enrollment.state
    words: { on: in_progress, off: withdrawn, over: withdrawn }
    otherwise: enrolled
courses:
  for: course in courses
  fields: { id: course.id }
  words: { level: { from: course.level, words: { one: beginner } } }
"""
)


def test_a_description_holds_what_a_customer_must_know_and_is_json(mapped: Mapped) -> None:
    about = describe(mapped(TEXT))
    assert json.loads(json.dumps(about)) == about
    assert (about["id"], about["auth"], about["evidence"]) == ("acme", "none", "untested")
    assert about["connection"]["token"] == {"title": "Token", "format": "text", "secret": True}
    assert about["connection"]["url"]["required"] is True
    assert about["connection"]["more"] == {"title": "More", "format": "boolean", "required": True, "default": False}
    assert about["limits"] == {"parallel": 2, "rates": ["5 per second", "40 people per minute"]}
    assert list(about["resources"]) == ["course_enrollments", "courses"]


def test_a_resource_tells_its_fields_statuses_and_what_it_does_not_give(mapped: Mapped) -> None:
    given = describe(mapped(TEXT))["resources"]["course_enrollments"]
    assert given["fields"] == {"id": "part.id", "user.name": "person.name", "custom_fields.x": "part.x"}
    assert given["statuses"] == ["completed", "in_progress", "withdrawn", "enrolled"]
    assert given["covered"] == 2
    assert given["of"] == 2 + len(given["missing"])
    assert not {"id", "status", "custom_fields.x"} & set(given["missing"])
    assert "level" not in describe(mapped(TEXT))["resources"]["courses"]["missing"]


def test_requests_are_told_with_how_often_they_are_made(mapped: Mapped) -> None:
    told = {
        call["fetch"]: (call["request"], call["how_often"], call.get("when"))
        for call in requests_of(mapped(TEXT), "course_enrollments")
    }
    assert told == {
        "courses": ("GET /courses", "once per 50 courses", None),
        "enrollments": ("GET /courses/{course.id}/enrollments", "once per page of enrollments of each course", None),
        "people": ("GET /users/{enrollment.user}", "once per distinct enrollment.user", "enrollment.on"),
        "details": ("POST /details", "once per enrollment", "enrollment.done"),
    }
    assert [call["fetch"] for call in requests_of(mapped(TEXT), "courses")] == ["courses"]


def test_a_resource_that_the_mapping_does_not_give_has_no_requests(mapped: Mapped) -> None:
    with pytest.raises(UsageError, match="acme has no users; it gives course_enrollments, courses"):
        list(requests_of(mapped(TEXT), "users"))


@pytest.mark.parametrize(
    ("sources", "level"),
    [
        (["documented x"], "documented"),
        (["documented x", "recorded y"], "recorded"),
        (["recorded y", "live z"], "live"),
    ],
)
def test_evidence_is_the_best_source_of_the_tests(mapped: Mapped, sources: list[str], level: str) -> None:
    loaded = mapped(TEXT)
    cases = "".join(f"  - {{ name: a, source: {source}, given: {{}}, expect: {{ id: x }} }}\n" for source in sources)
    loaded.path.with_name("acme.test.yaml").write_text(f"examples:\n{cases}")
    assert evidence(loaded) == level


def test_tests_that_cannot_be_read_or_hold_no_case_are_no_evidence(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    for text in ("replays: [", "allow: {}\n"):
        loaded.path.with_name("acme.test.yaml").write_text(text)
        assert evidence(loaded) == "untested"


def test_the_shipped_mappings_can_all_be_described() -> None:
    for name in ("canvas", "docebo", "moodle", "moodle_report", "talentlms"):
        about = describe(load(name))
        assert about["evidence"] in ("live", "recorded", "documented")
        assert json.dumps(about)


def test_facts_of_the_tests_are_part_of_the_description(mapped: Mapped) -> None:
    loaded = mapped(TEXT)
    loaded.path.with_name("acme.test.yaml").write_text(
        """
replays:
  - name: a
    source: recorded, by hand
    cassettes: [x]
    expect: { by_status: { completed: 1 }, contains: [{ id: a, status: withdrawn }, { id: b }] }
  - { name: b, source: documented x, resource: courses, cassettes: [x], expect: { by_status: { draft: 1 } } }
examples:
  - { name: c, source: documented x, given: {}, expect: { status: enrolled } }
"""
    )
    about = describe(loaded)
    assert about["cases"] == {"recorded": 1, "documented": 2}
    assert about["resources"]["course_enrollments"]["statuses_seen"] == ["enrolled", "completed", "withdrawn"]
    assert about["resources"]["courses"]["statuses_seen"] == ["draft"]


@pytest.mark.parametrize(
    ("asked", "told", "since"),
    [
        ("", "", "refused"),
        ("", ", updated_at: course.at", "sifted"),
        (', query: { since: "{run.since}" }', "", "asked"),
        (', query: { since: "{run.since}" }', ", updated_at: course.at", "asked and sifted"),
    ],
)
def test_a_resource_says_what_since_does(mapped: Mapped, asked: str, told: str, since: str) -> None:
    text = f"""
fetch: {{ courses: {{ get: /courses{asked} }} }}
courses: {{ for: course in courses, fields: {{ id: course.id{told} }} }}
"""
    assert describe(mapped(HEAD + text))["resources"]["courses"]["since"] == since
