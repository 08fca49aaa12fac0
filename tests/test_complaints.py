"""What is wrong with a file as a tree of models, in plain English; whole messages are in tests/broken."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field

from engine.complaints import validated
from engine.mapping.texts import Closed, Expression, Name
from engine.positions import Node, read_yaml


class Inner(Closed):
    """A part."""

    size: int = Field(gt=0, le=5)
    """How large it is."""
    word: Literal["big", "small"] | None = None
    either: str | int | None = None
    ratio: float = 1.0


class Outer(Closed):
    """The whole."""

    inner: Inner
    """What is inside.

    And more."""
    parts: list[Inner] = []  # noqa: RUF012 - pydantic copies default values
    named: dict[Name, Inner] = {}  # noqa: RUF012
    code: str = Field(default="a", pattern="^[a-z]$")
    short: str = Field(default="", max_length=3)
    switch: bool = False
    program: Expression | None = None
    anything: Any = None
    only: Literal[True] | None = None

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a switch without a code."""
        if "switch" in given and "code" not in given and not cls.has_unknown(given):
            yield "a switch needs a code; give `code`"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def told(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    whole, problems = validated(Outer, read_yaml(file, "a"))
    assert (whole is None) <= bool(problems)
    return [str(problem) for problem in sorted(problems, key=lambda problem: problem.place)]


def test_what_is_right_becomes_a_model(file: Path) -> None:
    file.write_text("inner: { size: 3, either: 5 }\nswitch: true\ncode: b\nanything:\n", encoding="utf-8")
    whole, problems = validated(Outer, read_yaml(file))
    assert problems == []
    assert whole is not None
    assert (whole.inner.size, whole.inner.either, whole.switch) == (3, 5, True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("code: b", "a:1:1: `inner` is missing: what is inside. And more; add `inner: …`"),
        ("inner: {}", "a:1:1: inner: `size` is missing: how large it is; add `size: …`"),
        ("inner: { size: 0 }", "a:1:16: inner.size: this must be more than 0, not 0; choose another number"),
        ("inner: { size: 6 }", "a:1:16: inner.size: this must be at most 5, not 6; choose another number"),
        ("inner: { size: 2.5 }", "a:1:16: inner.size: this must be a whole number, not 2.5; write digits only"),
        ('inner: { size: "2" }', ("a:1:16: inner.size: this must be a whole number, not '2'; "
         "write it without quotes, if it is one")),
        ("inner: { size: two }", "a:1:16: inner.size: this must be a whole number, not 'two'; write digits only"),
        ("inner: { size: true }", "a:1:16: inner.size: this must be a whole number, not true; write digits only"),
        ("inner: { size: }", "a:1:10: inner.size: `size` has no value; write one, or leave it out"),
        ("inner: { size: 1, ratio: x }",
         "a:1:26: inner.ratio: this must be a number, not 'x'; write one such as 30 or 0.5"),
        ("inner: { size: 1, siez: 2 }", "a:1:19: inner.siez: `siez` is not a key here; did you mean `size`?"),
        ("inner: { size: 1, f(a, b): 2 }", None),
        ("inner: { size: 1, word: huge }",
         "a:1:25: inner.word: 'huge' is not known here; there are `big`, `small`"),
        ("inner: { size: 1, word: bigg }", "a:1:25: inner.word: 'bigg' is not known here; did you mean `big`?"),
        ("inner: { size: 1, word: [big] }",
         "a:1:25: inner.word: a list is not known here; there are `big`, `small`"),
        ("inner: { size: 1, either: [x] }",
         "a:1:27: inner.either: this must be text or a whole number, not a list; put it in quotes"),
        ("inner: 5", "a:1:8: inner: this must be a mapping, not 5; write `key: value`, in a line for each"),
        ("inner: { size: 1 }\nparts: { size: 1 }",
         "a:2:8: parts: this must be a list, not a mapping; write `[…]`, or a line with `- ` for each"),
        ("inner: { size: 1 }\nparts: [{ size: 1 }, { size: 9 }]",
         "a:2:30: parts.1.size: this must be at most 5, not 9; choose another number"),
        ("inner: { size: 1 }\nnamed: { a-b: { size: 1 } }",
         "a:2:10: named.a-b: `a-b` is not a name; write letters, digits and `_`, beginning with a letter"),
        ("inner: { size: 1 }\nnamed: { a: { size: 9 } }",
         "a:2:21: named.a.size: this must be at most 5, not 9; choose another number"),
        ("inner: { size: 1 }\ncode: ABC", "a:2:7: code: 'ABC' does not have the right form; it must match ^[a-z]$"),
        ("inner: { size: 1 }\ncode: 1", "a:2:7: code: this must be text, not 1; put it in quotes"),
        ("inner: { size: 1 }\ncode: " + "x" * 99,
         f"a:2:7: code: '{'x' * 58}… does not have the right form; it must match ^[a-z]$"),
        ("inner: { size: 1 }\nshort: abcd",
         "a:2:8: short: string should have at most 3 characters; docs/format.md says what may be here"),
        ("inner: { size: 1 }\nswitch: yes\ncode: a",
         "a:2:9: switch: this must be true or false, not 'yes'; write `true` or `false`"),
        ("inner: { size: 1 }\nonly: false", "a:2:7: only: false is not known here; there is only `true`"),
        ("inner: { size: 1 }\nprogram: 'a &'",
         "a:2:14: program: the expression breaks off; a value is missing at the end"),
        ("inner: { size: 1 }\nprogram: [a]",
         "a:2:10: program: this must be an expression, not a list; put the expression in single quotes: '…'"),
        ("inner: { size: 1 }\nprogram:", "a:2:1: program: `program` has no value; write one, or leave it out"),
        ("inner: { size: 1 }\nswitch: true", "a:1:1: a switch needs a code; give `code`"),
        ("null", "a:1:1: this must be a mapping, not nothing; write `key: value`, in a line for each"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(file: Path, text: str, what: str | None) -> None:
    if what is None:
        assert told(file, text)[-1].endswith("is not a key here; an expression with a comma must be in single quotes")
    else:
        assert told(file, text) == [what]


def test_a_rule_is_told_beside_whatever_else_is_wrong(file: Path) -> None:
    assert told(file, "inner: { size: 9 }\nswitch: 5\n") == [
        "a:1:1: a switch needs a code; give `code`",
        "a:1:16: inner.size: this must be at most 5, not 9; choose another number",
        "a:2:9: switch: this must be true or false, not 5; write `true` or `false`",
    ]


def test_a_key_that_is_not_known_may_be_the_one_that_seems_to_be_missing(file: Path) -> None:
    assert told(file, "inner: { size: 1 }\nswitch: true\ncoed: a\n") == [
        "a:3:1: coed: `coed` is not a key here; did you mean `code`?"
    ]


def test_a_model_made_without_a_file_keeps_its_rules() -> None:
    with pytest.raises(ValueError, match="a switch needs a code"):
        Outer.model_validate({"inner": {"size": 1}, "switch": True})


def test_a_text_below_a_structure_is_found(tmp_path: Path) -> None:
    from engine.mapping import Call

    file = tmp_path / "a.yaml"
    file.write_text("post: /\njson: { a: [x, { b: 'y{' }] }\n", encoding="utf-8")
    node: Node = read_yaml(file, "a")
    _, problems = validated(Call, node)
    assert [str(problem) for problem in problems] == ["a:2:23: json.a.1.b: a lone `{`; write `{{` for a literal brace"]
