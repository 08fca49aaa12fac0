"""YAML with the place of every key, every value, and every character of every text."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import MappingError
from engine.positions import Node, read_yaml, shown
from engine.positions.characters import characters

PIECES = st.sampled_from([*"ab é😀·#:'-[{&*%|>!,", " ", "  ", "x", "''", "a b", ": ", " #", "enrollment.id"])
ESCAPES = st.sampled_from(["\\n", "\\t", "\\\\", '\\"', "\\u00e9", "\\U0001F600", "\\x41", "\\/", "\\ ", "\\\n    "])
BREAKS = st.sampled_from(["\n    ", "\n\n    ", " \n     ", "\n   \n    "])
LINES = st.lists(
    st.tuples(st.sampled_from(["", "", " ", "  ", "\t"]), st.text("ab é😀·#:'\"\\", max_size=8)), min_size=1, max_size=6
)
HEADERS = st.sampled_from(["|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|2+", "| # a comment", ">-  # one"])


def read(text: str) -> Node:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(text.encode())
        return read_yaml(path, "x.yaml")


def assert_each_character_is_where_it_says(source: str) -> None:
    """Assert that a file's text at `top.key` has all its characters in order, each where its place says.

    A character that is folded or escaped in the source is where its line break or backslash is.
    """
    try:
        node = read(source).at("top", "key")
    except MappingError:
        assume(False)
    text = node.data
    assume(isinstance(text, str))
    placed = list(characters(node.raw, node.style, text))
    assert "".join(character for character, _ in placed) == text
    lines = source.split("\n")
    places = [node.place(offset) for offset in range(len(text) + 1)]
    for character, place in zip(text, places, strict=False):
        line = lines[place.line - 1]
        if place.column > len(line) or (character in " \n" and not line[place.column - 1 :].strip()):
            assert character in " \n"  # a line break, kept or folded
        elif node.style == '"' and line[place.column - 1] == "\\":
            continue  # an escape
        else:
            assert line[place.column - 1] == character
    assert places[:-1] == sorted(set(places[:-1]))
    assert not text or places[-1] > places[-2]


@given(st.lists(st.one_of(PIECES, BREAKS), min_size=1, max_size=12).map("".join))
def test_every_character_of_a_plain_text_has_its_place(content: str) -> None:
    assert_each_character_is_where_it_says(f"top:\n  key: a{content}\n  next: 1\n")


@given(st.lists(st.one_of(PIECES, BREAKS), max_size=12).map("".join))
def test_every_character_of_a_single_quoted_text_has_its_place(content: str) -> None:
    assert_each_character_is_where_it_says(f"top:\n  key: '{content}'\n  next: 1\n")


@given(st.lists(st.one_of(PIECES, BREAKS, ESCAPES), max_size=12).map("".join))
def test_every_character_of_a_double_quoted_text_has_its_place(content: str) -> None:
    assert_each_character_is_where_it_says(f'top: {{ key: "{content}", next: 1 }}\n')


@given(HEADERS, st.sampled_from(["    ", "      "]), LINES, st.sampled_from(["", "\n", "\n\n", "\n  \n"]))
def test_every_character_of_a_block_text_has_its_place(
    header: str, margin: str, lines: list[tuple[str, str]], end: str
) -> None:
    body = "\n".join(f"{margin}{more}{text}" if text else "" for more, text in lines)
    assert_each_character_is_where_it_says(f"top:\n  key: {header}\n{body}\n{end}  next: 1\n")


@pytest.mark.parametrize(
    ("source", "offset", "place"),
    [
        ("key: a.b", 2, "1:8"),
        ("key: 'it''s'", 2, "1:9"),
        ("key: 'it''s'", 3, "1:11"),
        ('key: "\\u00e9x"', 1, "1:13"),
        ("key: a\n  bcd", 3, "2:4"),
        ("key: |\n   ab\n   cd\n", 3, "3:4"),
        ("key: >-\n  ab\n  cd\n", 3, "3:3"),
        ("key: 😀b", 1, "1:7"),
        ("key: ab", 9, "1:8"),
        ("key: ''", 0, "1:6"),
        ("key: 12", 1, "1:6"),
    ],
)
def test_places_in_every_style(source: str, offset: int, place: str) -> None:
    assert str(read(source).at("key").place(offset)) == f"x.yaml:{place}"


def test_a_file_with_the_line_ends_of_windows_and_a_byte_order_mark_has_the_same_places() -> None:
    source = "a: 1\nkey: >\n  x\n  yz\n"
    other = read("\ufeff" + source.replace("\n", "\r\n"))
    assert other.data == read(source).data
    assert other.at("key").place(3) == read(source).at("key").place(3)


def test_keys_lists_and_what_is_absent_have_places() -> None:
    node = read("a:\n  - x\n  - b: 1\n    c: 2\n")
    assert str(node.place_of("a", 1, "c", key=True)) == "x.yaml:4:5"
    assert str(node.place_of("a", 1, "c")) == "x.yaml:4:8"
    assert str(node.place_of("a", 0)) == "x.yaml:2:5"
    assert node.place_of("a", 1, "nothing") == node.place_of("a", 1)
    assert node.get("a", 7) is None
    assert node.at("a", 7) is node.at("a")
    assert shown(("a", 1, "c")) == "a.1.c"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("12", 12), ("-1.5e3", -1500.0),
        ("no", "no"), ("on", "on"), ("True", "True"), ("12:30", "12:30"), ("2026-01-05", "2026-01-05"),
        ("007", "007"), ("0x1f", "0x1f"), ("1_000", "1_000"), (".5", ".5"), (".inf", ".inf"), ("'12'", "12"),
        ("12345678901234567890123", 12345678901234567890123),
    ],
)  # fmt: skip
def test_scalars_are_read_as_json_would_and_everything_else_is_text(written: str, meant: object) -> None:
    found = read(f"key: {written}\n").at("key").data
    assert (found, type(found)) == (meant, type(meant))


def test_keys_are_always_text() -> None:
    assert read("{ 1: a, true: b, null: c, 2026-01-05: d }").data == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2026-01-05": "d",
    }


def test_what_is_too_much_is_refused() -> None:
    for text, told in (
        ("[" * 80 + "]" * 80, "nested deeper than 64 levels"),
        ("a: " + "9" * 2000, "this number is too large"),
        ("a: 1e999", "this number is too large"),
        ("a: '" + "x" * 1_000_001 + "'", "larger than 1,000,000 bytes"),
        ("a: \x07", "U+0007 cannot be in a file"),
    ):
        with pytest.raises(MappingError, match=told.replace("+", "\\+")):
            read(text)
