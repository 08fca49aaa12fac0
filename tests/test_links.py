"""The `Link` header."""

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
        ("<a>", {}),
        ("", {}),
        ("nonsense", {}),
    ],
)
def test_link_headers_are_read_as_rfc_8288_says(header: str, found: dict[str, str]) -> None:
    assert links(header) == found


@given(st.text(max_size=200))
def test_no_link_header_raises(header: str) -> None:
    links(header)
