import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.templates import Hole, Template, TemplateProblem

TIME = datetime(2026, 10, 18, 20, 58, 1, 500000, tzinfo=timezone(timedelta(hours=2)))


def fill(text: str, *, in_path: bool = False, **scope: Any) -> str | None:
    return Template.parse(text).fill(scope, in_path=in_path)


def test_holes_are_looked_up_in_the_scope() -> None:
    assert fill("/courses/{course.id}/users", course={"id": 7}) == "/courses/7/users"
    assert fill("{a}{b}", a="1", b="2") == "12"
    assert fill("{a.b.c}", a={"b": {"c": "deep"}}) == "deep"
    assert fill("{page.number}-{a.x-y}", page={"number": 2}, a={"x-y": 1}) == "2-1"
    assert fill("no holes") == "no holes"
    assert fill("") == ""


def test_doubled_braces_are_braces() -> None:
    assert fill('{{"a": "{a}"}}', a=1) == '{"a": "1"}'
    assert fill("{{{a}}}", a=1) == "{1}"


def test_a_hole_knows_its_place() -> None:
    template = Template.parse("ab{c.d}-{run.since:unix}")
    assert template.holes == (Hole(("c", "d"), "", 3), Hole(("run", "since"), "unix", 9))
    assert template.text == "ab{c.d}-{run.since:unix}"


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("a{b", 1, "a lone `{`; write `{{` for a literal brace"),
        ("ab}", 2, "a lone `}`; write `}}` for a literal brace"),
        ("a{}", 1, "`{}` is not a dotted name; holes look up, they do not compute"),
        ("a{ b }", 1, "`{ b }` is not a dotted name; holes look up, they do not compute"),
        ("{a + b}", 0, "`{a + b}` is not a dotted name; holes look up, they do not compute"),
        ("{a.}", 0, "`{a.}` is not a dotted name; holes look up, they do not compute"),
        ("{1a}", 0, "`{1a}` is not a dotted name; holes look up, they do not compute"),
        ("{a[0]}", 0, "`{a[0]}` is not a dotted name; holes look up, they do not compute"),
        ("x{a:}", 4, "`` is not a format for times; use unix, unix_ms, one, json, or a pattern of "),
        ("x{a:iso}", 4, "`iso` is not a format for times; use unix, unix_ms, one, json, or a pattern of "),
        ("{a:%Y-%Q}", 3, "`%Q` is not known; use unix, unix_ms, one, json, or a pattern of "),
        ("{a:%Y%}", 3, "`%` is not known; use unix, unix_ms, one, json, or a pattern of "),
        ("{a:%B}", 3, "`%B` is not known; use unix, unix_ms, one, json, or a pattern of "),
    ],
)
def test_what_is_no_template_is_a_problem_at_its_place(text: str, offset: int, message: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        Template.parse(text)
    assert caught.value.offset == offset
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a b"), ("", ""), (7, "7"), (10**30, "1" + "0" * 30), (7.0, "7"), (7.5, "7.5"), (1e300, "1e+300"),
     (True, "true"), (False, "false"), (0, "0")],
)  # fmt: skip
def test_values_are_written_as_json_has_them(value: Any, text: str) -> None:
    assert fill("-{a}", a=value) == f"-{text}"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("", "2026-10-18T18:58:01.500000Z"),
        (":unix", "1792349881"),
        (":unix_ms", "1792349881500"),
        (":%Y-%m-%d %H:%M:%S", "2026-10-18 18:58:01"),
        (":%Y-%m-%dT%H:%M:%S.%f%z", "2026-10-18T18:58:01.500000+0000"),
        (":%d.%m. 100%%", "18.10. 100%"),
    ],
)
def test_times_are_written_the_providers_way_in_utc(form: str, text: str) -> None:
    assert fill(f"{{run.since{form}}}", run={"since": TIME}) == text
    assert Template.parse(f"{{run.since{form}}}").value({"run": {"since": TIME}}) == text


