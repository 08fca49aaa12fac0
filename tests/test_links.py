"""The `Link` header."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.links import links


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<a>; rel="next"', {"next": "a"}),
        ("<a>; rel=next; title=x, <b>;rel=prev", {"next": "a", "prev": "b"}),
        ('<a,b;c>; REL="Next last"', {"next": "a,b;c", "last": "a,b;c"}),
        ('<a>; title="x, y; rel=\\"no\\""; rel="next"', {"next": "a"}),
        ("<a>; rel='next'", {"next": "a"}),
        (', <a>; rel="next" ; ,, <b>; rel=last;,', {"next": "a", "last": "b"}),
        ('<a>; rel="first", <b>; rel="first next"', {"first": "a", "next": "b"}),
        ("", {}),
        (" , ", {}),
    ],
)
def test_link_headers_are_read_as_rfc_8288_says(header: str, found: dict[str, str]) -> None:
    assert links(header) == (found, "")


@pytest.mark.parametrize(
    ("header", "found", "unread"),
    [
        ("nonsense", {}, "nonsense"),
        ("<a>", {}, "<a>"),
        ('<a>; title="next"', {}, '<a>; title="next"'),
        ('a; rel="next"', {}, 'a; rel="next"'),
        ('<a; rel="next"', {}, '<a; rel="next"'),
        ('<a>; rel="next', {}, '<a>; rel="next'),
        ("<a>; rel=", {}, "<a>; rel="),
        ('<a> rel="next"', {}, '<a> rel="next"'),
        ('<a>; rel="prev", b; rel="next"', {"prev": "a"}, 'b; rel="next"'),
        ('<a>, <b>; rel="next"', {"next": "b"}, "<a>"),
    ],
)
def test_what_cannot_be_read_of_a_link_header_is_told(header: str, found: dict[str, str], unread: str) -> None:
    assert links(header) == (found, unread)


@given(st.text(max_size=200))
def test_no_link_header_raises_or_is_lost(header: str) -> None:
    found, unread = links(header)
    assert found or unread or not header.strip(" \t,")


@pytest.mark.parametrize("part", ["<a>; rel=next, ", "<a>;", " ", "; a", "<a>; a= ", '<a>; a="', "<"])
def test_reading_takes_time_in_proportion_to_the_header(part: str) -> None:
    began = time.thread_time()
    links("<a>" + part * (60_000 // len(part)))
    assert time.thread_time() - began < 1
