"""How a list goes on is read off what stands around it, and off what it may be asked."""

from typing import Any

import pytest

from engine.proposing.lists import candidates
from engine.proposing.paging import Asked, paging
from engine.proposing.shapes import shape_of

ITEMS = [{"id": 1, "user_id": 2, "course_id": 3, "status": "completed"}]


def pages(answer: Any, *asked: Asked, **options: Any) -> Any:
    shape = shape_of(answer)
    return paging(shape, candidates(shape)[0].path, asked, **options).pages.value


def around(**keys: Any) -> dict[str, Any]:
    return {"data": ITEMS, **keys}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ITEMS, {"single": True}),
        (around(next="https://acme.example/e?page=2"), {"next_url": "next"}),
        (around(next=None), {"next_url": "next"}),
        (around(links={"next": {"href": "/e?page=2"}}), {"next_url": "links.next.href"}),
        (around(**{"@odata.nextLink": "https://acme.example/e?$skip=2"}), {"next_url": "`@odata.nextLink`"}),
        (around(nextPageToken="abc"), {"cursor": {"param": "pageToken", "next": "nextPageToken"}}),
        (
            around(meta={"next_cursor": "abc", "has_more": True}),
            {"cursor": {"param": "cursor", "next": "meta.next_cursor", "more": "meta.has_more"}},
        ),
        (around(next_page=2), {"cursor": {"param": "page", "next": "next_page"}}),
        (
            around(page=1, per_page=50, total_pages=3),
            {"page": {"param": "page", "size": 50, "size_param": "per_page", "count": "total_pages"}},
        ),
        (
            around(number=0, size=20, last=False),
            {"page": {"param": "number", "first": 0, "size": 20, "size_param": "size", "more": "$not(last)"}},
        ),
        (
            around(paging={"offset": 0, "limit": 100, "total": 3}),
            {"offset": {"param": "offset", "size": 100, "size_param": "limit", "total": "paging.total"}},
        ),
        (around(count=1), {"single": True}),
        (
            around(count=1, page=1, size=10),
            {"page": {"param": "page", "size": 10, "size_param": "size", "until": "empty"}},
        ),
    ],
)
def test_paging_is_proposed_by_the_keys_of_the_answer(answer: Any, expected: Any) -> None:
    assert pages(answer) == expected


def test_a_total_without_a_way_to_ask_for_more_is_a_hole_and_not_silence() -> None:
    found = pages(around(total=300))
    assert found["offset"]["param"].startswith("FILL:")
    assert found["offset"]["size"].startswith("FILL:")
    assert found["offset"]["total"] == "total"


@pytest.mark.parametrize(
    ("answer", "asked", "expected"),
    [
        (
            ITEMS,
            [Asked("page"), Asked("per_page", 200)],
            {"page": {"param": "page", "size": 200, "size_param": "per_page", "until": "empty"}},
        ),
        (
            around(total=9),
            [Asked("$skip"), Asked("$top")],
            {"offset": {"param": "$skip", "size": 100, "size_param": "$top", "total": "total"}},
        ),
        (
            around(total=9),
            [Asked("page[number]"), Asked("page[size]", 50)],
            {"page": {"param": "page[number]", "size": 50, "size_param": "page[size]", "total": "total"}},
        ),
        (
            around(next_cursor="x"),
            [Asked("after"), Asked("limit")],
            {"cursor": {"param": "after", "next": "next_cursor"}},
        ),
        (around(total=9), [Asked("sort")], {"single": True}),
    ],
)
def test_what_may_be_asked_decides_where_it_is_known(answer: Any, asked: list[Asked], expected: Any) -> None:
    assert pages(answer, *asked) == expected


def test_a_link_header_that_is_documented_is_followed() -> None:
    assert pages(ITEMS, Asked("per_page"), link_header=True) == {"link_header": "next"}


def test_pages_of_a_documented_size_are_asked_for_in_full() -> None:
    shape = shape_of(around(next="https://acme.example/e?page=2"))
    assert paging(shape, ("data",), [Asked("limit", 500)]).query == {"limit": 500}
