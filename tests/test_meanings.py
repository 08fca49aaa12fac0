"""What fields mean, from their source."""

from engine.mapping import Fetch, Mapping
from engine.meanings import meanings
from engine.records import RESOURCE_MODELS


def test_the_text_below_a_field_is_its_meaning_by_the_key_of_the_file() -> None:
    found = meanings(Fetch)
    assert found["for"].startswith("`name in fetch`")
    assert "for_" not in found


def test_fields_of_a_parent_class_are_there_as_well() -> None:
    assert "query" in meanings(Fetch)


def test_every_field_of_the_format_and_of_the_records_has_a_meaning() -> None:
    for model in (Mapping, *RESOURCE_MODELS.values()):
        assert set(meanings(model)) == {info.alias or name for name, info in model.model_fields.items()}
