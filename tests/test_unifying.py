"""From raw items to one record: no value that breaks a rule loses its record, and nothing is lost in silence."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lms import HEAD

from engine.errors import DiagnosticError
from engine.loading import LoadedMapping, load
from engine.records import STATUSES, Record, as_dict, as_json
from engine.report import Report
from engine.unifying import Unifier

DOCS = Path(__file__).parent.parent / "docs" / "unifying.md"
FETCH = """
fetch:
  courses: { get: /courses }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments" }
  people: { get: /people }
  items: { get: /items }
"""
Mapped = Callable[[str], LoadedMapping]
#: Makes one record of `e`; and has the report.
Unify = Callable[..., dict[str, Any] | None]


def unified(
    loaded: LoadedMapping, items: dict[str, Any], resource: str = "course_enrollments", **options: Any
) -> tuple[Record | None, Report]:
    report = Report()
    unifier = Unifier(loaded, resource, report, **options)
    return unifier.unify({"connection": {}, "run": {}, "filter": {}, **items}), report


def one(mapped: Mapped, fields: str, item: dict[str, Any], more: str = "") -> tuple[dict[str, Any], Report]:
    """Unify one item with some fields besides its id."""
    text = f"{HEAD}{FETCH}course_enrollments:\n  for: e in people\n  fields:\n    id: e.id\n"
    text += "".join(f"    {line}\n" for line in fields.splitlines()) + more
    record, report = unified(mapped(text), {"e": {"id": 1, **item}}, remote_data=False)
    assert record is not None
    data = as_dict(record)
    assert data.pop("id") == "1"
    return data, report


# -- fields ------------------------------------------------------------------------------------------------------------


def test_the_example_in_the_docs_comes_out_as_it_says(mapped: Mapped) -> None:
    blocks = re.findall(r"```(?:yaml|json)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    text, item, expected = blocks
    loaded = mapped(f"{HEAD}{text}fetch: {{ enrollments: {{ get: /enrollments }} }}\n")
    record, report = unified(loaded, {"enrollment": json.loads(item)})
    assert record is not None
    assert as_dict(record) == json.loads(expected)
    assert list(as_dict(record)) == list(json.loads(expected))
    assert report.notes == []


def test_objects_links_and_custom_fields_are_put_together_from_their_parts(mapped: Mapped) -> None:
    fields = """user.id: e.who
