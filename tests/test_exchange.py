"""A request and its response, as plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Unreadable
from engine.exchange import Request, Response, origin


def test_a_parameter_that_is_set_replaces_one_of_the_same_name_and_keeps_the_others_in_order() -> None:
    request = Request("GET", "https://x.example", query=(("a", "1"), ("page", "1"), ("b", "2")))
    assert request.with_query(("page", "2")).query == (("a", "1"), ("b", "2"), ("page", "2"))


def test_a_parameter_that_is_set_replaces_one_in_the_address_itself_too_and_leaves_the_others_as_they_are_written() -> (
    None
):
    request = Request("GET", "https://x.example/a?page=1&q=a+b%3a&p%61ge=3&flag")
    assert request.with_query(("page", "2")).address == "https://x.example/a?q=a+b%3a&flag&page=2"
    assert (
        Request("GET", "https://x.example/a?page=1").with_query(("page", "2")).address == "https://x.example/a?page=2"
    )


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://x.example/a", "https://x.example/a?b=1"),
        ("https://x.example/a?", "https://x.example/a?b=1"),
        ("https://x.example/a?c=2", "https://x.example/a?c=2&b=1"),
        ("https://x.example/a?c=2#there", "https://x.example/a?c=2&b=1"),
    ],
)
def test_parameters_follow_those_the_address_has_itself(url: str, address: str) -> None:
    assert Request("GET", url, query=(("b", "1"),)).address == address
    assert Request("GET", url).address == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://School.example:443/x", "https://school.example"),
        ("http://school.example:80", "http://school.example"),
        ("http://school.example:8080/x?y", "http://school.example:8080"),
        ("https://someone@school.example/", "https://school.example"),
        ("https://school.example@evil.example/", "https://evil.example"),
        ("http://[::1]:80/", "http://[::1]"),
        ("ftp://school.example", ""),
        ("/path", ""),
        ("https://", ""),
        ("http://[bad", ""),
        ("https://school.example:99999", ""),
    ],
)
def test_the_origin_of_an_address_is_written_in_one_way(url: str, expected: str) -> None:
    assert origin(url) == expected


@given(st.text(max_size=80))
def test_no_text_breaks_the_origin(text: str) -> None:
    origin(text)
    origin(f"https://{text}")


def test_a_header_that_is_set_replaces_one_of_the_same_name_in_any_case() -> None:
    request = Request("GET", "https://x.example", headers={"authorization": "old", "Accept": "x"})
    assert request.with_header("Authorization", "new").headers == {"Accept": "x", "Authorization": "new"}


def test_a_request_is_shown_as_method_and_whole_address() -> None:
    assert str(Request("GET", "https://x.example/a", query=(("q", "ä b"),))) == "GET https://x.example/a?q=%C3%A4%20b"
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
        (b"[1", "breaks off after 2 bytes"),
        (b'{"a": NaN}', "starts as JSON but is none"),
        (b"[1] [2]", "starts as JSON but is none"),
        (b'["Se\xf1or"]', "not encoded as UTF-8"),
        ("[1]".encode("utf-16"), "not encoded as UTF-8"),
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


def test_half_a_character_becomes_a_mark_and_is_counted_and_the_rest_stays() -> None:
    response = Response(200, body=b'[{"a": "cut \\ud83d", "b": "\\ud83d\\ude00", "n": 123456789012345678901234567890}]')
    assert response.json == [{"a": "cut \ufffd", "b": "\U0001f600", "n": 123456789012345678901234567890}]
    assert response.mended == 1
    assert Response(200, body=b"[1]").mended == 0


@pytest.mark.parametrize("number", ["1e400", "-1E+999", "1" + "0" * 400 + ".0"])
def test_a_number_that_no_double_holds_is_refused_not_made_infinite(number: str) -> None:
    with pytest.raises(Unreadable, match="which no double holds"):
        Response(200, body=f'{{"n": {number}}}'.encode()).json  # noqa: B018 - reading it is the test


def test_text_that_only_looks_like_such_a_number_is_text() -> None:
    assert Response(200, body=b'{"code": "7e400", "n": 1e300}').json == {"code": "7e400", "n": 1e300}
