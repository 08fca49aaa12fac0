"""Texts, ids, and the small objects of the unified model that are made from texts."""

import html
import re
from collections.abc import Mapping
from typing import Any

from engine.values.problems import ValueProblem, shown

__all__ = ["plain_text", "read_emails", "read_id", "read_objects", "read_text", "read_urls"]

_TAG = re.compile(r"<(?:!--[^>]{0,10000}-->|/?[A-Za-z][^<>]{0,10000}>)")


def read_text(value: Any, *, entities: bool = False) -> str | None:
    """Read text; numbers become text, empty text is None. `entities` decodes HTML entities. Raises ValueProblem."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueProblem(f"{shown(value)} is not text")
    text = str(value)
    if entities and "&" in text:
        text = html.unescape(text)
    if "\x00" in text:
        raise ValueProblem(f"{shown(value)} holds a NUL character", "no database takes it; remove it at the source")
    return text or None


def read_id(value: Any) -> str:
    """Read an id: text or a whole number, every digit kept. Raises ValueProblem."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    raise ValueProblem(f"{shown(value)} is not an id", "an id is text or a whole number")


def plain_text(markup: str) -> str:
    """Return HTML as plain text: tags out, entities decoded, blanks folded."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def read_emails(value: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Read addresses from text, an object, or a list of them.

    Returns them as `{email, type, is_primary}` (the first is primary unless one says so), and what is no address.
    """
    found: list[dict[str, Any]] = []
    dropped: list[str] = []
    for entry in value if isinstance(value, list) else [value]:
        given = dict(entry) if isinstance(entry, Mapping) else {"email": entry}
        address = given.get("email")
        if isinstance(address, str) and "@" in address.strip("@ ") and "\x00" not in address:
            found.append({key: given[key] for key in ("email", "type", "is_primary") if given.get(key) is not None})
            found[-1]["email"] = address.strip()
        elif address not in (None, ""):
            dropped.append(shown(address))
    if found and not any(entry.get("is_primary") for entry in found):
        found[0]["is_primary"] = True
    return found, dropped


def read_urls(value: Any, kind: str | None) -> list[dict[str, Any]]:
    """Read links from text, an object with `url`, or a list of them. Raises ValueProblem."""
    found = []
    for entry in value if isinstance(value, list) else [value]:
        given = dict(entry) if isinstance(entry, Mapping) else {"url": entry}
        url = given.get("url")
        if url in (None, ""):
            continue
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise ValueProblem(f"{shown(url)} is not a full address", "build it: connection.url & '/…'")
        label = given.get("type") or kind
        found.append({"url": url, "type": label} if label else {"url": url})
    return found


def read_objects(value: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Read a list of objects with some of the given text fields; text stands for the last of them.

    `id` is read as an id. Raises ValueProblem.
    """
    found = []
    for entry in value if isinstance(value, list) else [value]:
        if entry is None or entry == "":
            continue
        given = entry if isinstance(entry, Mapping) else {names[-1]: entry}
        unknown = set(given) - set(names)
        if unknown:
            raise ValueProblem(f"{shown(entry)} has {', '.join(sorted(unknown))}", f"it may have {', '.join(names)}")
        found.append(
            {
                name: read_id(given[name]) if name == "id" else read_text(given[name])
                for name in names
                if given.get(name) not in (None, "")
            }
        )
    return found
