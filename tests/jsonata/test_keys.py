"""The keys of objects that can come out of an expression."""

import pytest

from engine import jsonata


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": x, "b": {"c": y}}', [("a", 1), ("b", 9)]),
        ('[{"a": x}, y]', [("a", 2)]),
        ('x.{"a": y}', [("a", 3)]),
        ('x{"a": y}', [("a", 2)]),
        ('x ? {"a": 1} : {"b": 2}', [("a", 5), ("b", 16)]),
        ('x ?? {"a": 1}', [("a", 6)]),
        ('( $y := {"n": 1}; {"a": $y} )', [("a", 19)]),
        ('$map(x, function($v) { {"a": $v} })', [("a", 24)]),
        ('$append({"a": 1}, [{"b": 2}])', [("a", 9), ("b", 20)]),
        ('$sum({"a": 1}.a)', []),
        ("{x: y}", []),
        ("x.y", []),
    ],
)
def test_keys_are_those_of_what_can_come_out(text: str, keys: list[tuple[str, int]]) -> None:
    assert list(jsonata.compile(text).keys) == keys
