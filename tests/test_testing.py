"""A mapping's own tests: what they expect, and what they show together."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lms import HEAD

from engine.errors import MappingError
from engine.loading import LoadedMapping
from engine.testing import path_of_tests, read_tests, run_tests

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  courses: { get: /courses }
  people: { for: course in courses, get: "/courses/{course.id}/people", tolerate: [forbidden] }
  enrollments: { for: course in courses, get: "/courses/{course.id}" }
course_enrollments:
  for: enrollment in enrollments
  join: { person: { in: people, id: enrollment.user } }
  fields:
    id: enrollment.id
    user.name: person.name
    score: enrollment.score
    urls.course: enrollment.url
    custom_fields.note: enrollment.note
  status:
    when: { completed: enrollment.done }
    from: enrollment.state
    words: { on: in_progress, off: withdrawn }
"""
)
COURSE = [
    {"id": 1, "user": 5, "state": "on", "score": 50, "url": "https://x.example/1", "note": "hi"},
    {"id": 2, "user": 6, "state": "OFF"},
    {"id": 3, "user": 7, "state": "on", "done": True},
]
ANSWERS: dict[str, Any] = {
    "/courses": [{"id": 7}],
    "/courses/7/people": [{"id": 5, "name": "Ann"}],
    "/courses/7": COURSE,
}
ALL_THERE = "the cases show every field, word and join"


def cassette(folder: Path, name: str = "tape.json", **changed: Any) -> Path:
    """Write a cassette; an answer that is a number is an empty one with this status."""
    exchanges = []
    for url, answer in {**ANSWERS, **changed.pop("answers", {})}.items():
        response = {"status": answer, "text": "no"} if isinstance(answer, int) else {"json": answer}
        exchanges.append({"request": {"url": url}, "response": response})
    path = folder / name
    path.write_text(json.dumps({"connection": {"url": "https://acme.example"}, "exchanges": exchanges, **changed}))
    return path


def outcomes(loaded: LoadedMapping, tests: str) -> dict[str, list[str]]:
    path = path_of_tests(loaded.path)
    path.write_text(tests.replace("TAPE", str(loaded.path.with_name("tape.json"))), encoding="utf-8")
    return {outcome.name: outcome.faults for outcome in run_tests(loaded, read_tests(path))}


def faults(loaded: LoadedMapping, expect: str, more: str = "") -> list[str]:
    case = f"  - {{ name: case, source: documented x, cassettes: [TAPE], expect: {expect}{more} }}\n"
    return outcomes(loaded, f"replays:\n{case}")["case"]


def test_a_case_that_expects_what_comes_out_passes_and_shows_everything(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path)
    expect = """{ records: 3, requests: 3, complete: true, by_status: { in_progress: 1, withdrawn: 1, completed: 1 },
      contains: [{ id: "1", score: 50, user: { name: Ann } }, { id: "2", score: null }] }"""
    case = f"  - {{ name: case, source: documented x, cassettes: [TAPE], expect: {expect} }}\n"
    assert outcomes(mapped(TEXT), f"replays:\n{case}") == {"case": [], ALL_THERE: []}


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("{ records: 4 }", "records: 3 and not 4"),
        ("{ by_status: { completed: 3 } }", "by_status: {"),
        ("{ complete: false }", "complete: True and not False"),
        ("{ requests: 9 }", "requests: 3 and not 9"),
        ("{ notes: { tolerated: 1 } }", "notes: {} and not {'tolerated': 1}"),
        ('{ contains: [{ id: "1", score: 51 }] }', "score is 50 and not 51"),
        ('{ contains: [{ id: "9" }] }', "no record has this id"),
        ('{ contains: [{ id: "1", user: { name: Bob } }] }', "user is {"),
        ('{ contains: [{ id: "1", score: null }] }', "score is 50 and not None"),
        ("{ error: refused }", "it ends with no error and not refused"),
        ("{ message: hello }", "an error is wanted, and there is none"),
    ],
)
def test_a_case_that_expects_the_wrong_thing_fails_with_what_came_and_what_was_wanted(
    mapped: Mapped, tmp_path: Path, expect: str, told: str
) -> None:
    cassette(tmp_path)
    found = faults(mapped(TEXT), expect)
    assert len(found) == 1
    assert told in found[0]


