"""YAML with the place of every key, every value, and every character of every text."""

import json
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


def read(text: str | bytes) -> Node:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
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


def told(source: str | bytes) -> list[str]:
    with pytest.raises(MappingError) as caught:
        read(source)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("", "1:1: the file is empty"),
        ("# nothing\n", "1:1: the file is empty"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here"),
        ("a: 1\nb: 2\na: 3\n", "3:1: a: `a` is there twice, first in line 1"),
        ("a: &x 1\n", "1:4: a: `&x` is an anchor to YAML"),
        ("a: { <<: { b: 1 } }\n", "1:6: a: `<<` merges mappings in YAML"),
        ("a: !x 1\n", "1:4: a: `!x` is a tag to YAML"),
        ("a: !!int 1\n", "1:4: a: `!!int` is a tag to YAML"),
        ("!x a: 1\n", "1:1: a key has no anchor and no tag"),
        ("[a]: 1\n", "1:1: a key must be text"),
        ("a: b\tc\n", "1:5: there is a tab"),
        (b"a: 1\nb: caf\xe9\n", "2:7: the byte 0xe9 is not UTF-8"),
        (b"\xef\xbb\xbfa: 1\r\nb: \xff\n", "2:4: the byte 0xff is not UTF-8"),
        ("a: x\x00y\n", "1:5: the character U+0000 cannot be in a file"),
        ("a: 'x\x85y'\n", "1:6: the character U+0085 is a line break to some and none to others"),
        ('a: "\\ud83d\\ude00"\n', "1:4: a: an escape here is half a character"),
        ('"\\ud83d": 1\n', "1:1: an escape here is half a character"),
        ("a: 1e999\n", "1:4: a: this number is too large"),
        ("a: " + "9" * 2000, "1:4: a: this number is too large"),
        ("a: rows #$i\n", "1:9: a: everything from ` #` on is a comment to YAML"),
        ("[" * 100_000, "1:65: this is nested deeper than 64 levels"),
        (b"#" * 1_000_001, "1:1: the file is larger than 1,000,000 bytes"),
    ],
)
def test_what_a_mapping_does_not_need_is_refused(source: str | bytes, what: str) -> None:
    assert told(source)[0].startswith(f"x.yaml:{what}; ")


def test_everything_wrong_is_told_at_once_up_to_a_syntax_error() -> None:
    assert [line.split(":")[1] for line in told("a: &x 1\nb: *x\nc: { d: *x }\n")] == ["1", "2", "3"]
    assert [line.split(":")[1:3] for line in told("a: &x 1\na: 2\nb: @c\n")] == [["1", "4"], ["2", "1"], ["3", "4"]]


def test_comments_that_cut_off_nothing_are_fine() -> None:
    node = read("a: rows # $i\nb: 'x' #$i\nc: x#$i\n#$i\nd: 5 #5\n")
    assert node.data == {"a": "rows", "b": "x", "c": "x#$i", "d": 5}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"x.yaml:1:1: the file cannot be read: No such file or directory; "):
        read_yaml(tmp_path / "nowhere.yaml", "x.yaml")


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
)


@given(st.dictionaries(st.sampled_from("abc"), PLAIN, min_size=1))
def test_json_is_read_as_it_is(data: object) -> None:
    assert read(json.dumps(data, ensure_ascii=False)).data == data
