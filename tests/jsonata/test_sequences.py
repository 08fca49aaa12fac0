"""The rules for lists: one result is itself, none is absent, steps flatten; for any data, in both dialects."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import JsonataProblem, standard
from engine.jsonata.official import ABSENT

names = st.sampled_from(["a", "b", "c"])
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "y"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner), max_leaves=12)
records = st.dictionaries(names, values)

PATHS = [
    "a", "a.b", "a.b.c", "a[0]", "a[-1].b", "a[b].c", "a[b = 1]", "a.b[]", "a.*", "**.b", "$.a", "$$.a.b",
    "a[b > 0].c[0]",
    "(a).b", "(a.b)[0]", "[a, b]", "[a.b]", "[[a]]", "a.[b, c]", "a.{'x': b}", "{'x': a, 'y': a.b}", "a{b: c}",
    "$map(a, function($v) { $v.b })", "$filter(a, function($v) { $v.b })", "a.$count(b)", "$append(a, b)",
    "a#$i.{'i': $i}",
    "a@$x.{'x': $x.b}", "$reverse(a)", "$distinct(a)", "$keys(a)", "$spread(a)", "$exists(a.b)", "a ?? b", "a ?: b",
    "$lookup(a, 'b')", "a.b ~> $count()", "$zip(a, b)", "$merge(a)", "$each(a, function($v, $k) { $k })", "$string(a)",
    "a.(b; c)", "( $x := a; $x.b )", "a.b.%.c", "$sort(a)", "a^(b)", "$type(a)", "a in b", "a = b", "a & b", "$not(a)",
]  # fmt: skip


def bare(value: Any) -> Any:
    """Return data without its nulls: what they mean where null means absent."""
    if isinstance(value, dict):
        return {name: bare(entry) for name, entry in value.items() if entry is not None}
    return [bare(entry) for entry in value if entry is not None] if isinstance(value, list) else value


@pytest.mark.parametrize("text", PATHS)
@given(record=records)
def test_null_means_absent_is_the_official_language_on_data_without_nulls(text: str, record: Any) -> None:
    try:
        official = standard(text).evaluate(bare(record))
    except JsonataProblem as problem:
        official = problem.code
    try:
        ours = jsonata.compile(text)(record)
    except JsonataProblem as problem:
        ours = problem.code
    assert bare(ours) == (None if official is ABSENT else official)


@given(record=records)
def test_a_list_of_one_is_the_one_and_of_none_is_nothing(record: Any) -> None:
    found = jsonata.compile("a[b].c")(record)
    kept = jsonata.compile("a[b].c[]")(record)
    if found is None:
        assert kept is None
    elif isinstance(found, list):
        assert kept == found
    else:
        assert kept == [found]


@given(record=records)
def test_the_code_for_objects_and_the_general_code_agree(record: Any) -> None:
    from engine.jsonata.evaluating import written
    from engine.jsonata.runtime.fuel import Run

    for text in ("a.b.c", "a.b & '-' & a.c", "a[b = 1].c", "{'x': a.b, 'y': $string(a)}", "a.b ?? c", "$sum(a.b[c])"):
        parsed = jsonata.compile(text).parsed
        outcomes = []
        for for_objects in (True, False):
            function = written(parsed.tree, parsed.language, for_objects=for_objects)
            try:
                outcomes.append(function(record, Run(record)))
            except JsonataProblem as problem:
                outcomes.append(problem.code)
        assert outcomes[0] == outcomes[1]


@given(values=st.lists(st.integers() | st.text(max_size=3), max_size=6))
def test_append_count_and_reverse_of_lists(values: Any) -> None:
    scope = {"v": values}
    assert jsonata.compile("$count(v)")(scope) == len(values)
    assert (jsonata.compile("$reverse(v)")(scope) or []) == values[::-1]
    assert jsonata.compile("[v, v]")(scope) == values + values
    assert jsonata.compile("v[0]")(scope) == (values[0] if values else None)
    assert jsonata.compile("v[-1]")(scope) == (values[-1] if values else None)
