"""The texts of a recording, one by one, in whatever they are in."""

from typing import Any

import pytest

from engine.recording.walking import Leaf, Walk


def walked(value: Any, change: str = "") -> tuple[Any, list[tuple[str, str, str]]]:
    """Return a value with every text that is `change` made `CHANGED`, and each text with its key and the one above."""
    seen: list[tuple[str, str, str]] = []

    def visit(leaf: Leaf) -> str:
        if not leaf.is_key:
            seen.append((leaf.text, leaf.key, leaf.above))
        return "<CHANGED>" if leaf.text == change else leaf.text

    return Walk(visit).data(value, Leaf("", "")), seen


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ({"a": {"b": ["x", 1]}, "c": None, "d": True, "e": 1.5}, [("x", "b", "a"), ("1", "b", "a")]),
        ('{"a": "x"}', [("x", "a", "")]),
        ('{"a": ', [('{"a": ', "", "")]),
        ({"k": '[{"a": "x"}]'}, [("x", "a", "k")]),
        ("<a><b c='x'>y</b></a>", [("x", "c", "b"), ("y", "b", "a")]),
        ("<n:a>O&#39;Neil</n:a>", [("O'Neil", "a", "")]),
        ("<p>one<br>two</p>", [("one", "p", ""), ("two", "br", "p")]),
        ("<a><![CDATA[<b>x</b>]]></a>", [("x", "b", "a")]),
        ("<!-- x --><?xml version='1.0'?>", [("<!-- x -->", "", ""), ("1.0", "version", "")]),
        ("5 < 6", [("5 < 6", "", "")]),
        ('<https://x.example/?page=2>; rel="next"', [('<https://x.example/?page=2>; rel="next"', "", "")]),
        ("<a>&lt;b&gt;x&lt;/b&gt;</a>", [("x", "b", "a")]),
    ],
)
def test_every_text_comes_with_its_key_and_nothing_is_changed(value: Any, seen: list[tuple[str, str, str]]) -> None:
    assert walked(value) == (value, seen)


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ({"a": ["x", "y"]}, {"a": ["<CHANGED>", "y"]}),
        ({"x": 1}, {"<CHANGED>": 1}),
        ('{"a":  "x"}', '{"a": "<CHANGED>"}'),
        ("<a b='x'>x</a>", "<a b='&lt;CHANGED&gt;'>&lt;CHANGED&gt;</a>"),
        ("<a><![CDATA[x]]></a>", "<a><![CDATA[<CHANGED>]]></a>"),
        ("<a>&lt;b&gt;x&lt;/b&gt;</a>", "<a>&lt;b&gt;&amp;lt;CHANGED&amp;gt;&lt;/b&gt;</a>"),
    ],
)
def test_a_text_is_replaced_as_it_has_to_be_written_there(value: Any, changed: Any) -> None:
    assert walked(value, "x")[0] == changed


def test_a_table_knows_the_columns_of_its_cells() -> None:
    seen: list[tuple[str, str]] = []

    def visit(leaf: Leaf) -> str:
        seen.append((leaf.text, leaf.key))
        return leaf.text.replace("x", 'a "b", c')

    assert Walk(visit).table('k,l\n1,x\n"2\n3",y,z\n', ",", "") == 'k,l\n1,"a ""b"", c"\n"2\n3",y,z\n'
    assert seen == [("1", "k"), ("x", "l"), ("2\n3", "k"), ("y", "l"), ("z", "")]
