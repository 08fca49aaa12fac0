"""The exchanges of a run without secrets and people: all are looked through, then all are written anew."""

import base64
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from engine.client import Exchange
from engine.mapping import Mapping as ProviderMapping
from engine.recording.fields import letters
from engine.recording.people import People
from engine.recording.scrubbing import ANEW, Scrubber
from engine.recording.walking import Marks

__all__ = ["Taken", "look_through", "without_people"]

#: An exchange as the client told it, and as a cassette has it, still with everything.
Taken = tuple[Exchange, dict[str, Any]]


def look_through(mapping: ProviderMapping, taken: Sequence[Taken], scrubber: Scrubber) -> list[Marks]:
    """Look through exchanges; returns the places of people's values that the mapping knows of, for each."""
    people = People(mapping)
    marks: list[Marks] = []
    for exchange, given in taken:
        places, values = people.marks(exchange)
        marks.append(places)
        scrubber.looking.see(values)
        request, response = given["request"], given["response"]
        for name, value in (*request.get("query", ()), *request.get("form", ())):
            if letters(name) not in ANEW:
                scrubber.looking.look(value, "", key=name)
        for part in (request["url"], request.get("json"), request.get("xml"), *response.get("headers", {}).values()):
            scrubber.looking.look(part, "")
        delimiter = _delimiter(mapping, exchange.fetch, response)
        if delimiter:
            scrubber.looking.look_at_table(response["text"], delimiter)
        else:
            scrubber.looking.look(_body(response), "", places)
    return marks


def without_people(
    mapping: ProviderMapping, taken: Sequence[Taken], marks: Sequence[Marks], scrubber: Scrubber
) -> Iterator[dict[str, Any]]:
    """Yield the exchanges of a cassette."""
    for number, ((exchange, given), places) in enumerate(zip(taken, marks, strict=True), 1):
        where = f"exchange {number}"
        request = _request(given["request"], scrubber, f"{where}: request")
        response = dict(given["response"])
        at = f"{where}: response"
        if "headers" in response:
            headers = response["headers"].items()
            response["headers"] = {name: scrubber.scrubbed(value, f"{at}.headers.{name}") for name, value in headers}
        delimiter = _delimiter(mapping, exchange.fetch, response)
        if delimiter:
            response["text"] = scrubber.scrubbed_table(response["text"], delimiter, at)
        elif "base64" in response:
            plain = scrubber.scrubbed(_body(response), at)
            response["base64"] = base64.b64encode(plain.encode("latin-1", "replace")).decode()
        else:
            kind = "json" if "json" in response else "text"
            response[kind] = scrubber.scrubbed(response[kind], f"{at}.{kind}", places)
        yield {"request": request, "response": response}


def _request(given: dict[str, Any], scrubber: Scrubber, where: str) -> dict[str, Any]:
    found = {**given, "url": scrubber.scrubbed_path(given["url"])}
    for kind in ("query", "form"):
        if kind in given:
            found[kind] = _named(scrubber.scrubbed_pairs(given[kind], f"{where}.{kind}"))
    if found["method"] == "GET":
        del found["method"]
    for kind in ("json", "xml"):
        if kind in given:
            found[kind] = scrubber.scrubbed(given[kind], f"{where}.{kind}")
    return found


def _named(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return parameters by name; one that is there several times has a list of its values."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def _body(response: dict[str, Any]) -> Any:
    """Return the body of an answer; bytes that are no text as a letter each."""
    if "base64" in response:
        return base64.b64decode(response["base64"]).decode("latin-1")
    return response["json"] if "json" in response else response["text"]


def _delimiter(mapping: ProviderMapping, name: str, response: dict[str, Any]) -> str:
    """Return what stands between the values of an answer that is a table; empty text for any other answer."""
    fetch = mapping.fetch.get(name)
    if fetch is None or "text" not in response:
        return ""
    calls = [fetch, *([fetch.job.poll, fetch.job.result] if fetch.job else [])]
    for answer in [call.answer for call in calls if call is not None] + [mapping.http.answer]:
        if answer is not None and answer.csv is not None:
            first = next(csv.reader(io.StringIO(response["text"]), delimiter=answer.csv.delimiter), [])
            if set(answer.csv.columns) <= {name.lstrip("\ufeff") for name in first}:
                return answer.csv.delimiter
    return ""
