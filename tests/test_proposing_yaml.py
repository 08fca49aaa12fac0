"""What is written is YAML that reads back as it was meant."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.positions import read_yaml
from engine.proposing.yaml import Expr, Noted, comment, scalar, written

_ODD = ["", "null", "~", "true", "1", "1e5", "- a", "a: b", "a #b", "#", "'", '"', "\\", "{x}", "no", "😀"]
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from([*_ODD, "\x85", "\ufeff", "\uffff"])
trees = st.recursive(
    texts | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=6),
    max_leaves=30,
)


def plain(value: Any) -> Any:
    """Return a tree without notes."""
    if isinstance(value, Noted):
        return plain(value.value)
    return {key: plain(each) for key, each in value.items()} if isinstance(value, dict) else value


@given(st.dictionaries(texts, trees, min_size=1, max_size=5), texts)
def test_a_tree_reads_back_whatever_its_texts_and_whatever_is_said_of_them(
    tmp_path_factory: Any, tree: dict[str, Any], note: str
) -> None:
    noted = {key: Noted(value, note, above=(note,), after=(note,)) for key, value in tree.items()}
    path = tmp_path_factory.mktemp("yaml") / "x.yaml"
    path.write_text(written(noted), encoding="utf-8", newline="")
    assert read_yaml(path).data == plain(noted)


def test_texts_are_as_plain_as_they_can_be(tmp_path: Path) -> None:
    assert scalar("in_progress") == "in_progress"
    assert scalar("true") == '"true"'
    assert scalar("https://x") == '"https://x"'
    assert scalar(Expr("a.b")) == "a.b"
    assert scalar(Expr("a = 'b'")) == "'a = ''b'''"
    assert scalar("\u202e\x07") == '"\\u202e\\x07"'


def test_a_comment_is_one_whatever_is_in_it() -> None:
    assert comment("a\nb: c") == ["# a\\nb: c"]
    assert all(line.startswith("# ") and len(line) <= 120 for line in comment("word " * 100))
