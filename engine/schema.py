"""The format as JSON Schema for editors, and as a field reference for people; both from the pydantic tree.

`python -m engine.schema` writes `mappings/schema.json` and `docs/format.md`; the tests check that they are fresh.
"""

import json
from pathlib import Path
from typing import Any

from engine.mapping import RESOURCES, Mapping
from engine.records import field_kinds, words_of

__all__ = ["json_schema", "reference", "write"]

ROOT = Path(__file__).parent.parent


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a mapping, with the fields and words of the unified model."""
    schema = Mapping.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Rollbook mapping"
    for resource in RESOURCES:
        part = schema["properties"][resource]
        part.pop("anyOf", None)
        part.pop("default", None)
        part["$ref"] = f"#/$defs/{resource}"
        schema["$defs"][resource] = _resource(schema["$defs"]["Resource"], resource)
    del schema["$defs"]["Resource"]
    return schema


def _resource(general: dict[str, Any], resource: str) -> dict[str, Any]:
    """Return the schema of one resource: its fields by name, its words as an enum."""
    part: dict[str, Any] = json.loads(json.dumps(general))
    names = [name for name, kind in field_kinds(resource).items() if "<" not in name and name != "status"]
    expression = {"type": "string", "title": "JSONata expression"}
    part["properties"]["fields"] = {
        "description": part["properties"]["fields"]["description"],
        "type": "object",
        "properties": dict.fromkeys(names, expression),
        "patternProperties": {r"^(custom_fields|urls)\..+$": expression},
        "additionalProperties": False,
        "required": ["id"],
    }
    statuses = words_of(resource, "status")
    if statuses:
        part["properties"]["status"] = {
            "description": part["properties"]["status"]["description"],
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "when": {
                    "type": "object",
                    "properties": dict.fromkeys(statuses, expression),
                    "additionalProperties": False,
                },
                "from": expression,
                "words": {"type": "object", "additionalProperties": {"enum": list(statuses)}},
                "otherwise": {"enum": list(statuses)},
            },
        }
    else:
        del part["properties"]["status"]
    return part


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def reference() -> str:
    """Return the field reference as Markdown: every key of the format, with its meaning and default."""
    schema = Mapping.model_json_schema(by_alias=True)
    parts = [
        "# The mapping format, key by key",
        "",
        "Generated from `engine/mapping/`; `make fix` writes it anew. What the keys are for and how they hang together",
        "is in [mapping-language.md](mapping-language.md).",
        "",
        *_section("A mapping", schema),
    ]
    for name, part in schema["$defs"].items():
        if "properties" in part:
            parts += _section(name, part)
    return "\n".join(parts).rstrip() + "\n"


def _section(name: str, part: dict[str, Any]) -> list[str]:
    lines = [f"## {name}", "", part.get("description", "").replace("\n", " "), ""]
    lines += ["| key | what | value | default |", "|---|---|---|---|"]
    required = set(part.get("required", ()))
    for key, value in part["properties"].items():
        default = "**required**" if key in required else _default(value)
        what = " ".join(value.get("description", "").split()).replace("|", "\\|")
        lines.append(f"| `{key}` | {what} | {_kind(value)} | {default} |")
    return [*lines, ""]


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    return "" if default in (None, [], {}, "") or isinstance(default, dict) else f"`{json.dumps(default)}`"


def _kind(value: dict[str, Any]) -> str:
    """Return the kind of a value in a few words, with links to the sections it refers to."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        kinds = [_kind(part) for part in value["anyOf"] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}"
    if value.get("type") == "object":
        inner = value.get("additionalProperties")
        return f"name: {_kind(inner)}" if isinstance(inner, dict) else "mapping"
    names = {"JSONata expression": "[expression](expressions.md)", "Text with {holes}": "text with holes"}
    title = value.get("title", "")
    return names.get(title) or (title if title and title[0].islower() else value.get("type", "any"))


def write(root: Path = ROOT) -> None:
    """Write schema and reference to their places in a checkout."""
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    (root / "mappings" / "schema.json").write_text(schema, encoding="utf-8")
    (root / "docs" / "format.md").write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    write()
