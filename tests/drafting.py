"""What tests of proposals share: a new mapping as it is written, loaded, and what is wrong with it."""

import json
from pathlib import Path
from typing import Any

from engine.errors import MappingError, Problem
from engine.loading import load
from engine.positions import read_yaml
from engine.proposing import new_mapping


def from_samples(folder: Path, *samples: Any, **named: Any) -> str:
    """Return the mapping proposed from answers; those given by name are in files called so."""
    files = {f"sample{number}.json": data for number, data in enumerate(samples)}
    files |= {f"{name}.json": data for name, data in named.items()}
    for name, data in files.items():
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return new_mapping("acme", samples=[str(folder / name) for name in files]).mapping


def from_openapi(folder: Path, document: Any) -> str:
    """Return the mapping proposed from a document."""
    path = folder / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return new_mapping("acme", openapi=path).mapping


def problems(folder: Path, text: str) -> list[Problem]:
    """Return what is wrong with a mapping: its holes and whatever else."""
    path = folder / "acme.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load(path)
    except MappingError as error:
        return error.problems
    return []


def holes(folder: Path, text: str) -> list[str]:
    """Return the paths of the holes, and let nothing else be wrong."""
    found = problems(folder, text)
    others = [str(problem) for problem in found if problem.what != "this is to be filled in"]
    assert not others, f"{others}\n{text}"
    return [problem.path for problem in found]


def tree(folder: Path, text: str) -> Any:
    """Return a mapping as plain data."""
    path = folder / "acme.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path).data
