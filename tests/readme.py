"""Writes the generated parts of the README: a command with its real output, and the table of providers."""

import re
import subprocess
import sys
from pathlib import Path

from engine.describing import describe
from engine.loading import available, load

ROOT = Path(__file__).parent.parent
COMMAND = "rollbook run moodle --replay --format table --limit 6"


def fresh(text: str) -> str:
    """Return the README with its generated parts made anew."""
    text = _filled(text, "run", f"```console\n$ {COMMAND}\n{_output()}```")
    return _filled(text, "providers", _table())


def _filled(text: str, name: str, content: str) -> str:
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    return re.sub(pattern, lambda found: f"{found[1]}{content}\n{found[2]}", text, flags=re.DOTALL)


def _output() -> str:
    """Run the command as a user would, in a terminal of 118 columns."""
    program = [str(Path(sys.executable).with_name("rollbook")), *COMMAND.split()[1:]]
    done = subprocess.run(
        program,
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "112", "PATH": "", "NO_COLOR": "1"},
        cwd=ROOT,
    )
    return done.stdout + done.stderr


def _table() -> str:
    lines = [
        "| id | provider | evidence | auth | enrollment fields | courses | users |",
        "|---|---|---|---|---|---|---|",
    ]
    for path in available().values():
        about = describe(load(path))
        given = about["resources"]
        cells = [f"{given[name]['covered']} of {given[name]['of']}" if name in given else "" for name in given]
        name = f"[{about['name']}]({about['docs']})"
        row = [f"`{about['id']}`", name, about["evidence"], about["auth"], *cells]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(fresh(readme.read_text(encoding="utf-8")), encoding="utf-8")
