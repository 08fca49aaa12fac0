"""The lists that an OpenAPI document has: what they answer, and what they may be asked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.proposing.documents import Document, as_list, as_map, as_text
from engine.proposing.lists import Candidate, candidates
from engine.proposing.schemas import shape_of_schema
from engine.proposing.shapes import Shape

__all__ = ["Operation", "operations", "size", "usual"]

#: How many paths of a document are looked at, and how many of their answers.
_MOST_PATHS = 5000
_MOST_ANSWERS = 400
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_SUCCESS = ("200", "2XX", "2xx", "201", "default")
#: Words of paths that are looked at first.
_LIKELY = re.compile(
    r"enrol|registration|transcript|assignment|progress|completion|learner|student|member|user|people|course|content|catalog"
    r"|training|learning",
    re.IGNORECASE,
)  # fmt: skip


class Operation(NamedTuple):
    """A GET whose answer is or has a list of objects."""

    path: str
    parameters: tuple[Mapping[str, Any], ...]
    answer: Shape
    best: Candidate
    link_header: bool
    summary: str
    deprecated: bool

    @property
    def score(self) -> int:
        """How much it looks like what it looks like; a list below another takes more to be read."""
        return self.best.score * 2 - len(_PARAMETER.findall(self.path)) - 10 * self.deprecated

    def asked(self, place: str) -> list[Mapping[str, Any]]:
        """Return the parameters that are sent as `query` or `header`."""
        return [each for each in self.parameters if each.get("in") == place and as_text(each.get("name"))]


def operations(document: Document) -> dict[str, Operation]:
    """Return the lists of a document by path; of very many paths, those with a likely name."""
    paths = [path for path in as_map(document.data.get("paths")) if isinstance(path, str)][:_MOST_PATHS]
    likely = sorted(paths, key=lambda path: not _LIKELY.search(path))[:_MOST_ANSWERS]
    return {path: found for path in likely if (found := _operation(document, path))}


def _operation(document: Document, path: str) -> Operation | None:
    item = as_map(document.at("paths", path))
    get = as_map(document.follow(item.get("get")))
    answer, link_header = _answer(document, get)
    hint = " ".join(part for part in path.split("/") if not _PARAMETER.search(part))
    found = [one for one in candidates(answer, hint) if one.path or answer.element] if answer else []
    if answer is None or not found:
        return None
    own = {(as_text(each.get("in")), as_text(each.get("name"))): each for each in document.each(item.get("parameters"))}
    own |= {(as_text(each.get("in")), as_text(each.get("name"))): each for each in document.each(get.get("parameters"))}
    summary = " ".join(as_text(get.get("summary") or get.get("operationId")).split())[:120]
    return Operation(path, tuple(own.values()), answer, found[0], link_header, summary, get.get("deprecated") is True)


def _answer(document: Document, get: Mapping[str, Any]) -> tuple[Shape | None, bool]:
    """Return the shape of what a GET answers, if that is JSON, and whether a `Link` header comes with it."""
    responses = as_map(document.follow(get.get("responses")))
    response = next((as_map(document.follow(responses[code])) for code in _SUCCESS if code in responses), {})
    link_header = any(str(name).lower() == "link" for name in as_map(document.follow(response.get("headers"))))
    if document.version == 2:
        if "schema" not in response and "examples" not in response:
            return None, link_header
        return shape_of_schema(document, response.get("schema"), as_map(response.get("examples")).values()), link_header
    content = as_map(document.follow(response.get("content")))
    media = next(
        (as_map(document.follow(content[kind])) for kind in content if "json" in str(kind) or kind == "*/*"), None
    )
    if media is None:
        return None, link_header
    return shape_of_schema(document, media.get("schema"), _examples(document, media)), link_header


def _examples(document: Document, media: Mapping[str, Any]) -> Iterator[Any]:
    if "example" in media:
        yield media["example"]
    for named in [*as_map(document.follow(media.get("examples"))).values()][:20]:
        yield as_map(document.follow(named)).get("value")


def size(parameter: Mapping[str, Any], document: Document) -> int | None:
    """Return the most a parameter may be, or what it is unless given; None where that is not said."""
    schema = {**parameter, **as_map(document.follow(parameter.get("schema")))}
    values = [schema.get(key) for key in ("maximum", "default")]
    return next(
        (value for value in values if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10_000),
        None,
    )


def usual(parameter: Mapping[str, Any], document: Document) -> str | int | float | bool | None:
    """Return what a parameter is by the document itself: its default, its only word, or its example."""
    schema = {**parameter, **as_map(document.follow(parameter.get("schema")))}
    words = as_list(schema.get("enum"))
    known = (schema.get("default"), schema.get("const"), words[0] if words else None, schema.get("example"))
    return next((value for value in known if isinstance(value, str | int | float) and value != ""), None)
