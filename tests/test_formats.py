"""How an answer is read."""

from typing import Any

import pytest

from engine.errors import Unreadable
from engine.exchange import Response
from engine.formats import accepted, reads
from engine.mapping import Answer

XML = {"xml": True}
CSV = {"csv": {"columns": ["a"]}}


def response(answer: dict[str, Any] | None, body: bytes) -> Response:
    return Response(200, {}, body, reads=reads(None if answer is None else Answer.model_validate(answer)))


@pytest.mark.parametrize(
    ("answer", "body", "data", "accept"),
    [
        (None, b'{"a": 1}', {"a": 1}, "application/json"),
        ({"json": True}, b'{"a": 1}', {"a": 1}, "application/json"),
        (XML, b"<a>1</a>", {"a": "1"}, "text/xml, application/xml"),
        (CSV, b"a\n1\n", [{"a": "1"}], "text/csv"),
        ({"csv": {"columns": ["a"], "delimiter": ";"}}, b"a;b\n1;2\n", [{"a": "1", "b": "2"}], "text/csv"),
    ],
)
def test_each_kind_is_read_as_data_and_asked_for(answer: Any, body: bytes, data: Any, accept: str) -> None:
    assert response(answer, body).data == data
    assert response(answer, body).seen["body"] == data
    assert accepted(None if answer is None else Answer.model_validate(answer)) == accept


@pytest.mark.parametrize("answer", [XML, CSV])
def test_an_error_that_is_json_is_seen_whatever_the_other_answers_are(answer: dict[str, Any]) -> None:
    assert response(answer, b'{"error": "quota"}').seen["body"] == {"error": "quota"}
    assert "body" not in response(answer, b"slow down").seen


@pytest.mark.parametrize(
    ("answer", "body", "told"),
    [
        (XML, b"<a><b></a>", "the answer cannot be read as XML: it is not XML: mismatched tag"),
        (XML, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "its document type"),
        (XML, b" \n", "the answer is not XML; the body is empty"),
        (XML, b"<!DOCTYPE html><html></html>", "the answer is not XML; it is an HTML page"),
        (XML, b"<a>" * 300, "200 levels"),
        (CSV, b"b\n1\n", "the answer cannot be read as CSV: it has no column `a`; there are `b`"),
        (CSV, b"\xef\xbb\xbf<html>", "the answer is not CSV; it is an HTML page"),
    ],
)
def test_what_cannot_be_read_says_why(answer: dict[str, Any], body: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        response(answer, body).data  # noqa: B018 - it is read
    assert told in f"{caught.value.what}; {caught.value.do}"