def test_times_before_1970_and_at_the_millisecond_are_exact() -> None:
    assert fill("{a:unix}", a=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == "-1"
    assert fill("{a:unix_ms}", a=datetime(2026, 1, 1, 0, 0, 0, 999000, tzinfo=UTC)) == "1767225600999"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], "`a` is a list, text wants a single value"),
        ({"b": 1}, "`a` is an object, text wants a single value"),
        (datetime(2026, 1, 1), "`a` is a time without an offset"),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_cannot_be_written_is_a_problem(value: Any, message: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        fill("x{a}", a=value)
    assert (caught.value.message, caught.value.offset) == (message, 2)


def test_a_format_is_for_times_only() -> None:
    with pytest.raises(TemplateProblem, match="`:unix` is for times, `a` is none"):
        fill("{a:unix}", a="2026-01-01")


def test_a_hole_for_one_value_is_absent_where_there_are_several() -> None:
    template = Template.parse("{ids:one}")
    assert template.value({"ids": "a"}) == "a"
    assert template.value({"ids": ["a"]}) == "a"
    assert template.value({"ids": 7}) == "7"
    assert template.value({"ids": datetime(2026, 1, 2, tzinfo=UTC)}) == "2026-01-02T00:00:00Z"
    assert template.value({"ids": ["a", "b"]}) is None
    assert template.value({"ids": []}) is None
    assert template.absent({"ids": ["a", "b"]}) == ["ids"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('say "hi"\n', '"say \\"hi\\"\\n"'), (7, "7"), (True, "true"), ([1, "ä"], '[1, "ä"]'),
        ({"a": None}, '{"a": null}'),
        (datetime(2026, 1, 2, tzinfo=UTC), '"2026-01-02T00:00:00Z"'),
    ],
)  # fmt: skip
def test_a_value_can_be_written_as_json_in_a_text(value: Any, text: str) -> None:
    assert Template.parse('{{"a": {x:json}}}').fill({"x": value}) == f'{{"a": {text}}}'
    assert Template.parse("{x:json}").value({"x": value}) == text
    assert Template.parse("{x:json}").value({}) is None


def test_a_text_with_an_absent_hole_is_absent() -> None:
    template = Template.parse("{a}-{b.c}-{d}")
    for scope in ({"a": 1}, {"a": 1, "b": None, "d": 2}, {"a": 1, "b": {"c": None}, "d": 2}, {"a": 1, "b": 7, "d": 2}):
        assert template.fill(scope) is None
        assert template.value(scope) is None
    assert template.absent({"a": 1, "d": 2}) == ["b.c"]
    assert template.absent({"a": 1, "b": {"c": 3}, "d": 2}) == []


def test_one_bare_hole_gives_its_value_as_it_is() -> None:
    template = Template.parse("{a.b}")
    for value in ([1, 2], {"c": 1}, 7, True, "text", 1.5):
        assert template.value({"a": {"b": value}}) == value
    assert template.value({"a": {}}) is None
    assert Template.parse("{{a}}").value({"a": 1}) == "{a}"


def test_values_in_a_path_cannot_leave_their_place() -> None:
    assert fill("/c/{a}/x", in_path=True, a="a/b?c#d e%é") == "/c/a%2Fb%3Fc%23d%20e%25%C3%A9/x"
    for value in (".", "..", ""):
        with pytest.raises(TemplateProblem, match="address"):
            fill("/c/{a}/x", in_path=True, a=value)
    with pytest.raises(TemplateProblem, match="would lead to another address"):
        fill("/c/{a}{a}/x", in_path=True, a=".")
    with pytest.raises(TemplateProblem, match="half a character"):
        fill("/c/{a}", in_path=True, a=json.loads('"\\ud83d"'))


def test_dots_and_nothing_are_harmless_within_a_part_or_a_query() -> None:
    assert fill("/v1.{a}/x", in_path=True, a="0") == "/v1.0/x"
    assert fill("/c-{a}/x", in_path=True, a="") == "/c-/x"
    assert fill("/c?q={a}&r={b}", in_path=True, a="", b="..") == "/c?q=&r=.."
    assert fill("/./c", in_path=True) == "/./c"


@given(text=st.text(alphabet="ab.{}:%Y _-", max_size=20))
def test_any_text_is_a_template_or_a_problem_within_the_text(text: str) -> None:
    try:
        template = Template.parse(text)
    except TemplateProblem as problem:
        where = problem.offset
        assert 0 <= where <= len(text)
        return
    for hole in template.holes:
        assert text[hole.offset :].startswith(str(hole))


@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_literal_text_survives_with_its_braces_doubled(value: str) -> None:
    assert fill(value.replace("{", "{{").replace("}", "}}")) == value
