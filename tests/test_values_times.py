from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import ValueProblem, check_times, read_time


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-04T10:11:12Z", utc(2025, 3, 4, 10, 11, 12)),
        ("2025-03-04 10:11:12Z", utc(2025, 3, 4, 10, 11, 12)),
        ("2025-03-04t10:11:12z", utc(2025, 3, 4, 10, 11, 12)),
        (" 2025-03-04T10:11:12Z\n", utc(2025, 3, 4, 10, 11, 12)),
        ("2025-03-04T10:11:12+02:00", utc(2025, 3, 4, 8, 11, 12)),
        ("2025-03-04T10:11:12-0330", utc(2025, 3, 4, 13, 41, 12)),
        ("2025-03-04 10:11:12+00", utc(2025, 3, 4, 10, 11, 12)),
        ("2025-03-04 10:11:12 +0100", utc(2025, 3, 4, 9, 11, 12)),
        ("2025-03-04T10:11Z", utc(2025, 3, 4, 10, 11)),
        ("2025-03-04T10:11:12.5Z", utc(2025, 3, 4, 10, 11, 12, 500000)),
        ("2025-03-04T10:11:12,123Z", utc(2025, 3, 4, 10, 11, 12, 123000)),
        ("2025-03-04T10:11:12.123456789123456789Z", utc(2025, 3, 4, 10, 11, 12, 123456)),
        ("2025-03-04T00:00:00Z", utc(2025, 3, 4)),
        ("2025-03-04", utc(2025, 3, 4)),
        ("2016-12-31T23:59:60Z", utc(2017, 1, 1)),
        ("0001-01-01T00:00:00Z", utc(1, 1, 1)),
        ("9999-12-31T23:59:59Z", utc(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_rfc_3339_is_read_as_it_is_written(text: str, time: datetime) -> None:
    assert read_time(text) == time
    assert read_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "now", "2025", "2025-3-4", "2025-02-30", "2025-13-01T00:00:00Z", "2025-03-04T25:00:00Z",
     "2025-W10-1T10:11:12Z", "2025-03-04x10:11:12Z", "20250304T101112Z", "2025-03-04T10:11:12+24:00",
     "2025-03-04T10:11:12+02:60",
     "2025-03-04T10:11:61Z", "٢٠٢٥-03-04", "0001-01-01T00:00:00+01:00", "2025-03-04T10:11:12." + "1" * 200 + "Z"],
)  # fmt: skip
def test_what_is_no_time_is_a_problem(text: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        read_time(text)
    assert caught.value.what.startswith(repr(text)[:20])


@pytest.mark.parametrize("value", [True, None, 7, 7.5, [], {}])
def test_only_text_is_read_as_rfc_3339(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not a time as text"):
        read_time(value)


def test_a_time_without_an_offset_is_read_only_where_a_zone_is_named() -> None:
    with pytest.raises(ValueProblem, match="has no offset"):
        read_time("2025-03-04T10:11:12")
    assert read_time("2025-03-04T10:11:12", zone="Europe/Rome") == utc(2025, 3, 4, 9, 11, 12)
    assert read_time("2025-03-04T10:11:12Z", zone="Europe/Rome") == utc(2025, 3, 4, 10, 11, 12)


def test_a_date_is_midnight_in_the_zone() -> None:
    assert read_time("2025-07-04", zone="America/New_York") == utc(2025, 7, 4, 4)
    assert read_time("04.07.2025", "%d.%m.%Y", "America/New_York") == utc(2025, 7, 4, 4)
    assert read_time("04.07.2025", "%d.%m.%Y") == utc(2025, 7, 4)


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_is_after_the_change() -> None:
    assert read_time("2025-10-26 02:30:00", zone="Europe/Rome") == utc(2025, 10, 26, 0, 30)
    assert read_time("2025-03-30 02:30:00", zone="Europe/Rome") == utc(2025, 3, 30, 1, 30)
    assert read_time("2025-03-30 03:30:00", zone="Europe/Rome") == utc(2025, 3, 30, 1, 30)


@pytest.mark.parametrize(
    ("value", "form", "time"),
    [
        (0, "unix", utc(1970, 1, 1)),
        (1792349880, "unix", utc(2026, 10, 18, 18, 58)),
        ("1792349880", "unix", utc(2026, 10, 18, 18, 58)),
        (" 1792349880 ", "unix", utc(2026, 10, 18, 18, 58)),
        (1792349880.25, "unix", utc(2026, 10, 18, 18, 58, 0, 250000)),
        ("1792349880.250000", "unix", utc(2026, 10, 18, 18, 58, 0, 250000)),
        (-1, "unix", utc(1969, 12, 31, 23, 59, 59)),
        (1792349880123, "unix_ms", utc(2026, 10, 18, 18, 58, 0, 123000)),
        ("1792349880123", "unix_ms", utc(2026, 10, 18, 18, 58, 0, 123000)),
        (253402300799999, "unix_ms", utc(9999, 12, 31, 23, 59, 59, 999000)),
    ],
)
def test_unix_times_are_numbers_or_text(value: Any, form: str, time: datetime) -> None:
    assert read_time(value, form) == time
    assert read_time(value, form, "Europe/Rome") == time


@pytest.mark.parametrize(
    "value", [True, None, "", "soon", "1e9", "٣", 10**13, -(10**13), float("nan"), float("inf"), [1]]
)
def test_what_is_no_unix_time_is_a_problem(value: Any) -> None:
    with pytest.raises(ValueProblem, match="is not a Unix time"):
        read_time(value, "unix")


def test_milliseconds_taken_for_seconds_are_a_problem_with_advice() -> None:
    with pytest.raises(ValueProblem) as caught:
        read_time(1792349880123, "unix")
    assert caught.value.do == "set the format `unix_ms`"


@pytest.mark.parametrize(
    ("text", "form", "zone", "time"),
    [
        ("Sunday, 18 October 2026, 6:58 PM", "%A, %d %B %Y, %I:%M %p", "UTC", utc(2026, 10, 18, 18, 58)),
        ("Sunday, 18 October 2026, 6:58\u202fPM", "%A, %d %B %Y, %I:%M %p", "UTC", utc(2026, 10, 18, 18, 58)),
        ("sunday,  1 october 2026,  12:05 a.m.", "%A, %d %B %Y, %I:%M %p", "UTC", utc(2026, 10, 1, 0, 5)),
        ("18.10.2026 18:58", "%d.%m.%Y %H:%M", "Europe/Vienna", utc(2026, 10, 18, 16, 58)),
        ("10/18/26 12:00 PM", "%m/%d/%y %I:%M %p", "UTC", utc(2026, 10, 18, 12)),
        ("18/10/69", "%d/%m/%y", None, utc(1969, 10, 18)),
        ("2026-10-18 18:58:01.123456789", "%Y-%m-%d %H:%M:%S.%f", "UTC", utc(2026, 10, 18, 18, 58, 1, 123456)),
        ("18 Oct 2026 18:58 +0200", "%d %b %Y %H:%M %z", None, utc(2026, 10, 18, 16, 58)),
        ("18 Oct 2026 18:58 UTC", "%d %b %Y %H:%M %Z", None, utc(2026, 10, 18, 18, 58)),
        ("Sun, 18 Oct 2026 18:58:00 GMT", "%a, %d %b %Y %H:%M:%S %Z", None, utc(2026, 10, 18, 18, 58)),
        ("100% on 2026-10", "100%% on %Y-%m", None, utc(2026, 10, 1)),
        ("(2026) [10]", "(%Y) [%m]", None, utc(2026, 10, 1)),
    ],
)
def test_patterns_read_what_providers_display(text: str, form: str, zone: str | None, time: datetime) -> None:
    assert read_time(text, form, zone) == time


@pytest.mark.parametrize(
    ("text", "form", "what"),
    [
        ("18 Oktober 2026", "%d %B %Y", "is not a time in the format"),
        ("31.02.2026", "%d.%m.%Y", "is not a time: day"),
        ("18.10.2026 18:58", "%d.%m.%Y %H:%M", "has no offset"),
        ("18.10.2026 13:58 PM", "%d.%m.%Y %I:%M %p", "13 is not an hour of a twelve-hour clock"),
        ("0:30 AM 2026", "%I:%M %p %Y", "0 is not an hour of a twelve-hour clock"),
        ("18.10", "%d.%m", "the format has no year"),
        ("2026", "%Y" + " " * 50 + "%Q", "`%Q` of the format"),
        ("2026", "%Y%", "`%` of the format"),
        ("2026 2026", "%Y %Y", "has one part twice"),
        ("2026" + " " * 5000, "%Y %m", "is not a time in the format"),
        (7, "%Y", "is not a time as text"),
    ],
)
def test_what_does_not_fit_a_pattern_is_a_problem(text: Any, form: str, what: str) -> None:
    with pytest.raises(ValueProblem, match=what):
        read_time(text, form)


def test_an_unknown_zone_is_a_problem() -> None:
    for zone in ("Europe/Wien", "", "../etc/passwd", "CEST"):
        with pytest.raises(ValueProblem, match="there is no time zone"):
            check_times("rfc3339", zone)
    with pytest.raises(ValueProblem, match="there is no time zone 'Mars/Base'"):
        read_time("2025-01-01T00:00:00", zone="Mars/Base")


def test_settings_that_can_read_nothing_are_known_before_any_value() -> None:
    for form in ("rfc3339", "unix", "unix_ms", "%d.%m.%Y", "%y-%m"):
        check_times(form, "Europe/Rome")
        check_times(form, None)
    for form in ("rfc_3339", "iso", "", "%d.%m", "%Q"):
        with pytest.raises(ValueProblem):
            check_times(form, None)


@given(time=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - bounds
def test_every_time_reads_back(time: datetime) -> None:
    expected = time.astimezone(UTC)
    assert read_time(expected.isoformat()) == expected
    assert read_time(expected.strftime("%Y").zfill(4) + expected.strftime("-%m-%d %H:%M:%S.%fZ")) == expected


@given(text=st.text(alphabet="0123456789-:TZ.+ ", max_size=30))
def test_any_text_is_a_time_or_a_problem(text: str) -> None:
    for form in ("rfc3339", "unix", "%Y-%m-%d %H:%M"):
        try:
            assert read_time(text, form, "UTC").tzinfo is UTC
        except ValueProblem:
            continue
