"""A virtual environment for each peer, under `.environments/`: their requirements do not fit together."""

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).parent / ".environments"


class Unavailable(Exception):
    """A peer cannot be installed here; the text says why."""


def python(package: str) -> Path:
    """Return the Python of a package's environment, made if it is not there yet. Raises Unavailable."""
    folder = FOLDER / package
    program = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = folder / ".ready"
    if not ready.exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        installed = subprocess.run(install, capture_output=True, text=True, check=False)
        if installed.returncode:
            raise Unavailable(f"pip cannot install it: {last_line(installed.stderr)}")
        ready.touch()
    return program


def version(program: Path, package: str) -> str:
    """Return the version of a package in an environment."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([str(program), "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def last_line(text: str) -> str:
    """Return what an error says in the end."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it does not say why")
