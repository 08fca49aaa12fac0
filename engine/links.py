"""The `Link` header: addresses, each with its relation (RFC 8288)."""

import re

__all__ = ["links"]

_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^",;\s]*)'
_LINK = re.compile(rf"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*{_VALUE})?)*)")
_PARAMETER = re.compile(rf"\s*;\s*([\w*-]+)(?:\s*=\s*({_VALUE}))?")


def links(header: str) -> dict[str, str]:
    """Return the targets of a `Link` header by relation, in lower case; the first of a relation counts."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header):
        for name, value in _PARAMETER.findall(parameters):
            if name.lower() == "rel":
                for relation in value.strip('"').lower().split():
                    found.setdefault(relation, target)
    return found
