"""What a mapping itself says: the words it compares with and sends, and the hosts it names. None of it is a secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from engine.jsonata import Program, nodes
from engine.mapping import Mapping as ProviderMapping
from engine.templates import Template

__all__ = ["hosts_of", "literals", "templates"]

_SEPARATORS = re.compile(r"[/?&=,]+")
_ADDRESS = re.compile(r"https?://[^\s\"'<>{}]+")


def literals(mapping: ProviderMapping) -> set[str]:
    """Return every text that stands in the expressions, tables, requests and choices of a mapping, as small letters.

    Of paths and lists there are the parts as well.
    """
    found: set[str] = set()
    for part in _parts(mapping):
        if isinstance(part, Program):
            tree = part.parsed.tree
            found.update(
                node.value
                for node in nodes.walk(tree)
                if isinstance(node, nodes.Literal) and isinstance(node.value, str)
            )
        elif isinstance(part, Template):
            found.update(piece for piece in part.pieces if isinstance(piece, str))
    for field in mapping.connection.values():
        found.update([*(field.choices or ()), *([field.default] if isinstance(field.default, str) else [])])
    for resource in mapping.resources.values():
        tables = [words.words for words in resource.words.values()]
        tables += [resource.status.words] if resource.status else []
        found.update(word for table in tables for word in table)
    parts = {part for text in found for part in _SEPARATORS.split(text) if part}
    return {text.casefold() for text in found | parts}


def hosts_of(mapping: ProviderMapping) -> set[str]:
    """Return the hosts that a mapping names, in its expressions and requests."""
    return {
        host
        for text in literals(mapping)
        for address in _ADDRESS.findall(text)
        if (host := _host(address)) and "." in host.strip(".")
    }


def templates(mapping: ProviderMapping) -> Iterator[Template]:
    """Yield every text with holes of a mapping."""
    yield from (part for part in _parts(mapping) if isinstance(part, Template))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _parts(value: Any) -> Iterator[Any]:
    """Yield every expression and template below a value."""
    if isinstance(value, Program | Template):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _parts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _parts(part)
