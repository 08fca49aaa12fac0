"""`rollbook try` as its users run it, against a real server and offline."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
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
  limits: { rates: [{ requests: 2, per: 10 seconds }] }
fetch:
  courses: { get: /courses, items: items }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, course.title: course.title, score: enrollment.points }
  status: { from: enrollment.state, words: { off: withdrawn } }
"""


def rollbook(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROLLBOOK, *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def acme(tmp_path: Path) -> str:
    path = tmp_path / "acme.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return str(path)


@pytest.fixture
def lms() -> Lms:
    lists = school([1, 2, 3])
    lists["/courses/1/enrollments"][0].update(note="\x1b[31m red \u202e", echo=f"{SECRET} in it")
    return Lms(lists)


@pytest.fixture
def address(lms: Lms) -> Iterator[str]:
    with serving(lms) as address:
        yield address


def test_one_page_of_each_fetch_is_shown_with_all_that_can_be_said_of_it(acme: str, address: str) -> None:
    done = rollbook("try", acme, "--set", f"url={address}", "--set", f"key={SECRET}")
    assert done.returncode == 0, done.stderr
    assert f"GET {address}/courses → 200" in done.stdout
    assert "the first of 3 records" in done.stdout
    assert f"score = enrollment.points   ({acme}:15:" in done.stdout
    assert "the word 'on' is in no table and becomes unknown" in done.stdout
    assert (
        "raw paths of enrollments that nobody maps (3 items):\n  user_id: text of digits\n  note: text, in 1"
        in done.stdout
    )
    assert "courses: 1 request - one list, one page" in done.stdout
    assert "enrollments: 3 requests - 3 lists, one page each, as the one that was tried" in done.stdout
    assert "4 requests, 10 seconds under its limits" in done.stdout


def test_nothing_of_a_secret_and_nothing_that_a_terminal_obeys_is_shown(acme: str, address: str) -> None:
    done = rollbook("try", acme, "--set", f"url={address}", "--set", f"key={SECRET}")
    for text in (done.stdout, done.stderr):
        assert SECRET not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\\u001b[31m red \\u202e" in done.stdout


def test_it_is_data_with_json(acme: str, address: str) -> None:
    done = rollbook("try", acme, "--json", "--set", f"url={address}", "--set", f"key={SECRET}")
    shown = json.loads(done.stdout)
    assert (shown["records"], shown["record"]["id"], shown["raw"]["course"]["id"]) == (3, "101", 1)
    assert shown["unmapped"]["enrollments"][0] == {"path": "user_id", "kinds": ["text of digits"], "items": 3}
    assert (shown["whole_run"]["requests"], shown["whole_run"]["seconds"]) == (4, 10.0)
    assert SECRET not in done.stdout


def test_an_error_is_shown_after_what_came_before_it(acme: str, lms: Lms, address: str) -> None:
    lms.answer_once("/courses/1/enrollments", httpx2.Response(401, json={}))
    done = rollbook("try", acme, "--set", f"url={address}", "--set", "key=wrong-key-wrong")
    assert done.returncode == 1
    assert "3 items" in done.stdout
    assert "error: acme: fetch enrollments: " in done.stderr


def test_what_is_missing_is_exit_code_3_and_wrong_usage_2(acme: str, lms: Lms, address: str) -> None:
    lms.answer_once("/courses/1/enrollments", httpx2.Response(404, json={}))
    assert rollbook("try", acme, "--set", f"url={address}", "--set", "key=k-k-k-k").returncode == 3
    assert rollbook("try", acme, "--set", f"url={address}").returncode == 2
    assert rollbook("try", acme, "-r", "users", "--set", f"url={address}", "--set", "key=k-k-k-k").returncode == 2


def test_it_works_offline(tmp_path: Path) -> None:
    done = rollbook("try", "canvas", "--replay")
    assert done.returncode == 0, done.stderr
    assert "the first of 4 records" in done.stdout
    assert "at least 22 requests" in done.stdout
