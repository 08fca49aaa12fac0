"""The query of a list, read as a whole: what is asked for, or everything that is wrong with it."""

from contextlib import suppress
from typing import Any, get_args
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.comparing import filterable
from engine.filters import Filter
from engine.records import field_kinds, words_of
from engine.service.failures import Failure
from engine.service.parameters import NAMES, Asked, Form, read

ACCOUNT = "integrated_account_id=a1"


def asked(query: str, resource: str = "course_enrollments") -> Asked:
    return read(f"{ACCOUNT}&{query}" if query else ACCOUNT, resource)


def wrong(query: str, resource: str = "course_enrollments") -> dict[str, str]:
    with pytest.raises(Failure) as caught:
        asked(query, resource)
    assert caught.value.status == 400
    return {one.parameter: one.message for one in caught.value.details}


def test_without_anything_else_a_list_has_a_hundred_records_with_their_raw_data() -> None:
    assert asked("") == Asked("a1", limit=100, remote_data=True, form="unified")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("user[id]=7", Filter("user.id", "eq", ("7",))),
        ("user%5Bid%5D=7", Filter("user.id", "eq", ("7",))),
        ("user[id][ne]=7", Filter("user.id", "ne", ("7",))),
        ("status=passed", Filter("status", "eq", ("passed",))),
        ("status[in]=passed,failed", Filter("status", "in", ("passed", "failed"))),
        ("status[in][]=passed&status[in][]=failed", Filter("status", "in", ("passed", "failed"))),
        ("status[]=passed&status[]=failed", Filter("status", "in", ("passed", "failed"))),
        ("status=passed&status=failed", Filter("status", "in", ("passed", "failed"))),
        ("status[nin]=passed", Filter("status", "nin", ("passed",))),
        ("course[title][like]=Fire*%2C", Filter("course.title", "like", ("Fire*,",))),
        ("course[id][in][]=a%2Cb", Filter("course.id", "in", ("a,b",))),
        ("progress_percent[gt]=50", Filter("progress_percent", "gt", ("50",))),
        ("updated_at[gte]=2025-01-01T00:00:00Z", Filter("updated_at", "gte", ("2025-01-01T00:00:00Z",))),
    ],
)
def test_filters_are_read_in_every_way_they_are_written(query: str, expected: Filter) -> None:
    assert asked(query).filters == (expected,)


def test_two_bounds_on_one_field_both_hold() -> None:
    found = asked("updated_at[gte]=2025-01-01&updated_at[lt]=2025-02-01&updated_at[lt]=2025-03-01").filters
    assert [(one.op, one.values) for one in found] == [
        ("gte", ("2025-01-01",)),
        ("lt", ("2025-02-01",)),
        ("lt", ("2025-03-01",)),
    ]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("response_format", "raw", "form", "raw"),
        ("ignore_remote_data", "true", "remote_data", False),
        ("key_by", "user.id", "key_by", "user.id"),
        ("exclude_fields[]", "urls", "exclude", ("urls",)),
        ("exclude_fields", "urls,score", "exclude", ("urls", "score")),
        ("ignore_limit", "true", "limit", None),
    ],
)
@pytest.mark.parametrize("prefix", ["", "truto_"])
def test_names_with_and_without_prefix_mean_the_same(
    prefix: str, name: str, value: str, field: str, expected: object
) -> None:
    assert getattr(asked(f"{prefix}{name}={value}"), field) == expected


def test_a_stream_has_no_limit_unless_it_is_given_one() -> None:
    assert asked("response_format=stream").limit is None
    assert asked("response_format=stream&limit=5").limit == 5


