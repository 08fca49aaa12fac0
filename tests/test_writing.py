"""Records written: every format, to a stream and to a file, whatever happens on the way."""

import csv
import io
import json
import os
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Failed, UsageError
from engine.records import RESOURCE_MODELS, CourseEnrollment, Record, User, as_dict
from engine.writing import FORMATS, format_of, open_writer
from engine.writing.columns import columns
from engine.writing.parquet import ROWS

RECORD = CourseEnrollment.model_validate(
    {
        "id": "=1+1",
        "user": {"id": "-5", "name": "Ada\x1b[31m Lovelace", "emails": [{"email": "a@b.example", "is_primary": True}]},
        "course": {"id": "3", "title": "Mathematik für alle, die sich vor nichts fürchten"},
        "status": "completed",
        "completed_at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        "progress_percent": 33.333333,
        "score": 2**60 + 1,
        "is_mandatory": True,
        "time_spent_seconds": 2**63 - 1,
        "custom_fields": {"a": None},
        "remote_data": {"e": {"id": 2**80, "x": [None, 1.0]}},
    }
)
BARE = CourseEnrollment(id="2")


def written(form: str, *records: Record, resource: str = "course_enrollments") -> str:
    stream = io.StringIO()
    with open_writer(form, resource, None, stream) as writer:
        for record in records:
            writer.write(record)
    return stream.getvalue()


def test_json_lines_are_one_record_a_line() -> None:
    lines = written("jsonl", RECORD, BARE).splitlines()
    assert [json.loads(line) for line in lines] == [as_dict(RECORD), as_dict(BARE)]


@given(st.text())
def test_a_line_is_a_line_whatever_the_text(name: str) -> None:
    text = written("jsonl", User(id="1", name=name), resource="users")
    assert text.count("\n") == 1
    assert json.loads(text) == {"id": "1", "name": name}


def test_csv_has_the_same_columns_for_every_run() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", RECORD, BARE), newline="")))
    assert list(rows[0]) == columns("course_enrollments")
    assert {name: value for name, value in rows[1].items() if value} == {"id": "2", "status": "unknown"}
    assert {name: value for name, value in rows[0].items() if value} == {
        "id": "'=1+1",
        "user.id": "-5",
        "user.name": "Ada\x1b[31m Lovelace",
        "user.emails": '[{"email":"a@b.example","is_primary":true}]',
        "course.id": "3",
        "course.title": "Mathematik für alle, die sich vor nichts fürchten",
        "status": "completed",
        "completed_at": "2025-01-02T03:04:05Z",
        "progress_percent": "33.333333",
        "score": str(2**60 + 1),
        "is_mandatory": "true",
        "time_spent_seconds": str(2**63 - 1),
        "custom_fields": '{"a":null}',
        "remote_data": '{"e":{"id":1208925819614629174706176,"x":[null,1.0]}}',
    }


