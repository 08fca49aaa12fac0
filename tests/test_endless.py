"""Lists that do not end."""

import pytest

from engine.endless import EMPTY_PAGES, LoopGuard
from engine.errors import PageLoop


def test_a_list_that_leads_back_to_itself_is_refused() -> None:
    guard = LoopGuard()
    guard.see({"url": "a"}, [1])
    guard.see({"url": "b"}, [2])
    with pytest.raises(PageLoop, match="already gave"):
        guard.see({"url": "a"}, [3])


def test_a_page_that_repeats_the_one_before_is_refused_but_two_empty_ones_are_fine() -> None:
    guard = LoopGuard()
    guard.see({"page": 1}, [])
    guard.see({"page": 2}, [])
    guard.see({"page": 3}, [{"id": 1}])
    with pytest.raises(PageLoop, match="the very items"):
        guard.see({"page": 4}, [{"id": 1}])


def test_endless_empty_pages_are_refused() -> None:
    guard = LoopGuard()
    for number in range(EMPTY_PAGES):
        guard.see({"page": number}, [])
    with pytest.raises(PageLoop, match="pages in a row are empty"):
        guard.see({"page": EMPTY_PAGES}, [])
