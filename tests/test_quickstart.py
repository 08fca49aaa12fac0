"""What README says of the service works as it is written there, but for the ports."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def block() -> str:
    """Return the commands that README gives."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## As a service")[2]
    return text.partition("```sh\n")[2].partition("```")[0]


def after(what: str, told: str) -> str:
    found = re.search(rf"{what}(\S+?)(?:/ID:|\n)", told)
    assert found, told
    return found[1]


def test_serve_connect_and_curl_give_a_page_of_the_recorded_provider(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "PATH": f"{BIN}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    command = [str(BIN / "rollbook"), "serve", "--demo", "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        service = subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=log, text=True)
    assert service.stdout is not None
    try:
        told = ""
        while "listening on " not in told:
            line = service.stdout.readline()
            assert line, told + (tmp_path / "log").read_text(encoding="utf-8")
            told += line
        key, demo, url = (after(what, told) for what in ("again: ", "answer at ", "listening on "))
        script = block().replace("rbk_…", key).replace("curl ", "curl --silent --show-error ")
        script = script.replace("http://127.0.0.1:8001", demo).replace("http://127.0.0.1:8000", url)
        shell = ["/bin/bash", "-euc", script]
        done = subprocess.run(shell, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        page = json.loads(done.stdout)
        assert [record["id"] for record in page["result"]] == ["2-3", "2-4"]
        assert page["result"][0]["user"]["name"] == "Miles O'Brien"
        assert page["next_cursor"]
        assert page["errors"] == []
    finally:
        service.terminate()
        assert service.wait(timeout=30) == 128 + 15
        service.stdout.close()
