"""Files import only what stands above them in the list of docs/architecture.md; and no file names a provider."""

import ast
import re
from pathlib import Path

import pytest

from engine.loading import available

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "engine"


def layers() -> list[list[str]]:
    """Return the rows of the table, topmost first: rooms named in one row may know each other."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return [re.findall(r"`([a-z_]+)/?`", row.split("|")[1]) for row in text.splitlines() if row.startswith("| `")]


def room(module: str) -> str:
    """Return the room of a module: its file, or the package it is in."""
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    """Return the rooms a file imports anywhere, also inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine."):
            found.add(room(node.module or ""))
        elif isinstance(node, ast.ImportFrom) and node.module == "engine":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {room(alias.name) for alias in node.names if alias.name.startswith("engine.")}
    return found


def files() -> list[Path]:
    return sorted(
        path for path in ENGINE.rglob("*.py") if path != ENGINE / "__init__.py" and "_shipped" not in path.parts
    )


def test_every_room_is_in_the_list_and_the_list_has_no_other() -> None:
    listed = [name for row in layers() for name in row]
    there = {path.relative_to(ENGINE).parts[0].removesuffix(".py") for path in files()}
    assert sorted(listed) == sorted(there)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ENGINE)))
def test_a_file_imports_only_what_stands_above_it(path: Path) -> None:
    order = {name: index for index, row in enumerate(layers()) for name in row}
    own = path.relative_to(ENGINE).parts[0].removesuffix(".py")
    wrong = {name for name in imports(path) if name != own and order[name] > order[own]}
    assert not wrong, f"{own} stands above {', '.join(sorted(wrong))}"


def test_only_what_speaks_http_or_stands_in_for_it_knows_the_http_library() -> None:
    knowing = {
        path.name
        for path in files()
        if re.search(r"^\s*(import|from) http(x|core)2", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert knowing == {"wire.py", "playing.py", "connecting.py", "demo.py", "sdk.py", "transport.py"}


def test_no_file_of_the_engine_names_a_provider() -> None:
    ids = set(available())
    assert len(ids) >= 27
    assert naming("ACME_TOKEN of acme_report", {"acme"}) == ["acme", "acme"]
    read = {path: path.read_text(encoding="utf-8") for path in written()}
    assert ENGINE / "__init__.py" in read
    assert {path: found for path, text in read.items() if (found := naming(text, ids))} == {}


def written() -> list[Path]:
    """Return every file of the engine that somebody wrote, code or not."""
    made = {"_shipped", "__pycache__"}
    return sorted(path for path in ENGINE.rglob("*") if path.is_file() and not made & set(path.parts))


def naming(text: str, ids: set[str]) -> list[str]:
    """Return the providers that a text names anywhere, also in comments, texts and as a part of a longer name."""
    found = re.findall(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, sorted(ids)))})(?![a-z0-9])", text, re.IGNORECASE)
    return [name.lower() for name in found]
