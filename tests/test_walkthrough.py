"""The walk of mappings/README.md, done as it says; and the walker itself."""

import httpx2
import pytest
from serving import serving
from walk import PAGE, TOKEN, edited, fresh, guarded, school


def test_the_walk_from_nothing_to_a_tested_mapping_prints_what_the_page_shows() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == fresh(text), "run make fix, and read the difference"


def test_the_walk_shows_every_command_of_an_author() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for command in ("new acme --from", "check --watch", "try", "record", "test", "explain"):
        assert f"\n$ rollbook {command} " in text, command
    assert "acme: the cases show every field, word and join: passed\n" in text


def test_an_edit_is_made_where_its_lines_are_and_nowhere_else() -> None:
    text = "a\nb\nc\n"
    assert edited(text, "--- x\n+++ x\n-b\n+B\n+more\n-c\n+d\n") == "a\nB\nmore\nd\n"
    with pytest.raises(AssertionError, match="0 times"):
        edited(text, "-x\n+y\n")
    with pytest.raises(AssertionError, match="2 times"):
        edited("b\nb\n", "-b\n+y\n")


def test_the_lms_of_the_walk_answers_over_http_and_wants_its_token() -> None:
    with serving(guarded(school())) as address:
        told = {"Authorization": f"Bearer {TOKEN}"}
        assert "Fire & Rescue" in httpx2.get(f"{address}/api/courses?page=1&size=50", headers=told).text
        assert httpx2.get(f"{address}/api/me").status_code == 401
