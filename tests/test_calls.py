"""A call of a mapping, filled in."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from engine.calls import build
from engine.elements import read
from engine.errors import UsageError
from engine.mapping import Call, Http

SCOPE: dict[str, Any] = {
    "connection": {"url": "https://lms.example/base/", "token": "t"},
    "course": {"id": "a b/c"},
    "filter": {"status": ["x", "y"]},
    "page": {"offset": 0, "size": 100},
}


def http(**more: Any) -> Http:
    return Http.model_validate({"base_url": "{connection.url}", "auth": {"none": True}, "check": {"get": "/"}, **more})


def request(call: dict[str, Any], **more: Any) -> Any:
    return build(http(**more), Call.model_validate(call), SCOPE)


def test_paths_follow_the_base_address_and_holes_in_them_are_encoded() -> None:
    assert request({"get": "/courses/{course.id}"}).url == "https://lms.example/base/courses/a%20b%2Fc"


def test_a_whole_address_stands_by_itself() -> None:
    assert request({"get": "https://other.example/x"}).url == "https://other.example/x"


def test_a_hole_in_a_path_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(UsageError, match=r"\{course.nr\} has no value"):
        request({"get": "/courses/{course.nr}"})


def test_a_parameter_whose_hole_is_absent_is_left_out() -> None:
    assert request({"get": "/", "query": {"a": "{run.since}", "b": 1, "c": True}}).query == (("b", "1"), ("c", "true"))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("repeat", (("s", "x"), ("s", "y"))),
        ("brackets", (("s[]", "x"), ("s[]", "y"))),
        ("indices", (("s[0]", "x"), ("s[1]", "y"))),
        ("comma", (("s", "x,y"),)),
    ],
)
def test_lists_are_sent_in_the_style_of_the_provider(style: str, expected: Any) -> None:
    assert request({"get": "/", "query": {"s": "{filter.status}"}}, lists=style).query == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("x", (("s[]", "x"),)), (["x", "y"], (("s[]", "x"), ("s[]", "y"))), (None, ())]
)
def test_a_bare_hole_in_a_list_gives_its_value_or_all_of_its_values(status: Any, expected: Any) -> None:
    call = Call.model_validate({"get": "/", "query": {"s": ["{filter.status}"]}})
    assert build(http(lists="brackets"), call, {**SCOPE, "filter": {"status": status}}).query == expected


def test_nested_forms_are_written_as_php_reads_them_and_optional_pairs_drop_out_whole() -> None:
    call = {
        "post": "/",
        "form": {"options": [{"name": "from", "value": "{page.offset}"}, {"name": "since", "value": "{run.since}"}]},
    }
    assert request(call, lists="indices").form == (("options[0][name]", "from"), ("options[0][value]", "0"))


def test_what_every_form_carries_comes_before_the_calls_own_fields() -> None:
    call = {"post": "/", "form": {"function": "f", "id": 7}}
    assert request(call, form={"format": "json"}).form == (("format", "json"), ("function", "f"), ("id", "7"))


def test_a_json_body_keeps_types_where_a_value_is_one_bare_hole() -> None:
    call = {"post": "/", "json": {"limit": "{page.size}", "text": "n={page.size}", "none": None, "gone": "{run.x}"}}
    assert request(call).json == {"limit": 100, "text": "n=100", "none": None}


def test_an_object_in_a_json_body_loses_the_keys_that_are_absent_and_one_in_a_list_goes_as_a_whole() -> None:
    call = {
        "post": "/",
        "json": {"find": {"since": "{run.since}", "size": "{page.size}"}, "all": [{"a": 1, "b": "{run.x}"}, {"a": 2}]},
    }
    assert request(call).json == {"find": {"size": 100}, "all": [{"a": 2}]}


@pytest.mark.parametrize("style", ["repeat", "brackets", "indices", "comma"])
def test_an_empty_list_sends_nothing_in_any_style(style: str) -> None:
    assert request({"get": "/", "query": {"s": [], "t": ["{run.x}"]}}, lists=style).query == ()


@pytest.mark.parametrize("style", ["repeat", "brackets", "indices", "comma"])
def test_objects_in_a_list_are_numbered_in_any_style(style: str) -> None:
    query = request({"get": "/", "query": {"s": [{"a": 1}, {"a": 2}]}}, lists=style).query
    assert query == (("s[0][a]", "1"), ("s[1][a]", "2"))


def test_a_list_in_an_object_is_sent_in_the_style_of_the_provider() -> None:
    call = {"get": "/", "query": {"f": {"ids": [1, 2]}}}
    assert request(call, lists="comma").query == (("f[ids]", "1,2"),)
    assert request(call, lists="brackets").query == (("f[ids][]", "1"), ("f[ids][]", "2"))


def test_a_header_of_a_call_replaces_the_same_of_every_request_in_any_case() -> None:
    made = request({"get": "/", "headers": {"ACCEPT": "text/csv"}}, headers={"accept": "text/plain", "X-A": "{run.x}"})
    assert made.headers == {"ACCEPT": "text/csv"}


@pytest.mark.parametrize("token", ["t0k\nen", "t0ken\r", "t0kän", " t0ken", "t0ken\0"])
def test_a_header_that_cannot_be_sent_is_told_without_its_value(token: str) -> None:
    scope = {"connection": {"url": "https://lms.example", "token": token}}
    with pytest.raises(UsageError, match="the header `X-T` cannot be sent") as caught:
        build(http(), Call.model_validate({"get": "/", "headers": {"X-T": "{connection.token}"}}), scope)
    assert "t0k" not in str(caught.value)


def test_a_call_without_a_path_is_nothing_to_request() -> None:
    with pytest.raises(UsageError, match="give `get` or `post`"):
        request({})


def test_json_is_asked_for_unless_a_mapping_says_otherwise() -> None:
    assert request({"get": "/"}).headers == {"Accept": "application/json"}
    assert request({"get": "/", "headers": {"Accept": "text/csv"}}).headers == {"Accept": "text/csv"}


def test_an_object_in_text_is_an_error() -> None:
    with pytest.raises(UsageError, match="is an object"):
        request({"get": "/", "query": {"a": "x{course}"}})


def test_a_list_in_a_header_is_an_error() -> None:
    with pytest.raises(UsageError, match="is a list"):
        request({"get": "/", "headers": {"X-Status": "{filter.status}"}})


SOAP = "<e a='{course.id}'><id>{filter.user}</id></e>"


def test_a_body_of_xml_holds_its_values_escaped() -> None:
    scope = {**SCOPE, "course": {"id": "'\"&"}, "filter": {"user": "<x> & 'y'"}}
    made = build(http(), Call.model_validate({"post": "/", "xml": SOAP}), scope)
    assert read(made.xml or "") == {"e": {"a": "'\"&", "id": "<x> & 'y'"}}


def test_a_body_of_text_is_sent_as_it_stands_with_values_as_json_where_that_is_said() -> None:
    scope = {**SCOPE, "course": {"id": 'a"b'}}
    call = Call.model_validate({"post": "/", "text": "query {{ course(id: {course.id:json}) }}", "timeout": 90})
    made = build(http(), call, scope)
    assert (made.text, made.timeout) == ('query { course(id: "a\\"b") }', 90)
    with pytest.raises(UsageError, match=r"\{course.id\} has no value"):
        build(http(), call, {**SCOPE, "course": {}})


def test_a_field_of_a_form_can_be_a_text_of_json() -> None:
    form = {"request": '{{"user": {connection.name:json}, "as": "admin"}}'}
    scope = {**SCOPE, "connection": {**SCOPE["connection"], "name": 'o"neil'}}
    made = build(http(), Call.model_validate({"post": "/", "form": form}), scope)
    assert [json.loads(value) for name, value in made.form or () if name == "request"] == [
        {"user": 'o"neil', "as": "admin"}
    ]


def test_every_hole_of_xml_must_have_a_value_and_one_that_xml_can_hold() -> None:
    call = Call.model_validate({"post": "/", "xml": SOAP})
    with pytest.raises(UsageError, match=r"\{filter.user\} has no value"):
        build(http(), call, {**SCOPE, "filter": {}})
    with pytest.raises(UsageError, match="`filter.user`: it holds a character that XML cannot have"):
        build(http(), call, {**SCOPE, "filter": {"user": "\0"}})
    with pytest.raises(UsageError, match="is a list"):
        build(http(), call, {**SCOPE, "filter": {"user": ["a", "b"]}})


def test_what_is_accepted_is_what_the_call_or_else_every_call_reads() -> None:
    assert request({"get": "/"}).headers["Accept"] == "application/json"
    assert request({"get": "/"}, answer={"xml": True}).headers["Accept"] == "text/xml, application/xml"
    assert request({"get": "/", "answer": {"json": True}}, answer={"xml": True}).headers["Accept"] == "application/json"
    assert request({"get": "/", "answer": {"csv": {"columns": ["a"]}}}).reads(b"a\n1\n") == [{"a": "1"}]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ({"post": "/", "xml": "<a/>", "json": {}}, "there are 2 bodies; give one of `form`, `json`, `xml` and `text`"),
        ({"get": "/", "xml": "<a/>"}, "a `get` has no body"),
        ({"post": "/", "xml": "<a><b></a>"}, "`xml` cannot be sent: it is not XML: mismatched tag"),
        ({"post": "/", "xml": "<{course.id}/>{course.id}"}, "`xml` cannot be sent: it is not XML"),
        ({"post": "/", "xml": "<!DOCTYPE a []><a/>"}, "its document type"),
        ({"get": "/", "answer": {"csv": {"columns": ["a"]}, "xml": True}}, "there are 2 kinds where one is wanted"),
        ({"get": "/", "answer": {}}, "no kind is given; give exactly one of `json`, `xml`, `csv`"),
        ({"get": "/", "answer": {"csv": {"columns": []}}}, "at least 1 item"),
        ({"get": "/", "answer": {"csv": {"columns": ["a"], "delimiter": ";;"}}}, "pattern"),
    ],
)
def test_what_cannot_be_sent_or_read_is_refused(call: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Call.model_validate(call)
    assert told in str(caught.value)


def test_an_xml_template_with_an_unreadable_hole_is_told_once_where_it_is() -> None:
    with pytest.raises(ValidationError) as caught:
        Call.model_validate({"post": "/", "xml": "<a>{x + y}</a>"})
    assert caught.value.error_count() == 1


def test_a_long_body_is_not_told_whole() -> None:
    call = Call.model_validate({"post": "/", "xml": f"<a>{'x' * 5000}{{run.x}}</a>"})
    with pytest.raises(UsageError) as caught:
        build(http(), call, SCOPE)
    assert len(str(caught.value)) < 300