def test_a_switch_is_no_number(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses/7": [{**COURSE[0], "score": 1}]})
    assert "score is 1 and not True" in faults(mapped(TEXT), "{ contains: [{ score: true, id: '1' }] }")[0]


def test_an_error_that_is_expected_passes_and_another_fails(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses": 404})
    loaded = mapped(TEXT)
    assert faults(loaded, "{ error: missing, message: HTTP 404 }") == []
    assert "it ends with missing and not forbidden: " in faults(loaded, "{ error: forbidden }")[0]
    assert "the error does not say 'teapot': " in faults(loaded, "{ error: missing, message: teapot }")[0]
    assert "it ends with missing and not without an error: " in faults(loaded, "{ records: 0 }")[0]


def test_what_came_before_an_expected_error_is_looked_at_too(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses": 404})
    assert faults(mapped(TEXT), "{ error: missing, records: 3, requests: 1 }") == ["records: 0 and not 3"]


def test_notes_that_nobody_expected_fail_the_case_and_are_shown(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses/7/people": 403})
    loaded = mapped(TEXT)
    (fault,) = faults(loaded, "{ records: 3 }")
    assert fault.startswith("notes: {'tolerated': 1} and not {}: ")
    assert "HTTP 403" in fault
    assert faults(loaded, "{ records: 3, notes: { tolerated: 1 }, complete: true }") == []


def test_a_recording_that_is_never_asked_for_fails_the_case(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/forgotten": []})
    loaded = mapped(TEXT)
    assert faults(loaded, "{ records: 3 }") == ["recorded and never asked for: GET /forgotten"]
    assert faults(loaded, "{ records: 1 }", ", limit: 1") == []


def test_a_case_may_want_only_what_changed_since_a_time(mapped: Mapped, tmp_path: Path) -> None:
    changed = [{"id": 1, "at": "2026-01-01T00:00:00Z"}, {"id": 2, "at": "2026-01-03T00:00:00Z"}]
    cassette(tmp_path, answers={"/courses/7": changed})
    loaded = mapped(TEXT.replace("    score:", "    updated_at: enrollment.at\n    score:"))
    assert faults(loaded, "{ records: 1, contains: [{ id: '2' }] }", ", since: 2026-01-02") == []


def test_a_request_that_was_not_recorded_fails_the_case(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses": [{"id": 8}]})
    (fault,) = faults(mapped(TEXT), "{ records: 3 }")
    assert "is not in the cassette" in fault


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (", resource: users", "acme has no users"),
        (", connection: { ulr: x }", "`ulr` is not a connection field"),
        (", filters: [nope=1]", "nope"),
        (", since: yesterday", "'yesterday' is not an RFC 3339 time"),
    ],
)
def test_a_case_that_cannot_be_run_fails_with_the_reason(mapped: Mapped, tmp_path: Path, more: str, told: str) -> None:
    cassette(tmp_path)
    (fault,) = faults(mapped(TEXT), "{ records: 3 }", more)
    assert told in fault


def test_a_cassette_that_is_not_there_fails_the_case(mapped: Mapped) -> None:
    assert "there is no cassette" in faults(mapped(TEXT), "{ records: 3 }")[0]


def test_examples_show_single_records_without_http(mapped: Mapped) -> None:
    tests = """examples:
  - name: good
    source: documented x
    given: { enrollment: { id: 1, state: on, score: 5 }, person: { name: Ann } }
    expect: { id: "1", user: { name: Ann }, score: 5, status: in_progress, completed_at: null }
  - name: wrong
    source: documented x
    given: { enrollment: { id: 1 } }
    expect: { score: 7, status: unknown }
  - name: no record
    source: documented x
    given: { enrollment: { score: 7 } }
    expect: { score: 7 }
  - { name: no resource, source: documented x, resource: users, given: {}, expect: { id: x } }
"""
    found = outcomes(mapped(TEXT), tests)
    assert found["good"] == []
    assert found["wrong"] == ["score is None and not 7"]
    assert "id" in found["no record"][0]
    assert found["no resource"] == ["the mapping gives no users"]


def test_what_no_case_shows_is_told_at_its_place_unless_it_is_allowed(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path, answers={"/courses/7": [{"id": 1, "user": 99, "state": "on"}]})
    case = "  - { name: case, source: documented x, cassettes: [TAPE], expect: { records: 1 } }\n"
    loaded = mapped(TEXT)
    told = outcomes(loaded, f"replays:\n{case}")[ALL_THERE]
    assert [fault.partition(": ")[2] for fault in told] == [
        "course_enrollments.fields.user.name has a value in no case",
        "course_enrollments.fields.score has a value in no case",
        "course_enrollments.fields.urls.course has a value in no case",
        "course_enrollments.fields.custom_fields.note has a value in no case",
        "course_enrollments.status.when.completed holds in no case",
        "course_enrollments.join.person finds something in no case",
        "course_enrollments.status.words.off is seen in no case",
    ]
    lines = loaded.path.read_text().splitlines()
    for fault in told:
        line, column = map(int, fault.partition(": ")[0].rsplit(":", 2)[1:])
        assert lines[line - 1][column - 1 :].startswith(
            ("user.name", "score", "urls.course", "custom_fields.note", "completed", "off", "person")
        )
    allow = """allow:
  course_enrollments.fields.user.name: r
  course_enrollments.fields.score: r
  course_enrollments.fields.urls.course: r
  course_enrollments.fields.custom_fields.note: r
  course_enrollments.status.when.completed: r
  course_enrollments.status.words.off: r
  course_enrollments.join.person: r
"""
    assert outcomes(loaded, f"replays:\n{case}{allow}")[ALL_THERE] == []


def test_what_is_allowed_without_need_is_told(mapped: Mapped, tmp_path: Path) -> None:
    cassette(tmp_path)
    case = "  - { name: case, source: documented x, cassettes: [TAPE], expect: { records: 3 } }\n"
    allow = "allow: { course_enrollments.fields.score: r, course_enrollments.fields.scroe: r }\n"
    assert outcomes(mapped(TEXT), f"replays:\n{case}{allow}")[ALL_THERE] == [
        f"allow: `course_enrollments.fields.{name}` is shown by a case, or is nothing of the mapping; leave it out"
        for name in ("score", "scroe")
    ]


def test_an_example_whose_record_has_a_note_fails_unless_it_expects_it(mapped: Mapped) -> None:
    tests = """examples:
  - name: silent
    source: documented x
    given: { enrollment: { id: 1, url: /1 } }
    expect: { id: "1" }
  - name: told
    source: documented x
    given: { enrollment: { id: 1, url: /1 } }
    expect: { id: "1" }
    notes: { field_failed: 1 }
"""
    found = outcomes(mapped(TEXT), tests)
    assert "urls.course: left out: '/1' is not a full address" in found["silent"][0]
    assert found["told"] == []


def test_everything_wrong_with_a_test_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "acme.test.yaml"
    path.write_text(
        """replays:
  - { name: a, source: guessed, cassettes: [x], expect: {} }
  - { name: b, source: live, casettes: [x], expect: { recrds: 1 } }
"""
    )
    with pytest.raises(MappingError) as caught:
        read_tests(path)
    told = str(caught.value)
    assert "acme.test.yaml:2:24: replays.0.source: " in told
    assert "write `live …`, `recorded <date, product version>` or `documented <where>`" in told
    assert "`casettes` is not a key here; did you mean `cassettes`?" in told
    assert "`recrds` is not a key here; did you mean `records`?" in told
