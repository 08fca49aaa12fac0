"""Walks through mappings/README.md: its files are written, its edits made, its commands run against a fake LMS.

Only blocks between `<!-- walk -->` and `<!-- /walk -->` are done, in their order, in an empty folder:

- a block after `<!-- file NAME -->` is written to that file;
- a `diff` block is made in the file that it names: lines with `-` become those with `+`. Edits before `check --watch`
  are made while that watches, one after the other;
- in a `console` block, each line with `$` is run, and what follows is what it printed.

`python tests/walk.py` writes the outputs anew; tests compare them.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
from lms import Handler, Lms
from serving import serving

PAGE = Path(__file__).parent.parent / "mappings" / "README.md"
TOKEN = "an-access-token-of-acme"
#: What stands in the page for what differs from walk to walk.
_TIME, _DAY = "09:30:00", "2026-11-26"
_BLOCK = re.compile(r"(?:<!-- file (\S+) -->\n)?```(\w+)\n(.*?)```\n", re.DOTALL)
_WALK = re.compile(r"(?<=<!-- walk -->\n).*?(?=<!-- /walk -->)", re.DOTALL)
_END = re.compile(r"\d+ problems?|\S+: right.*")
_SECONDS = 60
_QUIET = 0.3


def school() -> Lms:
    """Return the fake LMS of the page: what its documentation shows, and more."""
    people = {5: "Mira Stone", 6: "Otis Field", 8: "Vera Brook"}
    states = {5: ("finished", 1767700000), 6: ("active", 0), 8: ("paused", 0)}
    enrollments = {
        course: [
            {
                "id": course * 100 + person,
                "user": {"id": person, "full_name": name, "email": f"{name.split()[0].lower()}@school.example"},
                "state": states[person][0],
                "enrolled_on": 1767600000 + course,
                "finished_on": states[person][1],
                "progress": 100 if states[person][1] else 40,
                "cost_center": f"C{person}",
            }
            for person, name in people.items()
        ]
        for course in (7, 9)
    }
    courses = [{"id": 7, "title": "Fire & Rescue", "lang": "en"}, {"id": 9, "title": "First aid", "lang": "de"}]
    return Lms(
        {"/api/me": {"id": 1}, "/api/courses": courses}
        | {f"/api/courses/{course}/enrollments": rows for course, rows in enrollments.items()}
    )


def guarded(lms: Handler) -> Handler:
    """Return an LMS that answers only whoever has the token."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return httpx2.Response(401, json={"error": "wrong token"})
        return lms(request)

    return answer


class Walk:
    """One walk, in a folder of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._address = address
        self._edits: list[str] = []
        self._environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder), "COLUMNS": "110",
            "NO_COLOR": "1", "ACME_URL": address, "ACME_TOKEN": TOKEN,
        }  # fmt: skip

    def done(self, text: str) -> str:
        """Do all blocks of a text and return it with what was printed."""
        return _BLOCK.sub(self._block, text)

    def _block(self, found: re.Match[str]) -> str:
        name, kind, content = found[1], found[2], found[3]
        if name:
            (self._folder / name).write_text(content, encoding="utf-8")
        elif kind == "diff":
            self._edits.append(content)
        elif kind == "console":
            shown = [self._command(line[2:]) for line in content.splitlines() if line.startswith("$ ")]
            return found[0].replace(content, "".join(shown))
        return found[0]

    def _command(self, command: str) -> str:
        run = self._watched if "--watch" in command else self._run
        return f"$ {command}\n{self._as_on_the_page(run(command))}"

    def _run(self, command: str) -> str:
        while self._edits:
            self._edit()
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=self._folder, env=self._environment, text=True, timeout=_SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        return done.stdout

    def _watched(self, command: str) -> str:
        """Run a command that watches: what it tells at once, what it tells after the edits, and its end by Ctrl-C."""
        with subprocess.Popen(
            command.split(), cwd=self._folder, env=self._environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            stop = threading.Timer(_SECONDS, process.kill)
            stop.start()
            lines = list(self._round(process))
            while self._edits:
                self._edit()
                lines += self._round(process)
            time.sleep(_QUIET)  # it sleeps again by then; a signal while it writes could cut a line
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate()
            stop.cancel()
        return "".join(lines) + rest

    @staticmethod
    def _round(process: subprocess.Popen[str]) -> Iterator[str]:
        """Yield what is told of one check, up to its last line."""
        assert process.stdout
        for line in process.stdout:
            yield line
            if _END.fullmatch(line.rstrip()):
                return

    def _edit(self) -> None:
        """Make the first of the edits that wait."""
        edit = self._edits.pop(0)
        path = self._folder / re.findall(r"^\+\+\+ (\S+)", edit, re.MULTILINE)[0]
        path.write_text(edited(path.read_text(encoding="utf-8"), edit), encoding="utf-8")

    def _as_on_the_page(self, printed: str) -> str:
        printed = printed.replace(self._address, "http://127.0.0.1:8000")
        printed = printed.replace(f"{self._folder}{os.sep}", "")
        printed = re.sub(r"^\d\d:\d\d:\d\d ", f"{_TIME} ", printed, flags=re.MULTILINE)
        printed = re.sub(r"\b[0-9.]+ ms\b", "20 ms", printed)
        return re.sub(r"\b20\d\d-\d\d-\d\d\b(?!T)", _DAY, printed)


def edited(text: str, edit: str) -> str:
    """Return a text with a change made: each run of lines with `-`, and what stands for it."""
    lines = [line for line in edit.splitlines() if not line.startswith(("---", "+++", "@@"))]
    for hunk in re.findall(r"((?:^-.*\n)*)((?:^\+.*\n)*)", "".join(f"{line}\n" for line in lines), re.MULTILINE):
        old, new = ("".join(f"{line[1:]}\n" for line in part.splitlines()) for part in hunk)
        if old or new:
            assert text.count(old) == 1, f"{text.count(old)} times: {old}"
            text = text.replace(old, new)
    return text


def fresh(text: str) -> str:
    """Return the page with everything in its walk done anew."""
    with tempfile.TemporaryDirectory() as folder, serving(guarded(school())) as address:
        walk = Walk(Path(folder).resolve(), address)
        return _WALK.sub(lambda found: walk.done(found[0]), text)


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
