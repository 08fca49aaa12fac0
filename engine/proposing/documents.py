"""OpenAPI documents: 2.0, 3.0 and 3.1, as JSON or YAML, with their references followed; bounded and safe from cycles.

Nothing is fetched: a reference that leads out of the file is left alone, and told.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pydantic_core
import yaml

from engine.errors import UsageError
from engine.proposing.files import contents

__all__ = ["LARGEST", "Document", "as_list", "as_map", "as_text", "read_document"]

#: How many bytes a document may have.
LARGEST = 20_000_000
#: How many references may follow one another.
_CHAIN = 20


def as_map(value: Any) -> Mapping[str, Any]:
    """Return what is an object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return what is a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """Return what is a text as it is, and an empty one for anything else."""
    return value if isinstance(value, str) else ""


class Document:
    """One document: `version` is 2 or 3; what cannot be followed is in `unfollowed`."""

    def __init__(self, data: Mapping[str, Any], version: int) -> None:
        self.data = data
        self.version = version
        self.unfollowed: dict[str, None] = {}

    def at(self, *path: str) -> Any:
        """Return what is at a path from the top, with references followed."""
        found: Any = self.data
        for step in path:
            found = as_map(self.follow(found)).get(step)
        return self.follow(found)

    def follow(self, node: Any) -> Any:
        """Return a node, or what it refers to; keys beside a reference count as well."""
        beside: dict[str, Any] = {}
        for _ in range(_CHAIN):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                return {**node, **beside} if beside and isinstance(node, dict) else node
            beside = {**{key: value for key, value in node.items() if key != "$ref"}, **beside}
            node = self._pointed(node["$ref"])
        return {}

    def _pointed(self, reference: str) -> Any:
        """Return what a JSON pointer (RFC 6901) points to."""
        found: Any = self.data if reference.startswith("#") else None
        for step in reference.lstrip("#").lstrip("/").split("/"):
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list):
                found = found[int(key)] if key.isdecimal() and len(key) < 9 and int(key) < len(found) else None
            else:
                found = as_map(found).get(key)
        if found is None:
            self.unfollowed[reference] = None
            return {}
        return found

    def each(self, node: Any) -> Iterator[Mapping[str, Any]]:
        """Yield the objects of a list, with references followed."""
        yield from (as_map(self.follow(entry)) for entry in as_list(node))


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML without dates: what looks like one stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_document(path: Path) -> Document:
    """Read a document. Raises UsageError where it is no file, too large, neither JSON nor YAML, or no OpenAPI."""
    if str(path).startswith(("http:/", "https:/")):
        raise UsageError(f"--openapi {path}: nothing is fetched from the web; save it, and give the file")
    data = as_map(_parsed(contents("--openapi", path, LARGEST, "cut out what is of interest"), path))
    version = as_text(data.get("openapi")) or str(data.get("swagger") or "")
    if not version.startswith(("2.", "3.")):
        wrong = f"is of version {version!r}, not 2 or 3" if version else "has no `openapi` and no `swagger` at its top"
        raise UsageError(f"--openapi {path}: this is no OpenAPI document that can be read: it {wrong}")
    return Document(data, int(version[0]))


def _parsed(raw: bytes, path: Path) -> Any:
    try:
        return pydantic_core.from_json(raw)
    except ValueError as error:
        if raw.lstrip()[:1] == b"{" and path.suffix == ".json":
            raise UsageError(f"--openapi {path}: this is not JSON: {error}") from None
    try:
        return _with_texts(yaml.load(raw, Loader=_Loader), {})  # noqa: S506 - a safe loader, without dates
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise UsageError(f"--openapi {path}: this is neither JSON nor YAML: {told}") from None
    except (RecursionError, ValueError) as error:
        told = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"--openapi {path}: this cannot be read: {told}") from None


def _with_texts(value: Any, done: dict[int, Any]) -> Any:
    """Return data whose keys are all text, as in JSON; what an alias repeats is done once, and may hold itself."""
    if not isinstance(value, dict | list):
        return value
    if id(value) in done:
        return done[id(value)]
    made: Any = {} if isinstance(value, dict) else []
    done[id(value)] = made
    if isinstance(value, dict):
        made.update({str(key): _with_texts(each, done) for key, each in value.items()})
    else:
        made.extend(_with_texts(each, done) for each in value)
    return made
