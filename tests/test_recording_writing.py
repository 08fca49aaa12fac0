"""A cassette as text: whatever a text or a number is, it is read again as the same."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cassettes import read
from engine.recording.writing import cassette_text

_plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_data = st.recursive(
    _plain | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=20,
)


def again(value: Any) -> Any:
    """Write a body and read it."""
    import json

    data = {"source": "recorded x", "exchanges": [{"request": {"url": "/a"}, "response": {"json": value}}]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.yaml"
        path.write_text(cassette_text(data, "about"), encoding="utf-8")
        return json.loads(read(path).exchanges[0].body)


@given(_data)
def test_what_is_written_is_read_again(value: Any) -> None:
    found = again(value)
    assert found == value
    assert repr(found) == repr(value)


ODD = [
    *(
        "no",
        "on",
        "1e5",
        "1.0",
        "007",
        "0x1F",
        "12:30",
        "2026-01-05",
        "~",
        "null",
        "",
        " x",
        "a: b",
        "a #b",
        "- a",
        "!x",
    ),
    *("line\nbreak\r\n", "tab\t", "\u2028", "\ufeff", "\x85", "🎓", "'", '"', "&a", "*a", "%", "@", "`", "1_000", ".5"),
]


@pytest.mark.parametrize("text", ODD)
def test_texts_stay_texts(text: str) -> None:
    assert again({"a": [text], text: 1}) == {"a": [text], text: 1}
