"""Stored accounts on the command line, over a provider on this machine that gives each refresh token once."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from engine.cli import main
from engine.store.migrating import HEAD

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
SECRET = "hush-hush-s3cret"
MAPPING = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url, help: The address of your Acme. }
  refresh: { title: Refresh token, secret: true }
  kind: { title: Kind, choices: [school, company], default: school }
  note: { title: Note, required: false }
http:
  base_url: "{connection.url}"
  auth: { oauth2: { grant: refresh_token, token_url: "{connection.url}/token", client_id: me, client_secret: x,
                    refresh_token: "{connection.refresh}" } }
  check: { get: /me }
fetch:
  enrollments: { get: /enrollments }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, course.title: enrollment.course }
  status: { from: enrollment.state, words: { on: in_progress } }
"""


class Acme:
    """Holds which tokens are good, and counts; `meanwhile` is done before an answer with enrollments."""

    def __init__(self) -> None:
        self.refresh = SECRET
        self.access = ""
        self.made = self.stolen = 0
        self.status = 200
        self.meanwhile: Callable[[], None] = lambda: None

    def answer(self, path: str, body: str, authorization: str) -> tuple[int, Any]:
        if path == "/token":
            if parse_qs(body)["refresh_token"] != [self.refresh]:
                self.stolen += 1
                return 400, {"error": "invalid_grant"}
            self.made += 1
            self.refresh, self.access = f"{SECRET}-r{self.made}", f"{SECRET}-a{self.made}"
            return 200, {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 3600}
        if authorization != f"Bearer {self.access}":
            return 401, {}
        if path == "/enrollments":
            self.meanwhile()
        return self.status, [{"id": "1", "course": "Latin", "state": "on"}]