user.name: e.name
urls: e.links
urls.course: e.link
custom_fields.a.b: e.extra
custom_fields.c: e.none"""
    item = {"who": 7, "name": "Ada", "links": ["https://a.example"], "link": "https://b.example", "extra": {"x": None}}
    data, report = one(mapped, fields, {**item, "none": None})
    assert data == {
        "user": {"id": "7", "name": "Ada"},
        "status": "unknown",
        "urls": [{"url": "https://a.example"}, {"url": "https://b.example", "type": "course"}],
        "custom_fields": {"a.b": {"x": None}},
    }
    assert report.notes == []


def test_absent_null_and_empty_fields_are_left_out_without_a_word(mapped: Mapped) -> None:
    fields = "user.name: e.name\nscore: e.score\ndue_at: e.due\nuser.emails: e.mail\nurls.course: e.a.b"
    data, report = one(mapped, fields, {"name": "", "score": None, "mail": []})
    assert data == {"status": "unknown"}
    assert report.notes == []


def test_a_value_that_cannot_be_read_leaves_its_field_out_with_a_note(mapped: Mapped) -> None:
    data, report = one(mapped, "due_at: e.due\nscore: e.score", {"due": "soon", "score": 5})
    assert data == {"status": "unknown", "score": 5}
    (note,) = report.notes
    assert str(note).startswith("1 due_at: left out: 'soon' is not an RFC 3339 time; ")
    assert (note.kind, note.value, note.record) == ("field_failed", "soon", "1")
    assert note.place is not None
    assert (note.place.line, note.place.column) == (20, 13)


def test_an_expression_that_fails_says_where_in_the_file(mapped: Mapped) -> None:
    data, report = one(mapped, "score: 'e.a & $number(e.b)'", {"a": "1", "b": "x"})
    assert data == {"status": "unknown"}
    (note,) = report.notes
    assert note.kind == "field_failed"
    assert note.place is not None
    assert note.place.line == 20
    assert note.place.column >= 13


def test_paths_over_lists_are_what_jsonata_makes_of_them(mapped: Mapped) -> None:
    fields = "score: e.grades.value\ncustom_fields.all: e.marks.value"
    data, _ = one(mapped, fields, {"grades": [{"value": 3}], "marks": [{"value": 3}, {}, {"value": 4}]})
    assert (data["score"], data["custom_fields"]) == (3, {"all": [3, 4]})


def test_something_without_an_at_is_no_address_and_the_report_says_so(mapped: Mapped) -> None:
    data, report = one(mapped, "user.emails: e.mail", {"mail": ["nobody", "a@b.example"]})
    assert data["user"] == {"emails": [{"email": "a@b.example", "is_primary": True}]}
    assert [str(note).partition(" (")[0] for note in report.notes] == [
        "1 user.emails: left out: 'nobody' is not an e-mail address"
    ]
    assert not report.missing


def test_what_only_the_model_refuses_is_left_out_too(mapped: Mapped) -> None:
    text = f"{HEAD}{FETCH}users:\n  for: e in people\n  fields: {{ id: e.id, name: e.name, phones: e.phones }}\n"
    item = {"id": 1, "name": "Ada", "phones": [{"type": "mobile"}]}
    record, report = unified(mapped(text), {"e": item}, "users", remote_data=False)
    assert record is not None
    assert as_dict(record) == {"id": "1", "name": "Ada"}
    (note,) = report.notes
    assert str(note).startswith("1 phones: left out: not as the model has it: field required")
    assert note.value == [{"type": "mobile"}]


@pytest.mark.parametrize(("raw", "reason"), [({}, "absent"), ({"id": []}, "not an id"), ({"id": "-"}, "absent")])
def test_only_a_record_without_a_usable_id_is_set_aside(mapped: Mapped, raw: dict[str, Any], reason: str) -> None:
    text = (
        f"{HEAD}{FETCH}values: {{ none: ['-'] }}\nusers:\n  for: e in people\n  fields: {{ id: e.id, name: e.name }}\n"
    )
    record, report = unified(mapped(text), {"e": {**raw, "name": "Ada"}}, "users")
    assert record is None
    (note,) = report.notes
    assert note.kind == "set_aside"
    assert reason in note.what
    assert note.value == {"e": {**raw, "name": "Ada"}}
    assert note.place is not None
    assert note.place.line == 19


def test_an_id_whose_expression_fails_is_no_id(mapped: Mapped) -> None:
    text = f"{HEAD}{FETCH}users:\n  for: e in people\n  fields: {{ id: '$number(e.id)' }}\n"
    record, report = unified(mapped(text), {"e": {"id": "x"}}, "users")
    assert record is None
    assert report.counts == {"set_aside": 1}


def test_a_strict_run_stops_where_a_field_fails(mapped: Mapped) -> None:
    loaded = mapped(f"{HEAD}{FETCH}users:\n  for: e in people\n  fields: {{ id: e.id, created_at: e.at }}\n")
    unifier = Unifier(loaded, "users", Report(strict=True))
    with pytest.raises(DiagnosticError, match="created_at"):
        unifier.unify({"e": {"id": 1, "at": "soon"}})


# -- status and other words --------------------------------------------------------------------------------------------

STATUS = """  status:
    when:
      completed: e.done
      passed: '$number(e.grade) > 5'
    from: e.state
    words: { active: in_progress, "1": enrolled, "true": assigned, Gone Away: withdrawn }
