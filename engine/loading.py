"""A mapping by id or file, with overrides, checked as a whole: all problems at once, each at its place."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import pydantic_core

from engine import scopes
from engine.arguments import check, paths
from engine.complaints import validated
from engine.errors import MappingError, Place, Problem, UsageError
from engine.holes import told_once, unfilled
from engine.mapping import Mapping
from engine.mapping.connection import is_id
from engine.outline import Outline
from engine.overrides import merge
from engine.positions import Node, read_yaml
from engine.produced import check_keys
from engine.spelling import did_you_mean
from engine.vocabulary import check_words

__all__ = ["LoadedMapping", "available", "cassettes_beside", "find", "folders_in_use", "load", "shipped", "shown_path"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class LoadedMapping:
    """A mapping that is known to be right, with the place of everything in it."""

    mapping: Mapping
    path: Path
    version: str
    warnings: tuple[Problem, ...]
    node: Node
    written: set[str] = field(default_factory=set, repr=False, compare=False)
    """The resources whose expressions are written as code."""

    def place(self, *path: str | int, offset: int = 0, key: bool = False) -> Place:
        """Return the place of a node, of a character of its text, or of its key; the nearest one if it is absent."""
        return self.node.place_of(*path, offset=offset, key=key)

    def layer(self, *path: str | int) -> str:
        """Return the file that gave a node: the mapping, or an override."""
        return self.place(*path).file


def shipped(kind: str) -> Path:
    """Return the folder of the mappings or cassettes that come with Rollbook: in a wheel, or in a checkout."""
    packaged = HERE / "_shipped" / kind
    return packaged if packaged.is_dir() else HERE.parent / kind


def cassettes_beside(mapping: Path) -> Path:
    """Return the folder of the cassettes of a mapping: beside the folder `mappings` that it is in, or beside itself."""
    folder = mapping.resolve().parent
    return (folder.parent if folder.name == "mappings" else folder) / "cassettes"


def folders_in_use(folders: Sequence[Path] = ()) -> list[Path]:
    """Return where mappings are looked for, first to last: given, `ROLLBOOK_MAPPINGS`, shipped."""
    named = os.environ.get("ROLLBOOK_MAPPINGS", "")
    return [*folders, *(Path(part) for part in named.split(os.pathsep) if part), shipped("mappings")]


def available(folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Return every mapping by id; one in an earlier folder hides one of the same id in a later."""
    found: dict[str, Path] = {}
    for folder in folders_in_use(folders):
        for path in sorted(folder.glob("*.yaml")):
            if not path.name.endswith(".test.yaml"):
                found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def load(
    source: str | Path, *, overrides: Iterable[str | Path] = (), folders: Iterable[str | Path] = ()
) -> LoadedMapping:
    """Load a mapping by id or file. Raises MappingError with all its problems, UsageError for an unknown id."""
    check(source=source)
    layers = paths("overrides", overrides)
    path = find(source, paths("folders", folders))
    node, problems = _merged(path, layers)
    mapping, complaints = validated(Mapping, node)
    outline = Outline(node)
    problems += [*complaints, *check_words(node), *check_keys(outline), *scopes.check(outline), *_name(node, path)]
    problems = told_once(problems, unfilled(node))
    if problems or mapping is None:
        raise MappingError(list(dict.fromkeys(problems)))
    version = blake2b(pydantic_core.to_json(node.data), digest_size=6).hexdigest()
    return LoadedMapping(mapping, path, version, tuple(scopes.unused(outline)), node)


def _merged(path: Path, overrides: Sequence[Path]) -> tuple[Node, list[Problem]]:
    """Read a mapping and its overrides, one over the other. Raises MappingError for what is wrong with any as YAML."""
    nodes: list[Node] = []
    unreadable: list[Problem] = []
    for file in (path, *overrides):
        try:
            nodes.append(read_yaml(file, shown_path(file)))
        except MappingError as error:
            unreadable += error.problems
    if unreadable:
        raise MappingError(unreadable)
    node, *others = nodes
    return node, [problem for other in others for problem in merge(node, other)]


def _name(node: Node, path: Path) -> Iterator[Problem]:
    """Compare the id with the name of the file, by which the mapping is found."""
    known = node.get("provider", "id")
    if known is not None and isinstance(known.data, str) and is_id(known.data) and known.data != path.stem:
        what = f"the file is called {path.name}"
        yield Problem(known.start, "provider.id", what, f"call it {known.data}.yaml, or let the id be `{path.stem}`")


def find(source: str | Path, folders: Sequence[Path] = ()) -> Path:
    """Return the file of a mapping, by its id or as it is given. Raises UsageError where there is none."""
    path = Path(source)
    if isinstance(source, Path) or path.suffix in (".yaml", ".yml") or os.sep in str(source):
        if not path.is_file():
            raise UsageError(f"there is no mapping file {path}")
        return path
    known = available(folders)
    if str(source) not in known:
        looked = ", ".join(str(folder) for folder in folders_in_use(folders))
        hint = did_you_mean(str(source), known)
        raise UsageError(f"there is no mapping {source!r}; {hint} (looked in {looked})")
    return known[str(source)]


def shown_path(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
