"""The small objects of the unified model: addresses, links, names, numbers, made from texts or objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.telling import shown
from engine.values.numbers import read_boolean
from engine.values.problems import ValueProblem
from engine.values.texts import check_text, read_id, read_text

__all__ = ["read_emails", "read_objects", "read_urls"]

_EMAIL = re.compile(r"[^\s@,;<>\0]+@[^\s@,;<>\0]+")
_USUAL_URL = re.compile(r"https?://[!-~]+")
_USUAL_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_URL = re.compile(r"https?://[^\s/][^\s]*", re.IGNORECASE)


def read_emails(value: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Read addresses from text, an object with `email`, or a list of them.

    Returns them as `{email, type, is_primary}`, each once, and what is no address; the first is the primary one
    unless one says it is. Raises ValueProblem for an object that is something else.
    """
    if type(value) is str and _USUAL_EMAIL.fullmatch(value):
        return [{"email": value, "is_primary": True}], []
    if type(value) is list and value and _are_usual(value):
        if len(value) == 1:
            return [{"email": value[0], "is_primary": True}], []
        first, *others = dict.fromkeys(value)
        return [{"email": first, "is_primary": True}, *({"email": address} for address in others)], []
    found: dict[str, dict[str, Any]] = {}
    dropped: list[str] = []
    for given in _elements(value, ("email", "type", "is_primary"), "email"):
        address = given.get("email")
        if isinstance(address, str) and _EMAIL.fullmatch(address.strip()):
            element = _read(given, {"email": address.strip()})
            found.setdefault(check_text(element["email"]), element)
        elif address not in (None, ""):
            dropped.append(shown(address))
    if found and not any(element.get("is_primary") for element in found.values()):
        next(iter(found.values()))["is_primary"] = True
    return list(found.values()), dropped


def _are_usual(values: list[Any]) -> bool:
    """Whether a list is of nothing but addresses as text, without blanks around: most providers give just this."""
    for entry in values:  # noqa: SIM110 - `all` takes longer
        if type(entry) is not str or not _USUAL_EMAIL.fullmatch(entry):
            return False
    return True


def read_urls(value: Any, label: str | None) -> list[dict[str, Any]]:
    """Read links from text, an object with `url`, or a list of them; `label` is the type of those without one.

    Raises ValueProblem.
    """
    found: list[dict[str, Any]] = []
    if type(value) is str and _USUAL_URL.fullmatch(value):
        return [{"url": value, "type": label} if label else {"url": value}]
    for given in _elements(value, ("url", "type"), "url"):
        url = given.get("url")
        if url in (None, ""):
            continue
        if not isinstance(url, str) or not _URL.fullmatch(url.strip()):
            raise ValueProblem(f"{shown(url)} is not a full address", 'build it: connection.url & "/…"')
        element = _read(given, {"url": check_text(url.strip())})
        found.append({**element, "type": label} if label and "type" not in element else element)
    return found


def read_objects(value: Any, names: tuple[str, ...], *, entities: bool = False) -> list[dict[str, Any]]:
    """Read an object with some of the given text fields, or a list of them; text or a number stands for the last.

    `id` is read as an id; an object with nothing in it is left out. Raises ValueProblem.
    """
    found = (_read(given, {}, entities=entities) for given in _elements(value, names, names[-1]))
    return [element for element in found if element]


def _elements(value: Any, names: tuple[str, ...], plain: str) -> Iterator[Mapping[str, Any]]:
    """Yield what is given for each object; a plain value stands for its field `plain`."""
    for entry in value if isinstance(value, list) else [value]:
        if entry is None or entry == "":
            continue
        given = entry if isinstance(entry, Mapping) else {plain: entry}
        unknown = [str(name) for name in given if name not in names]
        if unknown:
            what = f"an object with {', '.join(unknown)} is not one with {', '.join(names)}"
            raise ValueProblem(what, "choose its parts in the expression: {…}")
        yield given


def _read(given: Mapping[str, Any], done: dict[str, Any], *, entities: bool = False) -> dict[str, Any]:
    """Read the fields of one object that are not done."""
    for name, value in given.items():
        if name in done or value is None or value == "":
            continue
        if name == "id":
            done[name] = read_id(value)
        elif name == "is_primary":
            done[name] = read_boolean(value, {})
        else:
            done[name] = read_text(value, entities=entities)
    return {name: value for name, value in done.items() if value is not None}