@pytest.fixture
def acme() -> Iterator[Acme]:
    provider, one_at_a_time = Acme(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            with one_at_a_time:
                status, data = provider.answer(self.path, body, self.headers.get("authorization", ""))
            content = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - what the library calls it

        def log_message(self, *_: Any) -> None: ...

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                """The client was killed, as the test wants it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


class Here:
    """A place with a store and mappings of its own; `call` runs a command in this process, `start` in another."""

    def __init__(self, folder: Path, acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.url: str = acme.url  # type: ignore[attr-defined]
        self._capsys = capsys

    def call(self, *arguments: str) -> tuple[int, str, str]:
        before, sys.argv = sys.argv, ["rollbook", *arguments]
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            sys.argv = before
        return (int(ended.value.code or 0), *self._capsys.readouterr())

    def done(self, *arguments: str) -> str:
        code, out, err = self.call(*arguments)
        assert code == 0, err
        return out.strip()

    def connect(self, name: str = "Acme School", *more: str) -> str:
        given = ["--set", f"url={self.url}", "--set", f"refresh={SECRET}"]
        return self.done("connect", "acme", "--name", name, *given, *more)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([ROLLBOOK, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def here(tmp_path: Path, acme: Acme, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "acme.yaml").write_text(MAPPING)
    monkeypatch.setenv("ROLLBOOK_MAPPINGS", str(tmp_path / "mappings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Here(tmp_path, acme, capsys)


def test_an_account_is_connected_checked_listed_and_run(here: Here, acme: Acme) -> None:
    code, account, told = here.call(
        "connect", "acme", "--name", "Acme School", "--set", f"url={here.url}", "--set", f"refresh={SECRET}"
    )
    assert code == 0
    assert "made the keys of the store in " in told
    assert "connected Acme School (acme), which answers" in told
    records = here.done("run", "Acme School", "--format", "jsonl")
    assert json.loads(records)["course"]["title"] == "Latin"
    assert here.done("run", account.strip(), "--format", "jsonl") == records
    assert (acme.made, acme.stolen) == (1, 0), "one login was enough for the check and both runs"
    assert f"{account.strip()}  Acme School  acme      active  20" in here.done("accounts")
    shown = json.loads(here.done("accounts", "show", "Acme School", "--json"))
    assert shown["connection"] == {"url": here.url}
    assert shown["secrets"] == ["refresh"]


def test_no_secret_is_shown_or_in_a_file(here: Here) -> None:
    shown = here.connect()
    for command in ("accounts", "accounts list --json", "accounts show Acme@", "keys list", "run Acme@ --format jsonl"):
        code, out, err = here.call(*[word.replace("@", " School") for word in command.split()])
        assert code == 0, err
        shown += out + err
    assert SECRET not in shown
    for path in (here.folder / "data" / "rollbook").iterdir():
        assert SECRET.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_what_does_not_work_is_not_kept_unless_it_is_meant(here: Here, acme: Acme) -> None:
    acme.refresh = "another"
    wrong = ["connect", "acme", "--name", "A", "--set", f"url={here.url}", "--set", "refresh=no-such-t0ken"]
    code, out, err = here.call(*wrong)
    assert (code, out) == (1, "")
    assert "acme: fetch token: POST " in err
    assert "the token endpoint refused: invalid_grant" in err
    assert "nothing was kept; --no-check keeps it all the same" in err
    assert "no-such-t0ken" not in err
    assert here.done("accounts") == ""
    here.done(*wrong, "--no-check")
    assert "A     acme      active" in here.done("accounts")


def test_an_account_whose_token_was_replaced_by_the_check_is_kept_though_it_fails(here: Here, acme: Acme) -> None:
    acme.status = 403
    code, _, err = here.call("connect", "acme", "--name", "A", "--set", f"url={here.url}", "--set", f"refresh={SECRET}")
    assert code == 1
    assert ": the provider replaced its token" in err
    assert "A     acme      failing" in here.done("accounts")
    acme.status = 200
    here.done("accounts", "check", "A")
    assert "A     acme      active" in here.done("accounts")
    assert acme.stolen == 0


def test_what_is_missing_is_told_at_once_where_nobody_can_be_asked(here: Here) -> None:
    command = [ROLLBOOK, "connect", "acme", "--name", "A"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "`url` (Address) is missing" in done.stderr
    assert "`refresh` (Refresh token) is missing" in done.stderr
    assert not (here.folder / "data").exists()


def test_what_is_missing_is_asked_for_and_secrets_are_not_echoed(here: Here) -> None:
    terminal, inner = pty.openpty()
    command = [ROLLBOOK, "connect", "acme", "--name", "Acme"]
    process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, start_new_session=True)
    os.close(inner)
    answers = [("Address", "school"), ("Address", here.url), ("Refresh token", SECRET), ("Kind", ""), ("Note", "")]
    seen = ""
    for question, answer in answers:
        seen += until(terminal, f"{question}")
        seen += until(terminal, ":")
        if answer == SECRET:
            until_silent(terminal)
        os.write(terminal, f"{answer}\n".encode())
    seen += until(terminal, None)
    os.close(terminal)
    assert process.wait(60) == 0, seen
    assert "Address must be a full address such as https://school.example" in seen
    assert "The address of your Acme." in seen
    assert "Kind [school, company] (school if left out)" in seen
    assert "connected Acme (acme), which answers" in seen
    assert SECRET not in seen
    assert json.loads(here.done("accounts", "show", "Acme", "--json"))["connection"] == {"url": here.url}


def until_silent(terminal: int) -> None:
    """Wait until what is typed is not echoed; whatever was typed before that is thrown away."""
    for _ in range(3000):
        if not termios.tcgetattr(terminal)[3] & termios.ECHO:
            return
        time.sleep(0.01)
    raise AssertionError("what is typed is echoed")


def until(terminal: int, text: str | None) -> str:
    """Return what a terminal shows, up to a text or to its end."""
    seen = ""
    while text is None or text not in seen:
        assert select.select([terminal], [], [], 60)[0], f"nothing comes any more: {seen}"
        try:
            part = os.read(terminal, 1 if text else 1000)
        except OSError:  # how Linux tells the end
            part = b""
        if not part:
            assert text is None, f"the program ended before it asked for {text}: {seen}"
            break
        seen += part.decode(errors="replace")
    return seen


@pytest.fixture
def anywhere(here: Here, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Return the same with its store in either database."""
    monkeypatch.setenv("ROLLBOOK_DATABASE", database_url)
    monkeypatch.setenv("ROLLBOOK_SECRET_KEYS", here.done("keys", "secret"))
    here.done("database", "upgrade")
    return here


def test_a_run_killed_after_its_token_was_stored_and_before_it_was_used_locks_nobody_out(
    anywhere: Here, acme: Acme
) -> None:
    here = anywhere
    here.connect("Acme", "--no-check")
    process = here.start("run", "Acme", "--format", "jsonl")
    acme.meanwhile = lambda: os.kill(process.pid, signal.SIGKILL)  # at the first use: the new token is stored by then
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert acme.made == 1
    acme.meanwhile = lambda: None
    assert '"id":"1"' in here.done("run", "Acme", "--format", "jsonl").replace(" ", "")
    assert (acme.made, acme.stolen) == (1, 0)
    acme.access = "revoked"
    here.done("run", "Acme", "--format", "jsonl")
    assert (acme.made, acme.stolen) == (2, 0)


def test_processes_that_run_an_account_at_once_renew_its_token_once(anywhere: Here, acme: Acme) -> None:
    here = anywhere
    here.connect("Acme", "--no-check")
    running = [here.start("run", "Acme", "--format", "jsonl") for _ in range(3)]
    done = [(*process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, _, code in done] == [0] * 3, done
    assert all('"Latin"' in out for out, _, _ in done)
    assert (acme.made, acme.stolen) == (1, 0)


def test_an_account_that_is_refused_needs_new_credentials_and_takes_them(here: Here, acme: Acme) -> None:
    here.connect("Acme")
    acme.refresh, acme.access = "by hand", ""
    code, _, err = here.call("run", "Acme")
    assert code == 1
    assert "invalid_grant" in err
    assert "Acme  acme      needs_reauth" in here.done("accounts")
    assert "status_reason: the token endpoint refused: invalid_grant" in here.done("accounts", "show", "Acme")
    told = here.done("accounts", "update", "Acme", "--set", "refresh=by hand")
    assert told == "replaced refresh of Acme, which answers"
    assert "Acme  acme      active" in here.done("accounts")
    here.done("run", "Acme", "--format", "jsonl")


def test_an_account_can_be_renamed_disabled_enabled_and_deleted(here: Here) -> None:
    here.connect("Acme")
    assert here.done("accounts", "rename", "Acme", "New School") == "Acme is now New School"
    here.done("accounts", "disable", "New School")
    code, _, err = here.call("run", "New School")
    assert (code, "'New School' is disabled; `rollbook accounts enable " in err) == (2, True)
    here.done("accounts", "enable", "New School")
    here.done("run", "New School", "--format", "jsonl")
    command = [ROLLBOOK, "accounts", "delete", "New School"]
    done = subprocess.run(command, input="n\n", text=True, capture_output=True, check=False)
    assert done.returncode != 0
    here.done("accounts", "delete", "New School", "--yes")
    assert here.done("accounts") == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "Nobody"], "nor is there an account of this name"),
        (["accounts", "show", "Nobody"], "there is no account 'Nobody'; `rollbook accounts` shows those there are"),
        (["run", "Twice"], "several accounts are called 'Twice'; give the id of one: "),
        (["run", "One", "--set", "url=https://b.example"], "leave --set and --override out"),
        (["accounts", "update", "One"], "nothing is given to replace"),
        (["accounts", "update", "One", "--set", "no=1"], "`no` is not a connection field"),
        (["keys", "create", "--account", "Nobody"], "there is no account 'Nobody'"),
        (["keys", "create", "--scope", "write"], "cannot have the scope 'write'"),
        (["keys", "revoke", "x"], "there is no API key of this id"),
        (["connect", "nowhere", "--name", "A"], "there is no mapping 'nowhere'"),
        (["connect", "acme", "--name", "", "--set", "url=https://a.example", "--set", "refresh=x"], "a name has 1 to"),
    ],
)
def test_what_is_wrong_is_told(here: Here, arguments: list[str], told: str) -> None:
    for name in ("One", "Twice", "Twice"):
        here.connect(name, "--no-check")
    code, _, err = here.call(*arguments)
    assert told in err
    assert code == 2


