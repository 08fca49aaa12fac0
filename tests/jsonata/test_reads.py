"""Which paths an expression reads, how far down, and which of them come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import Read, Steps, Wild, covers
from engine.values import FUNCTIONS

MARKS = {"*": Wild.CHILD, "**": Wild.BELOW}


def steps(path: str) -> Steps:
    """Read `a.*.b`; the empty text is the scope itself."""
    return tuple(MARKS.get(step, step) for step in path.split(".")) if path else ()


def told(expression: str) -> set[str]:
    """Return what an expression reads: `a.b` for what stands there, `a.b…` for everything below as well."""
    found = jsonata.compile(expression, functions=FUNCTIONS).reads().read
    return {
        ".".join(step if isinstance(step, str) else step.value for step in read.path) + "…" * read.deep
        for read in found
    }


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("a", {"a…"}),
        ("a.b.c", {"a.b.c…"}),
        ('"text"', set()),
        ("$", {"…"}),
        ("$.a.b", {"a.b…"}),
        ("$$.a.b", {"a.b…"}),
        ("a.$$.b", {"a", "b…"}),
        ("a.*", {"a.*…", "a…"}),
        ("a.*.b", {"a.*.b…", "a.b…"}),
        ("**.b", {"**.b…"}),
        ("a.**", {"a.**…"}),
        ("a.`odd name`", {"a.odd name…"}),
        ('a."b"', {"a.b…"}),
        # filters read of what they filter, and the rest of a path what is left
        ("a[b].c", {"a.b", "a.c…"}),
        ('a[type = "x"].c', {"a.type…", "a.c…"}),
        ("a[0].c", {"a.c…"}),
        ("a[b.c > 2][d]", {"a.b.c", "a.d", "a…"}),
        ("(a ?: b)[c].d", {"a", "a.c", "b.c", "a.d…", "b.d…"}),
        ("a[$.b = $$.x].c", {"a.b…", "x…", "a.c…"}),
        ("a^(b, >c.d).e", {"a.b", "a.c.d", "a.e…"}),
        # what is asked of a value is not all of it
        ("$exists(a)", {"a"}),
        ("$count(a.b)", {"a.b"}),
        ("$not($exists(a.b)) and c", {"a.b", "c"}),
        ("a ? b : c", {"a", "b…", "c…"}),
        ("a ?? b", {"a", "a…", "b…"}),
        ("a > 1", {"a"}),
        ("a = b", {"a…", "b…"}),
        ("a in b.c", {"a…", "b.c…"}),
        # values made of others
        ('a & " " & b', {"a…", "b…"}),
        ("a + -b", {"a", "b"}),
        ('{"x": a.b, c: d}', {"a.b…", "c…", "d…"}),
        ('a.{"x": b}', {"a", "a.b…"}),
        ("a{b: c}", {"a.b…", "a.c…"}),
        ("[a, b.c]", {"a…", "b.c…"}),
        ("[a, b].c", {"a.c…", "b.c…"}),
        # variables
        ("($x := a.b; $x.c)", {"a.b.c…"}),
        ("($x := a; ($x := b; $x.c); $x.d)", {"a.d…"}),
        ("($x := a; 1)", set()),
        ("a@$x.b[$x.c = id].d", {"a", "a.c…", "b.id…", "b.d…"}),
        ("a#$i[$i > 2].b", {"a.b…"}),
        ("a.b.%.c", {"a.b", "a.c…"}),
        ("a.b[%.c = d].e", {"a.c…", "a.b.d…", "a.b.e…"}),
        # functions
        ("$map(a, function($v) { $v.b })", {"a.b…"}),
        ("$map(a, function($v, $i, $all) { $all.c & $v.b })", {"a.b…", "a.c…"}),
        ("$filter(a, function($v) { $v.b > 1 }).c", {"a.b", "a.c…"}),
        ("$sort(a, function($l, $r) { $l.b > $r.b })[0].c", {"a.b", "a.c…"}),
        ("$single(a, function($v) { $v.b }).c", {"a.b", "a.c…"}),
        ("$reduce(a, function($sum, $v) { $sum + $v.n }, 0)", {"a.n", "a…", "a"}),
        ("$each(a, function($v, $k) { $v.b & $k })", {"a.*", "a.*.b…"}),
        ("$sift(a, function($v) { $v.b })", {"a.*", "a.*.b", "a…"}),
        ("$keys(a)", {"a.*"}),
        ("$spread(a).b", {"a.*", "a.b…"}),
        ("$merge([a, b]).c", {"a.c…", "b.c…"}),
        ("$append(a, b).c", {"a.c…", "b.c…"}),
        ("$distinct(a).b", {"a…", "a.b…"}),
        ('$lookup(a, "b").c', {"a.*.c…"}),
        ("$lookup(a, b)", {"a.*…", "b…"}),
        ("$sum(a.b)", {"a.b…"}),
        ("$max(a.b) ~> $string", {"a.b…"}),
        ("a.b ~> $trim ~> $uppercase", {"a.b…"}),
        ('a ~> $split(",") ~> $count', {"a…"}),
        ("($f := $trim ~> $uppercase; $f(a.b))", {"a.b…"}),
        ("($f := $map(?, function($v) { $v.b }); $f(a))", {"a.b…"}),
        ("($f := function($x) { $x.b }; $f(a) & $f(c))", {"a.b…", "c.b…"}),
        ("($f := function($x) { a.b }; $f(1))", {"a.b…"}),
        ('a.$contains(b, "x")', {"a", "a.b…"}),
        ('a.b.$contains("x")', {"a.b", "a.b…"}),
        ("a.b.$substring(1, 2)", {"a.b", "a.b…"}),
        ("$round(a / 2, 1)", {"a"}),
        ("$replace(a, /x/, function($m) { $m.match & b })", {"a…", "b…"}),
        ('a ~> |b|{"c": d}, ["e"]|', {"a.b", "a.b.d…", "a…"}),
        # those of mappings
        ("$key(a.id, b.id)", {"a.id…", "b.id…"}),
        ("$time(a.b, 'unix')", {"a.b…"}),
        ("$xml(a.b).c.d", {"a.b…"}),
        ("$now()", set()),
    ],
)
def test_the_paths_read_are_these(expression: str, read: set[str]) -> None:
    assert told(expression) == read


def test_a_function_that_calls_itself_reads_everything_below() -> None:
    found = jsonata.compile("($f := function($n) { [$n.name, $n.children.$f($)] }; $f(tree))").reads()
    paths = [("tree", "name"), ("tree", "children", "name"), ("tree", *["children"] * 20, "name")]
    assert all(any(read.covers(path) for read in found.read) for path in paths)


def test_an_expression_with_more_parts_than_are_looked_at_reads_everything() -> None:
    text = "a"
    for number in range(20):
        text = f"($f{number} := function($x) {{ {text} }}; $f{number}(1) + $f{number}(2))"
    found = jsonata.compile(text).reads()
    assert found.read == {Read((), deep=True)}


@pytest.mark.parametrize(
    ("expression", "places", "made"),
    [
        ("user.name", {"user.name"}, set()),
        ('user.first & " " & user.last', set(), {"user.first", "user.last"}),
        ('user.kind = "guest" ? "Guest" : user.name', {"user.name"}, set()),
        ('person.email ?: ($contains(user.login, "@") ? user.login)', {"person.email", "user.login"}, set()),
        ("$trim(user.name)", set(), {"user.name"}),
        ('people[role = "owner"][0].name', {"people.name"}, set()),
        ('$map(people, function($p) { {"email": $p.mail} })', set(), {"people.mail"}),
        ("$count(people)", set(), set()),
        ("$exists(user.name)", set(), set()),
        ("$xml(user.card).name", set(), {"user.card"}),
    ],
)
def test_what_comes_out_is_told_from_what_is_only_looked_at(expression: str, places: set[str], made: set[str]) -> None:
    found = jsonata.compile(expression, functions=FUNCTIONS).reads()
    assert found.places == {steps(path) for path in places}
    assert found.made == {steps(path) for path in made}


@pytest.mark.parametrize(
    ("path", "names", "deep", "flat"),
    [
        ("a.b", "a.b", True, True),
        ("a.b", "a.b.c", True, False),
        ("a.b", "a", False, False),
        ("a.b", "a.c", False, False),
        ("a.*", "a.b", True, True),
        ("a.*", "a", False, False),
        ("a.*.c", "a.b.c", True, True),
        ("**.c", "c", True, True),
        ("**.c", "a.b.c", True, True),
        ("**.c", "a.b.c.d", True, False),
        ("a.**", "a.b.c", True, True),
        ("", "a.b", True, False),
    ],
)
def test_a_path_covers_what_it_leads_to(path: str, names: str, *, deep: bool, flat: bool) -> None:
    assert covers(steps(path), names.split("."), deep=True) is deep
    assert covers(steps(path), names.split("."), deep=False) is flat


_names = st.sampled_from(["a", "b", "c"])
_records = st.recursive(
    st.integers(0, 3),
    lambda inner: st.dictionaries(_names, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=12,
)
_paths = st.sampled_from(
    """
    a | a.b | a[b].c | a[b = 1].c | a.* | a.**.c | (a ?? b).c | $count(a.b) | a ? b : c | [a.b, c] | a^(b).c
    a@$x.b[$x.c = 1] | a{$string(b): c} | a.b.%.c | a.b[%.c = 1] | ($x := a; $x.b) | $lookup(a, "b") | $merge(a).b
    $map(a, function($v) { $v.b }) | $filter(a, function($v) { $v.b = 1 }).c | $each(a, function($v) { $v.b })
    $keys(a) | $distinct(a.b) | $spread(a).b | $sift(a, function($v) { $v.b }) | a.b in c | $sum(a.b) | a.b ~> $string
    """.replace("\n", " | ")
    .strip("| ")
    .split(" | ")
)


@given(st.dictionaries(_names, _records, min_size=1), _paths)
def test_what_is_not_read_can_be_taken_away_without_any_difference(record: dict[str, object], expression: str) -> None:
    """The use of all this: whoever narrows a record to what is read gets the same value."""
    program = jsonata.compile(expression)
    read = program.reads().read
    try:
        value = program(record)
    except jsonata.EvaluationProblem:
        return
    assert program(narrowed(record, read, ())) == value


def narrowed(value: object, read: frozenset[Read], at: tuple[str, ...]) -> object:
    """Return a value without the leaves that are not read; what was not empty is not empty now."""
    if isinstance(value, dict):
        kept = {key: narrowed(part, read, (*at, key)) for key, part in value.items()}
        left = {key: part for key, part in kept.items() if part is not None}
        return {"…": 1} if value and not left else left
    if isinstance(value, list):
        return [part for part in (narrowed(part, read, at) for part in value) if part is not None]
    return value if any(each.covers(at) for each in read) else None
