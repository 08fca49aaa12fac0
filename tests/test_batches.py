"""Batches: several parents asked for together, each with its own items."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from lms import HEAD, Lms

from engine.errors import MappingError
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

TEXT = (
    HEAD
    + """
fetch:
  people: { get: /people, items: items, pages: { page: { param: page, size: 5, size_param: size, more: more } } }
  details:
    for: person in people
    batch: { id: person.id, size: 2 }
    get: /details
    query: { ids: "{batch.ids}" }
    items: items
users:
  for: person in people
  join: { detail: { in: details } }
  fields: { id: person.id, name: detail.name }
"""
)
PAGED = """
    items: items
    pages: { page: { param: page, size: 2, more: more } }
users:
  for: detail in details
  fields: { id: detail.id, name: person.id }
"""


class Batched(Lms):
    """An LMS that gives the details of several people at once, of those it has."""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        if request.url.path != "/details":
            return super().__call__(request)
        self.asked.append(request.url.raw_path.decode())
        if self.answers.get("/details"):
            return self.answers["/details"].pop(0)
        ids = request.url.params.get_list("ids")
        items = [{"id": int(found), "name": f"Person {found}"} for found in ids if int(found) in self.lists["has"]]
        return httpx2.Response(200, json={"items": items[::-1]})


def school(people: int, has: set[int] | None = None) -> Batched:
    everybody = set(range(1, people + 1))
    return Batched({"/people": [{"id": number} for number in sorted(everybody)], "has": has or everybody})


def read(lms: Lms, mapping: LoadedMapping, **options: Any) -> tuple[dict[str, str | None], Any]:
    run = lms.run(mapping, resource="users", **options)

    async def everything() -> dict[str, str | None]:
        return {record.id: record.name async for record in run}  # type: ignore[union-attr]

    return asyncio.run(everything()), run


def asked(lms: Lms) -> list[str]:
    return [path.partition("?")[2] for path in lms.asked if path.startswith("/details")]


def test_parents_of_one_page_are_asked_for_together_and_each_gets_its_own(mapped: Mapped) -> None:
    lms = school(7)
    names, run = read(lms, mapped(TEXT))
    assert names == {str(number): f"Person {number}" for number in range(1, 8)}
    assert asked(lms) == ["ids=1&ids=2", "ids=3&ids=4", "ids=5", "ids=6&ids=7"]
    assert run.report.complete
    assert not run.report.notes


def test_an_id_that_is_missing_costs_its_own_parent_only_and_is_told(mapped: Mapped) -> None:
    names, run = read(school(4, {1, 3, 4}), mapped(TEXT))
    assert list(names) == ["1", "3", "4"]
    assert run.report.counts == {"parent_failed": 1}
    told = "the id 2 was asked for, and the answer does not have it; check the ids, or let the mapping `tolerate:"
    assert told in str(run.report.notes[0])
    assert str(run.report.notes[0]).startswith("person 2: acme: fetch details")
    assert not run.report.complete


def test_an_id_that_is_missing_may_be_tolerated_or_be_an_ordinary_none(mapped: Mapped) -> None:
    tolerant = TEXT.replace("    items: items\nusers", "    items: items\n    tolerate: [missing]\nusers")
    names, run = read(school(4, {1, 3, 4}), mapped(tolerant))
    assert names == {"1": "Person 1", "2": None, "3": "Person 3", "4": "Person 4"}
    assert run.report.counts == {"tolerated": 1}
    names, run = read(school(4, {1, 3, 4}), mapped(TEXT.replace("size: 2 }", "size: 2, every: false }")))
    assert (names["2"], run.report.notes) == (None, [])


def test_a_batch_that_fails_costs_all_its_parents_and_one_that_passes_is_made_again_once(mapped: Mapped) -> None:
    lms = school(2)
    lms.answer_once("/details", httpx2.Response(503))
    names, run = read(lms, mapped(TEXT))
    assert (len(names), run.report.retries, run.report.counts) == (2, 1, {})
    lms = school(4)
    lms.answer_once("/details", httpx2.Response(403, text="no"))
    names, run = read(lms, mapped(TEXT))
    assert (list(names), run.report.counts) == (["3", "4"], {"parent_failed": 2})


def test_items_that_belong_to_nobody_who_was_asked_for_are_told(mapped: Mapped) -> None:
    lms = school(2)
    lms.answer_once("/details", httpx2.Response(200, json={"items": [{"id": 1}, {"id": 2}, {"id": 9}, {}]}))
    _, run = read(lms, mapped(TEXT))
    (note,) = run.report.notes
    assert str(note).startswith("fetch details: 2 items of a batch belong to no id that was asked for; correct `key`")


def test_only_those_for_whom_when_holds_are_asked_for_and_each_id_once(mapped: Mapped) -> None:
    lms = school(5)
    lms.lists["/people"] = [{"id": number, "boss": number // 3 + 1} for number in range(1, 6)]
    text = TEXT.replace("id: person.id, size: 2", "id: person.boss, size: 5").replace(
        "    batch:", "    when: 'person.id < 5'\n    batch:"
    )
    names, _ = read(lms, mapped(text))
    assert names == {"1": "Person 1", "2": "Person 1", "3": "Person 2", "4": "Person 2", "5": None}
    assert asked(lms) == ["ids=1&ids=2"]


def test_a_parent_without_an_id_costs_itself_only(mapped: Mapped) -> None:
    lms = school(3)
    lms.lists["/people"][1] = {"id": 2, "number": None}
    text = TEXT.replace("id: person.id, size: 2", "id: person.number, size: 3, key: item.id")
    for index, number in ((0, 1), (2, 3)):
        lms.lists["/people"][index] = {"id": number, "number": str(number)}
    names, run = read(lms, mapped(text))
    assert list(names) == ["1", "3"]
    assert "`batch.id: person.number` gives no id for this parent" in str(run.report.notes[0])


def test_all_pages_of_a_batch_are_read_and_a_parent_may_have_several_items(mapped: Mapped) -> None:
    lms = school(2)
    pages = [[{"of": 1, "id": 10}, {"of": 2, "id": 20}], [{"of": 1, "id": 11}]]
    lms.answer_once(
        "/details", *(httpx2.Response(200, json={"items": page, "more": page is pages[0]}) for page in pages)
    )
    text = TEXT.partition("    items: items\nusers")[0].replace("size: 2 }\n", "size: 2, key: item.of }\n") + PAGED
    names, _ = read(lms, mapped(text))
    assert names == {"10": "1", "11": "1", "20": "2"}
    assert asked(lms) == ["ids=1&ids=2&page=1", "ids=1&ids=2&page=2"]


def test_a_run_that_goes_on_asks_for_the_same_batches(mapped: Mapped) -> None:
    mapping = mapped(TEXT)
    for limit in range(1, 7):
        _, run = read(school(7), mapping, limit=limit)
        rest = school(7)
        names, _ = read(rest, mapping, start=run.position)
        assert list(names) == [str(number) for number in range(limit + 1, 8)]
        assert set(asked(rest)) <= {"ids=1&ids=2", "ids=3&ids=4", "ids=5", "ids=6&ids=7"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    batch:", "    once: person.id\n    batch:", "`once` of one; leave one of them out"),
        ("    for: person in people\n    batch", "    batch", "`batch` needs `for`"),
        ('ids: "{batch.ids}"', 'ids: "{person.id}"', "there is no `person` here"),
        ('ids: "{batch.ids}"', 'ids: "{batch.id}"', "did you mean `ids`?"),
    ],
)  # fmt: skip
def test_what_a_batch_cannot_see_or_be_is_told(mapped: Mapped, old: str, new: str, told: str) -> None:
    with pytest.raises(MappingError) as caught:
        mapped(TEXT.replace(old, new))
    assert told in str(caught.value)