@pytest.mark.parametrize("name", ["=cmd()", "+1+1", "@x", "-2+3", "\t=1", "\r=1", "=1", "+", "-"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_text(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(written("csv", User(id="1", name=name), resource="users"), newline=""))
    assert row["name"] == "'" + name


@pytest.mark.parametrize("name", ["-5", "+39.5", "Ada", "a=b", "5-3", ""])
def test_other_texts_and_numbers_are_as_they_are(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(written("csv", User(id="1", name=name), resource="users"), newline=""))
    assert row["name"] == name


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_csv_comes_back_whatever_the_text(names: list[str]) -> None:
    text = written("csv", *(User(id="1", name=name) for name in names), resource="users")
    back = [row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert [name.removeprefix("'") for name in back] == [name.removeprefix("'") for name in names]


def test_a_table_has_short_values_and_nothing_that_moves_the_cursor() -> None:
    heading, first, second = written("table", RECORD, BARE).splitlines()
    assert heading.split() == ["id", "user", "course", "status", "progress", "score", "completed", "last", "activity"]
    assert r"Ada\x1b[31m Lov…" in first
    assert "2025-01-02" in first
    assert "\x1b" not in first
    assert second.split() == ["2", "unknown"]
    assert first.index("completed") == second.index("unknown") == heading.index("status")


def test_a_table_counts_the_width_of_wide_letters() -> None:
    from rich.cells import cell_len

    wide = CourseEnrollment.model_validate({"id": "1", "course": {"title": "日本語のとても長い名前"}})
    heading, first = written("table", wide).splitlines()
    assert cell_len(first[: first.index("unknown")]) == heading.index("status")


@pytest.mark.parametrize("resource", RESOURCE_MODELS)
@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_every_resource_can_be_written_in_every_format(resource: str, form: str) -> None:
    record = RESOURCE_MODELS[resource].model_validate({"id": "abc"})
    assert "abc" in written(form, record, resource=resource)


class Terminal(io.StringIO):
    """A narrow terminal."""

    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_has_fewer_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with open_writer("table", "course_enrollments", None, stream) as writer:
        writer.write(RECORD)
    heading, first = re.sub(r"\x1b\[\d+m", "", stream.getvalue()).splitlines()
    assert heading.split() == ["id", "user", "course", "status"]
    assert len(first) <= 60


def test_a_users_first_address_is_shown() -> None:
    user = User.model_validate({"id": "1", "emails": [{"email": "ada@example.org"}]})
    assert "ada@example.org" in written("table", user, User(id="2", emails=[]), resource="users")


# -- Parquet -----------------------------------------------------------------------------------------------------------


def parquet(path: Path, *records: Record, resource: str = "course_enrollments") -> list[dict[str, Any]]:
    with open_writer("parquet", resource, path, io.StringIO()) as writer:
        for record in records:
            writer.write(record)
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_parquet_has_the_shape_of_the_model_and_its_types(tmp_path: Path) -> None:
    first, second = parquet(tmp_path / "out.parquet", RECORD, BARE)
    assert first["user"]["emails"] == [{"email": "a@b.example", "type": None, "is_primary": True}]
    assert first["completed_at"] == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert first["score"] == float(2**60 + 1)
    assert first["time_spent_seconds"] == 2**63 - 1
    assert first["custom_fields"] == '{"a":null}'
    assert json.loads(first["remote_data"]) == RECORD.remote_data
    assert {name: value for name, value in second.items() if value is not None} == {"id": "2", "status": "unknown"}


def test_parquet_is_written_in_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    rows = parquet(path, *[BARE] * (ROWS + 1))
    assert len(rows) == ROWS + 1
    assert pq.ParquetFile(path).num_row_groups == 2


@pytest.mark.parametrize("resource", RESOURCE_MODELS)
def test_parquet_without_a_record_has_its_columns(tmp_path: Path, resource: str) -> None:
    path = tmp_path / "out.parquet"
    assert parquet(path, resource=resource) == []
    assert pq.read_schema(path).names == list(RESOURCE_MODELS[resource].model_fields)


def test_parquet_without_its_library_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with (
        pytest.raises(UsageError, match="pip install pyarrow"),
        open_writer("parquet", "users", tmp_path / "out.parquet", io.StringIO()),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_a_file_holds_what_the_stream_would(tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    with open_writer(form, "course_enrollments", path, io.StringIO()) as writer:
        writer.write(RECORD)
        assert not path.exists()
    assert path.read_text(encoding="utf-8").splitlines() == written(form, RECORD).splitlines()
    assert list(tmp_path.iterdir()) == [path]


def broken(form: str, path: Path, *records: Record) -> None:
    """Write records, then fail."""
    with open_writer(form, "course_enrollments", path, io.StringIO()) as writer:
        for record in records:
            writer.write(record)
        raise Failed("it broke")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_error_keeps_what_was_written_and_what_was_there_before(tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    path.write_text("before")
    with pytest.raises(Failed) as caught:
        broken(form, path, BARE)
    part = tmp_path / "out.part"
    assert caught.value.__notes__ == [f"what was written before is in {part}"]
    assert path.read_text() == "before"
    kept = pq.read_table(part).to_pylist() if form == "parquet" else part.read_text().splitlines()
    assert len(kept) == (2 if form == "csv" else 1)


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_an_error_before_the_first_record_leaves_nothing(tmp_path: Path, form: str) -> None:
    with pytest.raises(Failed):
        broken(form, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    stream = io.StringIO()
    with pytest.raises(Failed), open_writer(form, "users", None, stream):
        raise Failed("it broke")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("form", "lines"), [("jsonl", 0), ("csv", 1), ("table", 1)])
def test_no_records_are_a_heading_where_there_is_one(form: str, lines: int) -> None:
    assert len(written(form).splitlines()) == lines


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with open_writer("jsonl", "users", tmp_path / "link", io.StringIO()) as writer:
        writer.write(User(id="1"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == '{"id":"1"}\n'


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_written_to_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[str] = []
    reading = threading.Thread(target=lambda: found.append(pipe.read_text()))
    reading.start()
    with open_writer("jsonl", "users", pipe, io.StringIO()) as writer:
        writer.write(User(id="1"))
    reading.join(timeout=5)
    assert found == ['{"id":"1"}\n']


@pytest.mark.parametrize(
    ("form", "out", "message"),
    [
        ("xml", None, "there is no format `xml`; there are table, jsonl, csv, parquet"),
        ("parquet", None, r"give a file: --out FILE\.parquet"),
        ("jsonl", Path("nowhere") / "out", "cannot write nowhere/out: No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_refused(form: str, out: Path | None, message: str) -> None:
    with pytest.raises(UsageError, match=message), open_writer(form, "users", out, io.StringIO()):
        pass


def test_what_is_in_the_way_of_the_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "out.csv.part").mkdir()
    message = f"^cannot write {tmp_path / 'out.csv.part'}: Is a directory$"
    with pytest.raises(UsageError, match=message), open_writer("csv", "users", tmp_path / "out.csv", io.StringIO()):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv.part"]


def test_the_name_of_a_file_says_its_format(tmp_path: Path) -> None:
    names = ("a.csv", "a.CSV", "a.parquet", "a.jsonl", "a.ndjson", "enrollments", "2026.01/enrollments")
    forms = ["csv", "csv", "parquet", "jsonl", "jsonl", "jsonl", "jsonl"]
    assert [format_of(Path(name)) for name in names] == forms
    (tmp_path / "pipe.d").mkdir()
    assert format_of(tmp_path / "pipe.d") == "jsonl"


@pytest.mark.parametrize("name", ["x.xlsx", "x.json", "x.csv.gz"])
def test_an_extension_that_is_not_known_is_refused_with_those_that_are(name: str) -> None:
    message = (
        f"{name} has an extension that is not known; there are .jsonl, .ndjson, .csv, .parquet; or give a --format"
    )
    with pytest.raises(UsageError, match=f"^{message}$"):
        format_of(Path(name))


def test_a_reader_that_went_away_is_for_the_caller_to_deal_with() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError), open_writer("jsonl", "users", None, Gone()) as writer:
        writer.write(User(id="1"))


def test_the_formats_are_these() -> None:
    assert FORMATS == ("table", "jsonl", "csv", "parquet")
