"""JSON Schema, as OpenAPI has it, as shapes: what kinds of values there are, their words and examples."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.proposing.documents import Document, as_list, as_map, as_text
from engine.proposing.shapes import DEEPEST, MOST_ITEMS, MOST_KEYS, Shape, shape_of

__all__ = ["shape_of_schema"]

#: How many schemas are looked at for one answer.
_MOST = 5000
_KINDS = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean", "object": "object",
"array": "list",
          "null": "null"}  # fmt: skip
#: What stands in documents where an example was to be.
_PLACEHOLDERS = ("string", "<string>", "")


def shape_of_schema(document: Document, schema: Any, examples: Iterable[Any] = ()) -> Shape:
    """Return the shape of a schema, with the values that examples of whole answers show."""
    walk = _Walk(document)
    shape = walk.shape(schema)
    for example in examples:
        walk.overlay(shape, example, 0)
    return shape


class _Walk:
    """A walk through a schema that ends, whatever refers to whatever."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _MOST

    def shape(self, schema: Any) -> Shape:
        """Return the shape of a schema."""
        shape = Shape(counted=False)
        self._add(shape, schema, 0, ())
        return shape

    def _add(self, shape: Shape, node: Any, depth: int, trail: tuple[object, ...]) -> None:
        followed = self._document.follow(node)
        origin = str(node["$ref"]) if isinstance(node, dict) and "$ref" in node else id(node)
        if depth > DEEPEST * 2 or self._left <= 0 or origin in trail:
            shape.more = True
            self._describe(
                shape, {key: as_map(followed).get(key) for key in ("type", "properties") if key in as_map(followed)}
            )
            return
        self._left -= 1
        schema, trail = as_map(followed), (*trail, origin)
        for part in (*as_list(schema.get("allOf")), *as_list(schema.get("oneOf")), *as_list(schema.get("anyOf"))):
            self._add(shape, part, depth + 1, trail)
        self._describe(shape, schema)
        for key, below in list(as_map(schema.get("properties")).items())[:MOST_KEYS]:
            self._add(shape.fields.setdefault(key, Shape(counted=False)), below, depth + 1, trail)
        if "items" in schema:
            shape.element = shape.element or Shape(counted=False)
            self._add(shape.element, schema["items"], depth + 1, trail)
        for example in (schema.get("example"), *as_list(schema.get("examples"))):
            self.overlay(shape, example, 0)

    def _describe(self, shape: Shape, schema: Mapping[str, Any]) -> None:
        """Note the kinds of a schema, its words, its form, its largest number, and what it says of itself."""
        kinds = schema.get("type")
        named = [
            _KINDS[kind]
            for kind in (kinds if isinstance(kinds, list) else [kinds])
            if isinstance(kind, str) and kind in _KINDS
        ]
        implied = [kind for kind, key in (("object", "properties"), ("list", "items")) if key in schema and not named]
        words = [*as_list(schema.get("enum")), *([schema["const"]] if "const" in schema else [])]
        for kind in (*named, *implied, *(["null"] if schema.get("nullable") is True else [])):
            shape.kinds[kind] += 1
        for word in words:
            self.overlay(shape, word, 0)
        largest = schema.get("maximum")
        if isinstance(largest, int | float) and not isinstance(largest, bool):
            shape.largest = largest
        shape.form = shape.form or as_text(schema.get("format"))
        shape.about = shape.about or " ".join(as_text(schema.get("description")).split())[:200]

    def overlay(self, shape: Shape, value: Any, depth: int) -> None:
        """Add the values of an example to what a schema says; they count as examples, not as met."""
        self._left -= 1
        if depth > DEEPEST or value is None or self._left <= 0:
            return
        if isinstance(value, dict):
            for key, each in list(value.items())[:MOST_KEYS]:
                if key in shape.fields or len(shape.fields) < MOST_KEYS:
                    self.overlay(shape.fields.setdefault(key, Shape(counted=False)), each, depth + 1)
            shape.kinds["object"] += 1
        elif isinstance(value, list):
            shape.kinds["list"] += 1
            shape.element = shape.element or Shape(counted=False)
            for each in value[:MOST_ITEMS]:
                self.overlay(shape.element, each, depth + 1)
        elif value not in _PLACEHOLDERS:
            kind = next(iter(shape_of(value).kinds))
            if kind in shape.given or not shape.given:
                shape.kinds[kind] += 1
                shape.keep(value)
