"""The benchmarks run, and all who take part in them deliver the same records."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def end_to_end(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(BENCHMARKS / "end_to_end.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_all_contenders_deliver_the_same_records_in_every_job() -> None:
    done = end_to_end("--jobs", "list,courses,join", "--records", "150", "--rounds", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = re.findall(r"^(\w+): (\d+) records", done.stdout, re.MULTILINE)
    assert jobs == [("list", "150"), ("courses", "150"), ("join", "150")]
    rows = re.findall(r"^(by hand|by hand, stdlib json|rollbook) +[\d.]+ ", done.stdout, re.MULTILINE)
    assert rows == ["by hand", "by hand, stdlib json", "rollbook"] * 3
    assert "differ" not in done.stdout


def test_peers_that_were_not_asked_for_are_told_and_so_is_a_job_that_is_not_there() -> None:
    done = end_to_end("--jobs", "memory", "--memory", "100", "--records", "100", "--rounds", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^skipped ([\w-]+): (.+)$", done.stdout, re.MULTILINE) == [
        ("dlt", "run with --peers"),
        ("singer-sdk", "run with --peers"),
        ("airbyte-cdk", "run with --peers"),
    ]
    refused = end_to_end("--jobs", "list,dance")
    assert refused.returncode == 2
    assert "there is no job dance; there are list, courses, join, memory" in refused.stderr


RECORDS: list[dict[str, Any]] = [{"id": "1", "score": 40, "course": {"id": "7"}}, {"id": "2", "completed_at": None}]


def output(folder: Path, records: list[dict[str, Any]]) -> Path:
    out = folder / "out.jsonl"
    out.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return out


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (RECORDS[:1], "1 of 2 records are missing"),
        ([*RECORDS, {"id": "3"}], "1 records are of no enrollment"),
        ([*RECORDS, RECORDS[0]], "1 records came again"),
    ],
)
def test_an_output_without_every_id_once_does_not_count(
    tmp_path: Path, records: list[dict[str, Any]], told: str
) -> None:
    checking = runpy.run_path(str(BENCHMARKS / "checking.py"))
    with pytest.raises(checking["Wrong"], match=told):
        checking["check_ids"](output(tmp_path, records), {"1", "2"})


def test_records_are_compared_field_by_field_also_inside_the_messages_of_peers(tmp_path: Path) -> None:
    checking = runpy.run_path(str(BENCHMARKS / "checking.py"))
    reference = checking["contents"](output(tmp_path, RECORDS))
    singer: list[dict[str, Any]] = [
        {"type": "STATE"},
        {"type": "RECORD", "record": {"course": {"id": "7"}, "id": "1", "score": 40.0}},
    ]
    checking["check_contents"](output(tmp_path, singer), reference)
    airbyte = [{"type": "RECORD", "record": {"stream": "enrollments", "data": {**RECORDS[0], "course": {"id": 7}}}}]
    with pytest.raises(checking["Different"], match="1 records differ from those by hand, in course"):
        checking["check_contents"](output(tmp_path, airbyte), reference)
