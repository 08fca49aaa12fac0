"""The walk of mappings/README.md, done as it says."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROLLBOOK = str(Path(sys.executable).with_name("rollbook"))


def rollbook(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROLLBOOK, *arguments], capture_output=True, text=True, cwd=folder, check=False)


def test_the_walk_from_nothing_to_a_tested_mapping_works_as_written(tmp_path: Path) -> None:
    text = (ROOT / "mappings" / "README.md").read_text(encoding="utf-8")
    mapping, cassette, tests = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "acme.yaml").write_text(
        mapping.replace("course.title: course", "course.title: curse").replace("done: completed", "done: finished"),
        encoding="utf-8",
    )
    wrong = rollbook(tmp_path, "check", "acme.yaml")
    assert wrong.returncode == 2
    shown = re.findall(r"^acme\.yaml:.*", text, re.MULTILINE)
    for line in shown:
        assert line.split("…")[0].rstrip() in wrong.stdout
    assert "2 problems" in wrong.stderr

    (tmp_path / "acme.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "school.yaml").write_text(cassette, encoding="utf-8")
    (tmp_path / "acme.test.yaml").write_text(tests, encoding="utf-8")
    assert rollbook(tmp_path, "check", "acme.yaml").stdout == "acme: right\n"
    tested = rollbook(tmp_path, "test", "acme.yaml")
    assert tested.returncode == 0, tested.stdout
    assert tested.stdout in text
    explained = rollbook(tmp_path, "explain", "acme.yaml", "--replay", "acme/school.yaml", "--id", "1")
    assert "came out as" in explained.stdout
