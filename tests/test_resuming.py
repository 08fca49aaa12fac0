"""Positions: JSON that names what it is a position of, and is refused anywhere else."""

import json
from typing import Any

import pytest

from engine.errors import UsageError
from engine.resuming import Positions

COURSES = Positions("acme", "courses", 2)
OF = {"provider": "acme", "resource": "courses"}


def test_a_position_names_provider_and_resource_and_comes_back_from_json() -> None:
    steps = [({"page": 2}, 0), ({}, 3)]
    position = json.loads(json.dumps(COURSES.after(steps)))
    assert position == {**OF, "at": [[{"page": 2}, 0], [{}, 3]]}
    assert COURSES.steps(position) == steps


def test_nothing_follows_the_end_and_everything_follows_no_position() -> None:
    assert COURSES.after([]) == COURSES.end == {**OF, "end": True}
    assert COURSES.steps(COURSES.end) is None
    assert COURSES.steps(None) == []


@pytest.mark.parametrize("rest", [{"end": True}, {"at": [[{"page": 2}, 0]]}])
def test_a_position_of_another_resource_or_provider_is_refused_and_says_of_which(rest: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="this position is of acme users, and the run reads acme courses; use one"):
        COURSES.steps({**OF, "resource": "users", **rest})
    with pytest.raises(UsageError, match="this position is of ecma courses, and the run reads acme courses"):
        COURSES.steps({**OF, "provider": "ecma", **rest})


@pytest.mark.parametrize(
    "start",
    [
        {},
        [],
        "end",
        {"end": True},
        {"at": [[{}, 0]]},
        OF,
        {**OF, "end": False},
        {**OF, "at": []},
        {**OF, "at": [{}]},
        {**OF, "at": [[{}, -1]]},
        {**OF, "at": [[{}, "1"]]},
        {**OF, "at": [["page 2", 1]]},
        {**OF, "at": [[{}, 0], [{}, 0], [{}, 0]]},
    ],
)
def test_what_is_no_position_is_refused(start: Any) -> None:
    with pytest.raises(UsageError, match="is not a position of a run; use one that a run gave"):
        COURSES.steps(start)
