"""How times are written is read off all values of a place."""

from typing import Any

import pytest

from engine.proposing.shapes import Shape, shape_of
from engine.proposing.times import Form, time_form


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2026-01-05T08:00:00Z", None], Form("rfc3339")),
        (["2026-01-05T08:00:00+02:00", "2026-01-05"], Form("rfc3339")),
        (["2026-01-05 08:00:00"], Form("rfc3339", local=True)),
        (["2026-01-05"], Form("rfc3339")),
        ([1767600000, 1767600001.5], Form("unix")),
        (["1767600000"], Form("unix")),
        ([1767600000000], Form("unix_ms")),
        ([1767600000, 0], Form("unix", never=(0,))),
        (["", "2026-01-05T08:00:00Z"], Form("rfc3339", never=("",))),
        (["25/12/2025, 07:18:23"], Form("%d/%m/%Y, %H:%M:%S", local=True)),
        (["05/01/2026"], Form("%d/%m/%Y", doubt="or is the month first?")),
        (["01/25/2026"], Form("%m/%d/%Y")),
        (["5. 1. 2026"], None),
        (["Jan 5, 2026"], Form("%b %d, %Y")),
        (["Mon, 05 Jan 2026 08:00:00 +0100"], Form("%a, %d %b %Y %H:%M:%S %z")),
        (["20260105"], Form("%Y%m%d")),
        ([None], Form("", doubt="no value was met")),
        ([0], Form("", never=(0,), doubt="no value was met")),
        (["soon"], None),
        ([True], None),
        ([5], None),
        ([1767600000, 1767600000000], None),
        ([1767600000, "2026-01-05"], None),
        ([{"year": 2026}], None),
    ],
)
def test_the_form_of_times_is_what_reads_all_of_them(values: list[Any], form: Form | None) -> None:
    assert time_form(shape_of(*values)) == form


@pytest.mark.parametrize(
    ("kind", "form", "about", "expected"),
    [
        ("text", "date-time", "", Form("rfc3339")),
        ("text", "", "", Form("", doubt="no value was met")),
        ("integer", "", "Unix time in seconds", Form("unix")),
        ("integer", "int64", "epoch, in milliseconds", Form("unix_ms")),
        ("integer", "", "how often", None),
    ],
)
def test_where_a_schema_shows_no_value_it_may_say_how_times_are_written(
    kind: str, form: str, about: str, expected: Form | None
) -> None:
    shape = Shape(counted=False, form=form, about=about)
    shape.kinds[kind] += 1
    assert time_form(shape) == expected
