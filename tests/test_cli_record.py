"""`rollbook record` as its users run it, against a real server."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lms import Lms, school
from serving import serving

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
SECRET = "hush-hush-s3cret"
MAPPING = """
mapping: 1
provider: { id: acme, name: Acme }
connection: { url: { title: Address, format: url }, key: { title: Key, secret: true } }
http:
  base_url: "{connection.url}"
  auth: { query: { key: "{connection.key}" } }
  check: { get: /courses }
fetch:
  courses: { get: /courses, items: items }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
  people: { for: course in courses, get: "/courses/{course.id}/people", items: items }
course_enrollments:
  for: enrollment in enrollments
  join: { person: { in: people, id: enrollment.user_id } }
  fields: { id: enrollment.id, user.emails: person.email, score: enrollment.points }
  status: { from: enrollment.state, words: { on: in_progress } }
"""
OWN = """# mine
examples: # kept
  - name: one
    source: documented https://acme.example
    given: { enrollment: { id: 1, state: "on", points: 2 } }
    expect: { id: "1" }
"""


def rollbook(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROLLBOOK, *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "acme.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "acme.test.yaml").write_text(OWN, encoding="utf-8")
    return folder / "acme.yaml"


@pytest.fixture
def address() -> Iterator[str]:
    lists = school([1, 2])
    for course in (1, 2):
        for person in lists[f"/courses/{course}/people"]:
            person["email"] = f"ada{person['id']}@university.edu"
    with serving(Lms(lists)) as address:
        yield address


def test_a_run_is_recorded_and_its_case_passes(acme: Path, address: str) -> None:
    given = ["--set", f"url={address}", "--set", f"key={SECRET}"]
    done = rollbook("record", str(acme), "school", *given)
    assert (done.returncode, done.stderr) == (0, "")
    cassette = acme.parent.parent / "cassettes" / "acme" / "school.yaml"
    assert f"{cassette}: 5 exchanges, 6 records" in done.stdout
    text = cassette.read_text(encoding="utf-8")
    for real in (SECRET, "university", "127.0.0.1", address.rpartition(":")[2]):
        assert real not in text
    tests = acme.with_name("acme.test.yaml").read_text(encoding="utf-8")
    assert tests.startswith(OWN)
    tested = rollbook("test", str(acme))
    assert (tested.returncode, tested.stderr) == (0, "3 passed, 0 failed\n"), tested.stdout
    assert "acme: school: passed" in tested.stdout
    again = rollbook("record", str(acme), "school", *given)
    assert again.returncode == 2
    assert "is there already; give another name, or --force" in again.stderr
    forced = rollbook("record", str(acme), "school", "--force", "--limit", "2", *given)
    assert forced.returncode == 0, forced.stderr
    other = rollbook("record", str(acme), "courses_1", *given)
    assert other.returncode == 0, other.stderr
    assert rollbook("test", str(acme)).stderr == "4 passed, 0 failed\n"
    assert acme.with_name("acme.test.yaml").read_text(encoding="utf-8").startswith(OWN)


def test_what_no_case_shows_yet_is_told(acme: Path, address: str) -> None:
    acme.with_name("acme.test.yaml").unlink()
    done = rollbook("record", str(acme), "school", "--set", f"url={address}", "--set", f"key={SECRET}")
    assert done.returncode == 0
    assert "what no case shows yet, and `rollbook test` asks for:" in done.stderr
    assert "course_enrollments.fields.score has a value in no case" in done.stderr


def test_a_refusal_says_where_and_writes_nothing(acme: Path, address: str) -> None:
    text = acme.read_text(encoding="utf-8").replace(
        "get: /courses, items", "get: /courses, query: { a: me@corp.com }, items"
    )
    acme.write_text(text, encoding="utf-8")
    done = rollbook("record", str(acme), "school", "--set", f"url={address}", "--set", f"key={SECRET}")
    assert done.returncode == 1
    assert "nothing is written" in done.stderr
    assert "exchange 1.request.query.a: an e-mail address of a domain that may be somebody's" in done.stderr
    assert acme.with_name("acme.test.yaml").read_text(encoding="utf-8") == OWN
    assert not (acme.parent.parent / "cassettes").exists()


def test_an_error_of_the_provider_writes_nothing(acme: Path) -> None:
    with serving(Lms({})) as address:
        done = rollbook("record", str(acme), "school", "--set", f"url={address}", "--set", f"key={SECRET}")
    assert done.returncode == 1
    assert "404" in done.stderr
    assert not (acme.parent.parent / "cassettes").exists()


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a b"])
def test_a_name_that_is_no_name_of_a_file_is_refused(acme: Path, name: str) -> None:
    done = rollbook("record", str(acme), name, "--set", "url=http://127.0.0.1:9", "--set", f"key={SECRET}")
    assert done.returncode == 2
    assert "cannot be the name of a cassette" in done.stderr


CASSETTE = """source: documented https://acme.example
connection: { url: https://acme.example, key: made-up-key }
exchanges:
  - { request: { url: /courses, query: { key: REDACTED } }, response: { json: { items: [{ id: 1 }] } } }
  - request: { url: /courses/1/enrollments, query: { key: REDACTED } }
    response: { json: { items: [{ id: 7, state: "on" }] } }
  - { request: { url: /courses/1/people, query: { key: REDACTED } }, response: { json: { items: [] } } }
"""


def by_hand(acme: Path, name: str, text: str) -> None:
    folder = acme.parent.parent / "cassettes" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_case_is_filled_in_from_a_cassette_written_by_hand_which_stays_as_it_is(acme: Path) -> None:
    by_hand(acme, "one", CASSETTE)
    done = rollbook("record", str(acme), "one course, by the page", "--replay", "acme/one.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("the case 'one course, by the page'; read it, for it expects whatever came out\n")
    assert "user.emails has a value in no case" in done.stderr
    text = acme.with_name("acme.test.yaml").read_text(encoding="utf-8")
    assert text.startswith(OWN)
    for line in ("source: documented https://acme.example", "cassettes: [acme/one.yaml]", "records: 1", "requests: 3"):
        assert line in text
    assert (acme.parent.parent / "cassettes" / "acme" / "one.yaml").read_text(encoding="utf-8") == CASSETTE
    assert "acme: one course, by the page: passed" in rollbook("test", str(acme)).stdout
    again = rollbook("record", str(acme), "one course, by the page", "--replay", "acme/one.yaml")
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    forced = rollbook("record", str(acme), "one course, by the page", "--replay", "acme/one.yaml", "--force")
    assert forced.returncode == 0
    assert acme.with_name("acme.test.yaml").read_text(encoding="utf-8") == text


def test_an_error_of_the_provider_is_what_its_case_expects(acme: Path) -> None:
    asked = "{ url: /courses, query: { key: REDACTED } }"
    exchange = f"{{ request: {asked}, response: {{ status: 401, json: {{ error: no }} }} }}"
    refused = f"exchanges:\n  - {exchange}\n"
    by_hand(acme, "refused", CASSETTE.partition("exchanges:")[0] + refused)
    assert rollbook("record", str(acme), "a wrong key", "--replay", "acme/refused.yaml").returncode == 0
    assert "error: refused" in acme.with_name("acme.test.yaml").read_text(encoding="utf-8")
    assert "acme: a wrong key: passed" in rollbook("test", str(acme)).stdout


@pytest.mark.parametrize(
    ("cassette", "told"),
    [
        (CASSETTE.partition("\n")[2], "acme/one.yaml has no `source`"),
        (CASSETTE.replace("/courses,", "/curses,"), "the nearest is /curses"),
    ],
)
def test_a_cassette_that_lacks_something_writes_no_case(acme: Path, cassette: str, told: str) -> None:
    by_hand(acme, "one", cassette)
    done = rollbook("record", str(acme), "one", "--replay", "acme/one.yaml")
    assert done.returncode == 2
    assert told in done.stderr
    assert acme.with_name("acme.test.yaml").read_text(encoding="utf-8") == OWN
