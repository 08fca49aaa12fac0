"""The documents say what is: generated parts are fresh, links lead somewhere, YAML and Python in them are right."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from providers import PAGE, page
from readme import fresh, fresh_commands

from engine.errors import MappingError
from engine.loading import available, load
from engine.mapping import Fetch, Http, Join, Status, Words

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("mappings/*.md"),
        *ROOT.glob("deploy/*.md"),
        *ROOT.glob("benchmarks/*.md"),
        *ROOT.glob(".github/*.md"),
    ]
)


def test_the_readme_is_fresh_and_shows_a_command_with_its_output_within_30_lines() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text == fresh(text), "run make fix"
    assert "by status:" in "\n".join(text.splitlines()[:30])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_and_yaml_in_the_documents_can_be_read(page: Path) -> None:
    for block in blocks(page, "python"):
        ast.parse(block)
    for block in blocks(page, "yaml"):
        data: Any = yaml.safe_load(block)
        assert data is not None
        if isinstance(data, dict) and "mapping" in data:
            assert_right(block, data)


def assert_right(text: str, data: dict[str, Any]) -> None:
    """Assert that a whole mapping in a document is right."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{data['provider']['id']}.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            load(path)
        except MappingError as error:
            raise AssertionError(str(error)) from None


def test_the_lock_file_has_hashes_and_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    here = {f"{ROOT}/", f"{Path.home()}/"} - {"//"}
    folders = ("engine", "mappings", "tests", "cassettes", "benchmarks", "docs")
    files = [*ROOT.glob("*.*"), *(path for folder in folders for path in (ROOT / folder).rglob("*.*"))]
    kinds = {".py", ".md", ".toml", ".yaml", ".json", ".lock"}
    read = {
        path: path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in kinds and ".environments" not in path.parts
    }
    assert len(read) > 200
    assert not [path for path, text in read.items() if any(name in text for name in here)]


def test_the_reference_of_the_command_line_is_fresh() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert text == fresh_commands(text), "run make fix"


def test_the_page_of_providers_is_fresh_and_has_them_all() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(), "run make fix"
    assert re.findall(r"^## ([a-z0-9_-]+)$", text, re.MULTILINE) == list(available())


@pytest.mark.parametrize("page", ["faults.md", "kinds.md"])
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / page).read_text(encoding="utf-8")))
    there = {
        name
        for path in ROOT.glob("tests/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named
    assert named <= there, named - there


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("mapping-language.md", {"fetch", "http", "join", "status", "words"}),
        ("kinds.md", {"fetch", "http", "status"}),
    ],
)
def test_parts_of_a_mapping_in_a_page_are_right(page: str, parts: set[str]) -> None:
    kinds: dict[str, Any] = {"fetch": Fetch, "join": Join, "words": Words}
    seen: set[str] = set()
    for block in blocks(ROOT / "docs" / page, "yaml"):
        data = yaml.safe_load(block)
        if "mapping" in data or "course_enrollments" in data:  # a whole mapping, and an override
            continue
        for key, part in data.items():
            seen.add(key)
            if key == "status":
                Status.model_validate(part)
            elif key == "http":
                usual = {"base_url": "https://x.example", "auth": {"none": True}, "check": {"get": "/me"}}
                Http.model_validate({**usual, **part})
            else:
                for node in part.values():
                    kinds[key].model_validate(node)
    assert seen == parts
