"""Writes the generated parts of README and docs.

A command with its real output, the table of providers, and the help of every command.
"""

import re
import subprocess
import sys
from pathlib import Path

from engine.describing import describe
from engine.loading import available, load

ROOT = Path(__file__).parent.parent
SHOWN = ("course_enrollments", "courses", "users")
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
        cells = [f"{given[name]['covered']} of {given[name]['of']}" if name in given else "-" for name in SHOWN]
        name = f"[{about['name']}]({about['docs']})"
        row = [f"`{about['id']}`", name, about["evidence"], about["auth"], *cells]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def fresh_commands(text: str) -> str:
    """Return docs/command-line.md with the help of every command made anew."""
    from engine.cli.app import app

    names = [[command.name or ""] for command in app.registered_commands]
    for group in app.registered_groups:
        inner = group.typer_instance.registered_commands if group.typer_instance else []
        names += [
            [str(group.name), command.name or str(getattr(command.callback, "__name__", ""))] for command in inner
        ]
    parts = [f"### rollbook {' '.join(name)}\n\n```text\n{_help(name)}```\n" for name in names]
    return _filled(text, "commands", "\n".join(parts).rstrip())


def _help(command: list[str]) -> str:
    program = [str(Path(sys.executable).with_name("rollbook")), *command, "--help"]
    env = {"COLUMNS": "100", "PATH": "", "NO_COLOR": "1"}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=env)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()) + "\n"


if __name__ == "__main__":
    for page, made in ((ROOT / "README.md", fresh), (ROOT / "docs" / "command-line.md", fresh_commands)):
        page.write_text(made(page.read_text(encoding="utf-8")), encoding="utf-8")
