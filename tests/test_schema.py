"""The JSON Schema and the field reference: fresh, and saying what the engine says."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from engine.loading import available
from engine.schema import json_schema, reference, write

ROOT = Path(__file__).parent.parent


def test_schema_and_reference_are_fresh(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "docs").mkdir()
    write(tmp_path)
    for name in ("mappings/schema.json", "docs/format.md"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / name).read_text("utf-8"), f"{name} is stale: make fix"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", available().values(), ids=lambda path: path.stem)
def test_every_mapping_is_valid_by_the_schema(path: Path) -> None:
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - all scalars as text
    errors = [
        error for error in jsonschema.Draft202012Validator(json_schema()).iter_errors(_typed(data)) if not error.context
    ]
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def _typed(value: object) -> object:
    """Read scalars as the engine does."""
    if isinstance(value, dict):
        return {str(key): _typed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_typed(entry) for entry in value]
    if isinstance(value, str) and (value in ("true", "false") or value.lstrip("-").isdecimal()):
        return json.loads(value) if not value.lstrip("-").startswith("0") or value == "0" else value
    return value


def test_a_misspelt_key_field_or_word_is_invalid_by_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    base = {"mapping": 1, "provider": {"id": "a", "name": "A"}, "http": {}, "fetch": {}}
    for wrong in (
        {**base, "course_enrolments": {}},
        {**base, "course_enrollments": {"for": "a in b", "fields": {"id": "a.id", "user.nmae": "a.n"}}},
        {**base, "course_enrollments": {"for": "a in b", "fields": {"id": "a.id"}, "status": {"words": {"x": "done"}}}},
    ):
        messages = " ".join(error.message for error in validator.iter_errors(wrong))
        assert any(word in messages for word in ("course_enrolments", "user.nmae", "'done'"))


def test_the_reference_has_every_key_once() -> None:
    text = reference()
    for key in ("`course_enrollments`", "`base_url`", "`tolerate`", "`link_header`", "`client_in`", "`otherwise`"):
        assert text.count(f"| {key} |") >= 1
