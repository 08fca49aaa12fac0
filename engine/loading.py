"""A mapping by id or file, with overrides, checked as a whole: all problems at once, each at its place."""

import os
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, get_args, get_origin

import pydantic_core
from pydantic import BaseModel, ValidationError

from engine import scopes
from engine.errors import MappingError, Place, Problem, UsageError
from engine.mapping import RESOURCES, Mapping
from engine.positions import Node, read_yaml
from engine.records import field_kinds, words_of
from engine.scopes import did_you_mean

__all__ = ["LoadedMapping", "available", "folders_in_use", "load", "shipped"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class LoadedMapping:
    """A mapping that is known to be right, with the place of everything in it."""

    mapping: Mapping
    path: Path
    version: str
    warnings: tuple[Problem, ...]
    node: Node

    def place(self, *path: str | int, offset: int = 0, key: bool = False) -> Place:
        """Return the place of a node, of a character of its text, or of its key; the nearest one if it is absent."""
        return _place(self.node, path, offset, key=key)

    def layer(self, *path: str | int) -> str:
        """Return the file that gave a node: the mapping, or an override."""
        return self.place(*path).file


def shipped(kind: str) -> Path:
    """Return the folder of the mappings or cassettes that come with Rollbook: in a wheel, or in a checkout."""
    packaged = HERE / "_shipped" / kind
    return packaged if packaged.is_dir() else HERE.parent / kind


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


def load(source: str | Path, *, overrides: Sequence[Path] = (), folders: Sequence[Path] = ()) -> LoadedMapping:
    """Load a mapping by id or file. Raises MappingError with all its problems, UsageError for an unknown id."""
    path = _find(source, folders)
    node = read_yaml(path, _shown_path(path))
    for override in overrides:
        _merge(node, read_yaml(Path(override), _shown_path(Path(override))))
    problems = list(_words(node))
    mapping = None
    try:
        mapping = Mapping.model_validate(node.data)
    except ValidationError as error:
        problems += [problem for fault in error.errors() for problem in _problems(fault, node)]
    if mapping is not None:

        def place(*where: str | int, offset: int = 0, key: bool = False) -> Place:
            return _place(node, where, offset, key=key)

        problems += scopes.check(mapping, place)
        if path.stem != mapping.provider.id:
            what = f"the file is called {path.name}"
            problems.append(Problem(place("provider", "id"), "provider.id", what, "let both have the same name"))
    if problems or mapping is None:
        raise MappingError(_without_repeats(problems))
    version = blake2b(pydantic_core.to_json(node.data), digest_size=6).hexdigest()
    return LoadedMapping(mapping, path, version, tuple(scopes.unused(mapping, place)), node)


def _find(source: str | Path, folders: Sequence[Path]) -> Path:
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


def _shown_path(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _place(node: Node, path: tuple[str | int, ...], offset: int, *, key: bool = False) -> Place:
    found = node
    for index, step in enumerate(path):
        if step not in found.children:
            return found.start
        if key and index == len(path) - 1 and step in found.keys:
            return found.keys[str(step)]
        found = found.children[step]
    return found.place(offset)


# -- overrides ---------------------------------------------------------------------------------------------------------

#: What a customer may replace or add: each a path of the mapping, `*` for any name.
_OVERRIDABLE = (
    ("*", "fields"), ("*", "status", "words"), ("*", "status", "when"), ("*", "words", "*", "words"),
    ("fetch", "*", "query"),
)  # fmt: skip


def _merge(node: Node, override: Node) -> None:
    problems = list(_merged(node, override, ()))
    if problems:
        raise MappingError(problems)


def _merged(node: Node, override: Node, path: tuple[str, ...]) -> Iterator[Problem]:
    """Merge key by key; yields a problem for whatever may not be overridden."""
    whole = any(len(path) == len(known) and _fits(path, known) for known in _OVERRIDABLE)
    for name, child in override.children.items():
        key = str(name)
        here = (*path, key)
        if whole:
            node.children[key] = deepcopy(child)
            node.keys[key] = override.keys[key]
            node.data[key] = child.data
        elif not any(_fits(here, known) for known in _OVERRIDABLE) or (
            len(here) == 1 and key not in (*RESOURCES, "fetch")
        ):
            what = "an override changes fields, status words and evidence, other words, and the query of a fetch"
            yield Problem(override.keys[key], ".".join(here), what, "leave it out")
        elif key not in node.children:
            yield Problem(override.keys[key], ".".join(here), "the mapping has nothing of this name")
        elif isinstance(child.data, dict):
            yield from _merged(node.children[key], child, here)
        else:
            yield Problem(child.start, ".".join(here), "this must be a mapping")


def _fits(path: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(path) <= len(known) and all(want in ("*", got) for got, want in zip(path, known, strict=False))


# -- words and names of the unified model ------------------------------------------------------------------------------


def _words(node: Node) -> Iterator[Problem]:
    """Check field names and words against the unified model, on the file itself: nothing else need be right."""
    for resource in RESOURCES:
        part = node.children.get(resource)
        if part is None:
            continue
        yield from _field_names(part.at("fields"), resource)
        status = part.children.get("status")
        if status is not None:
            yield from _known_words(status.children.get("words"), resource, "status", (resource, "status", "words"))
            when = status.children.get("when")
            for word, place in when.keys.items() if when else ():
                yield from _known_word(word, place, resource, "status", (resource, "status", "when", word))
            otherwise = status.children.get("otherwise")
            if otherwise is not None:
                path = (resource, "status", "otherwise")
                yield from _known_word(otherwise.data, otherwise.start, resource, "status", path)
        for field, words in part.children["words"].children.items() if "words" in part.children else ():
            path = (resource, "words", str(field))
            if not words_of(resource, str(field)):
                known = [name for name, kind in field_kinds(resource).items() if kind == "word"]
                what = f"`{field}` is not one of a set of words"
                yield Problem(
                    part.children["words"].keys[str(field)], ".".join(path), what, did_you_mean(str(field), known)
                )
            else:
                yield from _known_words(words.children.get("words"), resource, str(field), (*path, "words"))


def _known_words(words: Node | None, resource: str, field: str, path: tuple[str, ...]) -> Iterator[Problem]:
    for word, node in words.children.items() if words else ():
        yield from _known_word(node.data, node.start, resource, field, (*path, str(word)))


def _known_word(word: Any, place: Place, resource: str, field: str, path: tuple[str, ...]) -> Iterator[Problem]:
    known = words_of(resource, field)
    if word not in known:
        what = f"{word!r} is not a {field} of the unified model"
        yield Problem(place, ".".join(path), what, did_you_mean(str(word), known))


def _field_names(fields: Node, resource: str) -> Iterator[Problem]:
    kinds = field_kinds(resource)
    known = [name for name in kinds if "<" not in name]
    for name, place in fields.keys.items():
        first, _, rest = name.partition(".")
        free = bool(rest) and (f"{first}.<name>" in kinds or f"{first}.<type>" in kinds)
        if name in known or free:
            if kinds.get(name) == "word" and name == "status":
                what = "the status has a part of its own"
                yield Problem(place, f"{resource}.fields.{name}", what, "use `status:` beside `fields:`")
            continue
        parts = [part for part in known if part.startswith(f"{name}.")]
        if parts:
            advice = f"give its parts: {', '.join(f'`{part}`' for part in parts)}"
        elif first == "custom_fields":
            advice = "give it a name: `custom_fields.<name>`"
        else:
            advice = did_you_mean(name, known, "for anything else there is `custom_fields.<name>`")
        yield Problem(place, f"{resource}.fields.{name}", f"`{name}` is not a field of the unified model", advice)


# -- what the format says ----------------------------------------------------------------------------------------------

_KINDS = {
    "string_type": "text", "int_type": "a whole number", "int_parsing": "a whole number", "float_type": "a number",
    "float_parsing": "a number", "bool_type": "true or false", "bool_parsing": "true or false", "list_type": "a list",
    "dict_type": "a mapping", "model_type": "a mapping", "int_from_float": "a whole number",
}  # fmt: skip


def _problems(fault: Any, node: Node) -> Iterator[Problem]:
    """Turn one complaint of pydantic into plain English at its place in the file."""
    path = _path(fault["loc"], node)
    found = node.at(*path)
    shown = ".".join(str(step) for step in path)
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in ("expression", "template"):
        inner = (*path, *context.get("path", ()))
        place = node.at(*inner).place(context.get("offset") or 0)
        yield Problem(place, ".".join(str(step) for step in inner), str(context["what"]), _help(kind))
    elif kind == "extra_forbidden":
        key = str(path[-1])
        known = _keys(path[:-1])
        place = node.at(*path[:-1]).keys.get(key, found.start)
        yield Problem(place, shown, f"`{key}` is not a key here", did_you_mean(key, known))
    elif kind == "missing":
        key = str(fault["loc"][-1])
        above = ".".join(str(step) for step in path)
        yield Problem(_key_place(node, path), above, f"`{key}` is missing", f"add `{key}: …`")
    elif kind == "literal_error":
        words = [word.strip().strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        yield Problem(
            found.start, shown, f"{_said(found.data)} is not known here", did_you_mean(str(found.data), words)
        )
    elif kind in _KINDS:
        yield Problem(found.start, shown, f"this must be {_KINDS[kind]}, not {_said(found.data)}", _quote(found.data))
    elif kind == "string_pattern_mismatch":
        yield Problem(
            found.start,
            shown,
            f"{_said(found.data)} does not have the right form",
            f"it must match {context['pattern']}",
        )
    elif kind == "value_error":
        what, _, do = str(context["error"]).partition("; ")
        yield Problem(_key_place(node, path), shown, what, do)
    else:
        yield Problem(found.start, shown, fault["msg"][:1].lower() + fault["msg"][1:])


def _help(kind: str) -> str:
    return "" if kind == "template" else "see docs/expressions.md"


def _said(data: Any) -> str:
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return str(data).lower()
    return "a list" if isinstance(data, list) else "a mapping" if isinstance(data, dict) else repr(data)


def _quote(data: Any) -> str:
    return "put it in quotes" if isinstance(data, int | float | bool) else ""


def _path(loc: tuple[str | int, ...], node: Node) -> tuple[str | int, ...]:
    """Return the part of pydantic's location that is in the file: it also names the members of unions."""
    path: list[str | int] = []
    for step in loc:
        if step in node.children:
            path.append(step)
            node = node.children[step]
    return tuple(path)


def _key_place(node: Node, path: tuple[str | int, ...]) -> Place:
    return _place(node, path, 0, key=True) if path else node.start


def _keys(path: tuple[str | int, ...]) -> list[str]:
    """Return the keys the format knows at a path."""
    kind: Any = Mapping
    for step in path:
        kind = _inner(kind, step)
    return [info.alias or name for name, info in kind.model_fields.items()] if _is_model(kind) else []


def _inner(kind: Any, step: str | int) -> Any:
    if _is_model(kind):
        info = next((info for name, info in kind.model_fields.items() if step in (name, info.alias)), None)
        kind = info.annotation if info else None
    else:
        kind = get_args(kind)[-1] if get_origin(kind) in (dict, list) else None
    return next((part for part in get_args(kind) if part is not type(None)), kind) if _is_union(kind) else kind


def _is_union(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _without_repeats(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
