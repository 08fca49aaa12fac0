"""What `deploy/` says fits the program: the unit, the container, and what is installed in it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.service.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "rollbook.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
OF_STORE = {"ROLLBOOK_ENV", "ROLLBOOK_DATABASE", "ROLLBOOK_SECRET_KEYS", "ROLLBOOK_SECRET_KEYS_FILE"}


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed: the unit is only read")
    unit = tmp_path / "rollbook.service"
    unit.write_text(UNIT.replace("/opt/rollbook/bin/rollbook", sys.executable), encoding="utf-8")
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("text", [UNIT, CONTAINER], ids=["unit", "container"])
def test_every_setting_it_names_is_one(text: str) -> None:
    known = OF_STORE | {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bROLLBOOK_[A-Z_]+", text)) <= known


def test_the_unit_waits_longer_than_the_service_takes_to_end() -> None:
    from engine.service.serving import GRACE

    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert stop
    assert int(stop[1]) > Settings.model_fields["shutdown_seconds"].default + 2 * GRACE


def pins(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_what_is_installed_in_a_container_is_what_the_tests_ran_with_and_has_hashes() -> None:
    installed, tested = pins(DEPLOY / "runtime.lock"), pins(ROOT / "requirements.lock")
    assert installed.items() <= tested.items()
    assert {"uvicorn", "fastapi", "psycopg", "sqlalchemy"} <= set(installed)
    assert not {"pytest", "mypy", "pyarrow"} & set(installed)
    text = (DEPLOY / "runtime.lock").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") > len(installed)
    assert "://" not in text


def test_every_dependency_of_the_program_is_installed_in_a_container() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[A-Za-z0-9-]+", one)[0].lower() for one in project["dependencies"]}  # type: ignore[index]
    assert wanted <= {name.lower() for name in pins(DEPLOY / "runtime.lock")}, "run make lock"


def test_a_container_runs_as_nobody_in_particular_and_says_whether_it_is_well() -> None:
    last = CONTAINER.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d+:\d+$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert "--require-hashes" in CONTAINER
    assert 'ENTRYPOINT ["rollbook"]\nCMD ["serve"]\n' in last
