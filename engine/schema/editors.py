"""The JSON Schema of a mapping, as editors read it: https://json-schema.org/draft/2020-12/schema.

What pydantic makes of the models, without its noise, and with the fields and words of the unified model by name, so
that editors complete and explain them. It accepts whatever `check` accepts; what goes across the file only `check` can
tell.
"""

from collections.abc import Mapping as MappingOf
from copy import deepcopy
from typing import Any, get_args

from engine.mapping import RESOURCES, Mapping
from engine.mapping.shape import bare, fields, is_model
from engine.meanings import meanings
from engine.records import RESOURCE_MODELS, Kind, field_kinds, words_of

__all__ = ["json_schema"]

Schema = dict[str, Any]

_EXPRESSION: Schema = {"type": "string", "title": "expression"}
_READ_AS: dict[Kind, str] = {
    "id": "an id, which becomes text", "text": "text", "time": "a time, as `values.times` says", "number": "a number",
    "percent": "a number from 0 to 100", "integer": "a whole number", "boolean": "true or false",
    "emails": "addresses", "urls": "a link", "objects": "a list of objects", "word": "one of", "custom": "anything",
}  # fmt: skip


def _with_meanings(schema: Schema) -> Schema:
    """Put into a schema what each key means."""
    for model in (Mapping, *_models(Mapping)):
        properties = (schema if model is Mapping else schema["$defs"][model.__name__])["properties"]
        for key, meaning in meanings(model).items():
            properties[key]["description"] = meaning
    return schema


def _models(kind: Any, seen: dict[Any, None] | None = None) -> MappingOf[Any, None]:
    """Return the models below a model."""
    found: dict[Any, None] = {} if seen is None else seen
    for info in fields(kind).values():
        for part in _parts(bare(info.annotation)):
            if is_model(part) and part not in found:
                found[part] = None
                _models(part, found)
    return found


def _parts(kind: Any) -> list[Any]:
    return [kind, *(inner for argument in get_args(kind) for inner in _parts(bare(argument)))]


def json_schema() -> Schema:
    """Return the schema of a mapping."""
    schema: Schema = _tidy(_with_meanings(Mapping.model_json_schema(by_alias=True)))
    parts = {name: schema["$defs"].pop(name) for name in ("Resource", "Status", "Words")}
    for resource in RESOURCES:
        schema["properties"][resource]["$ref"] = f"#/$defs/{resource}"
        schema["$defs"][resource] = _resource(deepcopy(parts), resource)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rollbook mapping",
        **schema,
    }


def _tidy(schema: Any) -> Any:
    """Take away what pydantic adds: titles made of names, and null, which no key of a mapping can be."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _tidy(part) for key, part in schema.items() if not _is_noise(key, part)}
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del kept["anyOf"]
        kept = {**options[0], **kept}
    elif options:
        kept["anyOf"] = options
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept


def _is_noise(key: str, part: Any) -> bool:
    return (key == "title" and isinstance(part, str) and part[:1].isupper()) or (
        key == "default" and part in (None, {})
    )


def _resource(parts: Schema, resource: str) -> Schema:
    """Return the schema of one resource: its fields by name, its words as an enum."""
    schema: Schema = parts["Resource"]
    described: Schema = schema["properties"]
    described["fields"] |= _fields(resource)
    described["status"] = _described(described["status"], parts["Status"])
    words = [name for name in field_kinds(resource) if name != "status" and words_of(resource, name)]
    tables = {name: _with_words(deepcopy(parts["Words"]), words_of(resource, name)) for name in words}
    described["words"] |= {"properties": tables, "additionalProperties": False}
    statuses = words_of(resource, "status")
    if statuses:
        _with_words(described["status"], statuses)
    for name, there in (("status", statuses), ("words", words)):
        if not there:
            del described[name]
    return schema


def _described(reference: Schema, schema: Schema) -> Schema:
    return {**schema, "description": reference["description"]}


def _with_words(schema: Schema, words: tuple[str, ...]) -> Schema:
    """Let the words of a table be those of the unified model."""
    known = {"enum": list(words)}
    properties = schema["properties"]
    properties["words"]["additionalProperties"] = known
    if "when" in properties:
        properties["when"] |= {"properties": dict.fromkeys(words, _EXPRESSION), "additionalProperties": False}
        properties["otherwise"] = {"description": properties["otherwise"]["description"], **known}
    return schema


def _fields(resource: str) -> Schema:
    """Return the fields of a resource, each with what it means and how its value is read."""
    described = _meanings(RESOURCE_MODELS[resource])
    properties, patterns = {}, {}
    for name, kind in field_kinds(resource).items():
        first, free, _ = name.partition(".<")
        words = f": {', '.join(words_of(resource, name))}" if kind == "word" else ""
        told = {**_EXPRESSION, "description": f"{described[first]} Read as {_READ_AS[kind]}{words}."}
        if free:
            patterns[rf"^{first}\..+$"] = told
        elif name != "status":
            properties[name] = told
    return {
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
        "required": ["id"],
    }


def _meanings(model: Any) -> MappingOf[str, str]:
    """Return what each field of a record means, dotted; a part of a field with the meaning of the whole before it."""
    found: dict[str, str] = {}
    told = meanings(model)
    for name, info in fields(model).items():
        found[name] = told.get(name, "")
        if is_model(bare(info.annotation)):
            parts = _meanings(bare(info.annotation))
            found |= {f"{name}.{part}": f"{found[name]} {meaning}" for part, meaning in parts.items()}
    return found
