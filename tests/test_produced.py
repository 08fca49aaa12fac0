"""The objects that expressions make, held against the unified model; tests/broken has the message at its place."""

import pytest

from engine.records import part_names


@pytest.mark.parametrize(
    ("resource", "field", "names"),
    [
        ("course_enrollments", "user.emails", ("email", "type", "is_primary")),
        ("course_enrollments", "urls.course", ("url", "type")),
        ("courses", "tags", ("id", "name")),
        ("course_enrollments", "score", ()),
        ("course_enrollments", "custom_fields.anything", ()),
    ],
)
def test_objects_of_a_field_have_the_parts_of_the_model(resource: str, field: str, names: tuple[str, ...]) -> None:
    assert set(part_names(resource, field)) == set(names)
