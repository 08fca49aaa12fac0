"""Runs without an event loop."""

import json
from collections.abc import Callable

import httpx2
import pytest
from lms import TEXT, Lms, school, sync

from engine.errors import Forbidden
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]


def test_a_synchronous_run_gives_the_same_records_and_the_position_after_each(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    run = sync(lms, mapped(TEXT))
    positions = {}
    for record in run:
        positions[record.id] = run.position
    assert list(positions) == [f"{course}0{person}" for course in (1, 2, 3) for person in (1, 2, 3)]
    assert run.position == {"provider": "acme", "resource": "course_enrollments", "end": True}
    assert list(sync(lms, mapped(TEXT), start=run.position)) == []
    rest = sync(lms, mapped(TEXT), start=json.loads(json.dumps(positions["202"])))
    assert [record.id for record in rest] == ["203", "301", "302", "303"]


def test_a_synchronous_run_can_be_left_early(mapped: Mapped) -> None:
    run = sync(Lms(school([1, 2, 3])), mapped(TEXT))
    for record in run:
        assert record.id == "101"
        break
    assert run.position is not None
    assert "end" not in run.position


def test_what_was_read_before_an_error_is_out(mapped: Mapped) -> None:
    lms = Lms(school([1, 2, 3]))
    lms.answer_once("/courses?page=2&size=2", httpx2.Response(403, text="no"))
    found: list[str] = []
    with pytest.raises(Forbidden):
        found.extend(record.id for record in sync(lms, mapped(TEXT)))
    assert found == ["101", "102", "103", "201", "202", "203"]
