"""What can be read of a mapping's file, also where parts of it are wrong."""

from pathlib import Path
from typing import Any

import pytest

from engine.mapping import Loop, Mapping
from engine.outline import Outline, walk
from engine.positions import read_yaml

TEXT = """
mapping: 7
connection: { url: { title: 5 }, token: { secret: true }, id: { secret: "yes" } }
http: { base_url: "{connection.url}", headers: { X: 5 }, pages: { page: { size: 5 } } }
fetch:
  courses: { get: "/{a", query: { a: "{run.now}", b: [1, { c: "{run.since}" }] } }
  people: { for: course in courses, get: /people, pages: { offset: {} } }
  tests: { for: person in people, items: 'person. +', join: { x: { in: courses }, y: { in: nowhere }, z: { in: [1] } } }
  marks: { for: nothing at all, get: /marks }
  rounds: { for: round in rounds, get: /rounds }
course_enrollments: { for: test in tests, fields: { id: test.id, score: 5, title: "a +" } }
courses: { fields: { id: x } }
"""


@pytest.fixture
def outline(tmp_path: Path) -> Outline:
    file = tmp_path / "acme.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return Outline(read_yaml(file))


def test_what_can_be_read_is_there_by_its_path(outline: Outline) -> None:
    assert list(outline.programs) == [("course_enrollments", "fields", "id"), ("courses", "fields", "id")]
    assert list(outline.templates) == [
        ("http", "base_url"),
        ("fetch", "courses", "query", "a"),
        ("fetch", "courses", "query", "b", 1, "c"),
        ("fetch", "people", "get"),
        ("fetch", "marks", "get"),
        ("fetch", "rounds", "get"),
    ]
    assert outline.loops[("course_enrollments", "for")] == Loop("test", "tests")
    assert ("fetch", "marks", "for") not in outline.loops


def test_what_is_declared_is_known(outline: Outline) -> None:
    assert outline.connection == {"url": False, "token": True, "id": False}
    assert outline.fetches == ("courses", "people", "tests", "marks", "rounds")
    assert outline.resources == ("course_enrollments", "courses")
    assert outline.owners[-2:] == (("course_enrollments",), ("courses",))
    assert outline.names("nothing", "there") == ()
    assert outline.names("http", "base_url") == ()


def test_a_chain_is_known_from_the_top_or_not_at_all(outline: Outline) -> None:
    assert outline.chain(("fetch", "courses")) == ()
    chain = outline.chain(("course_enrollments",))
    assert chain == (Loop("course", "courses"), Loop("person", "people"), Loop("test", "tests"))
    for owner in (("fetch", "marks"), ("fetch", "rounds"), ("courses",)):
        assert outline.chain(owner) is None


def test_joins_lead_to_fetches_that_are_there(outline: Outline) -> None:
    assert [outline.joined(("fetch", "tests"), name) for name in ("x", "y", "z", "w")] == ["courses", None, None, None]
    assert list(outline.needs(("fetch", "tests"))) == ["people", "courses"]
    assert list(outline.needs(("courses",))) == []


def test_paging_is_the_fetch_s_own_or_that_of_all(outline: Outline) -> None:
    own, general = outline.paging("people"), outline.paging("courses")
    assert own is not None
    assert general is not None
    assert (own.kind, own.path) == ("offset", ("fetch", "people", "pages"))
    assert (general.kind, general.path, general.node.data) == ("page", ("http", "pages"), {"size": 5})
    assert outline.paging("tests") is None


def test_walking_leaves_out_what_the_format_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text("nothing: { a: b }\nhttp: { check: { json: { a: [1] } }, x: y }\nfetch: [1]\n", encoding="utf-8")
    found: list[Any] = [path for path, _, _ in walk(Mapping, read_yaml(file))]
    assert found == [
        (),
        ("http",),
        ("http", "check"),
        ("http", "check", "json"),
        ("http", "check", "json", "a"),
        ("http", "check", "json", "a", 0),
        ("fetch",),
        ("fetch", 0),
    ]
