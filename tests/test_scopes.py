"""Which names are visible where, and what is never used; references that lead nowhere are in tests/broken, too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lms import HEAD

from engine.errors import MappingError
from engine.loading import LoadedMapping
from engine.outline import Outline
from engine.positions import Path as PathInFile
from engine.positions import read_yaml
from engine.scopes import check
from engine.scopes.visible import visible

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD.replace("  url:", "  token: { title: Token, secret: true }\n  url:")
    + """
fetch:
  schools: { get: /schools }
  courses: { for: school in schools, get: "/{school.id}", pages: { page: { size: 5, param: p, until: short } } }
  people:
    for: course in courses
    join: { owner: { in: users, id: course.owner }, boss: { in: users, id: owner.boss } }
    get: "/{course.id}"
    pages: { offset: { size: 5, param: o, until: short } }
  users: { get: /users }
  tests: { for: person in people, items: person.tests }
  marks: { for: test in tests, get: "/{test.id}" }
course_enrollments:
  for: person in people
  join:
    mark: { in: marks, id: person.mark, key: item.key }
    other: { in: people, id: person.other, key: item.key }
    user: { in: users, id: other.user, key: item.key }
  fields: { id: person.id }
"""
)
GLOBALS = ["connection", "run", "filter"]


@pytest.fixture
def outline(tmp_path: Path) -> Outline:
    file = tmp_path / "acme.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return Outline(read_yaml(file))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (("http", "errors", 0, "when"), ["status", "headers", "body", "text"]),
        (("fetch", "people", "errors", 0, "message"), ["status", "headers", "body", "text"]),
        (("http", "base_url"), GLOBALS),
        (("http", "check", "query", "a"), GLOBALS),
        (("fetch", "schools", "where"), ["item", *GLOBALS]),
        (("fetch", "courses", "when"), ["school", *GLOBALS]),
        (("fetch", "people", "where"), ["school", "course", "owner", "boss", "item", *GLOBALS]),
        (("fetch", "people", "once"), ["school", "course", "owner", "boss", *GLOBALS]),
        (("fetch", "people", "join", "owner", "id"), ["school", "course", *GLOBALS]),
        (("fetch", "people", "join", "boss", "id"), ["school", "course", "owner", *GLOBALS]),
        (("fetch", "people", "join", "boss", "key"), ["item", *GLOBALS]),
        (("fetch", "tests", "items"), ["school", "course", "person", *GLOBALS]),
        (("course_enrollments", "fields", "id"), ["school", "course", "person", "mark", "other", "user", *GLOBALS]),
        (("course_enrollments", "status", "when", "failed"),
         ["school", "course", "person", "mark", "other", "user", *GLOBALS]),
        (("course_enrollments", "where"), ["school", "course", "person", "mark", "other", "user", *GLOBALS]),
        (("course_enrollments", "join", "other", "id"), ["school", "course", "person", "mark", *GLOBALS]),
        (("course_enrollments", "join", "mark", "key"), ["item", "school", "course", "person", *GLOBALS]),
        (("course_enrollments", "join", "other", "key"), ["item", "school", "course", *GLOBALS]),
        (("course_enrollments", "join", "user", "key"), ["item", *GLOBALS]),
    ],
)  # fmt: skip
def test_an_expression_sees_its_parents_and_joins(outline: Outline, path: PathInFile, names: list[str]) -> None:
    scope = visible(outline, path)
    assert scope is not None
    assert list(scope.names) == names
    assert scope.whole


@pytest.mark.parametrize(
    "path",
    [("http", "pages", "next_url"), ("fetch", "people", "pages", "offset", "total"), ("fetch", "people", "items")],
)
def test_expressions_over_an_answer_may_read_any_name(outline: Outline, path: PathInFile) -> None:
    assert visible(outline, path) is None


@pytest.mark.parametrize(
    ("fetch", "parts"), [("courses", ("number", "size")), ("people", ("offset", "size")), ("users", None)]
)
def test_holes_see_the_page_where_pages_are_counted_and_expressions_never_do(
    outline: Outline, fetch: str, parts: tuple[str, ...] | None
) -> None:
    seen = visible(outline, ("fetch", fetch, "get"), hole=True)
    assert seen is not None
    assert seen.parts.get("page") == parts
    assert ("page" in seen.names) == (parts is not None)
    expression = visible(outline, ("fetch", fetch, "when"))
    assert expression is not None
    assert "page" not in expression.names


def test_what_the_engine_gives_has_known_parts(outline: Outline) -> None:
    scope = visible(outline, ("course_enrollments", "fields", "id"))
    assert scope is not None
    assert scope.parts["connection"] == ("token", "url")
    assert scope.parts["run"] == ("now", "since")
    assert {"user.id", "course.id", "status", "updated_at"} <= set(scope.parts["filter"])


def problems(mapped: Mapped, *changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    try:
        mapped(text)
    except MappingError as error:
        return [f"{problem.path}: {problem.what}" for problem in error.problems]
    return []


def test_everything_that_is_there_may_be_read(mapped: Mapped) -> None:
    fields = """{ id: person.id, course.id: '$.course.id & $$.school.id', custom_fields.url: connection.url,
      custom_fields.all: '$', custom_fields.now: run.now, custom_fields.f: filter.course,
      custom_fields.g: filter.user.id,
      custom_fields.text: '"connection.token"', custom_fields.deep: connection.url.nothing }"""
    assert problems(mapped, ("fields: { id: person.id }", f"fields: {fields}")) == []


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("connection.token", "`connection.token` is a secret, and expressions do not see secrets"),
        ("connection.`token`", "`connection.token` is a secret, and expressions do not see secrets"),
        ("$.connection . token", "`connection.token` is a secret, and expressions do not see secrets"),
        ("person[id = $$.connection.token]", "`connection.token` is a secret, and expressions do not see secrets"),
        ("connection.tokn", "`connection` has no `tokn`"),
        ("run.today", "`run` has no `today`"),
        ("filter.nobody", "`filter` has no `nobody`"),
        ("item.id", "there is no `item` here"),
        ("page.number", "there is no `page` here"),
        ("test.id", "there is no `test` here"),
        ("tests.id", "there is no `tests` here"),
        ("$map(person, function($v){ $v.id & pupil.id })", "there is no `pupil` here"),
    ],
)
def test_what_is_not_there_is_told(mapped: Mapped, expression: str, what: str) -> None:
    (told,) = problems(mapped, ("fields: { id: person.id }", f"fields: {{ id: '{expression}' }}"))
    assert told.startswith(f"course_enrollments.fields.id: {what}")


def test_names_below_a_loop_that_is_wrong_are_not_told_as_wrong_too(mapped: Mapped) -> None:
    told = problems(
        mapped, ("for: school in schools", "for: school in schoools"), ("{school.id}", "{school.id}{run.x}")
    )
    assert told == ["fetch.courses.for: there is no fetch `schoools`", "fetch.courses.get: `run` has no `x`"]


def test_a_circle_is_told_once_however_long(mapped: Mapped) -> None:
    told = problems(mapped, ("schools: { get: /schools }", "schools: { for: mark in marks, get: /schools }"))
    way = "schools → marks → tests → people → courses → schools"
    assert told == [f"fetch.schools: it needs itself: {way}"]


def test_a_circle_through_a_join_is_told(mapped: Mapped) -> None:
    told = problems(mapped, ("users: { get: /users }", "users: { for: person in people, get: /users }"))
    assert told == ["fetch.people: it needs itself: people → users → people"]


def test_an_item_has_one_name(mapped: Mapped) -> None:
    told = problems(mapped, ("course_enrollments:\n  for: person", "course_enrollments:\n  for: pupil"))
    first = "an item of `people` is called `pupil` here and `person` in fetch.tests.for"
    assert told[0] == f"course_enrollments.for: {first}"


def test_what_is_never_used_is_warned_of_at_its_place(mapped: Mapped) -> None:
    text = (
        HEAD.replace("  url:", "  spare: { title: Spare, required: false }\n  url:")
        + """
