"""Cursors: sealed, and good for what they were made for and for nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.filters import Filter
from engine.service.cursors import Bound, Cursor, Cursors
from engine.service.failures import Failure
from engine.store import KeyRing

RING = KeyRing.generate()
CURSORS = Cursors(RING)
NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
POSITION: dict[str, Any] = {"provider": "acme", "resource": "users", "at": [[{"page": 3}, 7]]}
BOUND = Bound("a1", "users", "v1", (Filter("status", "in", ("active", "invited")),), {"x": "1"})
TEXT = CURSORS.seal(Cursor(POSITION, NOW), BOUND)


def refused(text: str, bound: Bound = BOUND) -> str:
    with pytest.raises(Failure) as caught:
        CURSORS.open(text, bound)
    assert caught.value.status == 400
    return str(caught.value)


def test_what_is_sealed_comes_back_also_in_another_process_with_the_same_keys() -> None:
    assert CURSORS.open(TEXT, BOUND) == Cursor(POSITION, NOW)
    assert Cursors(KeyRing.parse(RING.text)).open(TEXT, BOUND) == Cursor(POSITION, NOW)


def test_a_cursor_can_stand_in_an_address_and_shows_nothing_of_what_it_holds() -> None:
    assert all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in TEXT)
    assert "acme" not in TEXT


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"account": "b2"}, "this cursor is of another account"),
        ({"resource": "courses"}, "this cursor is of another resource"),
        ({"filters": ()}, "this cursor is of other filters"),
        ({"remote_query": {}}, "this cursor is of other filters"),
        ({"version": "v2"}, "the mapping of the account has changed since; start again without next_cursor"),
        ({"version": "v2", "account": "b2"}, "this cursor is of another account"),
    ],
)
def test_a_cursor_of_something_else_is_refused_with_the_reason(changed: dict[str, Any], message: str) -> None:
    assert message in refused(TEXT, replace(BOUND, **changed))


def test_the_order_in_which_filters_and_values_are_written_does_not_matter() -> None:
    one = (Filter("status", "in", ("a", "b")), Filter("id", "eq", ("1",)))
    two = (Filter("id", "eq", ("1",)), Filter("status", "in", ("b", "a")))
    text = CURSORS.seal(Cursor(POSITION, NOW), replace(BOUND, filters=one))
    assert CURSORS.open(text, replace(BOUND, filters=two)).position == POSITION


def test_a_cursor_sealed_with_other_keys_or_for_something_else_is_none() -> None:
    assert "no cursor of this service" in refused(Cursors(KeyRing.generate()).seal(Cursor(POSITION, NOW), BOUND))
    assert "no cursor of this service" in refused(RING.seal("token", b"{}"))


@given(st.text(max_size=300))
def test_any_other_text_is_refused(text: str) -> None:
    assert "no cursor of this service" in refused(text)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("Aa0-_."))
def test_a_cursor_that_was_changed_anywhere_is_refused(at: int, letter: str) -> None:
    changed = TEXT[:at] + letter + TEXT[at + 1 :]
    if changed != TEXT:
        assert "no cursor of this service" in refused(changed)


def test_a_position_too_long_for_an_address_is_told_when_it_is_made() -> None:
    long = {**POSITION, "at": [[{"url": b"".join(blake2b(bytes([n])).digest() for n in range(100)).hex()}, 0]]}
    with pytest.raises(Failure, match="too long for an address") as caught:
        CURSORS.seal(Cursor(long, NOW), BOUND)
    assert caught.value.status == 502
