"""What one customer has different; whole loads with overrides are in test_loading."""

from pathlib import Path

import pytest

from engine.overrides import merge
from engine.positions import Node, read_yaml

TEXT = """\
fetch: { courses: { get: /courses } }
courses: { for: course in courses, fields: { id: course.id }, status: { from: course.state } }
mapping: 1
"""


def node(tmp_path: Path, text: str, name: str) -> Node:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, name)


@pytest.mark.parametrize(
    ("text", "path", "data"),
    [
        ("courses: { fields: { id: x } }", ("courses", "fields", "id"), "x"),
        ("courses: { fields: { title: x } }", ("courses", "fields", "title"), "x"),
        ("courses: { status: { words: { a: draft } } }", ("courses", "status", "words", "a"), "draft"),
        ("courses: { status: { when: { draft: x } } }", ("courses", "status", "when", "draft"), "x"),
        (
            "courses: { words: { level: { words: { a: mixed } } } }",
            ("courses", "words", "level", "words", "a"),
            "mixed",
        ),
        ("fetch: { courses: { query: { a: [1, 2] } } }", ("fetch", "courses", "query", "a"), [1, 2]),
    ],
)
def test_single_keys_are_replaced_or_added_with_their_places(
    tmp_path: Path, text: str, path: tuple[str, ...], data: object
) -> None:
    mapping, override = node(tmp_path, TEXT, "a"), node(tmp_path, text, "b")
    assert merge(mapping, override) == []
    found = mapping.data
    for step in path:
        found = found[step]
    assert found == data == mapping.at(*path).data
    assert mapping.place_of(*path) == override.place_of(*path)
    assert mapping.place_of(*path, key=True).file == "b"
    assert mapping.place_of("courses", "for").file == "a"


def test_an_override_is_not_changed_by_a_later_one(tmp_path: Path) -> None:
    mapping = node(tmp_path, TEXT, "a")
    first = node(tmp_path, "courses: { fields: { title: x } }", "b")
    merge(mapping, first)
    merge(mapping, node(tmp_path, "courses: { fields: { title: y } }", "c"))
    assert mapping.data["courses"]["fields"]["title"] == "y"
    assert first.data["courses"]["fields"]["title"] == "x"


ONLY = "an override changes fields, status words and evidence, other words, and the query of a fetch; leave it out"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[a]", "b:1:1: this must be a mapping; write `key: value`"),
        ("courses: { fields: x }", "b:1:20: courses.fields: this must be a mapping; write `key: value`"),
        ("courses: { for: a in b }", f"b:1:12: courses.for: {ONLY}"),
        ("courses: { status: { from: x } }", f"b:1:22: courses.status.from: {ONLY}"),
        ("courses: { words: { level: { from: x } } }", f"b:1:30: courses.words.level.from: {ONLY}"),
        ("coursse: {}", f"b:1:1: coursse: {ONLY}"),
        ("users: { fields: {} }", "b:1:1: users: the mapping has no `users`; there are `fetch`, `courses`"),
        ("fetch: { coures: {} }", "b:1:10: fetch.coures: the mapping has no `coures`; did you mean `courses`?"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str, what: str) -> None:
    (problem,) = merge(node(tmp_path, TEXT, "a"), node(tmp_path, text, "b"))
    assert str(problem) == what
