"""Holes: what is still to be filled in is a problem at its place, told once."""

from pathlib import Path

import pytest

from engine.errors import MappingError
from engine.holes import unfilled
from engine.loading import load
from engine.positions import read_yaml
from engine.testing import read_tests

MAPPING = """\
mapping: 1
provider: { id: acme, name: Acme }
connection: { url: { title: Address, format: url } }
http:
  base_url: "FILL: what {all} paths begin with"
  auth: { none: true }
  check: { get: /me }
values: { times: { zone: "FILL: the zone" } }
fetch:
  enrollments: { get: /e, pages: { page: { param: p, size: "FILL: how many", until: short } } }
course_enrollments:
  for: enrollment in enrollments
  fields:
    id: 'FILL: the id; such as $$(('
    course.id: enrollment.course
  status: { from: enrollment.state, words: { on: "FILL: one of the words" } }
"""


def test_holes_are_told_with_their_place_and_what_to_write_and_nothing_else_is_said_of_them(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load(path)
    assert [(problem.place.line, problem.path, problem.do) for problem in caught.value.problems] == [
        (5, "http.base_url", "what {all} paths begin with"),
        (8, "values.times.zone", "the zone"),
        (10, "fetch.enrollments.pages.page.size", "how many"),
        (14, "course_enrollments.fields.id", "the id; such as $$(("),
        (16, "course_enrollments.status.words.on", "one of the words"),
    ]
    assert {problem.what for problem in caught.value.problems} == {"this is to be filled in"}


def test_what_is_wrong_elsewhere_is_told_beside_holes(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(MAPPING.replace("enrollment.course", "enrolment.course"), encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        load(path)
    assert "did you mean `enrollment`?" in str(caught.value)


def test_a_text_that_only_holds_the_mark_is_no_hole(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text('a: "to FILL: in"\nb: FILL\n', encoding="utf-8")
    assert not list(unfilled(read_yaml(path)))


def test_a_test_file_can_have_holes_as_well(tmp_path: Path) -> None:
    path = tmp_path / "acme.test.yaml"
    path.write_text('replays: [{ name: one, source: "FILL: documented where", cassettes: [], expect: {} }]\n')
    with pytest.raises(MappingError) as caught:
        read_tests(path)
    assert [(problem.path, problem.do) for problem in caught.value.problems] == [
        ("replays.0.source", "documented where")
    ]
