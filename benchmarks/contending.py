"""The contenders, the server they read, and one run of one of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import environments

HERE = Path(__file__).parent
#: With this code a contender says that its product cannot express a job.
CANNOT = 4


@dataclass
class Contender:
    """One file under `contenders/`, and the package it needs an environment of its own for, if it does."""

    name: str
    file: str
    package: str | None = None
    python: Path = Path(sys.executable)

    def prepare(self) -> None:
        """Make the environment, and add the version to the name. Raises Unavailable."""
        if self.package is not None:
            self.python = environments.python(self.package)
            self.name = f"{self.package} {environments.version(self.python, self.package)}"


@dataclass
class Figures:
    """What one run took, and what the server saw of it. `start` is the time until the first request came."""

    wall: float
    start: float
    cpu: float
    peak: float
    requests: int
    at_once: int

    @property
    def work(self) -> float:
        """The time from the first request on."""
        return self.wall - self.start


class Stopped(Exception):
    """A run without figures; the text says why."""


class Cannot(Stopped):
    """The product cannot express this job."""


def everyone() -> list[Contender]:
    """Return the contenders; all others are compared with the first."""
    return [
        Contender("by hand", "by_hand.py"),
        Contender("by hand, stdlib json", "by_hand_json.py"),
        Contender("rollbook", "ours.py"),
        Contender("dlt", "dlt_source.py", "dlt"),
        Contender("singer-sdk", "singer.py", "singer-sdk"),
        Contender("airbyte-cdk", "airbyte.py", "airbyte-cdk"),
    ]


@dataclass
class Server:
    """A server under way; when it has stopped, also what CPU time it took."""

    url: str
    cpu: float = field(default=0.0)

    def counts(self) -> dict[str, Any]:
        """Return what `server.py` counted since this was asked last."""
        with urlopen(f"{self.url}/counts") as answer:
            counted: dict[str, Any] = json.load(answer)
        return counted


@contextmanager
def serving(job: str, count: int) -> Iterator[Server]:
    """Start the server of a job; at the end, stop that very process."""
    command = [sys.executable, str(HERE / "server.py"), job, str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    server = Server(f"http://127.0.0.1:{int(process.stdout.readline())}")
    try:
        yield server
    finally:
        process.terminate()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdin.close()
        process.stdout.close()
        server.cpu = used.ru_utime + used.ru_stime


def run(contender: Contender, job: str, server: Server, out: Path) -> Figures:
    """Run a contender once. Raises Stopped."""
    measure = [sys.executable, "-I", "-S", str(HERE / "measure.py")]
    command = [str(contender.python), str(HERE / "contenders" / contender.file), job, server.url, str(out)]
    # Peers keep files of their own in the home folder; a proxy is not for this server.
    surroundings = {**os.environ, "HOME": str(out.parent), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run([*measure, *command], capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode:
        raise Stopped(f"failed: {environments.last_line(done.stderr)}")
    figures = json.loads(done.stdout.splitlines()[-1])
    code = figures.pop("code")
    if code == CANNOT:
        raise Cannot(f"cannot: {environments.last_line(done.stderr)}")
    if code:
        raise Stopped(f"failed: {environments.last_line(done.stderr)}")
    counted = server.counts()
    start = counted.pop("first") - figures.pop("began")
    return Figures(**figures, **counted, start=start)
