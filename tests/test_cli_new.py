"""`rollbook new` as its users run it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from drafting import holes, tree

from engine.proposing import new_mapping

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
HERE = Path(__file__).parent / "proposing"


def rollbook(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROLLBOOK, *arguments], capture_output=True, text=True, check=False, timeout=60, cwd=folder)


def test_two_files_are_written_and_the_holes_told_which_check_tells_as_well(tmp_path: Path) -> None:
    done = rollbook(tmp_path, "new", "acme", "--name", "Acme LMS", "--from", str(HERE / "flat.json"))
    assert done.returncode == 0
    assert done.stderr.startswith("wrote acme.yaml\nwrote acme.test.yaml\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme.test.yaml", "acme.yaml"]
    told = done.stdout.splitlines()
    assert all(": this is to be filled in; " in line for line in told)
    assert f"\n{len(told)} holes to fill in" in done.stderr
    checked = rollbook(tmp_path, "check", "acme.yaml")
    assert (checked.returncode, checked.stdout) == (2, done.stdout)
    assert rollbook(tmp_path, "check", "acme.test.yaml").returncode == 0


def test_files_that_are_there_stay_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "acme.test.yaml").write_text("mine\n")
    done = rollbook(tmp_path, "new", "acme")
    assert done.returncode == 2
    assert done.stderr == "error: acme.test.yaml is there already; --force writes over\n"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine\n"]
    assert rollbook(tmp_path, "new", "acme", "--force").returncode == 0
    assert (tmp_path / "acme.yaml").is_file()


def test_a_folder_and_several_samples_of_said_resources(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a.json").write_text(json.dumps([{"id": 1, "name": "x"}]))
    samples = ["--from", f"enrollments={HERE / 'flat.json'}", "--from", "courses=a.json"]
    done = rollbook(tmp_path, "new", "acme", "--folder", "there", *samples)
    assert done.returncode == 0
    text = (tmp_path / "there" / "acme.yaml").read_text()
    assert "From a.json: 1 item; the answer is the list, which looks like courses." in text


@pytest.mark.parametrize(
    ("kind", "line", "fields"),
    [
        ("bearer", 'bearer: "{connection.token}"', {"url", "token"}),
        ("basic", 'username: "{connection.username}"', {"url", "username", "password"}),
        ("header", 'X-Api-Key: "{connection.api_key}"', {"url", "api_key"}),
        ("query", 'api_key: "{connection.api_key}"', {"url", "api_key"}),
        ("client_credentials", "grant: client_credentials", {"url", "client_id", "client_secret"}),
        ("password", "grant: password", {"url", "client_id", "client_secret", "username", "password"}),
        ("refresh_token", "grant: refresh_token", {"url", "client_id", "client_secret", "refresh_token"}),
        ("none", "none: true", {"url"}),
    ],
)
def test_auth_is_written_as_asked_for_with_its_connection_fields(
    tmp_path: Path, kind: str, line: str, fields: set[str]
) -> None:
    text = new_mapping("acme", samples=[str(HERE / "flat.json")], auth=kind).mapping
    assert line in text
    assert tree(tmp_path, text)["connection"].keys() == fields
    assert holes(tmp_path, text)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["new"], 2, "Missing argument"),
        (["new", "Acme!"], 2, "'Acme!' cannot be the id of a provider; write small letters"),
        (["new", "acme", "--from", "nowhere.json"], 2, "--from nowhere.json: the file cannot be read: No such file"),
        (["new", "acme", "--from", "bad.json"], 2, "--from bad.json: this is not JSON"),
        (["new", "acme", "--from", "table.csv"], 2, "; of XML and CSV nothing is proposed: begin without it"),
        (["new", "acme", "--from", "bad.xml"], 2, "; of XML and CSV nothing is proposed: begin without it"),
        (["new", "acme", "--from", "text.json"], 2, "neither a list nor an object"),
        (["new", "acme", "--from", "people=text.json"], 2, "`people` is no resource; there are `enrollments`"),
        (["new", "acme", "--openapi", "text.json"], 2, "has no `openapi` and no `swagger` at its top"),
        (["new", "acme", "--auth", "barer"], 2, "--auth barer: there is no such kind; did you mean `bearer`?"),
        (["new", "acme", "--folder", "nowhere"], 1, "cannot write nowhere/acme.yaml: No such file or directory"),
    ],
)
def test_what_goes_wrong_is_told_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "bad.xml").write_text("<a/>")
    (tmp_path / "table.csv").write_text("id,name\n")
    (tmp_path / "text.json").write_text('"text"')
    done = rollbook(tmp_path, *arguments)
    assert told in done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("acme*"))


def test_of_a_long_list_only_so_much_is_looked_at_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_text(json.dumps([{"id": number, "course_id": 1} for number in range(2001)]))
    text = new_mapping("acme", samples=[f"enrollments={tmp_path / 'long.json'}"]).mapping
    assert "# From long.json: there are more, but only 2000 items are looked at; the answer is the list" in text
