"""A gallery of wrong mappings, each with the exact message it must give.

`ROLLBOOK_REWRITE=1 pytest tests/test_broken.py` writes the messages anew; read the difference before it is committed.
"""

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import MappingError
from engine.loading import load
from engine.positions import read_yaml

BROKEN = Path(__file__).parent / "broken"


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_wrong_mapping_is_told_exactly_what_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(MappingError) as caught:
        load(path)
    assert all(problem.what and problem.do for problem in caught.value.problems)
    told = str(caught.value) + "\n"
    expected = path.with_suffix(".txt")
    if os.environ.get("ROLLBOOK_REWRITE"):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")


def test_the_gallery_is_large_and_has_no_orphans() -> None:
    assert len(list(BROKEN.glob("*.yaml"))) >= 35
    assert {path.stem for path in BROKEN.glob("*.txt")} == {path.stem for path in BROKEN.glob("*.yaml")}


# -- whatever is done to a mapping, its problems are told ------------------------------------------------------------

#: A mapping with one of everything.
RIGHT = """\
mapping: 1
provider: { id: acme, name: Acme, gaps: [Nothing is known of tests.] }
connection:
  url: { title: Address, format: url, default: "https://acme.example" }
  token: { title: Token, secret: true }
http:
  base_url: "{connection.url}"
  auth: { oauth2: { token_url: /t, grant: client_credentials, client_id: x, client_secret: "{connection.token}" } }
  pages: { page: { size: 100, param: page, more: more } }
  limits: { rates: [{ requests: 5, per: second }] }
  errors: [{ when: 'status = 400', is: failed, message: body.error }]
  check: { get: /me }
values: { times: { zone: Europe/Rome, none: [0] }, booleans: { "1": true } }
fetch:
  courses: { get: /courses, items: data, pages: { offset: { size: 5, until: short } }, query: { o: "{page.offset}" } }
  people: { for: course in courses, post: /people, json: { course: ["{course.id}"] }, tolerate: [forbidden] }
  tests: { for: person in people, items: person.tests, when: person.done, once: person.id, where: item.open }
course_enrollments:
  for: person in people
  join: { test: { in: tests, id: person.test, key: item.key, all: true } }
  where: person.learner
  fields: { id: person.id, course.id: course.id, custom_fields.tests: '$count(test)' }
  status: { when: { completed: person.done }, from: person.state, words: { a: enrolled }, otherwise: unknown }
courses:
  for: course in courses
  fields: { id: course.id }
  words: { level: { from: course.level, words: { easy: beginner } } }
"""

TEXTS = ["", "x", "a.b", "{x}", "{", "a in b", "course in people", "connection.token", "page", "$", "item"]
VALUES = st.sampled_from([None, True, 0, 1.5, *TEXTS]) | st.builds(
    deepcopy, st.sampled_from([[], {}, ["x"], [None], {"x": "y"}, {"for": "x in y"}, {"get": "/", "items": "x"}])
)
KEYS = st.sampled_from(["x", "for", "in", "status", "id", "get", "when", "1", "a-b", "pages", "none"])


def containers(data: Any) -> Iterator[Any]:
    """Yield everything in a mapping that holds something."""
    if isinstance(data, dict | list) and data:
        yield data
        for part in data.values() if isinstance(data, dict) else data:
            yield from containers(part)


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_done_to_a_mapping_is_told_at_its_places(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "acme.yaml"
    file.write_text(RIGHT, encoding="utf-8")
    changed = deepcopy(read_yaml(file).data)
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from(list(containers(changed))))
        place = data.draw(st.sampled_from(list(holder if isinstance(holder, dict) else range(len(holder)))))
        if data.draw(st.booleans()) and isinstance(holder, dict):
            holder[data.draw(KEYS)] = holder.pop(place)
        else:
            holder[place] = data.draw(VALUES)
    file.write_text(json.dumps(changed, indent=1), encoding="utf-8")
    try:
        load(file)
    except MappingError as error:
        lines = file.read_text().split("\n")
        for problem in error.problems:
            assert problem.what
            assert problem.do
            assert 0 < problem.place.column <= len(lines[problem.place.line - 1]) + 1


def test_the_mapping_to_be_changed_is_right(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(RIGHT, encoding="utf-8")
    assert load(file).warnings == ()