fetch:
  courses: { get: /courses }
  people: { get: /people }
  forgotten: { get: /forgotten }
courses:
  for: course in courses
  join: { person: { in: people, id: course.owner } }
  fields: { id: course.id }
"""
    )
    told = [str(warning).rpartition("acme.yaml")[2] for warning in mapped(text).warnings]
    assert told == [
        ":5:3: connection.spare: is never used; leave it out",
        ":15:3: fetch.forgotten: is never used; leave it out",
        ":18:11: courses.join.person: is never used; leave it out",
    ]


def test_what_only_the_unused_uses_is_unused(mapped: Mapped) -> None:
    told = [warning.path for warning in mapped(TEXT).warnings]
    assert told == [
        "connection.token",
        "fetch.people.join.boss",
        "course_enrollments.join.mark",
        "course_enrollments.join.user",
    ]
    left = TEXT.replace("    mark: { in: marks, id: person.mark, key: item.key }\n", "")
    assert [warning.path for warning in mapped(left).warnings][1:3] == ["fetch.tests", "fetch.marks"]


def test_an_expression_over_everything_uses_everything(mapped: Mapped) -> None:
    text = TEXT.replace("fields: { id: person.id }", "fields: { id: person.id, custom_fields.all: '$' }")
    assert [warning.path for warning in mapped(text).warnings] == ["fetch.people.join.boss"]
    text = TEXT.replace("fields: { id: person.id }", "fields: { id: person.id, custom_fields.all: connection }")
    assert "connection.token" not in [warning.path for warning in mapped(text).warnings]


def test_a_connection_field_used_in_an_expression_only_is_used(mapped: Mapped) -> None:
    text = (
        HEAD.replace("  url:", "  site: { title: Site }\n  url:")
        + """
fetch:
  courses: { get: /courses, where: 'item.site = connection.site' }
courses:
  for: course in courses
  fields: { id: course.id }
"""
    )
    assert mapped(text).warnings == ()


def test_the_rest_of_a_wrong_file_is_checked_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text("fetch: { a: [1], b: { for: 5, get: '{x}' } }\ncourses: { fields: { id: c.id } }\nhttp: 1\n")
    assert list(check(Outline(read_yaml(file)))) == []
