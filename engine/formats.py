"""How an answer is read: as JSON, which answers know themselves, or as one of the other kinds that the format has."""

from collections.abc import Callable
from typing import Any

from engine import elements, tables
from engine.errors import Unreadable
from engine.exchange import Reads, looks_like
from engine.mapping import Answer

__all__ = ["accepted", "reads"]


def reads(answer: Answer | None) -> Reads | None:
    """Return what reads an answer; None where it is JSON, as it is where nothing is said."""
    if answer is None:
        return None
    if answer.csv is not None:
        columns, delimiter = answer.csv.columns, answer.csv.delimiter
        return _telling("CSV", lambda body: tables.read(body, columns, delimiter))
    return _xml if answer.xml else None


def accepted(answer: Answer | None) -> str:
    """Return what is said to be accepted (RFC 9110 section 12.5.1)."""
    if answer is not None and answer.csv is not None:
        return "text/csv"
    return "text/xml, application/xml" if answer is not None and answer.xml else "application/json"


def _telling(kind: str, read: Callable[[bytes], Any]) -> Reads:
    def telling(body: bytes) -> Any:
        try:
            return read(body)
        except (elements.XmlProblem, tables.TableProblem) as problem:
            start = body[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")[:15].lower()
            if not start or start.startswith((b"<!doctype html", b"<html")):
                raise Unreadable(f"the answer is not {kind}", do=looks_like(body, "")) from None
            raise Unreadable(f"the answer cannot be read as {kind}: {problem.what}", do=problem.do) from None

    return telling


def _no_page(body: bytes) -> Any:
    """Return a document; a page for people may be one by chance, and is not what was asked for."""
    document = elements.read(body)
    if "html" in document:
        raise Unreadable("the answer is not XML", do=looks_like(b"<html", ""))
    return document


_xml = _telling("XML", _no_page)
