"""OpenAPI documents are read whatever they refer to, and what is none is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import UsageError
from engine.proposing.documents import read_document
from engine.proposing.schemas import shape_of_schema
from engine.proposing.shapes import leaves


def document(folder: Path, text: Any, name: str = "api.yaml") -> Any:
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return read_document(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it has no `openapi` and no `swagger` at its top"),
        ("[1]", "it has no `openapi` and no `swagger` at its top"),
        ("openapi: 4.0.0\n", "is of version '4.0.0', not 2 or 3"),
        ("a: [", "this is neither JSON nor YAML"),
        ("openapi: 3.0.0\n? [a]\n: 1\n", "this is neither JSON nor YAML"),
        ("openapi: 3.0.0\nx: " + "[" * 5000, "nesting depth"),
        ("x: !!python/object:os.system 1\n", "this is neither JSON nor YAML"),
    ],
)
def test_what_is_no_document_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match="--openapi") as caught:
        document(tmp_path, text)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_or_too_large_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_document(tmp_path / "nowhere.yaml")
    (tmp_path / "large.json").write_bytes(b" " * 20_000_001)
    with pytest.raises(UsageError, match="larger than 20 MB"):
        read_document(tmp_path / "large.json")


def test_an_address_is_not_fetched() -> None:
    with pytest.raises(UsageError, match="nothing is fetched from the web; save it, and give the file"):
        read_document(Path("https://acme.example/openapi.json"))


def test_references_are_followed_with_their_escapes_and_lead_nowhere_quietly(tmp_path: Path) -> None:
    read = document(
        tmp_path,
        {
            "openapi": "3.1.0",
            "a/b": {"c~d": [{"type": "string"}]},
            "loop": {"$ref": "#/loop"},
            "two": {"$ref": "#/a~1b/c~0d/0"},
        },
    )
    assert read.follow({"$ref": "#/a~1b/c~0d/0"}) == {"type": "string"}
    assert read.follow({"$ref": "#/two", "description": "beside"}) == {"type": "string", "description": "beside"}
    assert read.follow({"$ref": "#/loop"}) == {}
    assert read.follow({"$ref": "other.yaml#/x"}) == {}
    assert list(read.unfollowed) == ["other.yaml#/x"]


def test_status_codes_and_dates_of_yaml_are_text(tmp_path: Path) -> None:
    read = document(tmp_path, "openapi: 3.0.0\ninfo: { version: 2026-01-05 }\ncodes: { 200: x, true: y }\n")
    assert read.data["info"]["version"] == "2026-01-05"
    assert read.data["codes"] == {"200": "x", "True": "y"}


def test_aliases_that_multiply_or_hold_themselves_cost_little(tmp_path: Path) -> None:
    doubled = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
    bomb = document(tmp_path, f"openapi: 3.0.0\na0: &a0 {{ id: 1 }}\n{doubled}")
    assert shape_of_schema(bomb, {}, [bomb.data["a19"]]).given == {"list"}
    loop = document(
        tmp_path, "openapi: 3.0.0\nx: &x { type: object, properties: { a: *x, b: *x }, example: &e { a: *e, b: *e } }\n"
    )
    assert shape_of_schema(loop, loop.data["x"]).given == {"object"}


def test_a_schema_shows_kinds_words_forms_and_examples(tmp_path: Path) -> None:
    read = document(tmp_path, {"openapi": "3.1.0"})
    shape = shape_of_schema(
        read,
        {
            "allOf": [
                {"properties": {"id": {"type": "integer"}}},
                {"properties": {"who": {"type": ["string", "null"]}}},
            ],
            "properties": {
                "state": {"enum": ["on", "off"]},
                "at": {"type": "string", "format": "date-time", "description": "When,\nthat is"},
                "one": {"oneOf": [{"type": "string"}, {"type": "integer", "examples": [5]}]},
            },
            "example": {"id": 7, "more": True},
        },
    )
    found = dict(leaves(shape))
    assert found["id",].scalars == [7]
    assert found["who",].given == {"text"}
    assert found["state",].scalars == ["on", "off"]
    assert (found["at",].form, found["at",].about) == ("date-time", "When, that is")
    assert found["one",].given == {"text", "integer"}
    assert found["more",].scalars == [True]