def test_without_a_store_nothing_is_made_by_looking(here: Here) -> None:
    for command in ("accounts", "keys list", "accounts show A", "keys rotate"):
        code, _, err = here.call(*command.split())
        assert (code, "there is no store in " in err) == (1, True)
    assert here.call("run", "Nobody")[0] == 2
    assert not (here.folder / "data").exists()


def test_ctrl_c_during_the_check_keeps_nothing(here: Here, acme: Acme) -> None:
    asked = threading.Event()
    done = threading.Event()

    def hang(*_: Any) -> tuple[int, Any]:
        asked.set()
        done.wait(60)
        return 500, {}

    acme.answer = hang  # type: ignore[assignment]
    process = here.start("connect", "acme", "--name", "A", "--set", f"url={here.url}", "--set", "refresh=x")
    assert asked.wait(60)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    done.set()
    assert process.returncode == 130
    assert "nothing was kept" in err
    assert "Traceback" not in err
    assert here.done("accounts") == ""


def test_what_a_customer_has_different_is_kept_with_the_account(here: Here) -> None:
    override = here.folder / "customer.yaml"
    override.write_text("course_enrollments: { status: { words: { on: passed } } }\n")
    here.connect("Acme", "--override", str(override))
    override.unlink()
    assert json.loads(here.done("run", "Acme", "--format", "jsonl"))["status"] == "passed"


