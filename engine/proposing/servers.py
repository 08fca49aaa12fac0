"""What all paths begin with, by the servers of an OpenAPI document."""

import re
from typing import Any, NamedTuple

from engine.proposing.documents import Document, as_list, as_map, as_text
from engine.proposing.names import words
from engine.proposing.yaml import Noted

__all__ = ["Servers", "servers", "variable"]


_HOLE = re.compile(r"\{([^{}]*)\}")


class Servers(NamedTuple):
    """The node for `base_url`, and the connection fields it needs."""

    base_url: Noted
    connection: dict[str, Any]


def servers(document: Document) -> Servers:
    """Return what all paths begin with; where a document does not tell, a customer supplies the address."""
    url, others, variables = _of_2(document) if document.version == 2 else _of_3(document)
    connection: dict[str, Any] = {}
    pieces = _HOLE.split(url)
    for name in dict.fromkeys(pieces[1::2]):
        connection[variable(name)] = _field(name, as_map(variables.get(name)))
    url = "".join(_written(piece, index % 2 == 1) for index, piece in enumerate(pieces))
    if not url.startswith(("http://", "https://")):
        connection = {"url": {"title": "Address", "format": "url", "example": "https://school.example"}, **connection}
        path = url.strip("/")
        return Servers(
            Noted("{connection.url}" + (f"/{path}" if path else ""), "the document names no host"), connection
        )
    note = f"there are also {', '.join(others[:5])}" if others else ""
    return Servers(Noted(url.rstrip("/"), note), connection)


def _written(piece: str, hole: bool) -> str:
    return f"{{connection.{variable(piece)}}}" if hole else piece.replace("{", "{{").replace("}", "}}")


def _of_2(document: Document) -> tuple[str, list[str], Any]:
    data = document.data
    host, path = as_text(data.get("host")), as_text(data.get("basePath"))
    schemes = [scheme for scheme in as_list(data.get("schemes")) if scheme in ("http", "https")]
    scheme = "https" if "https" in schemes or not schemes else "http"
    return (f"{scheme}://{host}{path}" if host else path), [], {}


def _of_3(document: Document) -> tuple[str, list[str], Any]:
    known = [entry for entry in document.each(document.data.get("servers")) if as_text(entry.get("url"))]
    if not known:
        return "", [], {}
    return known[0]["url"].strip(), [entry["url"] for entry in known[1:]], as_map(known[0].get("variables"))


def variable(name: str) -> str:
    """Return a name of the document as the name of a connection field."""
    made = "_".join(words(name)) or "part"
    return made if made[0].isalpha() else f"part_{made}"


def _field(name: str, known: Any) -> dict[str, Any]:
    """Return the connection field of a variable, with its default and its choices."""
    choices = [each for each in as_list(known.get("enum")) if isinstance(each, str)]
    default = known.get("default")
    told = " ".join(as_text(known.get("description")).split())[:200]
    return {
        "title": " ".join(words(name)).capitalize() or "Part of the address",
        **(
            {"default": default} if isinstance(default, str) and default and (not choices or default in choices) else {}
        ),
        **({"choices": choices} if choices else {}),
        **({"help": told} if told else {}),
    }
