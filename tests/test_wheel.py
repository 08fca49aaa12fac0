"""What a wheel holds: the engine, which names no provider, and all mappings with what they are tested with."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_layers import naming

from engine.loading import available
from engine.schema import json_schema

ROOT = Path(__file__).parent.parent
SHIPPED = "engine/_shipped/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], check=True, cwd=ROOT, capture_output=True)
    return zipfile.Path(next(folder.glob("*.whl")))


def test_a_wheel_has_every_mapping_its_tests_and_its_cassettes(wheel: zipfile.Path) -> None:
    names = set(wheel.root.namelist())
    for name in available():
        assert {f"{SHIPPED}mappings/{name}.yaml", f"{SHIPPED}mappings/{name}.test.yaml"} <= names
        assert any(path.startswith(f"{SHIPPED}cassettes/{name}/") for path in names), name


def test_what_is_generated_is_fresh_in_a_wheel(wheel: zipfile.Path) -> None:
    assert json.loads(wheel.joinpath(f"{SHIPPED}mappings/schema.json").read_text()) == json_schema()
    (about,) = (path for path in wheel.root.namelist() if path.endswith(".dist-info/METADATA"))
    described = wheel.joinpath(about).read_text(encoding="utf-8")
    assert (ROOT / "README.md").read_text(encoding="utf-8") in described
    assert all(f"| `{name}` |" in described for name in available())


def test_the_code_of_a_wheel_names_no_provider(wheel: zipfile.Path) -> None:
    ids = set(available())
    files = [path for path in wheel.root.namelist() if not path.endswith("/")]
    code = [path for path in files if path.startswith("engine/") and not path.startswith(SHIPPED)]
    assert "engine/__init__.py" in code
    assert [path for path in code if naming(wheel.joinpath(path).read_text(encoding="utf-8"), ids)] == []
