"""Standard output and standard error that are full, closed or gone: a message, the right exit code, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
RUN = f"{ROLLBOOK} run moodle --replay"
FULL = "No space left on device"
CLOSED = "Bad file descriptor"

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


def shell(command: str, folder: Path | None = None) -> tuple[int, str, str]:
    """Run a command line; of a pipe, the exit code is that of its first command."""
    line = f"{command}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["run moodle --replay --format table --limit 1", "--help", "check canvas"])
@pytest.mark.parametrize(("to", "why"), [("> /dev/full", FULL), (">&-", CLOSED)])
def test_output_that_cannot_be_written_is_one_clear_line_and_exit_code_1(command: str, to: str, why: str) -> None:
    code, _, told = shell(f"{ROLLBOOK} {command} {to}")
    *before, last = told.splitlines()
    assert (code, last) == (1, f"error: cannot write to standard output: {why}")
    assert not before or "(not finished)" in before[0]
    assert "Traceback" not in told


@pytest.mark.parametrize("options", ["", "--format csv", "--format parquet"])
def test_a_file_that_is_full_is_one_clear_line_and_exit_code_1(options: str, tmp_path: Path) -> None:
    code, _, told = shell(f"{RUN} {options} --out /dev/full --report r.json", tmp_path)
    assert (code, told.splitlines()[-1]) == (1, f"error: cannot write /dev/full: {FULL}")
    assert "Traceback" not in told
    assert f'"problem": "cannot write /dev/full: {FULL}"' in (tmp_path / "r.json").read_text()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_system_without_room_leaves_the_part_and_says_so(form: str, tmp_path: Path) -> None:
    program = (
        "import resource; from engine.cli import main; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); main()"
    )
    arguments = ["run", "moodle", "--replay", "--out", f"out.{form}"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    *_, note, last = done.stderr.splitlines()
    assert (done.returncode, last) == (1, f"error: cannot write out.{form}: File too large")
    assert note == f"what was written before is in {tmp_path / f'out.{form}.part'}"
    assert [path.name for path in tmp_path.iterdir()] == [f"out.{form}.part"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("to", ["2> /dev/full", "2>&-"])
def test_standard_error_that_cannot_be_written_changes_nothing(to: str) -> None:
    assert shell(f"{RUN} --limit 2 {to}")[:2] == shell(f"{RUN} --limit 2")[:2]
    assert shell(f"{ROLLBOOK} run --bogus {to}") == (2, "", "")
    assert shell(f"{RUN} moodle/missing-right.json > /dev/null {to}") == (3, "", "")
    assert shell(f"{RUN} > /dev/full {to}") == (1, "", "")


def test_standard_output_may_be_closed_where_nothing_is_written_to_it(tmp_path: Path) -> None:
    code, _, told = shell(f"{RUN} --out x.csv >&- <&-", tmp_path)
    assert (code, "253 records" in told) == (0, True)
    assert len((tmp_path / "x.csv").read_text().splitlines()) > 253


@pytest.mark.parametrize("form", ["jsonl", "csv", "table"])
def test_a_reader_that_goes_away_is_exit_code_0_and_the_report_tells(form: str, tmp_path: Path) -> None:
    code, out, told = shell(f"{RUN} --format {form} --report r.json | head -1", tmp_path)
    assert (code, len(out.splitlines())) == (0, 1)
    assert "(not finished)" in told
    assert "rror" not in told
    report = (tmp_path / "r.json").read_text()
    assert '"complete": false' in report
    assert '"ended": "stopped"' in report
    assert '"problem": "whoever read the output has gone"' in report


@pytest.mark.parametrize("command", ["--help", "schema"])
def test_a_reader_of_any_command_may_go_away(command: str) -> None:
    assert shell(f"{ROLLBOOK} {command} | true") == (0, "", "")


def test_a_value_that_is_asked_for_where_nobody_answers_is_wrong_usage() -> None:
    code, _, told = shell(f"setsid {ROLLBOOK} run moodle --set url=https://m.example --set token=- < /dev/null")
    assert (code, told.splitlines()[-1]) == (
        2,
        "error: there is nobody to answer; give the value, or @env:NAME or @file:PATH",
    )


def test_a_report_that_cannot_be_written_in_the_end_fails_the_run_and_hides_nothing() -> None:
    code, out, told = shell(f"{RUN} --limit 1 --report /dev/full")
    assert (code, len(out.splitlines())) == (1, 1)
    assert told.splitlines()[-1] == f"error: cannot write /dev/full: {FULL}"
    code, _, told = shell(f"{RUN} moodle/html.json --report /dev/full")
    assert code == 1
    assert "HTML page" in told


def test_a_report_may_go_to_a_pipe(tmp_path: Path) -> None:
    code, out, _ = shell(f"{RUN} --limit 1 --out x.csv --report /dev/stdout | cat", tmp_path)
    assert (code, json.loads(out)["ended"]) == (0, "limited")


def test_a_link_to_standard_output_is_standard_output(tmp_path: Path) -> None:
    plain = shell(f"{RUN} --limit 2")[1]
    out = "--limit 2 --out /dev/stdout"
    assert shell(f"{RUN} {out} | cat", tmp_path)[:2] == (0, plain)
    assert shell(f"{RUN} {out} --format csv | head -1", tmp_path)[1].startswith("id,")
    code, _, _ = shell(f"(echo before; {RUN} {out}; echo after) > x", tmp_path)
    assert (code, (tmp_path / "x").read_text()) == (0, f"before\n{plain}after\n")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_output_is_not_held_back_where_python_is_told_so() -> None:
    line = f"PYTHONUNBUFFERED=1 {ROLLBOOK} check canvas moodle | head -1"
    assert shell(line)[:2] == (0, "canvas: right\n")
