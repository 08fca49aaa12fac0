"""The `Link` header: addresses, each with its relations (RFC 8288)."""

import re

__all__ = ["links"]

_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^",;\s]*)'
_LINK = re.compile(rf"[\s,]*<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*{_VALUE})?)*)[\s;]*(?:,|$)")
_PARAMETER = re.compile(rf"\s*;\s*([\w*-]+)(?:\s*=\s*({_VALUE}))?")


def links(header: str) -> tuple[dict[str, str], str]:
    """Return the targets of a `Link` header by relation, in lower case, and what of it cannot be read.

    The first of a relation counts. What cannot be read is empty in a header that is right.
    """
    found: dict[str, str] = {}
    unread: list[str] = []
    at = 0
    while link := _LINK.match(header, at):
        at = link.end()
        relations = _relations(link[2])
        for relation in relations:
            found.setdefault(relation, link[1])
        if not relations:
            unread.append(link[0].strip(" ,"))
    return found, ", ".join([*unread, *filter(None, [header[at:].strip(" \t,")])])


def _relations(parameters: str) -> list[str]:
    """Return the relations of a link; quotes around them may be of either kind."""
    values = (value for name, value in _PARAMETER.findall(parameters) if name.lower() == "rel")
    return [relation for value in values for relation in value.strip("\"'").lower().split()]