def test_an_api_key_is_made_listed_and_revoked(here: Here) -> None:
    account = here.connect("Acme")
    code, key, told = here.call("keys", "create", "--account", "Acme", "--name", "Reports", "--rate", "60")
    assert code == 0
    assert key.startswith("rbk_")
    made = key.split("_")[1]
    assert f"made the key {made} (read, 1 account); it is not shown again" in told
    assert here.done("keys", "list") == f"{made}  read  Reports: {account}, 60 a minute"
    here.done("keys", "revoke", made)
    assert json.loads(here.done("keys", "list", "--json"))[0]["revoked"] is True
    assert "all accounts" in here.call("keys", "create", "--scope", "admin")[2]


def test_the_keys_of_secrets_are_replaced(here: Here) -> None:
    here.connect("Acme")
    keys = here.folder / "data" / "rollbook" / "rollbook.keys"
    old = keys.read_text()
    code, out, told = here.call("keys", "rotate", "--new")
    assert (code, out) == (0, "encrypted 4 secrets anew with the key k2\n")
    assert f"put a new key in front, in {keys}" in told
    assert "no secret needs k1 any more; take it off once all processes have" in told
    assert keys.stat().st_mode & 0o077 == 0
    assert keys.read_text().endswith(old)
    keys.write_text(keys.read_text().removesuffix(old))
    here.done("run", "Acme", "--format", "jsonl")
    keys.write_text(old)
    code, _, err = here.call("run", "Acme")
    assert code == 2
    assert "which is not on the ring (k1)" in err


def test_keys_of_the_environment_are_replaced_by_whoever_set_them(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_ENV", "production")
    code, _, err = here.call("connect", "acme", "--name", "A", "--set", f"url={here.url}", "--set", "refresh=x")
    assert (code, "there are no keys to encrypt secrets with; set ROLLBOOK_SECRET_KEYS" in err) == (2, True)
    old = here.done("keys", "secret")
    monkeypatch.setenv("ROLLBOOK_SECRET_KEYS", old)
    here.connect("A", "--no-check")
    assert "put what `rollbook keys secret` prints in front" in here.call("keys", "rotate", "--new")[2]
    new = here.done("keys", "secret").replace("k", "new-", 1)
    monkeypatch.setenv("ROLLBOOK_SECRET_KEYS", f"{new},{old}")
    assert here.done("keys", "rotate") == f"encrypted 1 secret anew with the key {new.split(':')[0]}"
    monkeypatch.setenv("ROLLBOOK_SECRET_KEYS", new)
    here.done("accounts", "check", "A")


def test_the_tables_are_made_and_taken_away(here: Here) -> None:
    shown = f"sqlite:///{here.folder}/data/rollbook/rollbook.db"
    assert here.done("database", "upgrade") == f"the store {shown} has version {HEAD}"
    assert here.done("accounts") == ""
    assert here.done("database", "downgrade", "base", "--yes") == f"the store {shown} has version base"
    assert here.call("database", "downgrade", "base", "--yes")[0] == 1


def test_every_change_says_who_made_it(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.store import places

    monkeypatch.setenv("LOGNAME", "eva")
    here.connect("Acme")
    here.done("keys", "create", "--account", "Acme")
    with places().open()[0] as store:
        lines = {(line.actor, line.action) for line in store.audit.list()}
    assert ("eva (command line)", "account.created") in lines
    assert ("eva (command line)", "key.created") in lines