def test_a_remote_query_keeps_its_names_and_values_as_they_are() -> None:
    query = "remote_query[include][]=a%26b&remote_query[state]=&remote_query[a][b]=1"
    assert asked(query).remote_query == {"include[]": "a&b", "state": "", "a[b]": "1"}


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("limit=0", "limit", "from 1 to 1000"),
        ("limit=1001", "limit", "from 1 to 1000"),
        ("limit=ten", "limit", "from 1 to 1000"),
        ("limit=", "limit", "from 1 to 1000"),
        ("limit=1&limit=2", "limit", "there twice"),
        ("limit[]=1", "limit[]", "takes one value"),
        ("response_format=xml", "response_format", "there are `unified`, `raw`, `debug`, `stream`"),
        ("ignore_limit=yes", "ignore_limit", "there are `true`, `false`"),
        ("ignore_limit=true&ignore_limit=false", "ignore_limit", "there twice"),
        ("response_format=stream&key_by=id", "key_by", "a stream is a record a line"),
        ("mode=synced", "mode", "nothing is synced yet"),
        ("key_by=emails", "key_by", "there is no `emails`"),
        ("exclude_fields[]=ulrs", "exclude_fields[]", "did you mean `urls`?"),
        ("remote_query=1", "remote_query", "write remote_query[name]=value"),
        ("remote_query[a]=1&remote_query[a]=2", "remote_query[a]", "there twice"),
        ("statsu=passed", "statsu", "did you mean `status`?"),
        ("color=red", "color", "There are integrated_account_id, limit"),
        ("status=done", "status", "there is no `done`"),
        ("status[gt]=passed", "status[gt]", "words have no order"),
        ("status[over]=passed", "status[over]", "cannot be filtered by `status.over`"),
        ("custom_fields[x]=1", "custom_fields[x]", "cannot be filtered by"),
        ("updated_at[gte]=yesterday", "updated_at[gte]", "yesterday"),
        ("updated_at[gte]=", "updated_at[gte]", "the value is missing"),
        ("user[id", "user[id", "is no parameter"),
        ("user]id[=1", "user]id[", "is no parameter"),
        ("=1", "", "is no parameter"),
        ("user[%00]=7", "user[\0]", "is no parameter"),
        ("a=%ff", "query", "is not UTF-8"),
        ("&".join("status=passed" for _ in range(300)), "query", "more than 200 parameters"),
        ("integrated_account_id=b2", "integrated_account_id", "there twice"),
        ("prev_cursor=x", "prev_cursor", "did you mean `next_cursor`?"),
    ],
)
def test_what_is_wrong_is_told_with_what_there_could_be(query: str, parameter: str, message: str) -> None:
    found = wrong(query)
    assert message in found[parameter]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert list(wrong("limit=0&mode=synced&color=red")) == ["mode", "color", "limit"]


def test_a_list_without_an_account_is_refused() -> None:
    with pytest.raises(Failure, match="integrated_account_id: is missing"):
        read("", "courses")


@given(st.text(max_size=60))
def test_any_query_is_read_or_refused(text: str) -> None:
    for query in (text, quote(text), f"{ACCOUNT}&{quote(text)}=1", f"{ACCOUNT}&status={quote(text)}"):
        with suppress(Failure):  # nothing else may be raised
            read(query, "course_enrollments")


@given(st.data(), st.sampled_from(("course_enrollments", "courses", "users", "course_items")))
def test_every_filter_that_is_offered_is_read(data: Any, resource: str) -> None:
    field, operators = data.draw(st.sampled_from(sorted(filterable(resource).items())))
    op = data.draw(st.sampled_from(operators))
    first, *rest = field.split(".")
    name = first + "".join(f"[{key}]" for key in rest) + f"[{op}]"
    values = {"time": "2025-01-01T00:00:00Z", "number": "1", "percent": "1", "integer": "1", "boolean": "true"}
    kind = field_kinds(resource)[field]
    value = words_of(resource, field)[0] if kind == "word" else values.get(kind, "x")
    assert read(urlencode({"integrated_account_id": "a", name: value}), resource).filters == (
        Filter(field, op, (value,)),
    )


def test_all_forms_are_known() -> None:
    assert [asked(f"response_format={form}").form for form in get_args(Form)] == list(get_args(Form))
    assert "response_format" in NAMES
