"""A real Kolibri: from PyPI, in an environment of its own, with a home of its own, on this machine only."""

import json
import os
import signal
import socket
import subprocess
import time
import venv
from pathlib import Path
from typing import Any

import httpx2

#: The release that is tried. Another one: `ROLLBOOK_KOLIBRI=0.19.4 make live`.
VERSION = os.environ.get("ROLLBOOK_KOLIBRI", "0.19.5")
#: The same as numbers, of which the first two tell what there is: `(0, 19)`.
RELEASE = tuple(int(part) for part in VERSION.split(".")[:2])
FOLDER = Path(__file__).parent.parent.parent / ".live"
#: How long it may take to start and to stop, in seconds. The first start makes the databases.
START_SECONDS = 180
STOP_SECONDS = 15
#: It hears on this machine only, announces itself to nobody, and sends no statistics.
QUIET = {
    "KOLIBRI_LISTEN_ADDRESS": "127.0.0.1",
    "KOLIBRI_ZEROCONF_ENABLED": "false",
    "KOLIBRI_DISABLE_PING": "true",
    "LANG": "C.UTF-8",
}


def program() -> Path:
    """Return the command `kolibri`; the first time it is installed, which takes about a minute and 400 MB."""
    folder = FOLDER / f"kolibri-{VERSION}"
    ready = folder / ".ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"kolibri=={VERSION}"], check=True)
        ready.touch()
    return folder / "bin" / "kolibri"


class Server:
    """One Kolibri with its data in a folder. `url` stays the same when it is stopped and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "output.txt"
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._program = program()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers. Raises RuntimeError with its last lines if it does not."""
        self.home.mkdir(parents=True, exist_ok=True)
        # Whoever is told to end takes it as Ctrl-C, so that the server is stopped and does not stay behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        command = [str(self._program), "start", "--foreground", "--port", self.url.rpartition(":")[2]]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C reaches it through `stop` only, which waits for its end.
            self._process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=self._environment(), start_new_session=True
            )
        try:
            self._wait(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the process that was started here, by its id, and wait for its end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def shell(self, script: str, given: Any) -> Any:
        """Run a script in Kolibri's own shell, with `given` in scope; return what it left in `result`."""
        lines = [
            f"import json; given = json.loads({json.dumps(given)!r})",
            script,
            "print('RESULT', json.dumps(result))",
        ]
        done = subprocess.run(
            [self._program, "manage", "shell"],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=True,
            env=self._environment(),
        )
        return json.loads(done.stdout.rpartition("RESULT ")[2])

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "KOLIBRI_HOME": str(self.home), **QUIET}

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                httpx2.get(f"{self.url}/api/public/info/", timeout=5).raise_for_status()
            except httpx2.HTTPError:
                time.sleep(0.2)
            else:
                return
        last = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        raise RuntimeError("Kolibri did not start:\n" + "\n".join(last))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