"""


@pytest.mark.parametrize(
    ("item", "status"),
    [
        ({"state": "active"}, "in_progress"),
        ({"state": " ACTIVE "}, "in_progress"),
        ({"state": "gone away"}, "withdrawn"),
        ({"state": 1}, "enrolled"),
        ({"state": 1.0}, "enrolled"),
        ({"state": True}, "assigned"),
        ({"state": "active", "done": True}, "completed"),
        ({"state": "active", "done": [0]}, "in_progress"),
        ({"state": "active", "grade": "7"}, "passed"),
        ({"done": 1, "grade": "7"}, "completed"),
        ({}, "unknown"),
        ({"state": ""}, "unknown"),
        ({"state": "odd"}, "unknown"),
    ],
)
def test_evidence_comes_first_then_the_word(mapped: Mapped, item: dict[str, Any], status: str) -> None:
    data, _ = one(mapped, "score: e.score", item, STATUS)
    assert data["status"] == status


@pytest.mark.parametrize("word", ["active", "odd", 1, False, ["a", "b"], {"x": None}])
def test_the_providers_own_word_is_kept_as_it_was_received(mapped: Mapped, word: Any) -> None:
    data, _ = one(mapped, "custom_fields.x: e.x", {"state": word, "done": True, "x": 1}, STATUS)
    assert data["custom_fields"] == {"x": 1, "remote_status": word}


def test_a_word_in_no_table_is_reported_with_the_line_to_add(mapped: Mapped) -> None:
    data, report = one(mapped, "score: e.score", {"state": "on hold: fees"}, STATUS)
    assert data["status"] == "unknown"
    assert report.unknown_words == {"status": {"on hold: fees": 1}}
    (note,) = report.notes
    assert note.do.startswith(
        'add to `course_enrollments.status.words` the line `"on hold: fees": …` with one of assigned, enrolled'
    )
    assert note.place is not None
    assert note.place.line == 26
    assert not report.missing


def test_what_is_no_single_word_is_reported(mapped: Mapped) -> None:
    data, report = one(mapped, "score: e.score", {"state": ["a", "b"]}, STATUS)
    assert data["status"] == "unknown"
    assert report.failed_fields == {"status": 1}


def test_a_condition_that_fails_does_not_hold_and_is_reported(mapped: Mapped) -> None:
    data, report = one(mapped, "score: e.score", {"state": "active", "grade": "x"}, STATUS)
    assert data["status"] == "in_progress"
    assert report.failed_fields == {"status": 1}
    assert report.notes[0].place is not None
    assert report.notes[0].place.line == 24


def test_without_a_word_there_is_what_the_mapping_says_otherwise(mapped: Mapped) -> None:
    status = "  status: { from: e.state, words: { a: enrolled }, otherwise: assigned }\n"
    assert one(mapped, "score: e.score", {}, status)[0]["status"] == "assigned"
    assert one(mapped, "score: e.score", {"state": "odd"}, status)[0]["status"] == "unknown"


def test_a_word_that_stands_for_nothing_is_none(mapped: Mapped) -> None:
    data, report = one(mapped, "score: e.score", {"state": "-"}, STATUS + "values: { none: ['-'] }\n")
    assert data == {"status": "unknown"}
    assert report.notes == []


def test_other_resources_have_a_status_only_where_the_mapping_gives_one(mapped: Mapped) -> None:
    loaded = mapped(
        f"{HEAD}{FETCH}users:\n  for: e in people\n  fields: {{ id: e.id }}\n"
        "courses:\n  for: course in courses\n  fields: { id: course.id }\n"
        "  status: { from: course.visible, words: { 1: published } }\n"
    )
    user, _ = unified(loaded, {"e": {"id": 1}}, "users", remote_data=False)
    course, _ = unified(loaded, {"course": {"id": 1, "visible": 1}}, "courses", remote_data=False)
    assert user is not None
    assert course is not None
    assert as_dict(user) == {"id": "1"}
    assert as_dict(course) == {"id": "1", "status": "published", "custom_fields": {"remote_status": 1}}


COURSES = f"""{HEAD}{FETCH}courses:
  for: course in courses
  fields: {{ id: course.id, level: course.level }}
  words:
    type: {{ from: course.kind, words: {{ COURSE: course, plan: path }} }}
"""


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"kind": "Plan", "level": "mixed"}, {"type": "path", "level": "mixed"}),
        ({"kind": "webinar", "level": "hard"}, {"type": "other", "level": "unknown"}),
        ({"kind": None, "level": ""}, {}),
        ({"kind": [1, 2], "level": {}}, {}),
    ],
)
def test_other_words_have_tables_of_their_own(mapped: Mapped, item: dict[str, Any], expected: dict[str, str]) -> None:
    record, _ = unified(mapped(COURSES), {"course": {"id": 1, **item}}, "courses", remote_data=False)
    assert record is not None
    assert as_dict(record) == {"id": "1", **expected}


def test_a_field_that_is_no_word_is_reported_like_one_in_no_table(mapped: Mapped) -> None:
    _, report = unified(mapped(COURSES), {"course": {"id": 1, "kind": "webinar", "level": "hard"}}, "courses")
    assert report.unknown_words == {"type": {"webinar": 1}, "level": {"hard": 1}}
    assert [note.do.partition(" with ")[0] for note in report.notes] == [
        "add to `courses.words.level.words` the line `hard: …`",
        "add to `courses.words.type.words` the line `webinar: …`",
    ]


# -- raw data ----------------------------------------------------------------------------------------------------------

JOINED = f"""{HEAD}{FETCH}course_enrollments:
  for: enrollment in enrollments
  join:
    person: {{ in: people, id: enrollment.user }}
    more: {{ in: items, all: true }}
  where: enrollment.id
  fields:
    id: enrollment.id
    user.name: person.name
    custom_fields.site: connection.url
    custom_fields.count: '$count(more)'
