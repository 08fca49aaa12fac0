"""The words of an expression: what each is, and where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata import SyntaxProblem
from engine.jsonata.tokens import Token, Tokens


def tokens(text: str) -> list[Token]:
    """Return all words, each taken as the parser would: after a value a slash divides."""
    found: list[Token] = []
    reader, after_value = Tokens(text), False
    while not found or found[-1].kind != "end":
        token = reader.next(infix=after_value)
        found.append(token)
        after_value = token.kind != "operator" or token.value in (")", "]", "}")
    return found[:-1]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("name", "name", "name"), ("_né", "name", "_né"), ("`odd . name`", "name", "odd . name"),
        ("$", "variable", ""), ("$$", "variable", "$"), ("$x1", "variable", "x1"),
        ("1", "number", 1), ("1.50", "number", 1.5), ("2.0", "number", 2), ("1e3", "number", 1000), ("0", "number", 0),
        ("123456789012345678901", "number", 123456789012345678901),
        ('"a\\"b"', "string", 'a"b'), ("'it\\u0041\\n'", "string", "itA\n"), ('"\\ud83d\\ude00"', "string", "😀"),
        ("true", "value", True), ("false", "value", False), ("null", "value", None),
        ("and", "operator", "and"), ("~>", "operator", "~>"), ("?:", "operator", "?:"), ("**", "operator", "**"),
        ("/a\\/[/]b/im", "regex", ("a\\/[/]b", "im")),
    ],
)  # fmt: skip
def test_a_word_is_what_it_looks_like(text: str, kind: str, value: Any) -> None:
    (token,) = tokens(text)
    assert (token.kind, token.value, token.start, token.end) == (kind, value, 0, len(text))
    assert type(token.value) is type(value)


def test_a_slash_starts_a_pattern_only_where_a_value_may_stand() -> None:
    assert [token.kind for token in tokens("a / b / c")] == ["name", "operator", "name", "operator", "name"]
    assert [token.kind for token in tokens("f(/b/, a/2)")] == [
        "name", "operator", "regex", "operator", "name", "operator", "number", "operator",
    ]  # fmt: skip


def test_blanks_and_comments_separate_words_and_are_none() -> None:
    found = tokens(" a\t/* b */\n.  c ")
    assert [(token.value, token.start, token.end) for token in found] == [("a", 1, 2), (".", 11, 12), ("c", 14, 15)]


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("a & 'b", "S0101", 4), ("'a\\", "S0101", 0), ("'\\q'", "S0103", 0), ("'\\u12'", "S0104", 0),
        ("'\\ud83d'", "S0104", 0), ("a.`b", "S0105", 2), ("a /* b", "S0106", 2), ("1e999", "S0102", 0),
        ("9" * 401, "S0102", 0), ("(//)", "S0301", 1), ("(/a", "S0302", 1), ("/[/", "S0302", 0),
    ],
)  # fmt: skip
def test_what_is_no_word_is_told_with_its_place(text: str, code: str, offset: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        tokens(text)
    assert (caught.value.code, caught.value.offset) == (code, offset)


def outcome(text: str) -> tuple[list[Token], int]:
    """Return the words of a text, and where it is refused, if it is."""
    try:
        return tokens(text), 0
    except SyntaxProblem as problem:
        return [], problem.offset or 0


@given(st.text(max_size=60))
def test_any_text_is_read_to_its_end_or_refused_within_it(text: str) -> None:
    found, offset = outcome(text)
    assert 0 <= offset <= len(text)
    places = [place for token in found for place in (token.start, token.end)]
    assert places == sorted(places)
    assert all(text[token.start : token.end] for token in found)
