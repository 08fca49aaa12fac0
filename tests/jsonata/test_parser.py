"""Text to tree: every node has its place, depth is bounded, and the time is linear in the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jsonata import SyntaxProblem, nodes
from engine.jsonata.parser import DEEPEST, parse
from engine.jsonata.problems import JsonataProblem

EXPRESSIONS = [
    "a.b.c",
    "a[b = 1].c & '-' & $string(d)",
    "( $x := a; $x.b + 2 )",
    "a ? b : c",
    "$map(a, function($v, $i) { $v * $i })",
    '{"k": a, "l": [b, c]}',
    "a^(>b, c).d",
    "a@$x.b#$i[$x.c = $i]",
    "a ~> $sum() ~> $string",
    "a ~> |b|{'c': 1}, 'd'|",
    "-a ?? (b ?: 'none')",
    "$f(?, 1)",
    "/ab+/i",
    "a{b: $sum(c)}",
    "a.%.b",
    "**.*",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_node_lies_within_the_text_and_within_its_parent(text: str) -> None:
    tree = parse(f"  {text}  ")
    for node in nodes.walk(tree):
        assert 2 <= node.start < node.end <= len(text) + 2
        for part in nodes.children(node):
            assert node.start <= part.start or isinstance(node, nodes.Path)
            assert part.end <= node.end


def test_a_span_is_what_was_written() -> None:
    text = "a.b & $uppercase( c.d )"
    tree = parse(text)
    assert isinstance(tree, nodes.Binary)
    assert (tree.operator, tree.at) == ("&", 4)
    assert text[tree.left.start : tree.left.end] == "a.b"
    assert text[tree.right.start : tree.right.end] == "$uppercase( c.d )"


def test_operators_bind_as_strongly_as_in_jsonata() -> None:
    def shape(text: str) -> str:
        def told(node: nodes.Node) -> str:
            if isinstance(node, nodes.Binary):
                return f"({told(node.left)}{node.operator}{told(node.right)})"
            return str(node.value) if isinstance(node, nodes.Literal) else "?"

        return told(parse(text))

    assert shape("1 + 2 * 3 - 4") == "((1+(2*3))-4)"
    assert shape("1 = 2 and 3 < 4 or 5") == "(((1=2)and(3<4))or5)"
    assert shape("1 & 2 + 3 = 4") == "(((1&2)+3)=4)"
    assert shape("-1 + 2") == "(-1+2)"


def test_an_object_is_read_in_time_linear_in_its_size() -> None:
    def seconds(count: int) -> float:
        text = "{" + ", ".join(f'"k{number}": a{number}.b' for number in range(count)) + "}"
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            parse(text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(800) < 8 * max(seconds(200), 0.002)


@pytest.mark.parametrize(
    "text", ["(" * 101 + "1" + ")" * 101, "a" + ".b" * 101, "[" * 101 + "]" * 101, "-" * 101 + "1"]
)
def test_what_nests_deeper_than_the_bound_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(SyntaxProblem, match=f"nests deeper than {DEEPEST} levels"):
        parse(text)


@given(text=st.text(alphabet="ab.$()[]{}'\"`1 +-*/%&=<>!?:,;|~@#^\\\n", max_size=40))
def test_any_text_is_a_tree_or_a_problem_within_it(text: str) -> None:
    offset: int | None = 0
    try:
        assert all(node.end <= len(text) for node in nodes.walk(parse(text)))
    except JsonataProblem as problem:
        offset = problem.offset
    assert offset is not None
    assert 0 <= offset <= len(text)
