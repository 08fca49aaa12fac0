"""A request and its response, as plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Unreadable
from engine.exchange import Request, Response


def test_a_parameter_that_is_set_replaces_one_of_the_same_name_and_keeps_the_others_in_order() -> None:
    request = Request("GET", "https://x.example", query=(("a", "1"), ("page", "1"), ("b", "2")))
    assert request.with_query(("page", "2")).query == (("a", "1"), ("b", "2"), ("page", "2"))


def test_a_header_that_is_set_replaces_one_of_the_same_name_in_any_case() -> None:
    request = Request("GET", "https://x.example", headers={"authorization": "old", "Accept": "x"})
    assert request.with_header("Authorization", "new").headers == {"Accept": "x", "Authorization": "new"}


def test_a_request_is_shown_as_method_and_whole_address() -> None:
    assert str(Request("GET", "https://x.example/a", query=(("q", "ä b"),))) == "GET https://x.example/a?q=%C3%A4+b"
    assert str(Request("POST", "https://x.example/a")) == "POST https://x.example/a"


def test_integers_of_any_size_keep_every_digit() -> None:
    text = '{"id": 10000000000000123456789012345678901234567890}'
    assert Response(200, body=text.encode()).json == {"id": 10000000000000123456789012345678901234567890}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_json_comes_back_as_it_was(value: object) -> None:
    import json

    assert Response(200, body=json.dumps(value).encode()).json == value


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the body is empty"),
        (b"  <!DOCTYPE html><html>", "an HTML page"),
        (b'<?xml version="1.0"?><a/>', "it is XML"),
        (b'{"a": [1, 2', "breaks off"),
        (b"[" * 10_000 + b"]" * 10_000, "nests too deep"),
        (b'{"a": NaN}', "starts as JSON"),
        (b"Bad Gateway", "check the address"),
    ],
)
def test_what_is_no_json_is_told_with_what_it_looks_like(body: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match="the answer is not JSON") as caught:
        Response(200, body=body).json  # noqa: B018 - reading it is the test
    assert told in str(caught.value)


def test_a_byte_order_mark_before_json_is_passed_over() -> None:
    assert Response(200, body=b'\xef\xbb\xbf{"a": 1}').json == {"a": 1}


def test_bytes_that_are_no_text_do_not_break_the_text() -> None:
    assert Response(200, body=b"a\xff").text == "a\ufffd"
