"""What a terminal would obey is shown and not done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.escaping import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("\u2066\u2069\u200e\u200f\u061c", r"\u2066\u2069\u200e\u200f\u061c"),
        ("\x1b[31mred\x07\x9b2J\x7f", r"\x1b[31mred\x07\x9b2J\x7f"),
        ("one\r\ntwo\tthree\u2028", r"one\r\ntwo\tthree\u2028"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("half \ud83d", r"half \ud83d"),
    ],
)
def test_controls_and_directions_are_shown(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "text", ["", "Åsa Öström", "محمد العربي", "שרה כהן", "مح\u200cمد", "👩\u200d🏫", "日本語", "a\\b"]
)
def test_names_are_as_they_are_written(text: str) -> None:
    assert escaped(text) == text


@given(st.text(st.characters()))
def test_whatever_the_text_it_is_one_line_that_can_be_written(text: str) -> None:
    assert len(escaped(text).encode().decode().splitlines()) <= 1
