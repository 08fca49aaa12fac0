"""`rollbook serve` as a process of its own, and an LMS on this machine that it reads."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx2
from lms import HEAD

from engine.store import KeyRing, open_store

__all__ = ["ROLLBOOK", "TEXT", "School", "Service"]

ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))
#: Two users a page.
TEXT = (
    HEAD
    + """
fetch:
  people:
    get: /people
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
users:
  for: person in people
  fields: { id: person.id, name: person.name }
"""
)


class School:
    """An LMS with as many people as said. From page `held` on it answers only once it is let `go`."""

    def __init__(self, people: int, held: int = 1_000_000) -> None:
        self.people = people
        self.held = held
        self.reached = threading.Event()
        self.go = threading.Event()

    def page(self, number: int) -> bytes:
        """Return a page, once it may be seen."""
        if number >= self.held:
            self.reached.set()
            self.go.wait(60)
        first = (number - 1) * 2 + 1
        items = [{"id": id, "name": f"Person {id}"} for id in range(first, min(first + 2, self.people + 1))]  # noqa: A001
        return json.dumps({"items": items, "total": self.people}).encode()

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run it, and return its address."""
        school = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = re.search(r"[?&]page=(\d+)", self.path)
                body = school.page(int(found[1]) if found else 1)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(BrokenPipeError):  # the service has gone, which is what a test is about
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            self.go.set()
            server.shutdown()
            server.server_close()
            thread.join()


class Service:
    """A service in a folder, a context manager; killed at the end, if it still runs. What it prints is in `out`."""

    def __init__(self, folder: Path, *options: str, port: int = 0, **settings: Any) -> None:
        self.folder = folder
        self.data = folder / "rollbook"
        mappings = folder / "mappings"
        mappings.mkdir(exist_ok=True)
        (mappings / "acme.yaml").write_text(TEXT, encoding="utf-8")
        given = {f"ROLLBOOK_{name.upper()}": str(value) for name, value in settings.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ROLLBOOK_")}
        environment = {**clean, "XDG_DATA_HOME": str(folder), **given}
        self.errors = (folder / "stderr").open("w+")
        command = [ROLLBOOK, "serve", "--port", str(port), "--mappings", str(mappings), *options]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=self.errors, text=True, start_new_session=True
        )
        self.out: list[str] = []
        self.key = ""
        self.url = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()
        self.errors.close()

    def begun(self) -> Self:
        """Wait until it answers."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.out.append(line.rstrip("\n"))
            if found := re.search(r"rbk_\S+", line):
                self.key = found[0]
            if found := re.search(r"^listening on (http://\S+)$", line):
                self.url = found[1]
                return self
        raise AssertionError(f"it did not begin: {self.told()}")

    def told(self) -> str:
        """Return what it has written to standard error."""
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of its log."""
        return [json.loads(line) for line in self.told().splitlines() if line.startswith("{")]

    def connect(self, url: str) -> str:
        """Store an account at an address, beside the running service, and return its id."""
        with open_store(f"sqlite:///{self.data / 'rollbook.db'}", KeyRing.read(self.data / "rollbook.keys")) as store:
            return store.accounts.create("acme", "Acme School", {"url": url}, secret=()).id

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """Ask for a path with the first key."""
        return httpx2.get(self.url + path, headers={"Authorization": f"Bearer {self.key}"}, timeout=30, **options)

    @contextmanager
    def asking(self, path: str) -> Iterator[Future[httpx2.Response]]:
        """Ask for a path with the first key, beside what else is done."""
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(self.get, path)

    def end(self, number: int = signal.SIGTERM, seconds: float = 20) -> int:
        """Send a signal, wait until the process has ended, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(seconds)
