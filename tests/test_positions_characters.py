"""Where each character of a text is in its source: held against PyYAML, for every style."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.positions.characters import characters

#: What makes a difference to YAML, and what does not.
PIECES = st.sampled_from(["a", "b c", " ", "  ", "\n", "\n\n", "'", '"', "\\", "é", "😀", ".", "#", ": ", "\t", "\xa0"])
STYLES = st.sampled_from(["'", '"', "|", ">", None])


def scalar(source: str) -> Any:
    """Return the value of the only key, as PyYAML has it; None where the source is not YAML."""
    try:
        top: Any = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    return top.value[0][1]


def assert_exact(source: str) -> None:
    node = scalar(source)
    if not isinstance(node, yaml.ScalarNode):
        return
    start: Any = node.start_mark
    end: Any = node.end_mark
    style: Any = node.style or ""
    raw = source[start.index : end.index]
    placed = list(characters(raw, style, node.value))
    assert "".join(character for character, _ in placed) == node.value
    indices = [index for _, index in placed]
    assert indices == sorted(set(indices))
    for character, index in placed:
        escaped = style == '"' and raw[index] == "\\"
        folded = character in " \n" and raw[index] == "\n"
        assert raw[index] == character or escaped or folded


@given(st.lists(PIECES).map("".join), STYLES, st.sampled_from([5, 20, 80]), st.booleans())
def test_what_yaml_writes_is_found_character_by_character(text: str, style: str, width: int, unicode: bool) -> None:
    assert_exact(yaml.dump({"k": text}, default_style=style, width=width, allow_unicode=unicode))


LINE = st.sampled_from(["", " ", "   ", "a b", "  c", "d: e", "\tt", "f  ", "\u00e9 #", "- g"])


@given(
    st.sampled_from("|>"),
    st.sampled_from(["", "-", "+", "1", "2", "2-", "+1", "- # why", " # a-b+c"]),
    st.lists(LINE, min_size=1),
    st.integers(1, 3),
    st.sampled_from(["", "j: 1\n"]),
)
def test_blocks_are_found_with_any_indentation_and_end(
    style: str, header: str, lines: list[str], indent: int, after: str
) -> None:
    body = "".join(f"{' ' * indent}{line}\n" for line in lines)
    assert_exact(f"k: {style}{header}\n{body}{after}")
    assert_exact(f"k: {style}{header}\n{body}".rstrip("\n"))


ESCAPES = st.sampled_from(
    ["\\n", "\\x41", "\\u00e9", "\\U0001F600", '\\"', "\\\\", "\\/", "\\ ", "\\\n   ", "\\\n\n\n ", "\n ", "\n\n  ",
     " \t\n ", "x", " ", "\\t", "\\0", "\\_"]
)  # fmt: skip


@given(st.lists(ESCAPES))
def test_escapes_and_folds_are_found_in_double_quotes(pieces: list[str]) -> None:
    assert_exact(f'k: "{"".join(pieces)}"\n')


@given(st.lists(st.sampled_from(["a", "b.c", " ", "\n  ", "\n\n  ", " \n ", "'", "''", "\\"])))
def test_plain_and_single_quoted_lines_fold(pieces: list[str]) -> None:
    assert_exact(f"k: a{''.join(pieces)}\n")
    assert_exact(f"k: '{''.join(pieces)}'\n")
