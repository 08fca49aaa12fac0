"""From operators to paths: which filter, group, order or variable belongs to which step."""

import pytest

from engine.jsonata import SyntaxProblem, nodes
from engine.jsonata.parser import parse


def shape(text: str) -> str:
    """Tell a tree: steps with a dot between them, and for each its marks behind it."""
    return told(parse(text))


def told(node: nodes.Node) -> str:
    if isinstance(node, nodes.Path):
        text = ".".join(map(told, node.steps)) + (" keeps" if node.keeps else "")
        return f"<{text}>" + ("{}" if node.group else "")
    name = {nodes.Name: "name", nodes.Block: "block", nodes.Array: "array", nodes.Variable: "variable"}.get(type(node))
    text = node.value if isinstance(node, nodes.Name) else name or type(node).__name__.lower()
    if isinstance(node, nodes.Literal):
        text = repr(node.value)
    text += "".join("#" if isinstance(stage, nodes.Index) else "[s]" for stage in node.stages)
    text += "[f]" * len(node.filters) + ("[]" if node.keep else "") + ("{}" if node.group else "")
    return text + (f"@{node.focus}" if node.focus else "") + (f"#{node.index}" if node.index else "")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", "<a>"),
        ("a.b.c", "<a.b.c>"),
        ("a.(b.c)", "<a.block>"),
        ("a.'b'.c", "<a.b.c>"),
        ("a[1].b[x]", "<a[s].b[s]>"),
        ("a.b[0][1]", "<a.b[s][s]>"),
        ("(a.b)[0]", "block[f]"),
        ("$x[0].b", "<variable[f].b>"),
        ("[1, 2].b", "<array.b>"),
        ("a[].b", "<a[].b keeps>"),
        ("a.b{'k': c}", "<a.b>{}"),
        ("a^(b).c", "<a.sort.c>"),
        ("a@$v.b#$i[c]", "<a@v.b[s]#i>"),
        ("a[c]#$i", "<a[s]#>"),
        ("-1", "-1"),
        ("-a", "negation"),
    ],
)
def test_what_follows_a_step_belongs_to_it(text: str, tree: str) -> None:
    assert shape(text) == tree


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("a.1", "S0213", 2),
        ("a.true.b", "S0213", 2),
        ("a{b: c}[0]", "S0209", 7),
        ("a{b: c}{d: e}", "S0210", 7),
        ("a[0]@$v", "S0215", 4),
        ("a^(b)@$v", "S0216", 5),
    ],
)
def test_what_can_be_written_but_means_nothing_is_refused_at_its_place(text: str, code: str, offset: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert (caught.value.code, caught.value.offset) == (code, offset)


def test_the_tree_of_one_parse_is_not_that_of_another() -> None:
    first, second = parse("a[b].c"), parse("a[b].c")
    assert not set(map(id, nodes.walk(first))) & set(map(id, nodes.walk(second)))
