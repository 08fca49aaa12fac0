"""Kinds that are made of others: unions, wrappers of any name, JSON in a text, OData, statuses that the clock makes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from lms import HEAD, URL, Lms

from engine.loading import LoadedMapping
from engine.records import as_dict
from engine.running import Run

Mapped = Callable[[str], LoadedMapping]


def read(server: Any, mapping: LoadedMapping, resource: str = "users", **options: Any) -> list[dict[str, Any]]:
    run = Run(mapping, {"url": URL}, resource=resource, transport=httpx2.MockTransport(server), backoff=0.0, **options)

    async def everything() -> list[dict[str, Any]]:
        return [as_dict(record) async for record in run]

    found = asyncio.run(everything())
    assert not run.report.notes
    return found


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in found]


UNION = """
fetch:
  courses: { get: /courses, items: items }
  enrolled: { for: course in courses, get: "/enrolled/{course.id}", items: items }
  invited: { for: course in courses, get: "/invited/{course.id}", items: items }
  members:
    for: course in courses
    join: { enrolled: { in: enrolled, all: true }, invited: { in: invited, all: true } }
    items: '$append(enrolled, invited) ?? []'
users: { for: member in members, fields: { id: member.id } }
"""


def test_two_lists_of_a_parent_become_one(mapped: Mapped) -> None:
    lists: dict[str, Any] = {"/courses": [{"id": 1}, {"id": 2}, {"id": 3}]}
    lists |= {"/enrolled/1": [{"id": "a"}, {"id": "b"}], "/invited/1": [{"id": "c"}]}
    lists |= {"/enrolled/2": [], "/invited/2": [{"id": "d"}], "/enrolled/3": [], "/invited/3": []}
    lms = Lms(lists)
    assert ids(read(lms, mapped(HEAD + UNION))) == ["a", "b", "c", "d"]
    assert len(lms.asked) == 7


@pytest.mark.parametrize("wrapper", ["users", "learners", "members"])
def test_a_wrapper_may_have_any_of_several_names(mapped: Mapped, wrapper: str) -> None:
    text = HEAD + (
        "fetch: { people: { get: /people, items: 'users ?? learners ?? members' } }\n"
        "users: { for: person in people, fields: { id: person.id } }\n"
    )
    for items in ([{"id": 1}], [{"id": 1}, {"id": 2}]):
        answer = httpx2.Response(200, json={wrapper: items})
        assert ids(read(lambda _, answer=answer: answer, mapped(text))) == [str(item["id"]) for item in items]


def test_json_inside_of_a_text_is_read_with_every_digit(mapped: Mapped) -> None:
    text = HEAD + (
        "fetch: { people: { get: /people, items: '$json(payload).rows' } }\n"
        "users: { for: person in people, fields: { id: person.id } }\n"
    )
    answer = httpx2.Response(200, json={"payload": '{"rows": [{"id": 12345678901234567890}, {"id": 2}]}'})
    assert ids(read(lambda _: answer, mapped(text))) == ["12345678901234567890", "2"]


def test_odata_is_followed(mapped: Mapped) -> None:
    text = HEAD + (
        "fetch: { people: { get: /people, query: { $top: 2 }, items: value,\n"
        "  pages: { next_url: '`@odata.nextLink`' } } }\n"
        "users: { for: person in people, fields: { id: person.id } }\n"
    )

    def server(request: httpx2.Request) -> httpx2.Response:
        if "$skiptoken" in request.url.params:
            return httpx2.Response(200, json={"value": [{"id": 3}]})
        assert request.url.params["$top"] == "2"
        following = {"@odata.nextLink": f"{URL}/people?$skiptoken=abc"}
        return httpx2.Response(200, json={"value": [{"id": 1}, {"id": 2}], **following})

    assert ids(read(server, mapped(text))) == ["1", "2", "3"]


CLOCK = """
fetch: { enrollments: { get: /enrollments } }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id }
  status:
    when:
      completed: enrollment.done
      overdue: '$toMillis($time(enrollment.due)) < $toMillis(run.now)'
    otherwise: assigned
"""


def test_a_status_can_be_made_by_the_clock_of_the_run(mapped: Mapped) -> None:
    items = [{"id": 1, "due": "2026-01-01T00:00:00.5Z"}, {"id": 2, "due": "2026-03-01T00:00:00Z"}, {"id": 3}]
    answer = httpx2.Response(200, json=[*items, {"id": 4, "done": True, "due": "2026-01-01T00:00:00Z"}])
    for now, first in ((datetime(2026, 1, 1, tzinfo=UTC), "assigned"), (datetime(2026, 1, 2, tzinfo=UTC), "overdue")):
        found = read(lambda _: answer, mapped(HEAD + CLOCK), "course_enrollments", now=now)
        assert [record["status"] for record in found] == [first, "assigned", "assigned", "completed"]


def test_a_503_can_be_a_rate_limit_whose_end_is_in_milliseconds(mapped: Mapped) -> None:
    text = HEAD.replace(
        "  check:",
        """  errors:
    - when: 'status = 503 and $exists(headers.`x-reset`)'
      is: throttled
      wait: >-
        ($number(headers.`x-reset`) - $toMillis($time(headers.date, "%a, %d %b %Y %H:%M:%S %Z"))) / 1000
  check:""",
    ) + (
        "fetch: { people: { get: /people } }\nusers: { for: person in people, fields: { id: person.id } }\n"
    )  # fmt: skip
    headers = {"date": "Thu, 01 Jan 2026 00:00:00 GMT", "x-reset": "1767225600020"}  # 20 ms later
    answers = iter([httpx2.Response(503, headers=headers), httpx2.Response(200, json=[{"id": 1}])])
    assert ids(read(lambda _: next(answers), mapped(text))) == ["1"]
