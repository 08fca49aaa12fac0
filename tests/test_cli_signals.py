"""SIGTERM and SIGHUP do what Ctrl-C does, whenever they come."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.cli import signals

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
ENDS = pytest.mark.parametrize(("ends", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
SHORT = """
import asyncio, os, signal, sys, time
from engine.cli import main, signals
def call(_):
    async def work():
        try:
            print("at work", flush=True)
            {work}
        finally:
            print("put away", flush=True)
    signals.cancellable(work())
    return 0
sys.modules["engine.cli.app"] = type("app", (), {{"call": call}})
main()
"""


def program(work: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command that does the work, in a process of its own."""
    code = SHORT.format(work=work)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **options)


@ENDS
def test_a_signal_while_modules_are_read(ends: str, code: int) -> None:
    line = (
        "import signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        f"            signal.raise_signal(signal.{ends})\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from engine.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "interrupted\n")


@ENDS
def test_a_signal_while_a_secret_is_asked_for(ends: str, code: int) -> None:
    command = [ROLLBOOK, "run", "moodle", "--set", "url=https://m.example", "--set", "token=-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        told = ""
        while "echoed" not in told:  # there is no terminal here
            told += process.stderr.read(1)
        process.send_signal(signal.Signals[ends])
        assert process.stderr.read().strip().splitlines()[-1] == "interrupted"
    assert process.returncode == code


@ENDS
def test_work_that_does_not_end_by_itself_is_put_away_and_is_interrupted(ends: str, code: int) -> None:
    done = program(f"os.kill(os.getpid(), signal.{ends}); await asyncio.sleep(20)")
    assert (done.returncode, done.stdout, done.stderr) == (code, "at work\nput away\n", "interrupted\n")


def test_a_signal_sent_twice_at_once_is_one() -> None:
    twice = "os.kill(os.getpid(), signal.SIGTERM); os.kill(os.getpid(), signal.SIGHUP); await asyncio.sleep(20)"
    done = program(twice)
    assert (done.returncode, done.stdout, done.stderr) == (143, "at work\nput away\n", "interrupted\n")


def test_a_program_that_is_stuck_is_ended_by_a_later_signal() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SHORT.format(work="time.sleep(60)")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        process.terminate()
        time.sleep(1.5)
        process.terminate()
        assert process.wait(20) == -signal.SIGTERM


def test_what_is_ignored_stays_ignored_and_in_the_background_sigterm_is_heard() -> None:
    def nohup() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    raised = "os.kill(os.getpid(), signal.SIGHUP); await asyncio.sleep(0); print('on', flush=True); "
    done = program(raised + "os.kill(os.getpid(), signal.SIGTERM); await asyncio.sleep(20)", preexec_fn=nohup)
    assert (done.returncode, done.stdout, done.stderr) == (143, "at work\non\nput away\n", "interrupted\n")


@ENDS
def test_a_signal_while_the_report_is_written_is_heard_when_it_is_whole(tmp_path: Path, ends: str, code: int) -> None:
    line = (
        "import os, signal\n"
        "from engine.cli import main, run\n"
        "class Slow(type(run.Path())):\n"
        "    def write_text(self, text, **more):\n"
        "        if 'finished' in text:\n"
        f"            os.kill(os.getpid(), signal.{ends})\n"
        "        return super().write_text(text, **more)\n"
        "save = run._save\n"
        "run._save = lambda path, *more: save(Slow(path), *more)\n"
        "main()\n"
    )
    report = tmp_path / "report.json"
    options = ["go1", "--replay", "--report", str(report), "--out", str(tmp_path / "records.jsonl")]
    command = [sys.executable, "-c", line, "run", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(report.read_text())["ended"] == "finished"
    assert done.stderr.endswith("interrupted\n")
    assert done.returncode == code


def test_what_is_held_too_long_is_ended_by_a_later_signal() -> None:
    line = "import time\nfrom engine.cli import signals\nwith signals.held():\n print('on', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", line], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "on\n"
        process.send_signal(signal.SIGINT)
        time.sleep(1.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == -signal.SIGINT


def test_afterwards_everything_is_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals.asked_to_end():
        assert signal.getsignal(signal.SIGTERM) is not before
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        assert signals.code() == 143
    assert signal.getsignal(signal.SIGTERM) is before
    with signals.asked_to_end():
        assert signals.code() == 130