"""


def test_raw_data_is_every_item_that_took_part_and_nothing_else(mapped: Mapped) -> None:
    enrollment, person, more = {"id": 1, "x": None}, {"name": "Ada"}, [{"a": 2**70}]
    items = {"connection": {"url": "u"}, "course": {"id": 9}, "enrollment": enrollment, "person": person, "more": more}
    record, _ = unified(mapped(JOINED), items)
    assert record is not None
    assert record.remote_data is not None
    assert list(record.remote_data) == ["enrollment", "person", "more"]
    assert record.remote_data["enrollment"] is enrollment
    assert record.remote_data["person"] is person
    assert record.remote_data["more"] is more


def test_an_item_that_was_not_found_is_not_in_the_raw_data(mapped: Mapped) -> None:
    record, _ = unified(mapped(JOINED), {"enrollment": {"id": 1}, "person": None, "more": []})
    assert record is not None
    assert record.remote_data == {"enrollment": {"id": 1}, "more": []}


def test_an_expression_that_reads_the_whole_scope_reads_every_item(mapped: Mapped) -> None:
    text = f"{HEAD}{FETCH}users:\n  for: e in people\n  fields: {{ id: e.id, name: '$keys($)[0]' }}\n"
    record, _ = unified(mapped(text), {"e": {"id": 1}, "other": {"id": 2}}, "users")
    assert record is not None
    assert record.remote_data == {"e": {"id": 1}, "other": {"id": 2}}


def test_items_that_the_mapping_computed_are_no_raw_data(mapped: Mapped) -> None:
    text = f"""{HEAD}
fetch:
  windows: {{ items: '[{{"month": 1}}, {{"month": 2}}]' }}
  parts: {{ for: window in windows, items: '[window.month]' }}
  people: {{ for: part in parts, get: "/people/{{part}}" }}
users:
  for: person in people
  fields: {{ id: person.id, custom_fields.month: window.month, custom_fields.part: part }}
"""
    record, _ = unified(mapped(text), {"window": {"month": 2}, "part": 2, "person": {"id": 1}}, "users")
    assert record is not None
    assert record.custom_fields == {"month": 2, "part": 2}
    assert record.remote_data == {"person": {"id": 1}}


# -- whatever comes ----------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**320)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["2025-01-01T00:00:00Z", "7", "", "a@b", "https://x.example", "active", "0", 0, 150]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdid") | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = [
    "id",
    "user",
    "name",
    "mail",
    "at",
    "unix",
    "part",
    "time",
    "score",
    "must",
    "tries",
    "by",
    "link",
    "any",
    "state",
]

HOSTILE = f"""{HEAD}{FETCH}values:
  booleans: {{ "1": true }}
  html: true
course_enrollments:
  for: e in people
  fields:
    id: e.id
    user.id: e.user
    user.name: e.name
    user.emails: e.mail
    enrolled_at: e.at
    due_at: '$time(e.unix, "unix")'
    progress_percent: e.part
    time_spent_seconds: e.time
    score: e.score
    is_mandatory: e.must
    attempts_count: '$number(e.tries)'
    assigned_by.name: e.by.a
    urls.course: e.link
    custom_fields.any: e.any
  status:
    when: {{ completed: e.any.done, passed: 'e.score > 5' }}
    from: e.state
    words: {{ active: in_progress }}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> LoadedMapping:
    path = tmp_path_factory.mktemp("hostile") / "acme.yaml"
    path.write_text(HOSTILE, encoding="utf-8")
    return load(path)


@given(item=st.dictionaries(st.sampled_from(KEYS), JSON, min_size=8) | JSON)
def test_whatever_comes_nothing_raises_and_nothing_is_lost_in_silence(hostile: LoadedMapping, item: Any) -> None:
    before = json.dumps(item)
    record, report = unified(hostile, {"e": item})
    assert json.dumps(item) == before
    if record is None:
        assert report.counts["set_aside"] == 1
        return
    data = json.loads(as_json(record))
    assert data["status"] in STATUSES
    assert json.dumps(data["remote_data"]) == json.dumps({"e": item})
    assert report.counts["set_aside"] == 0
    for field, key in (("enrolled_at", "at"), ("score", "score"), ("time_spent_seconds", "time")):
        sent = item.get(key)
        if sent not in (None, "", []) and not isinstance(sent, list):
            blank = isinstance(sent, str) and not sent.strip()
            assert (field in data) or report.failed_fields[field] == 1 or blank
