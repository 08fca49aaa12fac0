"""The command line as its users run it: a process, its output, its exit code."""

import csv
import io
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main, options
from engine.errors import UsageError
from engine.loading import load

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
SECRET = "hush-hush-s3cret"
MAPPING = """
mapping: 1
provider: { id: acme, name: Acme }
connection: { url: { title: Address, format: url }, token: { title: Token, secret: true } }
http:
  base_url: "{connection.url}"
  auth: { bearer: "{connection.token}" }
  check: { get: /courses }
fetch:
  courses: { get: /courses }
  enrollments: { for: course in courses, get: "/courses/{course.id}" }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, course.title: course.title }
  status: { from: enrollment.state, words: { on: in_progress } }
"""


def rollbook(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROLLBOOK, *arguments], capture_output=True, text=True, check=False, timeout=60, **options)


@dataclass
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


Called = Callable[..., Done]


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Called:
    """Return a function that calls the command line in this process, which spares the start of another."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["rollbook", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return call


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_replay_in_a_pipe_gives_json_lines_and_tells_the_rest_on_standard_error() -> None:
    done = rollbook("run", "moodle", "--replay")
    assert done.returncode == 0
    assert len(records(done.stdout)) == 253
    assert "253 records" in done.stderr
    assert "by status: in_progress 101" in done.stderr


def test_requests_made_again_are_told_at_the_end_and_leave_standard_output_to_records() -> None:
    done = rollbook("run", "kolibri", "--replay", "kolibri/server-error.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 request made again" in done.stderr
    assert "stamina" not in done.stderr


def test_limit_filter_and_no_remote_data(called: Called) -> None:
    done = called("run", "moodle", "--replay", "--filter", "course.id=18", "--limit", "2", "--no-remote-data")
    assert [record["course"]["id"] for record in records(done.stdout)] == ["18", "18"]
    assert "remote_data" not in done.stdout


def test_a_table_csv_and_parquet(called: Called, tmp_path: Path) -> None:
    table = called("run", "moodle", "--replay", "--limit", "3", "--format", "table")
    assert table.stdout.splitlines()[0].split()[:3] == ["id", "user", "course"]
    rows = list(
        csv.DictReader(io.StringIO(called("run", "moodle", "--replay", "--limit", "3", "--format", "csv").stdout))
    )
    assert [row["status"] for row in rows] == ["in_progress"] * 3
    out = tmp_path / "x.parquet"
    assert called("run", "moodle", "--replay", "--limit", "3", "--out", str(out)).returncode == 0
    import pyarrow.parquet as pq

    assert pq.read_table(out).num_rows == 3
    assert "give a file: --out FILE.parquet" in called("run", "moodle", "--replay", "--format", "parquet").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["run", "moodel"], 2, "did you mean `moodle`?"),
        (["run", "moodle"], 2, "`url` (Moodle address) is missing"),
        (["run", "moodle", "--set", "ulr=x"], 2, "`ulr` is not a connection field; did you mean `url`?"),
        (["run", "moodle", "--set", "url=moodle.example", "--set", "token=x"], 2, "must be a full address"),
        (["run", "moodle", "--set", "token=@env:NOT_THERE"], 2, "the environment has no NOT_THERE"),
        (["run", "moodle", "--set", "token=@file:/not/there"], 2, "cannot read /not/there"),
        (["run", "moodle", "--set", "=x"], 2, "--set wants FIELD=VALUE"),
        (["run", "moodle", "--replay", "--filter", "course.nr=1"], 2, "course.id"),
        (["run", "moodle", "--replay", "--filter", "zzz=1"], 2, "user.id"),
        (
            ["run", "moodle", "--dry-run", "--resource", "badges"],
            2,
            "moodle has no badges; it gives course_enrollments",
        ),
        (["run", "moodle", "--replay", "--report", "/not/there/r.json"], 2, "cannot write /not/there/r.json"),
        (["run", "moodle", "--replay", "--out", "/not/there/r.csv"], 2, "cannot write /not/there/r.csv"),
        (
            ["run", "moodle", "--replay", "--override", "not-there.yaml"],
            2,
            "not-there.yaml:1:1: the file cannot be read",
        ),
        (["run", "--replay", "moodle"], 2, "Missing argument"),
        (["check", "nowhere.yaml"], 2, "there is no mapping file nowhere.yaml"),
        (["test", "moodel"], 2, "did you mean `moodle`?"),
        (["explain", "moodle", "--replay", "--id", "1", "-r", "badges"], 2, "moodle has no badges"),
        (["show"], 2, "Missing argument"),
        (["run", "moodle", "--replay", "--since", "2026-01-01"], 2, "cannot tell which course_enrollments changed"),
        (["run", "moodle", "--replay", "--since", "soon"], 2, "is not an RFC 3339 time"),
        (["run", "moodle", "--replay", "--resource", "badges"], 2, "moodle has no badges"),
        (["run", "moodle", "--replay", "nowhere.json"], 2, "there is no cassette nowhere.json"),
        (["run", "moodle", "--replay", "--format", "xml"], 2, "xml"),
        (["run", "moodle", "--replay", "--out", "x.xlsx"], 2, "there are .jsonl, .ndjson, .csv, .parquet"),
        (["run", "moodle", "--bogus"], 2, "No such option"),
        (["run", "moodle", "--replay", "moodle/wrong-token.json"], 1, "Invalid token - token not found"),
        (["run", "moodle", "--replay", "moodle/html.json"], 1, "HTML page"),
        (["run", "moodle", "--replay", "moodle/missing-right.json"], 3, "could not be read: 1"),
        (["run", "moodle", "--replay", "moodle/missing-right.json", "--strict"], 1, "parent failed: course 2"),
        (["run", "moodle", "--set", "url=http://127.0.0.1:9", "--set", "token=x"], 1, "no connection"),
        (["explain", "moodle", "--replay", "--id", "no-such"], 1, "there is no record 'no-such' among 253"),
    ],
)
def test_what_goes_wrong_is_told_and_has_its_exit_code(
    called: Called, arguments: list[str], code: int, told: str
) -> None:
    done = called(*arguments)
    assert told in done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_wrong_mapping_is_exit_code_2_with_every_place(
    called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(
        MAPPING.replace("get: /courses }", "gte: /courses }").replace("in_progress", "going")
    )
    done = called("check", "acme.yaml")
    assert done.returncode == 2
    assert "`gte` is not a key here; did you mean `get`?" in done.stdout
    assert "'going' is not a status" in done.stdout
    assert called("run", "acme.yaml").returncode == 2


def test_a_report_that_cannot_be_written_is_told_before_anything_is_called(called: Called) -> None:
    done = called("run", "moodle", "--replay", "--report", "/not/there/r.json")
    assert done.stdout == ""
    assert "records" not in done.stderr


def test_a_secret_can_come_from_a_file_without_its_line_end(called: Called, tmp_path: Path, server: str) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    (tmp_path / "token").write_text(f"  {SECRET}\n")
    given = ["--set", f"url={server}", "--set", f"token=@file:{tmp_path / 'token'}"]
    done = called("run", str(tmp_path / "acme.yaml"), *given, "--limit", "1")
    assert done.returncode == 0
    assert records(done.stdout)[0]["id"] == "10"
    assert SECRET not in done.stdout + done.stderr


def test_check_says_what_is_right_what_has_no_tests_and_what_is_only_worth_a_warning(
    called: Called, tmp_path: Path
) -> None:
    assert set(called("check").stdout.splitlines()) >= {"canvas: right", "moodle: right"}
    path = tmp_path / "acme.yaml"
    path.write_text(MAPPING.replace("fetch:\n", "fetch:\n  spare: { get: /spare }\n"))
    done = called("check", str(path))
    assert done.returncode == 0
    assert ":10:3: fetch.spare: " in done.stdout
    assert done.stdout.endswith("(warning)\nacme: right, but it has no tests\n")


def test_check_reads_the_tests_of_a_mapping_too(called: Called, tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    (tmp_path / "acme.test.yaml").write_text("replayz: []\n")
    done = called("check", str(tmp_path / "acme.yaml"), "canvas")
    assert done.returncode == 2
    assert "acme.test.yaml:1:1: replayz: `replayz` is not a key here; did you mean `replays`?" in done.stdout
    assert "canvas: right" in done.stdout
    assert "1 problem\n" in done.stderr


def test_test_files_that_the_shell_brings_along_are_taken_for_what_they_are(
    called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(MAPPING)
    (tmp_path / "acme.test.yaml").write_text("replays: []\n")
    both = ["acme.test.yaml", "acme.yaml"]  # as the shell sorts *.yaml
    assert called("check", *both).stdout == "acme: right\n"
    assert called("check", "acme.test.yaml").stdout == "acme.test.yaml: right\n"
    assert called("test", *both).stderr == called("test", "acme.yaml").stderr
    (tmp_path / "acme.test.yaml").write_text("replayz: []\n")
    assert called("check", *both).stderr == "1 problem\n"
    assert "did you mean `replays`?" in called("check", "acme.test.yaml").stdout


def test_check_watch_checks_again_what_changes_until_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(MAPPING)
    program = [ROLLBOOK, "check", "--watch", "acme.yaml"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout
        assert process.stderr
        try:
            first = [process.stdout.readline() for _ in range(2)]
            path.write_text(MAPPING.replace("in_progress", "going"))
            second = [process.stdout.readline() for _ in range(2)]
            path.unlink()
            third = [process.stdout.readline() for _ in range(2)]
            problems = [process.stderr.readline() for _ in range(2)]
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=20)
        finally:
            process.kill()  # it never ends by itself
    assert re.fullmatch(r"\d\d:\d\d:\d\d watching 1 mapping; Ctrl-C ends\n", first[0])
    assert first[1] == "acme: right, but it has no tests\n"
    assert second[0].endswith(" acme.yaml changed\n")
    assert "'going' is not a status" in second[1]
    assert "there is no mapping file acme.yaml" in third[1]
    assert process.returncode == 130
    assert (problems, told) == (["1 problem\n"] * 2, "interrupted\n")
    missing = rollbook("check", "--watch", "nowhere.yaml", cwd=tmp_path)
    assert (missing.returncode, missing.stderr) == (2, "error: there is no mapping file nowhere.yaml\n")


def test_the_tests_of_a_mapping_are_run_and_a_fault_is_exit_code_1(called: Called, tmp_path: Path) -> None:
    done = called("test", "talentlms")
    assert done.returncode == 0
    assert done.stdout.endswith("talentlms: the cases show every field, word and join: passed\n")
    assert "0 failed" in done.stderr
    (tmp_path / "acme.yaml").write_text(MAPPING)
    assert (done := called("test", str(tmp_path / "acme.yaml"))).returncode == 1
    assert done.stdout == "acme: there is no acme.test.yaml: failed\n"
    example = (
        "{ name: one, source: documented x, given: { enrollment: { id: 1, state: on } }, expect: { status: expired } }"
    )
    (tmp_path / "acme.test.yaml").write_text(f"examples: [{example}]\n")
    assert (done := called("test", str(tmp_path / "acme.yaml"))).returncode == 1
    assert "acme: one: failed\n    status is 'in_progress' and not 'expired'\n" in done.stdout
    assert "course.title has a value in no case" in done.stdout
    assert done.stderr == "0 passed, 2 failed\n"


def test_mappings_of_a_folder_are_found_by_id(called: Called, tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    assert "Acme (acme), evidence: untested" in called("show", "acme", "--mappings", str(tmp_path)).stdout
    assert "acme" in called("providers", "--mappings", str(tmp_path)).stdout


def test_a_wrong_mapping_does_not_hide_the_others(called: Called, tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING.replace("fields:", "feilds:"))
    listed = called("providers", "--mappings", str(tmp_path))
    assert listed.returncode == 2
    assert "\ncanvas  " in listed.stdout
    assert "acme" not in listed.stdout
    assert "`feilds` is not a key here; did you mean `fields`?" in listed.stderr
    tested = called("test", str(tmp_path / "acme.yaml"), "docebo")
    assert tested.returncode == 1
    assert tested.stdout.startswith("acme: the mapping or its tests are wrong: failed\n")
    assert "did you mean `fields`?" in tested.stdout
    assert "docebo: the cases show every field, word and join: passed\n" in tested.stdout


def test_ctrl_c_while_modules_are_read_is_an_interruption_too() -> None:
    code = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from engine.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_the_version_is_told(called: Called) -> None:
    done = called("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"rollbook {metadata.version('rollbook')}\n", "")


def test_providers_and_show_tell_what_there_is(called: Called) -> None:
    assert json.loads(called("show", "canvas", "--json").stdout)["auth"] == "bearer"
    listed = json.loads(called("providers", "--json").stdout)
    assert {"canvas", "docebo", "moodle", "moodle_report", "talentlms"} <= {about["id"] for about in listed}
    shown = called("show", "canvas").stdout
    for word in ("--set token=…", "course.id = course.id", "GET /courses/{course.id}/enrollments", "gap:"):
        assert word in shown
    assert "GET /courses" in called("run", "canvas", "--dry-run").stdout
    assert json.loads(called("schema").stdout)["title"] == "Rollbook mapping"


def test_explain_shows_expression_raw_value_result_and_place(called: Called) -> None:
    shown = called("explain", "moodle", "--replay", "--id", "2-28").stdout
    assert "user.name = person.fullname   (" in shown
    assert '"& <Entity>"' in shown
    explained = json.loads(called("explain", "moodle", "--replay", "--id", "2-28", "--json").stdout)
    assert {field["field"] for field in explained["fields"]} >= {"id", "score", "status: completed?"}


def test_what_a_terminal_would_obey_is_shown_escaped(
    called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(MAPPING)
    evil, seen = "\u202eko\x1b[2J\u2066", r"\u202eko"

    def cassette(name: str, status: int, id_: str) -> str:
        connection = {"url": "https://acme.example", "token": "x"}
        answers = [
            ("/courses", 200, [{"id": 1, "title": evil}]),
            ("/courses/1", status, [{"id": id_, "state": f"state\ntwo{evil}"}]),
        ]
        exchanges = [
            {"request": {"method": "GET", "url": url}, "response": {"status": code, "json": body}}
            for url, code, body in answers
        ]
        (tmp_path / name).write_text(json.dumps({"connection": connection, "exchanges": exchanges}))
        return name

    good, bad = cassette("good.json", 200, f"2\n{evil}"), cassette("bad.json", 418, evil)
    for arguments in (
        ["run", "acme.yaml", "--replay", good, "--format", "table"],
        ["run", "acme.yaml", "--replay", good, "--strict"],
        ["run", "acme.yaml", "--replay", bad],
        ["run", "acme.yaml", "--replay", bad, "--strict"],
        ["explain", "acme.yaml", "--replay", good, "--id", f"2\n{evil}"],
        ["explain", "acme.yaml", "--replay", good, "--id", evil],
    ):
        done = called(*arguments)
        told = done.stderr + (done.stdout if arguments[0] == "explain" or "table" in arguments else "")
        assert seen in told, (arguments, told)
        assert not {"\u202e", "\x1b", "\u2066"} & set(told)
        assert not any(line.startswith(("two", seen)) for line in told.splitlines())
    lines = called("run", "acme.yaml", "--replay", good).stdout  # data, as it is
    assert records(lines)[0]["course"]["title"] == evil


def test_an_override_replaces_a_field_and_shows_where_it_comes_from(called: Called, tmp_path: Path) -> None:
    override = tmp_path / "customer.yaml"
    override.write_text(
        "course_enrollments:\n  fields: { course.title: course.shortname, custom_fields.x: course.id }\n"
    )
    done = called("run", "moodle", "--replay", "--limit", "1", "--override", str(override))
    (record,) = records(done.stdout)
    assert (record["course"]["title"], record["custom_fields"]["x"]) == ("SAFE-101", 2)
    assert (
        f"course.title = course.shortname   ({override}:2:27)"
        in called("show", "moodle", "--override", str(override)).stdout
    )
    override.write_text("http: { timeout: 5 }\n")
    refused = called("run", "moodle", "--replay", "--override", str(override))
    assert refused.returncode == 2
    assert f"{override}:1:1: http" in refused.stderr


def test_a_reader_that_goes_away_is_nothing_wrong() -> None:
    with subprocess.Popen(
        [ROLLBOOK, "run", "moodle", "--replay"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read().decode()
    assert process.returncode == 0
    assert "Traceback" not in told
    assert "Error" not in told


def test_the_report_can_be_written_to_a_file(called: Called, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    called("run", "moodle", "--replay", "moodle/missing-right.json", "--report", str(out))
    report = json.loads(out.read_text())
    assert (report["complete"], report["counts"]) == (False, {"parent_failed": 1})
    assert report["ended"] == "finished"


@pytest.mark.parametrize(
    ("arguments", "ended", "problem"),
    [
        ([], "finished", ""),
        (["--limit", "3"], "limited", ""),
        (["moodle/html.json"], "failed", "HTML page"),
        (["moodle/missing-right.json", "--strict"], "stopped", "parent failed: course 2"),
        (["--out", "/not/there/x.csv"], "failed", "cannot write /not/there/x.csv"),
    ],
)
def test_the_report_says_how_the_run_ended(
    called: Called, tmp_path: Path, arguments: list[str], ended: str, problem: str
) -> None:
    out = tmp_path / "report.json"
    called("run", "moodle", "--replay", *arguments, "--report", str(out))
    report = json.loads(out.read_text())
    assert (report["complete"], report["ended"]) == (ended == "finished", ended)
    assert problem in report.get("problem", "")


def test_a_run_under_way_has_a_report_that_says_it_has_not_ended(tmp_path: Path, server: str) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    program = [ROLLBOOK, "run", "acme.yaml", "--set", f"url={server}", "--set", f"token={SECRET}", "--report", "r.json"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["complete"], report["ended"]) == (False, None)


def test_a_token_that_the_provider_replaces_is_written_into_the_file_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth = """{ oauth2: { token_url: /t, grant: refresh_token, client_id: x, client_secret: y,
      refresh_token: "{connection.token}" } }"""
    (tmp_path / "acme.yaml").write_text(MAPPING.replace('{ bearer: "{connection.token}" }', auth))
    mapping = load(tmp_path / "acme.yaml").mapping
    held = tmp_path / "token"
    held.write_text("old")
    (tmp_path / "link").symlink_to(held)
    keep = options.keeper(["url=x", f"token=@file:{tmp_path / 'link'}"], mapping)
    assert keep is not None
    keep({"token": "new"})
    assert held.read_text() == "new\n"
    assert held.stat().st_mode & 0o777 == 0o600
    assert options.settings([f"token=@file:{held}"]) == {"token": "new"}
    assert options.keeper(["token=@env:TOKEN"], mapping) is None
    assert options.keeper([f"token=@file:{held}"], load("canvas").mapping) is None
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be written, and the provider may replace the token"):
        options.keeper([f"token=@file:{held}"], mapping)
    held.unlink()
    held.mkdir()
    with pytest.raises(UsageError, match="cannot write .*; nobody has the new token"):
        keep({"token": "newer"})


class School(BaseHTTPRequestHandler):
    """One course after another, each slower to answer than the one before is read."""

    # Set when the records of the first course must be out: no more courses than `parallel` are asked for ahead.
    under_way = threading.Event()

    def do_GET(self) -> None:
        """Answer."""
        if self.headers["Authorization"] != f"Bearer {SECRET}":
            self.send_error(401, "who are you")
            return
        number = self.path.removeprefix("/courses").strip("/")
        if number and int(number) > 6:
            self.under_way.set()
            time.sleep(2)
        body = [{"id": course, "title": f"Course {course}"} for course in range(1, 500)]
        text = json.dumps(body if not number else [{"id": int(number) * 10, "state": "on"}]).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), School)
    running.daemon_threads = True
    School.under_way.clear()
    running.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


ENDS = pytest.mark.parametrize(("ends", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])


@ENDS
def test_a_signal_stops_cleanly_and_what_was_read_is_out(ends: str, code: int, tmp_path: Path, server: str) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    program = [ROLLBOOK, "run", "acme.yaml", "--set", f"url={server}", "--set", f"token={SECRET}"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(signal.Signals[ends])
        rest, told = process.communicate(timeout=20)
    assert process.returncode == code
    assert json.loads(first)["id"] == "10"
    assert all(json.loads(line) for line in rest.splitlines())
    assert "(not finished)" in told
    assert "Traceback" not in told


@ENDS
def test_a_signal_leaves_what_was_written_to_a_file_and_says_where(
    ends: str, code: int, tmp_path: Path, server: str
) -> None:
    (tmp_path / "acme.yaml").write_text(MAPPING)
    program = [ROLLBOOK, "run", "acme.yaml", "--set", f"url={server}", "--set", f"token={SECRET}", "--out", "r.csv"]
    program += ["--report", "r.json"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert School.under_way.wait(20)
        time.sleep(0.05)
        process.send_signal(signal.Signals[ends])
        _, told = process.communicate(timeout=20)
    assert process.returncode == code
    assert not (tmp_path / "r.csv").exists()
    assert (tmp_path / "r.csv.part").read_text().splitlines()[1].startswith("10,")
    assert "r.csv.part" in told
    assert "(not finished)" in told
    assert "Traceback" not in told
    assert SECRET not in told
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["complete"], report["ended"]) == (False, "interrupted")


def test_no_output_shows_a_secret(called: Called, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.yaml").write_text(MAPPING)
    monkeypatch.setenv("TOKEN", SECRET + "x")
    told = []
    for arguments in (
        ["run", "acme.yaml", "--set", f"url={server}", "--set", "token=@env:TOKEN", "--report", "r.json"],
        ["run", "acme.yaml", "--set", f"url={server}/nowhere", "--set", "token=@env:TOKEN"],
        ["run", "acme.yaml", "--set", f"url=http://{SECRET}x:80/", "--set", "token=@env:TOKEN"],
        ["run", "acme.yaml", "--set", "token=@env:TOKEN"],
    ):
        done = called(*arguments)
        assert done.returncode in (1, 2)
        told.append(done.stdout + done.stderr)
    assert SECRET not in "".join(told) + (tmp_path / "r.json").read_text()
