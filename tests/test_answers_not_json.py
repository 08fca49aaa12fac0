"""Whole runs over answers that are not JSON."""

from collections.abc import Callable

import httpx2
import pytest
from lms import HEAD, URL

from engine.blocking import run_sync
from engine.errors import Unreadable
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

SOAP = (
    HEAD.replace("  check:", "  answer: { xml: true }\n  check:")
    + """
fetch:
  people:
    post: /soap
    xml: "<e><who>{connection.url}</who></e>"
    items: '($list := $xml(Envelope.Body.*.*).list; $list ? $list.person ?? [])'
    errors: [{ when: 'body.Envelope.Body.Fault.code = "58"', is: forbidden, message: body.Envelope.Body.Fault.text }]
users:
  for: person in people
  fields: { id: person.id, name: person.name }
"""
)
TABLE = (
    HEAD
    + """
fetch:
  people: { get: /people.csv, answer: { csv: { columns: [id, "Full name"] } } }
users:
  for: person in people
  fields: { id: person.id, name: 'person.`Full name`' }
"""
)
ONE = "&lt;list>&lt;person id='7'>&lt;name>Ada &amp;amp; Bob&lt;/name>&lt;/person>&lt;/list>"


def soap(inner: str) -> str:
    return f'<s:Envelope xmlns:s="urn:s"><s:Body><answer><return>{inner}</return></answer></s:Body></s:Envelope>'


def read(mapping: LoadedMapping, body: str, status: int = 200) -> list[tuple[str, str | None]]:
    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            assert request.headers["content-type"] == "text/xml; charset=utf-8"
            assert request.read() == b"<e><who>https://acme.example</who></e>"
        return httpx2.Response(status, text=body)

    transport = httpx2.MockTransport(handler)
    run = run_sync(mapping, {"url": URL}, resource="users", transport=transport, backoff=0.0)
    return [(user.id, user.name) for user in run]  # type: ignore[union-attr]


def test_xml_inside_of_xml_is_read_whether_there_are_several_one_or_none(mapped: Mapped) -> None:
    assert read(mapped(SOAP), soap(ONE)) == [("7", "Ada & Bob")]
    assert read(mapped(SOAP), soap("&lt;list/>".replace("/", " x='1'/"))) == []
    two = "&lt;list>&lt;person id='1'/>&lt;person id='2'/>&lt;/list>"
    assert read(mapped(SOAP), soap(two)) == [("1", None), ("2", None)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<a>", "the answer cannot be read as XML: it is not XML: no element found"),
        ('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;&b;</a>', "its document type"),
        (soap("&lt;list>"), "`$xml`: it is not XML"),
        (soap("&lt;!DOCTYPE a []>&lt;a/>"), "`$xml`: its document type"),
        (soap("&lt;other/>"), "found nothing in the answer; `Envelope.Body` has the keys answer"),
        ("<html></html>", "it is an HTML page"),
    ],
)
def test_an_answer_that_is_no_such_document_is_told(mapped: Mapped, body: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(mapped(SOAP), body)
    assert told in str(caught.value)


def test_a_rule_sees_what_an_error_that_is_xml_says(mapped: Mapped) -> None:
    fault = (
        '<s:Envelope xmlns:s="urn:s"><s:Body><s:Fault><code>58</code><text>No</text></s:Fault></s:Body></s:Envelope>'
    )
    with pytest.raises(Exception, match="HTTP 500: No;") as caught:
        read(mapped(SOAP), fault, 500)
    assert type(caught.value).__name__ == "Forbidden"


def test_a_table_is_read_row_by_row_and_one_without_a_column_is_told(mapped: Mapped) -> None:
    assert read(mapped(TABLE), 'id,Full name,x\n007,"García, José",\n') == [("007", "García, José")]
    with pytest.raises(Unreadable, match="it has no column `Full name`; there are `id`, `name`"):
        read(mapped(TABLE), "id,name\n1,Ada\n")


def test_the_check_of_a_connection_reads_what_it_asks_for(mapped: Mapped) -> None:
    import asyncio

    from engine.client import Client
    from engine.report import Report

    async def check(body: str) -> None:
        transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=body))
        scope = {"connection": {"url": URL}}
        async with Client(mapped(SOAP).mapping, scope, Report(), transport=transport, backoff=0.0) as client:
            await client.check()

    asyncio.run(check("<a/>"))
    with pytest.raises(Unreadable, match="HTML page"):
        asyncio.run(check("<html/>"))
