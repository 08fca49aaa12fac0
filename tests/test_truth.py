"""What counts as true, as in https://docs.jsonata.org/boolean-functions#boolean."""

from typing import Any

import pytest

from engine.jsonata import truth


@pytest.mark.parametrize("value", [True, 1, -0.5, "false", " ", {"a": 0}, [0, 1], [[False], ["x"]]])
def test_these_are_true(value: Any) -> None:
    assert truth(value)


@pytest.mark.parametrize("value", [None, False, 0, 0.0, "", {}, [], [0], [[]], [0, "", None, {}]])
def test_these_are_not(value: Any) -> None:
    assert not truth(value)
