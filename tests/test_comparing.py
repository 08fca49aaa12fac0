"""One condition, apart from any record. tests/test_filters.py has what is refused, and why."""

from datetime import UTC, datetime

import pytest

from engine.comparing import passing, read_values
from engine.errors import UsageError


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("due_at", "2025-01-02", datetime(2025, 1, 2, tzinfo=UTC)),
        ("due_at", "2025-01-02T03:00:00+01:00", datetime(2025, 1, 2, 2, tzinfo=UTC)),
        ("score", "5", 5),
        ("score", "5.5", 5.5),
        ("is_mandatory", "True", True),
        ("is_mandatory", "false", False),
        ("status", "passed", "passed"),
        ("user.id", "007", "007"),
    ],
)
def test_values_are_read_by_the_kind_of_their_field(field: str, value: str, read: object) -> None:
    assert read_values(field, "eq", [value], "course_enrollments") == [read]


def test_a_blank_is_no_value() -> None:
    for blank in ("", "  ", "\u2003\n"):
        with pytest.raises(UsageError, match="the value is missing"):
            read_values("user.id", "eq", [blank], "course_enrollments")
    assert read_values("user.id", "eq", ["\x1c"], "course_enrollments") == ["\x1c"], "JSON Schema calls it no blank"


def test_a_missing_value_passes_only_what_excludes() -> None:
    found = [op for op in ("eq", "ne", "in", "nin", "gt", "gte", "lt", "lte") if passing(op, [1])(None)]
    assert found == ["ne", "nin"]
