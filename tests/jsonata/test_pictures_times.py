"""Times in pictures: $fromMillis and $toMillis."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_suite import Case, numbers_of_cases, run_case, suite_cases

from engine.jsonata.pictures.times import format_time, parse_time
from engine.jsonata.problems import EvaluationProblem

GROUPS = ("function-fromMillis", "function-tomillis")
NOW = 1521801216617  # Friday, 2018-03-23T10:33:36.617Z
FIRST, LAST = -62135596800000, 253402300799999


def read(text: str, picture: str | None = None) -> Any:
    return parse_time(text, picture, NOW)


def iso(text: str, picture: str) -> str:
    """Return what a text is read as, in ISO 8601."""
    return format_time(read(text, picture))


@pytest.mark.parametrize("case", suite_cases(*GROUPS))
def test_a_case_of_the_official_suite_gives_its_result(case: Case) -> None:
    assert run_case(case, {"fromMillis": format_time, "toMillis": read}) == case.result


def test_all_cases_of_the_suite_but_these_are_read() -> None:
    assert numbers_of_cases(*GROUPS) == [(90, 3), (55, 5)]


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        (None, "2018-03-23T10:33:36.617Z"),
        ("", ""),
        ("[[Year]]: [[[Y0001]]]", "[Year]: [2018]"),
        ("[D1o] [MNn] [Y]", "23rd March 2018"),
        ("[FNn,3-3] [D] [MN,3-3] [Y,2-2]", "Fri 23 MAR 18"),
        ("[F], [M01]/[D01] [h]:[m] [PN]", "friday, 03/23 10:33 AM"),
        ("[F1] [d] [W] [w] [X] [xn]", "5 82 12 4 2018 march"),
        ("[Dwo] [YI] [Ma]", "twenty-third MMXVIII c"),
        ("[H01] [ m ] [s].[f001]", "10 33 36.617"),
        ("[Y9,999,*] [Y##01,2-2] [Y1]", "2,018 18 2018"),
        ("[Y,0-0]", "0"),
        ("[MNn,0-0]", ""),
        ("[Z] [z] [Z0] [Z0000] [Z01:01t]", "+00:00 GMT+00:00 +0 +0000 Z"),
        ("[C] [E] [CN]", "ISO ISO ISO"),
        ("[P] [Pn] [PN] [PNn]", "am am AM am"),
        ("[D,4] [D1,] [D1,x] [D1,*-3]", "0023 23 23 23"),
    ],
)
def test_a_time_is_written_as_the_picture_says(picture: str | None, text: str) -> None:
    assert format_time(NOW, picture) == text


@pytest.mark.parametrize(
    ("timezone", "text"),
    [
        ("+0100", "11:33 +01:00 +1 +0100"),
        ("-0500", "5:33 -05:00 -5 -0500"),
        ("+0530", "16:03 +05:30 +5:30 +0530"),
        ("-0330", "7:03 -03:30 -3:30 -0330"),
        ("530", "16:03 +05:30 +5:30 +0530"),
        ("0000", "10:33 +00:00 +0 +0000"),
        ("+01:00", "11:33 +01:00 +1 +0100"),
        ("Z", "10:33 +00:00 +0 +0000"),
    ],
)
def test_a_time_is_written_at_an_offset(timezone: str, text: str) -> None:
    assert format_time(NOW, "[H]:[m] [Z] [Z0] [Z0001]", timezone) == text


@pytest.mark.parametrize("timezone", ["", "1", "UTC", "+2400", "+0060", "Europe/Berlin", "+01000", "٠١٠٠"])  # noqa: RUF001
def test_what_is_no_offset_is_refused(timezone: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        format_time(NOW, None, timezone)
    assert told.value.code == "D3110"


@pytest.mark.parametrize(
    ("millis", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1.9, "1970-01-01T00:00:00.001Z"),
        (-0.9, "1970-01-01T00:00:00.000Z"),
        (FIRST, "0001-01-01T00:00:00.000Z"),
        (LAST, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_milliseconds_are_cut_down_towards_1970(millis: float, text: str) -> None:
    assert format_time(millis) == text


@pytest.mark.parametrize("millis", [FIRST - 1, LAST + 1, 10**300, -(10**20), 1e300, math.inf, math.nan])
def test_a_time_beyond_the_years_1_to_9999_is_a_problem(millis: float) -> None:
    with pytest.raises(EvaluationProblem) as told:
        format_time(millis)
    assert told.value.code == "D1001"


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        ("[YN]", "D3133"),
        ("[HNn]", "D3133"),
        ("[fn]", "D3133"),
        ("[Z010101t]", "D3134"),
        ("[ZN]", "D3134"),
        ("[zw]", "D3134"),
        ("[q]", "D3132"),
        ("[q1]", "D3132"),
        ("[]", "D3132"),
        ("[Y]-[M", "D3135"),
        ("[Yx]", "D3130"),
        ("[Do]", "D3130"),
        ("[D0\N{ARABIC-INDIC DIGIT ZERO}]", "D3131"),
        ("[D,401]", "D1001"),
        ("[Y,*-999999999]", "D1001"),
        ("[YI,2] [dI]", None),
    ],
)
def test_a_wrong_picture_is_told_with_the_code_of_the_reference(picture: str, code: str | None) -> None:
    if code is None:
        assert format_time(NOW, picture) == "MMXVIII LXXXII"
        return
    with pytest.raises(EvaluationProblem) as told:
        format_time(NOW, picture)
    assert told.value.code == code
    assert "; " in told.value.message


@pytest.mark.parametrize(
    ("text", "millis"),
    [
        ("1970", 0),
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1970-01-01T00:00:00.0019Z", 1),
        ("1969-12-31T23:59:59.9999Z", -1),
        ("1970-01-01T01:00+01:00", 0),
        ("1970-01-01T00:00:00-0330", 12_600_000),
    ],
)
def test_without_a_picture_a_text_is_iso_8601(text: str, millis: int) -> None:
    assert read(text) == millis


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Miles",
        "2018-02-03 11:15:33",
        "2025-W01-1",
        "18-01-01",
        "2018-02-30",
        "2018-13-01",
        "2018-01-01T25:00:00Z",
        "2018-01-01T10:00:00+25:00",
        "0000-01-01",
        "2018-01-01T10:00:00",
        "٢٠١٨",
    ],
)
def test_what_is_no_time_is_refused_and_not_told(text: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        read(text)
    assert told.value.code == "D3110"
    assert "; " in told.value.message
    assert not text or text not in told.value.message


def test_a_text_without_an_offset_is_utc_unless_it_is_read_strictly() -> None:
    assert parse_time("1970-01-01T00:01:00", None, NOW, strict=False) == 60_000


@pytest.mark.parametrize(
    ("text", "picture", "time"),
    [
        ("2018-03-27", "[Y0001]-[M01]-[D01]", "2018-03-27T00:00:00.000Z"),
        ("27th april 2008", "[D1o] [MNn] [Y0001]", "2008-04-27T00:00:00.000Z"),
        ("APRIL 2008", "[MNn] [Y]", "2008-04-01T00:00:00.000Z"),
        ("Febr 2, 2012", "[MNn,4-4] [D], [Y]", "2012-02-02T00:00:00.000Z"),
        ("20180327140300", "[Y0001][M01][D01][H01][m01][s01]", "2018-03-27T14:03:00.000Z"),
        ("4/4/2018 12:06 AM", "[D1]/[M1]/[Y0001] [h]:[m] [P]", "2018-04-04T00:06:00.000Z"),
        ("4/4/2018 00:06 pm", "[D1]/[M1]/[Y0001] [h]:[m] [P]", "2018-04-04T12:06:00.000Z"),
        ("2018-03-27 5 pm", "[Y]-[M]-[D] [h] [P]", "2018-03-27T17:00:00.000Z"),
        ("2018-366", "[Y]-[d]", None),
        ("2018-094 10:30", "[Y0001]-[d001] [H01]:[m01]", "2018-04-04T10:30:00.000Z"),
        ("10:30", "[H]:[m]", "2018-03-23T10:30:00.000Z"),
        ("5", "[D]", "2018-03-05T00:00:00.000Z"),
        ("12.5", "[s].[f]", "2018-03-23T10:33:12.500Z"),
        ("2018-03-27T14:03:00.01987", "[Y]-[M]-[D]T[H]:[m]:[s].[f1]", "2018-03-27T14:03:00.019Z"),
        ("2018-03-27 00:00 -03:30", "[Y]-[M]-[D] [H]:[m] [Z]", "2018-03-27T03:30:00.000Z"),
        ("2018-03-27 00:00 GMT+0530", "[Y]-[M]-[D] [H]:[m] [z0001]", "2018-03-26T18:30:00.000Z"),
        ("2018-03-27 00:00 +530", "[Y]-[M]-[D] [H]:[m] [Z0001]", "2018-03-26T18:30:00.000Z"),
        ("2018-03-27 00:00 -5", "[Y]-[M]-[D] [H]:[m] [Z1]", "2018-03-27T05:00:00.000Z"),
        ("2018-03-27Z", "[Y]-[M]-[D][Z01:01t]", "2018-03-27T00:00:00.000Z"),
        ("MMXVIII iii w", "[Yi] [MI] [DA]", "2018-03-23T00:00:00.000Z"),
        ("\N{FULLWIDTH DIGIT ONE}", "[D\N{FULLWIDTH DIGIT ZERO}]", "2018-03-01T00:00:00.000Z"),
        ("Wrongday, 14th November 2018", "[FNn], [D1o] [MNn] [Y]", "2018-11-14T00:00:00.000Z"),
        ("5, 1 2 2018", "[F1], [D] [M] [Y]", "2018-02-01T00:00:00.000Z"),
        ("18-03-27", "[Y]-[M]-[D]", "1918-03-27T00:00:00.000Z"),
        ("(1+1) 2018", "(1+1) [Y]", "2018-01-01T00:00:00.000Z"),
        ("2018 07:00 13", "[Y] 07:00 [W]", "2018-01-01T00:00:00.000Z"),
    ],
)
def test_a_text_is_read_as_the_picture_says(text: str, picture: str, time: str | None) -> None:
    if time is None:
        with pytest.raises(EvaluationProblem, match="does not exist"):
            read(text, picture)
        return
    assert iso(text, picture) == time


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("Hello", "Hello"),
        ("Hello", "[Y]"),
        ("2018-03", "[Y]-[M]-[D]"),
        ("Foo 2018", "[MNn] [Y]"),
        ("Ma 2018", "[MNn,2-2] [Y]"),
        ("10:30 xm", "[h]:[m] [P]"),
        ("10:30 +24:00", "[H]:[m] [Z]"),
        ("10:30 +00:60", "[H]:[m] [Z]"),
        ("one  two", "[Yw]"),
        ("2018\n", "[Y]"),
        ("\ud800", "[Y]"),
        ("2018", "[Y]\ud800"),
    ],
)
def test_a_text_that_does_not_fit_is_nothing(text: str, picture: str) -> None:
    assert read(text, picture) is None


@pytest.mark.parametrize(
    ("text", "picture", "code"),
    [
        ("2018-02-30", "[Y]-[M]-[D]", "D3110"),
        ("2018-00-10", "[Y]-[M]-[D]", "D3110"),
        ("2018-000", "[Y]-[d]", "D3110"),
        ("13:00 pm", "[h]:[m] [P]", "D3110"),
        ("24:00", "[H]:[m]", "D3110"),
        ("10000", "[Y]", "D3110"),
        ("12018-1", "[Y]-[d]", "D3110"),
        ("9" * 300, "[Y]", "D3110"),
        ("9" * 300, "[d]", "D3110"),
        ("9" * 5000, "[Y]", "D1001"),
        ("2018-22", "[Y]-[D]", "D3136"),
        ("5-22 23:59", "[M]-[D] [m]:[s]", "D3136"),
        ("10:30", "[m]:[f]", "D3136"),
        ("2018 10:30", "[Y] [h]:[m]", "D3136"),
        ("Monday", "[FNn]", "D3136"),
        ("+01:00", "[Z]", "D3136"),
        ("2018-32-5", "[X]-[W]-[F1]", "D3136"),
        ("2018-3-2-5", "[X]-[x]-[w]-[F1]", "D3136"),
        ("2018", "[YN]", "D3133"),
        ("ISO", "[C]", "D3133"),
        ("2018", "[Yx]", "D3130"),
        ("2018", "[Q]", "D3132"),
        ("2018", "[Y", "D3135"),
        ("2018", "[Yw]" * 3000, "D1001"),
    ],
)
def test_a_text_or_a_picture_that_names_no_time_is_a_problem(text: str, picture: str, code: str) -> None:
    with pytest.raises(EvaluationProblem) as told:
        read(text, picture)
    assert told.value.code == code
    assert "; " in told.value.message


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("1" * 200_000 + "x", "[f1]" * 30),
        ("1" * 200_000 + "x", "[Y][f1][s][f1]"),
        ("a" * 200_000 + "1", "[FNn][FNn][FNn]x"),
        ("one-" * 50_000 + "x", "[Yw][Mw][Dw]"),
    ],
)
def test_a_text_takes_time_as_it_is_long_whatever_the_picture(text: str, picture: str) -> None:
    assert read(text, picture) is None


TIMES = st.integers(FIRST, LAST)
#: Years below 100 are read as of the 20th century.
LATER = st.integers(FIRST + 100 * 366 * 86_400_000, LAST)


@given(TIMES)
def test_what_is_written_in_iso_8601_is_read_back(millis: int) -> None:
    assert read(format_time(millis)) == millis


@given(
    LATER,
    st.sampled_from(
        [
            "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]",
            "[Y0001][M01][D01][H01][m01][s01].[f001]",
            "[FNn], [D1o] [MNn] [Y] [h]:[m]:[s].[f001] [PN]",
            "[Y]-[d] [H]:[m]:[s].[f001]",
            "[DI] [Mi] [YI] [Hw] [mW] [sWwo],[f001]",
            "[MN,3-3]/[D]/[Y] [H].[m].[s].[f001]",
        ]
    ),
)
def test_what_is_written_in_a_picture_is_read_back(millis: int, picture: str) -> None:
    assert read(format_time(millis, picture), picture) == millis


@given(LATER, st.integers(-14 * 60, 14 * 60), st.sampled_from(["[Z]", "[Z0001]", "[z]", "[Z01:01t]"]))
def test_what_is_written_at_an_offset_is_read_back(millis: int, minutes: int, zone: str) -> None:
    picture = f"[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001] {zone}"
    timezone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    inside = millis if millis < LAST - 86_400_000 else millis - 86_400_000
    assert read(format_time(inside, picture, timezone), picture) == inside


@given(TIMES)
def test_weeks_are_those_of_iso_8601_and_of_the_month_their_thursday_is_in(millis: int) -> None:
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
    year, week, day = time.isocalendar()
    thursday = datetime.fromisocalendar(year, week, 4)
    expected = f"{year} {week} {day} {thursday.month} {(thursday.day + 6) // 7}"
    assert format_time(millis, "[X] [W] [F1] [x] [w]") == expected


MARKERS = st.builds(
    "[{}{}{}]".format,
    st.sampled_from("YMDdFWwXxHhPmsfZzCEq"),
    st.sampled_from(["", "1", "01", "0001", "Nn", "n", "N", "w", "Wwo", "I", "a", "1o", "#1", "01:01t", "x"]),
    st.sampled_from(["", "", "", ",2", ",3-3", ",*-2", ",*", ",500"]),
)
PICTURES = st.one_of(
    st.lists(
        st.one_of(MARKERS, st.sampled_from(["-", ":", "[[", "]]", "[", " "]), st.text(max_size=2)), max_size=6
    ).map("".join),
    st.text("[]YMDNn,-*01 ", max_size=12),
)
CODES = {"D1001", "D3110", "D3130", "D3131", "D3132", "D3133", "D3134", "D3135", "D3136"}


@given(st.one_of(st.integers(), TIMES, st.floats()), PICTURES, st.one_of(st.none(), st.text(max_size=6)))
def test_whatever_the_picture_there_is_a_text_or_a_problem(millis: float, picture: str, timezone: str | None) -> None:
    try:
        assert isinstance(format_time(millis, picture, timezone), str)
    except EvaluationProblem as problem:
        assert problem.code in CODES  # noqa: PT017 - both are right


@given(st.one_of(st.text("0123456789:-+TZapm ", max_size=20), st.text(max_size=8), TIMES), PICTURES)
def test_whatever_the_text_there_are_milliseconds_nothing_or_a_problem(text: str | int, picture: str) -> None:
    try:
        written = text if isinstance(text, str) else format_time(text, picture)
        found = read(written, picture)
    except EvaluationProblem as problem:
        assert problem.code in CODES  # noqa: PT017 - both are right
    else:
        assert found is None or type(found) is int
