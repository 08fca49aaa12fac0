"""How a list goes on, without a network."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.endless import LoopGuard
from engine.errors import PageLoop, Unreadable
from engine.exchange import Request, Response, origin
from engine.mapping import Pages
from engine.pages import KNOWN_PAGES, Pager, pager

REQUEST = Request("GET", "https://lms.example/api/x?y=1", query=(("per_page", "100"),))


def made(**settings: Any) -> Pager:
    return pager(Pages.model_validate(settings))


def answer(body: Any = None, **headers: str) -> Response:
    return Response(200, headers, json.dumps(body).encode())


def test_single_has_one_page() -> None:
    assert made(single=True).next({}, REQUEST, answer([]), 3) == []


def test_a_link_header_is_followed_as_it_is_without_the_first_parameters() -> None:
    linked = made(link_header="next")
    response = answer(Link="", link='<https://lms.example/api/x?page=bookmark:W,1>; rel="next", </z>; rel="first"')
    (state,) = linked.next({}, REQUEST, response, 100)
    assert state == {"url": "https://lms.example/api/x?page=bookmark:W,1"}
    request = linked.request(REQUEST, state)
    assert (request.url, request.query) == (state["url"], ())
    assert linked.next(state, request, answer([]), 0) == []


@pytest.mark.parametrize(
    "header", ['https://lms.example/api/x?page=2; rel="next"', "<https://lms.example/x>; rel=", "x"]
)
def test_a_link_header_that_cannot_be_read_is_an_error_and_no_end(header: str) -> None:
    with pytest.raises(Unreadable, match=r"the `Link` header cannot be read: .*; tell the vendor"):
        made(link_header="next").next({}, REQUEST, answer(link=header), 100)
    beside = answer(link=f'<https://lms.example/x?page=2>; rel="next", {header}')
    assert made(link_header="next").next({}, REQUEST, beside, 100) == [{"url": "https://lms.example/x?page=2"}]


def test_a_link_to_another_host_is_refused_since_credentials_would_go_along() -> None:
    response = answer(link='<https://evil.example/x>; rel="next"')
    with pytest.raises(Unreadable, match="on another host, https://evil.example and not https://lms.example"):
        made(link_header="next").next({}, REQUEST, response, 1)


@pytest.mark.parametrize(
    "link",
    ["http://lms.example/x", "//evil.example/x", "https://lms.example:8443/x", "https://[bad", "ftp://lms.example/"],
)
def test_a_link_must_have_scheme_host_and_port_of_the_request(link: str) -> None:
    with pytest.raises(Unreadable, match="on another host, .* and not https://lms.example"):
        made(next_url="next").next({}, REQUEST, answer({"next": link}), 1)


def test_a_port_that_goes_without_saying_makes_no_other_host() -> None:
    response = answer(link='<https://LMS.example:443/x?page=2>; rel="next"')
    assert made(link_header="next").next({}, REQUEST, response, 1) == [{"url": "https://LMS.example:443/x?page=2"}]


def test_a_relative_link_is_read_from_where_the_answer_came_without_the_parameters_of_that() -> None:
    response = Response(200, {"link": "<list?page=2>; rel=next"}, b"[]", url="https://lms.example/moved/x?token=s3cret")
    assert made(link_header="next").next({}, REQUEST, response, 1) == [{"url": "https://lms.example/moved/list?page=2"}]


@given(st.text(max_size=60))
def test_no_link_leads_away_or_breaks(link: str) -> None:
    try:
        states = made(next_url="next").next({}, REQUEST, answer({"next": link}), 1)
    except Unreadable:
        return
    assert all(origin(state["url"]) == "https://lms.example" for state in states)


def test_a_next_address_in_the_body_may_be_relative_and_absent_on_the_last_page() -> None:
    linked = made(next_url="links.next")
    assert linked.next({}, REQUEST, answer({"links": {"next": "?page=2"}}), 1) == [
        {"url": "https://lms.example/api/x?page=2"}
    ]
    for none in (None, "", " "):
        assert linked.next({}, REQUEST, answer({"links": {"next": none}}), 1) == []
    with pytest.raises(Unreadable, match="address of the next page is 7"):
        linked.next({}, REQUEST, answer({"links": {"next": 7}}), 1)


NUMBER: dict[str, Any] = {"param": "page", "size": 10, "size_param": "size"}


def test_a_counted_list_names_all_pages_at_once() -> None:
    numbered = made(page={**NUMBER, "count": "pages"})
    assert numbered.next(numbered.first, REQUEST, answer({"pages": 4}), 10) == [{"page": n} for n in (2, 3, 4)]
    assert numbered.next({"page": 4}, REQUEST, answer({"pages": 4}), 3) == []
    assert numbered.next({"page": 4}, REQUEST, answer({"pages": 5}), 10) == [{"page": 5}]  # it has grown meanwhile


def test_pages_may_count_from_zero() -> None:
    numbered = made(page={**NUMBER, "first": 0, "total": "total"})
    assert numbered.first == {"page": 0}
    assert numbered.next({"page": 0}, REQUEST, answer({"total": 25}), 10) == [{"page": 1}, {"page": 2}]


def test_a_provider_that_gives_fewer_than_asked_for_is_followed_in_its_own_steps() -> None:
    numbered = made(page={**NUMBER, "total": "total"})
    states = numbered.next(numbered.first, REQUEST, answer({"total": 12}), 5)
    assert [state["page"] for state in states] == [2, 3]
    offset = made(offset={"param": "o", "size": 10, "total": "total"})
    assert offset.next({"offset": 0}, REQUEST, answer({"total": 12}), 5) == [
        {"offset": 5, "size": 5},
        {"offset": 10, "size": 5},
    ]
    assert offset.request(REQUEST, {"offset": 5, "size": 5}).query == (("per_page", "100"), ("o", "5"))
    assert offset.scope({"offset": 5, "size": 5}) == {"offset": 5, "size": 5}


def test_a_provider_that_gives_more_than_asked_for_is_followed_in_its_own_steps() -> None:
    numbered = made(page={**NUMBER, "total": "total"})
    states = numbered.next(numbered.first, REQUEST, answer({"total": 120}), 50)
    assert [state["page"] for state in states] == [2, 3]
    assert numbered.next(numbered.first, REQUEST, answer({"total": 50}), 50) == []  # it does not page at all
    offset = made(offset={"param": "o", "size": 10, "total": "total"})
    assert [state["offset"] for state in offset.next({"offset": 0}, REQUEST, answer({"total": 120}), 50)] == [50, 100]
    assert offset.next({"offset": 0}, REQUEST, answer({"total": 50}), 50) == []


def test_a_total_smaller_than_what_came_is_no_end() -> None:
    numbered = made(page={**NUMBER, "total": "total"})
    assert numbered.next({"page": 1}, REQUEST, answer({"total": 3}), 10) == [{"page": 2}]
    assert numbered.next({"page": 2}, REQUEST, answer({"total": 3}), 9) == []
    offset = made(offset={"param": "o", "size": 10, "total": "total"})
    assert offset.next({"offset": 0}, REQUEST, answer({"total": 3}), 10) == [{"offset": 10}]
    assert offset.next({"offset": 10}, REQUEST, answer({"total": 3}), 9) == []


@pytest.mark.parametrize("kind", ["count", "total"])
def test_a_list_that_is_said_to_have_a_billion_pages_fills_no_memory(kind: str) -> None:
    numbered = made(page={**NUMBER, kind: "n"})
    assert len(numbered.next({"page": 1}, REQUEST, answer({"n": 10**10}), 10)) == KNOWN_PAGES
    with pytest.raises(Unreadable, match="a number that no list can have"):
        numbered.next({"page": 1}, REQUEST, answer({"n": 10**16}), 10)
    assert len(made(offset={"size": 10, "total": "n"}).next({"offset": 0}, REQUEST, answer({"n": 10**10}), 10)) == 1000


def test_a_total_may_be_written_as_text_or_with_a_point() -> None:
    numbered = made(page={**NUMBER, "total": "total"})
    for total in ("25", " 25 ", 25.0):
        assert [state["page"] for state in numbered.next({"page": 1}, REQUEST, answer({"total": total}), 10)] == [2, 3]


def test_an_offset_goes_on_after_what_came_and_over_an_empty_page_by_its_size() -> None:
    offset = made(offset={"size": 10, "more": "more"})
    assert offset.next({"offset": 0}, REQUEST, answer({"more": True}), 7) == [{"offset": 7}]
    assert offset.next({"offset": 7}, REQUEST, answer({"more": True}), 0) == [{"offset": 17}]
    assert offset.next({"offset": 7}, REQUEST, answer({"more": False}), 10) == []


def test_more_says_whether_there_is_another_and_must_say_it() -> None:
    numbered = made(page={**NUMBER, "more": "data.more"})
    assert numbered.next({"page": 1}, REQUEST, answer({"data": {"more": True}}), 10) == [{"page": 2}]
    assert numbered.next({"page": 1}, REQUEST, answer({"data": {"more": False}}), 10) == []
    with pytest.raises(Unreadable, match="`more: data.more` found nothing"):
        numbered.next({"page": 1}, REQUEST, answer({"data": {}}), 10)


def test_a_header_can_say_whether_there_is_another_page_and_must_say_it() -> None:
    for paging in (made(page={**NUMBER, "more_header": "X-More"}), made(offset={"size": 10, "more_header": "X-More"})):
        for yes in ("true", "True", " 1 ", "yes"):
            assert paging.next(paging.first, REQUEST, answer([], **{"x-more": yes}), 10)
        for no in ("false", "0", "no"):
            assert not paging.next(paging.first, REQUEST, answer([], **{"x-more": no}), 10)
        with pytest.raises(Unreadable, match="`more_header: X-More`: the answer has no such header"):
            paging.next(paging.first, REQUEST, answer([]), 10)
        with pytest.raises(Unreadable, match="its header is 'perhaps'"):
            paging.next(paging.first, REQUEST, answer([], **{"x-more": "perhaps"}), 10)
    either = made(page={**NUMBER, "more_header": "X-More", "until": "short"})
    assert either.next({"page": 1}, REQUEST, answer([], **{"x-more": "true"}), 3) == [{"page": 2}]
    assert either.next({"page": 1}, REQUEST, answer([]), 10) == [{"page": 2}]
    assert either.next({"page": 1}, REQUEST, answer([]), 9) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [("no", "'no'"), ("false", "'false'"), (0, "0"), (1, "1"), ("", "''"), ({"x": True}, '{"x": true}')],
)
def test_more_is_true_or_false_and_nothing_else(more: Any, told: str) -> None:
    for paging in (made(page={**NUMBER, "more": "more"}), made(offset={"size": 10, "more": "more"})):
        with pytest.raises(Unreadable, match=f"`more: more` gives {told} and not true or false; compare it with"):
            paging.next(paging.first, REQUEST, answer({"more": more}), 10)
    compared = made(page={**NUMBER, "more": 'more != "no"'})
    assert compared.next({"page": 1}, REQUEST, answer({"more": "no"}), 10) == []


@pytest.mark.parametrize(
    ("total", "told"),
    [(None, "nothing"), ("many", "'many'"), (True, "true"), (1.5, "1.5"), ([], r"\[\]"), ("1" * 30, "'1111")],
)
def test_a_total_that_is_no_number_is_an_error_not_an_end(total: Any, told: str) -> None:
    with pytest.raises(Unreadable, match=f"gives {told}.* and not a number"):
        made(page={**NUMBER, "total": "total"}).next({"page": 1}, REQUEST, answer({"total": total}), 10)


def test_an_empty_page_before_the_total_does_not_end_the_list_and_the_count_can_be_held_against_what_came() -> None:
    offset = made(offset={"param": "o", "size": 10, "total": "total"})
    assert offset.next({"offset": 10}, REQUEST, answer({"total": 30}), 0) == [{"offset": 20}]
    assert offset.counted({"offset": 10}, answer({"total": 30})) == (30, 10)
    numbered = made(page={**NUMBER, "total": "total"})
    assert numbered.counted({"page": 3}, answer({"total": 30})) == (30, 20)
    assert made(single=True).counted({}, answer([])) is None
    assert made(page={**NUMBER, "count": "count"}).counted({"page": 3}, answer({"count": 9})) is None


def test_a_mark_of_the_answer_goes_into_the_next_request_and_none_or_an_empty_one_ends_the_list() -> None:
    marked = made(cursor={"param": "after", "next": "meta.next"})
    assert marked.request(REQUEST, marked.first) == REQUEST
    for given_, sent in (("a/b=", "a/b="), (90071992547409931, "90071992547409931")):
        (state,) = marked.next(marked.first, REQUEST, answer({"meta": {"next": given_}}), 10)
        assert state == {"cursor": sent}
        assert marked.request(REQUEST, state).query == (("per_page", "100"), ("after", sent))
    for none in ({"next": None}, {"next": ""}, {}):
        assert marked.next({"cursor": "x"}, REQUEST, answer({"meta": none}), 10) == []
    for wrong in (True, {"a": 1}, [1, 2]):
        with pytest.raises(Unreadable, match="the mark of the next page is"):
            marked.next({}, REQUEST, answer({"meta": {"next": wrong}}), 10)


def test_a_mark_on_the_last_page_counts_only_where_more_says_so() -> None:
    marked = made(cursor={"next": "mark", "more": "more"})
    assert marked.scope({"cursor": "7"}) == {"cursor": "7"}
    assert marked.request(REQUEST, {"cursor": "7"}) == REQUEST  # it has a hole for it
    assert marked.next({}, REQUEST, answer({"mark": "7", "more": True}), 0) == [{"cursor": "7"}]
    assert marked.next({}, REQUEST, answer({"mark": "7", "more": False}), 10) == []
    with pytest.raises(Unreadable, match="`more: more` found nothing"):
        marked.next({}, REQUEST, answer({"mark": "7"}), 10)
    with pytest.raises(Unreadable, match="`next: mark` found no mark"):
        marked.next({}, REQUEST, answer({"mark": "", "more": True}), 10)


def test_a_mark_that_comes_again_is_a_loop() -> None:
    guard = LoopGuard()
    guard.see({"cursor": "a"}, [1])
    with pytest.raises(PageLoop, match="leads back"):
        guard.see({"cursor": "a"}, [2])


def test_a_mark_can_be_in_a_header() -> None:
    marked = made(cursor={"next_header": "X-Next", "more": "more"})
    assert marked.next({}, REQUEST, answer({"more": True}, **{"x-next": " abc "}), 10) == [{"cursor": "abc"}]
    assert marked.next({}, REQUEST, answer({"more": False}, **{"x-next": "abc"}), 10) == []
    with pytest.raises(Unreadable, match="`next_header: X-Next` found no mark"):
        marked.next({}, REQUEST, answer({"more": True}), 10)
    assert made(cursor={"next_header": "X-Next"}).next({}, REQUEST, answer({}), 10) == []


@pytest.mark.parametrize(
    ("given_", "told"),
    [({}, "give `next` or `next_header`"), ({"next": "a", "next_header": "b"}, "there are two marks")],
)
def test_a_mark_comes_from_one_place(given_: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        made(cursor=given_)


def test_pages_that_are_cut_before_something_is_left_out_of_them_go_on_by_their_size() -> None:
    hiding = made(offset={"param": "o", "size": 10, "until": "empty", "step": "size"})
    assert hiding.next({"offset": 20}, REQUEST, answer([]), 7) == [{"offset": 30}]
    assert hiding.next({"offset": 30}, REQUEST, answer([]), 0) == []
    with pytest.raises(ValueError, match="with `step: size` any page may be short; use `until: empty`"):
        made(offset={"param": "o", "size": 10, "until": "short", "step": "size"})


@pytest.mark.parametrize(
    ("settings", "last", "beyond"),
    [
        ({"offset": {"param": "o", "size": 10, "until": "short", "most": 30}}, {"offset": 20}, {"offset": 30}),
        ({"offset": {"param": "o", "size": 10, "total": "n", "most": 25}}, {"offset": 10}, {"offset": 20}),
        ({"page": {"param": "p", "size": 10, "first": 0, "until": "short", "most": 30}}, {"page": 2}, {"page": 3}),
        ({"page": {"param": "p", "size": 10, "total": "n", "most": 30}}, {"page": 3}, {"page": 4}),
    ],
)
def test_a_list_that_goes_on_beyond_what_the_provider_gives_is_an_error_after_what_it_gave(
    settings: dict[str, Any], last: dict[str, int], beyond: dict[str, int]
) -> None:
    capped = made(**settings)
    assert capped.request(REQUEST, last).query[0] == ("per_page", "100")
    assert capped.next(last, REQUEST, answer({"n": 100}), 10)[0] == beyond
    with pytest.raises(Unreadable, match="the list goes on after the .. items that the provider gives of one"):
        capped.request(REQUEST, beyond)


def test_until_short_and_until_empty() -> None:
    short = made(offset={"param": "o", "size": 10, "until": "short"})
    assert short.next({"offset": 0}, REQUEST, answer([]), 10) == [{"offset": 10}]
    assert short.next({"offset": 0}, REQUEST, answer([]), 9) == []
    empty = made(offset={"param": "o", "size": 10, "until": "empty"})
    assert empty.next({"offset": 0}, REQUEST, answer([]), 4) == [{"offset": 4}]
    assert empty.next({"offset": 4}, REQUEST, answer([]), 0) == []


def test_numbers_go_into_parameters_or_holes() -> None:
    numbered = made(page={**NUMBER, "until": "short"})
    assert numbered.request(REQUEST, {"page": 3}).query == (("per_page", "100"), ("page", "3"), ("size", "10"))
    assert numbered.scope({"page": 3}) == {"number": 3, "size": 10}
    assert made(offset={"size": 10, "until": "short"}).request(REQUEST, {"offset": 3}) == REQUEST


def read(paging: Pager, size: int, items: list[int]) -> list[int]:
    """Read a list from a provider that gives `size` items a page, as the runner does: known pages first."""
    waiting, seen, guard = [paging.first], list[int](), LoopGuard()
    while waiting:
        state = waiting.pop(0)
        start = state["offset"] if "offset" in state else (state["page"] - 1) * size
        page = items[start : start + size]
        guard.see(state, page)
        seen += page
        body = {"total": len(items), "count": -(-len(items) // size), "more": start + size < len(items)}
        known = paging.next(state, REQUEST, answer(body), len(page))
        waiting = waiting or known
    return seen


@given(
    total=st.integers(0, 60),
    asked=st.integers(1, 9),
    given_=st.integers(1, 9),
    kind=st.sampled_from(["total", "count", "more", "empty"]),
)
def test_every_item_comes_exactly_once_whatever_size_the_provider_makes_its_pages(
    total: int, asked: int, given_: int, kind: str
) -> None:
    end = {"until": kind} if kind == "empty" else {kind: kind}
    items = list(range(total))
    assert read(made(page={"param": "page", "size": asked, **end}), given_, items) == items
    if kind != "count":
        assert read(made(offset={"param": "offset", "size": asked, **end}), given_, items) == items


@given(total=st.integers(0, 60), size=st.integers(1, 7))
def test_every_item_comes_exactly_once_where_a_short_page_is_the_last(total: int, size: int) -> None:
    items = list(range(total))
    assert read(made(page={"param": "page", "size": size, "until": "short"}), size, items) == items
    assert read(made(offset={"param": "offset", "size": size, "until": "short"}), size, items) == items
