"""What YAML makes of expressions that are not in quotes, and of other slips; whole messages are in tests/broken."""

from pathlib import Path

import pytest

from engine.errors import MappingError
from engine.positions import read_yaml


@pytest.mark.parametrize(
    ("text", "place", "what", "do"),
    [
        ("k: a ? b : c", "1:10", "`: ` in a plain value", "single quotes"),
        ("k: a ?: b", "1:7", "`: ` in a plain value", "single quotes"),
        ("k: 'a': b", "1:7", "`: ` in a plain value", "single quotes"),
        ("k: a:\n  b: c", "1:5", "`: ` in a plain value", "single quotes"),
        ("k: a\n   b: c", "2:4", "further in than its siblings", "begin where they do"),
        ("k: a\nl\nm: b", "2:1", "this line has no `: `", "key: value"),
        ("k: a\nl:b\nm: b", "2:1", "this line has no `: `", "a blank after the colon"),
        ("k", "1:1", None, ""),
        ("k: *.a", "1:4", "`*` begins an alias", "single quotes"),
        ("k: **.a", "1:4", "`*` begins an alias", "single quotes"),
        ("k: & a", "1:4", "`&` begins an anchor", "single quotes"),
        ("k: %.a", "1:4", "`%` cannot begin a value", "single quotes"),
        ("k: @.a", "1:4", "`@` cannot begin a value", "single quotes"),
        ("k: `a b`", "1:4", "a backquote cannot begin a value", "single quotes"),
        ("- *.a", "1:3", "`*` begins an alias", "single quotes"),
        ('k: "x" & a', "1:8", "something follows a text in quotes", "single quotes"),
        ('k: "x" = a', "1:8", "something follows a text in quotes", "single quotes"),
        ('k: "x", a', "1:7", "something follows a text in quotes", "single quotes"),
        ('{ k: "x" = a }', "1:10", "something follows a text in quotes", "single quotes"),
        ("k: 'x' & a", "1:8", "something follows a text in quotes", "single quotes"),
        ("k: 'it's'", "1:8", "a quote ends the text here", "twice"),
        ('k: "x" ? a', "1:8", "`? ` begins a key", "single quotes"),
        ("k: [a].b", "1:7", "something follows `]`", "single quotes"),
        ('k: {"a": b}.c', "1:12", "something follows `}`", "single quotes"),
        ("{ k: a[b = 1] }", "1:7", "`[` cannot stand in a plain value between braces", "single quotes"),
        ("{ k: a ? b : c }", "1:8", "`?` cannot stand in a plain value between braces", "single quotes"),
        ("[a{b}]", "1:3", "`{` cannot stand in a plain value between brackets", "single quotes"),
        ("k: { a: b", "1:4", "`{` is not closed", "`}`"),
        ("k: [\n", "1:4", "`[` is not closed", "`]`"),
        ("k: [a,\n", "1:4", "`[` is not closed", "`]`"),
        ("k: [a, b\nl: c", "1:4", "`[` is not closed", "`]`"),
        ("k: { a: b, c: rows #$i }\nl: d", "1:20", "a comment to YAML", "single quotes"),
        ("k: [rows[x] #$i]\nl: d", "1:9", "cannot stand in a plain value", "single quotes"),
        ("k: [a, [b] #$i, c]\nl: d", "1:12", "a comment to YAML", "single quotes"),
        ("k: 'a\nl: b", "1:4", "a quote is not closed", "close it"),
        ('k: "a\n---\n', "1:4", "a quote is not closed", "close it"),
        ('k: "\\d"', "1:6", "`\\` begins an escape", "single quotes"),
        ('k: "\\xZ"', "1:7", "this escape is not complete", "single quotes"),
        ("k: | a", "1:6", "starts in the next line", "break the line"),
        ("k: >5> a", "1:6", "starts in the next line", "break the line"),
        ("k: - a", "1:4", "`- ` begins a list", "new line"),
        ("k: , a", "1:4", "a value is missing", "write it"),
        ("k: [a,, b]", "1:7", "a value is missing", "write it"),
        ("k: !e!x a", "1:4", "`!` begins a tag", "single quotes"),
        ("k: a\n}", "2:1", "nothing is open that `}` could close", "remove it"),
        ("k: a\n]", "2:1", "nothing is open that `]` could close", "remove it"),
        ("k:\n    a: b\n  c: d", "3:3", "does not line up", "where its siblings do"),
        ("  k: a\n l: b", "2:2", "does not line up", "where its siblings do"),
        ("k:\n  - a\n  b: c", "3:3", "does not line up", "where its siblings do"),
        ("k:\n\ta: b", "2:1", "there is a tab", "blanks"),
        ("%YAML 3.0\n---\nk: a", "1:1", "not YAML 1", "remove the line"),
        ("k: { ? a }\n? b\nc", "3:1", "this line has no `: `", "key: value"),
        ("%TAG x\n---\nk: a", "1:6", "YAML cannot read this", "single quotes"),
    ],
)
def test_a_slip_is_told_in_words_of_its_author(
    tmp_path: Path, text: str, place: str, what: str | None, do: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    if what is None:
        assert read_yaml(file).data == text
        return
    with pytest.raises(MappingError) as caught:
        read_yaml(file, "a")
    (problem,) = caught.value.problems
    assert str(problem.place) == f"a:{place}"
    assert what in problem.what
    assert do in problem.do
